use std::time::{Duration, Instant};

use crate::binary::{command, run};

#[test]
fn an_unreachable_server_is_one_sentence_within_ten_seconds() {
    let home = tempfile::tempdir().unwrap();
    // Nobody listens on a port that was just let go.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
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
