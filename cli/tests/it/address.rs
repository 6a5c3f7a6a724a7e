use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::binary::{Run, command, run};

/// Asks `doctor` of the server at an address.
fn doctor(home: &Path, address: SocketAddr) -> Run {
    let mut asked = command(home);
    asked.env("DATABASE_URL", format!("postgres://somebody:secret@{address}/corrente")).arg("doctor");
    let started = Instant::now();
    let done = run(asked);
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    assert_eq!(done.code, 1, "{done:?}");
    assert!(!done.err.contains("secret"), "{done:?}");
    done
}

/// A peer on a port of its own, which does `talk` with whoever comes, for as long as the test runs.
fn peer(talk: fn(TcpStream) -> std::io::Result<()>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A caller that goes away ends its talk, as it may.
            std::thread::spawn(move || talk(stream));
        }
    });
    address
}

/// A message of the PostgreSQL protocol, version 3.
fn message(kind: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![kind];
    bytes.extend((content.len() as u32 + 4).to_be_bytes());
    bytes.extend(content);
    bytes
}

/// Greets as a PostgreSQL of this version and is ready for questions; then answers so many Syncs, and nothing else.
fn greet(mut stream: TcpStream, version: &str, mut syncs: u32) -> std::io::Result<()> {
    let ready = message(b'Z', b"I");
    loop {
        let mut length = [0; 4];
        stream.read_exact(&mut length)?;
        let mut start = vec![0; u32::from_be_bytes(length) as usize - 4];
        stream.read_exact(&mut start)?;
        // 80877103 asks for encryption, which this server does not have.
        if start == 80_877_103_u32.to_be_bytes() {
            stream.write_all(b"N")?;
        } else {
            break;
        }
    }
    stream.write_all(&message(b'R', &0_u32.to_be_bytes()))?;
    for (name, value) in [("server_version", version), ("client_encoding", "UTF8")] {
        stream.write_all(&message(b'S', format!("{name}\0{value}\0").as_bytes()))?;
    }
    stream.write_all(&message(b'K', &[0; 8]))?;
    stream.write_all(&ready)?;
    loop {
        let mut head = [0; 5];
        stream.read_exact(&mut head)?;
        let mut content = vec![0; u32::from_be_bytes([head[1], head[2], head[3], head[4]]) as usize - 4];
        stream.read_exact(&mut content)?;
        if head[0] == b'S' && syncs > 0 {
            syncs -= 1;
            stream.write_all(&ready)?;
        }
    }
}

#[test]
fn a_server_that_is_too_old_is_told_by_its_version() {
    let home = tempfile::tempdir().unwrap();
    let address = peer(|stream| greet(stream, "12.22 (Debian 12.22-1.pgdg120+1)", u32::MAX));
    let done = doctor(home.path(), address);
    let sentence = done.sentence();
    for part in ["PostgreSQL 12.22", "14 or newer", "DATABASE_URL", &address.to_string()] {
        assert!(sentence.contains(part), "{part}: {sentence}");
    }
}

#[test]
fn a_server_that_greets_and_then_falls_silent_is_given_up() {
    let home = tempfile::tempdir().unwrap();
    let address = peer(|stream| greet(stream, "16.4", 0));
    let done = doctor(home.path(), address);
    assert!(done.sentence().contains(&format!("cannot reach the database at {address}")), "{done:?}");
}

#[test]
fn a_peer_that_never_answers_is_given_up() {
    let home = tempfile::tempdir().unwrap();
    let address = peer(|mut stream| {
        loop {
            // It listens, and says nothing.
            if stream.read(&mut [0; 512])? == 0 {
                return Ok(());
            }
        }
    });
    let done = doctor(home.path(), address);
    let sentence = done.sentence();
    assert!(sentence.contains(&format!("cannot reach the database at {address}")), "{sentence}");
    assert!(sentence.contains("seconds") && sentence.contains("DATABASE_URL"), "{sentence}");
}

#[test]
fn a_peer_that_speaks_something_else_is_no_database() {
    let home = tempfile::tempdir().unwrap();
    let address = peer(|mut stream| {
        stream.read_exact(&mut [0; 8])?;
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    });
    let done = doctor(home.path(), address);
    assert!(done.sentence().contains(&format!("cannot reach the database at {address}")), "{done:?}");
}

#[test]
fn an_unreachable_server_is_one_sentence_within_ten_seconds() {
    let home = tempfile::tempdir().unwrap();
    // Nobody listens on a port that was just let go.
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for arguments in [&["doctor"][..], &["serve", "--bind", "127.0.0.1:0"]] {
        let mut asked = command(home.path());
        asked.env("DATABASE_URL", format!("postgres://somebody:secret@{free}/corrente"));
        asked.env("CORRENTE_JWT_SECRET", "0123456789abcdef0123456789abcdef").args(arguments);
        let started = Instant::now();
        let done = run(asked);
        assert!(started.elapsed() < Duration::from_secs(10));
        assert_eq!(done.code, 1, "{done:?}");
        assert!(done.sentence().contains(&free.to_string()), "{done:?}");
        assert!(!done.err.contains("secret"), "{done:?}");
    }
}

#[test]
fn a_wrong_variable_is_named_with_what_is_allowed() {
    let home = tempfile::tempdir().unwrap();
    let mut asked = command(home.path());
    asked.env("CORRENTE_TIMEZONE", "Bahia/Somewhere").arg("doctor");
    let done = run(asked);
    assert_eq!(done.code, 1, "{done:?}");
    let sentence = done.sentence();
    assert!(
        sentence.contains("CORRENTE_TIMEZONE") && sentence.contains("Bahia/Somewhere") && sentence.contains("IANA"),
        "{sentence}"
    );
}
