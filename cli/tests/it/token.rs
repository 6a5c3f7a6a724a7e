//! Tokens of BI tools, made and revoked from the command line, inside a server that runs.

use serde_json::{Value, json};

use crate::binary::{Run, Server, command, corrente, report, run};
use crate::control::graph;

fn add(data: &std::path::Path, email: &str, role: &str) -> Run {
    let mut add = command(data);
    add.args(["user", "add", email, "--role", role]).env("CORRENTE_PASSWORD", "a long password");
    run(add)
}

#[test]
fn a_token_is_made_listed_used_and_revoked() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path();
    let server = Server::start(data);
    assert_eq!(add(data, "planner@example.com", "analyst").code, 0);

    let made = corrente(
        data,
        &["token", "create", "--user", "Planner@example.com", "--role", "viewer", "--days", "7", "--json"],
    );
    assert_eq!(made.code, 0, "{made:?}");
    let token = report(&made);
    let secret = token["token"].as_str().unwrap().to_owned();
    assert!(secret.starts_with("corrente_") && token["id"] == json!(1), "{made:?}");
    let ends: chrono::DateTime<chrono::Utc> = token["expiresAt"].as_str().unwrap().parse().unwrap();
    let seconds = (ends - chrono::Utc::now()).num_seconds();
    assert!((7 * 86_400 - 600..=7 * 86_400).contains(&seconds), "{token}");

    let me = |token: &str| graph(&server.address, Some(token), "{ viewer { email role } }");
    assert_eq!(me(&secret)["data"]["viewer"], json!({ "email": "planner@example.com", "role": "VIEWER" }));
    let listed = corrente(data, &["token", "list", "--json"]);
    assert!(!listed.out.contains(&secret), "{listed:?}");
    let row = report(&listed)["tokens"][0].clone();
    assert_eq!(
        (&row["prefix"], &row["user"], &row["revokedAt"]),
        (&json!(secret[..13]), &json!("planner@example.com"), &Value::Null)
    );
    assert!(row["lastUsedAt"].is_string(), "{row}");
    assert!(corrente(data, &["token", "list"]).out.contains(&secret[..13]));

    assert_eq!(corrente(data, &["token", "revoke", "1"]).code, 0);
    assert_eq!(me(&secret)["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");

    // Without --json the token is the one line of standard output.
    let plain = corrente(data, &["token", "create", "--user", "planner@example.com"]);
    assert!(plain.out.starts_with("corrente_") && plain.out.lines().count() == 1, "{plain:?}");
    assert_eq!(me(plain.out.trim())["data"]["viewer"]["role"], "ANALYST");
    assert_eq!(corrente(data, &["verify-audit"]).code, 0);
}

#[test]
fn what_cannot_be_a_token_is_one_sentence() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path();
    assert_eq!(add(data, "planner@example.com", "analyst").code, 0);
    let create = |more: &[&str]| corrente(data, &[&["token", "create", "--user"], more].concat());
    let high = create(&["planner@example.com", "--role", "admin"]);
    assert_eq!(high.code, 1, "{high:?}");
    assert!(high.sentence().contains("at most its user's, which is ANALYST"), "{high:?}");
    let nobody = create(&["nobody@example.com"]);
    assert!(nobody.code == 1 && nobody.sentence().contains("there is no user nobody@example.com"), "{nobody:?}");
    for days in ["0", "3651", "x"] {
        assert_eq!(create(&["planner@example.com", "--days", days]).code, 2);
    }
    let unknown = corrente(data, &["token", "revoke", "9"]);
    assert!(unknown.code == 1 && unknown.sentence().contains("there is no token 9"), "{unknown:?}");
    assert_eq!(report(&corrente(data, &["token", "list", "--json"])), json!({ "tokens": [] }));
}
