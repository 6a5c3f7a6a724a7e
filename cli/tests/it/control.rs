use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::{Value, json};

use crate::binary::{Server, command, corrente, run, workbook};

#[test]
fn other_commands_run_inside_the_server_that_holds_the_database() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path();
    let server = Server::start(data);
    let socket = std::fs::metadata(data.join("corrente.sock")).unwrap();
    assert_eq!(socket.permissions().mode() & 0o777, 0o600);

    let mut add = command(data);
    add.args(["user", "add", "planner@example.com", "--role", "analyst"]).env("CORRENTE_PASSWORD", "a long password");
    let added = run(add);
    assert_eq!(added.code, 0, "{added:?}");
    let listed = corrente(data, &["user", "list"]);
    assert!(listed.out.contains("planner@example.com") && listed.out.contains("ANALYST"), "{listed:?}");

    // The graph of the server that runs sees what the commands did, without a new start.
    let token = sign_in(&server.address);
    assert_eq!(freshness(&server.address, &token), Vec::<String>::new());
    let imported = corrente(data, &["import", workbook().to_str().unwrap()]);
    assert_eq!(imported.code, 0, "{imported:?}");
    assert!(imported.out.contains("44 loaded"), "{imported:?}");
    let loaded = freshness(&server.address, &token);
    assert!(loaded.iter().any(|kind| kind.starts_with("DEMAND 2")), "{loaded:?}");
    let refreshed = corrente(data, &["refresh", "--force"]);
    assert_eq!(refreshed.code, 0, "{refreshed:?}");
    let computed = freshness(&server.address, &token);
    let kpis = |kinds: &[String]| kinds.iter().find(|kind| kind.starts_with("KPIS")).cloned();
    assert!(kpis(&computed).is_some() && kpis(&computed) != kpis(&loaded), "{loaded:?} {computed:?}");

    let failed = corrente(data, &["import", "missing.xlsx"]);
    assert_eq!(failed.code, 1, "{failed:?}");
    assert!(failed.sentence().contains("missing.xlsx"));

    // A path is meant in the asker's directory, not in the server's.
    let mut backup = command(data);
    backup.args(["backup", "all.corrente"]).current_dir(home.path());
    let backup = run(backup);
    assert_eq!(backup.code, 0, "{backup:?}");
    assert!(home.path().join("all.corrente").metadata().unwrap().len() > 1_000);
    assert!(!home.path().join("all.corrente.partial").exists());

    let restored = run({
        let mut restore = command(data);
        restore.args(["restore", "all.corrente"]).current_dir(home.path());
        restore
    });
    assert_eq!(restored.code, 1, "{restored:?}");
    assert!(restored.sentence().contains("stop `corrente serve` first"), "{restored:?}");

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

#[test]
fn while_the_server_still_starts_commands_are_told_so() {
    let home = tempfile::tempdir().unwrap();
    let server = Server::start_until(home.path(), &["--demo"], "loading the demo company");
    let asked = corrente(home.path(), &["user", "list"]);
    assert_eq!(asked.code, 1, "{asked:?}");
    let sentence = asked.sentence();
    assert!(sentence.contains("still starting: loading the demo company"), "{sentence}");
    // What can never run inside a server is refused for that reason, at once.
    let restored = corrente(home.path(), &["restore", "any.corrente"]);
    assert!(restored.sentence().contains("stop `corrente serve` first"), "{restored:?}");
    drop(server);
    // A socket that was left behind stops nobody.
    assert_eq!(corrente(home.path(), &["user", "list"]).code, 0);
}

/// Asks the graph.
pub fn graph(address: &str, token: Option<&str>, query: &str) -> Value {
    let body = json!({ "query": query }).to_string();
    let signed = token.map_or_else(String::new, |token| format!("Authorization: Bearer {token}\r\n"));
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "POST /graphql HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Accept: application/json\r\n{signed}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {answer}"))
}

pub fn sign_in(address: &str) -> String {
    let login = "mutation { login(email: \"planner@example.com\", password: \"a long password\") { accessToken } }";
    let answer = graph(address, None, login);
    answer["data"]["login"]["accessToken"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

/// What the graph calls fresh: each kind with its last day and when it was loaded or computed.
fn freshness(address: &str, token: &str) -> Vec<String> {
    let answer = graph(address, Some(token), "{ freshness { kind stale dataThrough refreshedAt } }");
    let kinds = answer["data"]["freshness"].as_array().unwrap_or_else(|| panic!("{answer}"));
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    kinds
        .iter()
        .filter(|kind| kind["stale"] == json!(false))
        .map(|kind| [&kind["kind"], &kind["dataThrough"], &kind["refreshedAt"]].map(word).join(" "))
        .collect()
}
