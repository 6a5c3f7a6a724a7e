use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;

use crate::binary::{Server, command, corrente, run, workbook};

#[test]
fn other_commands_run_inside_the_server_that_holds_the_database() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path();
    let server = Server::start(data);
    let socket = std::fs::metadata(data.join("corrente.sock")).unwrap();
    assert_eq!(socket.permissions().mode() & 0o777, 0o600);

    let imported = corrente(data, &["import", workbook().to_str().unwrap()]);
    assert_eq!(imported.code, 0, "{imported:?}");
    assert!(imported.out.contains("44 loaded"), "{imported:?}");
    assert!(health(&server.address).contains("\"DEMAND\""));

    let mut add = command(data);
    add.args(["user", "add", "planner@example.com", "--role", "analyst"]).env("CORRENTE_PASSWORD", "a long password");
    let added = run(add);
    assert_eq!(added.code, 0, "{added:?}");
    let listed = corrente(data, &["user", "list"]);
    assert!(listed.out.contains("planner@example.com") && listed.out.contains("ANALYST"), "{listed:?}");

    let failed = corrente(data, &["import", "missing.xlsx"]);
    assert_eq!(failed.code, 1, "{failed:?}");
    assert!(failed.sentence().contains("missing.xlsx"));

    // A path is meant in the asker's directory, not in the server's.
    let mut backup = command(data);
    backup.args(["backup", "all.corrente"]).current_dir(home.path());
    let backup = run(backup);
    assert_eq!(backup.code, 0, "{backup:?}");
    assert!(home.path().join("all.corrente").metadata().unwrap().len() > 1_000);
    assert!(!home.path().join("all.corrente.part").exists());

    let second = corrente(data, &["serve", "--bind", "127.0.0.1:0"]);
    assert_eq!(second.code, 1, "{second:?}");
    assert!(second.sentence().contains(&server.pid().to_string()), "{second:?}");

    assert_eq!(server.stop(), Some(0));
    assert!(!data.join("corrente.sock").exists());
    let verified = corrente(data, &["verify-audit"]);
    assert_eq!(verified.code, 0, "{verified:?}");
}

#[test]
fn a_directory_too_deep_for_a_socket_is_served_all_the_same() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("d".repeat(60)).join("e".repeat(60));
    let server = Server::start(&data);
    let listed = corrente(&data, &["user", "list"]);
    assert_eq!(listed.code, 0, "{listed:?}");
    assert_eq!(server.stop(), Some(0));
}

fn health(address: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET /health HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}
