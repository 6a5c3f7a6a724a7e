use axum::http::StatusCode;
use entity::words::Role;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::server::{Server, email};

const CREATE: &str = "mutation($name: String!, $role: Role, $days: Int! = 90) { createApiToken(name: $name, role: $role, days: $days) { \
    token apiToken { id name prefix role owner active createdAt expiresAt lastUsedAt revokedAt } userErrors { code path } } }";
const TOKENS: &str = "{ apiTokens { id prefix active lastUsedAt revokedAt } }";
const ME: &str = "{ viewer { email role } }";

async fn create(server: &Server, role: Role, wanted: Value) -> Value {
    let session = server.token(role).await;
    server.ask(Some(&session), CREATE, wanted).await.data()["createApiToken"].clone()
}

/// A token of the user with this role, and its id.
async fn made(server: &Server, role: Role, wanted: Value) -> (String, Value) {
    let payload = create(server, role, wanted).await;
    assert_eq!(payload["userErrors"], json!([]), "{payload}");
    (payload["token"].as_str().unwrap().to_owned(), payload["apiToken"]["id"].clone())
}

async fn status(server: &Server, token: &str) -> StatusCode {
    server.ask(Some(token), ME, json!({})).await.status
}

#[tokio::test]
async fn a_token_is_shown_once_works_wherever_an_access_token_does_and_is_stored_hashed_only() {
    let server = Server::start().await;
    let payload = create(&server, Role::Analyst, json!({ "name": " Power BI ", "role": "VIEWER", "days": 30 })).await;
    let token = payload["token"].as_str().unwrap();
    let random = token.strip_prefix("corrente_").unwrap();
    assert!(random.len() == 40 && random.bytes().all(|byte| byte.is_ascii_hexdigit()), "{token}");
    let stored = &payload["apiToken"];
    assert_eq!(
        (
            &stored["name"],
            &stored["prefix"],
            &stored["role"],
            &stored["owner"],
            &stored["active"],
            &stored["lastUsedAt"]
        ),
        (&json!("Power BI"), &json!(token[..13]), &json!("VIEWER"), &json!("A ANALYST"), &json!(true), &json!(null))
    );
    let day = |field: &str| chrono::DateTime::parse_from_rfc3339(stored[field].as_str().unwrap()).unwrap();
    assert_eq!((day("expiresAt") - day("createdAt")).num_days(), 30);

    let me = server.ask(Some(token), ME, json!({})).await.data();
    assert_eq!(me["viewer"], json!({ "email": "analyst@example.com", "role": "VIEWER" }));
    let costs = server.ask(Some(token), "{ items { nodes { unitCost } } }", json!({})).await;
    assert_eq!(costs.code(), "FORBIDDEN", "it may less than its owner");

    // Nowhere in the database, the log included, is more of it than what lists show.
    let everything = "SELECT (SELECT json_agg(t)::text FROM support.api_tokens t) || (SELECT json_agg(l)::text FROM support.audit_logs l)";
    let row =
        server.db.writer().query_one_raw(sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, everything));
    let text: String = row.await.unwrap().unwrap().try_get_by_index(0).unwrap();
    assert!(text.contains("Power BI") && text.contains(&token[..13]) && !text.contains(&random[5..]), "{text}");
    let log = server.log("token.create").await;
    assert_eq!((log.len(), log[0].entity.as_deref(), log[0].entity_id.as_deref()), (1, Some("api_token"), Some("1")));
    assert_eq!((&log[0].details["role"], &log[0].details["name"]), (&json!("VIEWER"), &json!("Power BI")));
}

#[tokio::test]
async fn a_token_ends_when_it_expires_is_revoked_or_its_user_is_locked_out() {
    let server = Server::start().await;
    let (short, _) = made(&server, Role::Analyst, json!({ "name": "short", "days": 1 })).await;
    let (long, id) = made(&server, Role::Analyst, json!({ "name": "long" })).await;
    let (root, _) = made(&server, Role::Admin, json!({ "name": "root" })).await;
    assert_eq!([status(&server, &short).await, status(&server, &long).await], [StatusCode::OK; 2]);
    server.pass(24 * 3_600);
    assert_eq!(
        [status(&server, &short).await, status(&server, &long).await],
        [StatusCode::UNAUTHORIZED, StatusCode::OK]
    );

    let revoke = format!(
        "mutation {{ revokeApiToken(id: {id}) {{ apiToken {{ active revokedAt }} userErrors {{ code path }} }} }}"
    );
    let revoked = server.as_role(Role::Analyst, &revoke).await.data()["revokeApiToken"].clone();
    assert_eq!((&revoked["apiToken"]["active"], &revoked["userErrors"]), (&json!(false), &json!([])));
    assert_eq!(
        server.as_role(Role::Analyst, &revoke).await.data()["revokeApiToken"],
        revoked,
        "once more changes nothing"
    );
    assert_eq!(status(&server, &long).await, StatusCode::UNAUTHORIZED);
    assert_eq!(server.log("token.revoke").await.len(), 1);

    server.add_user("second@example.com", Role::Admin).await;
    let admin = store::users::by_email(server.db.db(), &email(Role::Admin)).await.unwrap().unwrap();
    store::users::set_active(server.db.db(), admin.id, false, server.entry("user.disable")).await.unwrap();
    assert_eq!(status(&server, &root).await, StatusCode::UNAUTHORIZED, "without an event: it is looked up each time");
    assert_eq!(status(&server, &format!("corrente_{}", "0".repeat(40))).await, StatusCode::UNAUTHORIZED);
    assert_eq!(status(&server, "corrente_").await, StatusCode::UNAUTHORIZED);
    let reasons: Vec<Value> =
        server.log("token.refused").await.into_iter().map(|entry| entry.details["reason"].clone()).collect();
    assert_eq!(
        reasons,
        [
            "an API token that nobody has",
            "an API token that nobody has",
            "its user is disabled",
            "its API token is revoked",
            "its API token has expired"
        ]
    );
}

#[tokio::test]
async fn a_token_never_may_more_than_its_user_who_may_have_been_lowered_since() {
    let server = Server::start().await;
    let refused = create(&server, Role::Analyst, json!({ "name": "root", "role": "ADMIN" })).await;
    assert_eq!(
        (&refused["token"], &refused["userErrors"]),
        (&Value::Null, &json!([{ "code": "ROLE_TOO_HIGH", "path": ["role"] }]))
    );
    for (wanted, fault) in [
        (json!({ "name": " " }), json!([{ "code": "BAD_NAME", "path": ["name"] }])),
        (json!({ "name": "x".repeat(101) }), json!([{ "code": "BAD_NAME", "path": ["name"] }])),
        (json!({ "name": "x", "days": 0 }), json!([{ "code": "BAD_DAYS", "path": ["days"] }])),
        (json!({ "name": "x", "days": 3_651 }), json!([{ "code": "BAD_DAYS", "path": ["days"] }])),
    ] {
        assert_eq!(create(&server, Role::Analyst, wanted.clone()).await["userErrors"], fault, "{wanted}");
    }
    let (token, _) = made(&server, Role::Analyst, json!({ "name": "costs" })).await;
    let role = async || server.ask(Some(&token), ME, json!({})).await.data()["viewer"]["role"].clone();
    assert_eq!(role().await, "ANALYST", "without a role, that of its user");
    let user = store::users::by_email(server.db.db(), &email(Role::Analyst)).await.unwrap().unwrap();
    store::users::set_role(server.db.db(), user.id, Role::Viewer, server.entry("user.setRole")).await.unwrap();
    assert_eq!(role().await, "VIEWER");
    store::users::set_role(server.db.db(), user.id, Role::Admin, server.entry("user.setRole")).await.unwrap();
    assert_eq!(role().await, "ANALYST", "nor more than was asked for");
}

#[tokio::test]
async fn a_token_can_neither_make_another_nor_change_a_password_and_leaves_its_number_in_the_log() {
    let server = Server::start().await;
    let (token, _) = made(&server, Role::Analyst, json!({ "name": "parent" })).await;
    let child = server.ask(Some(&token), CREATE, json!({ "name": "child" })).await.data()["createApiToken"].clone();
    assert_eq!((&child["token"], &child["userErrors"][0]["code"]), (&Value::Null, &json!("SIGN_IN")));
    let change = "mutation { changePassword(current: \"x\", new: \"long enough\") { userErrors { code } } }";
    let changed = server.ask(Some(&token), change, json!({})).await.data();
    assert_eq!(changed["changePassword"]["userErrors"][0]["code"], "SIGN_IN");
    server.ask(Some(&token), "{ importRuns { totalCount } }", json!({})).await;
    assert_eq!(server.log("read.refused").await[0].details["apiToken"], 1);
}

#[tokio::test]
async fn the_last_use_is_noted_at_most_once_a_minute() {
    let server = Server::start().await;
    let (token, _) = made(&server, Role::Analyst, json!({ "name": "often" })).await;
    let used = async || {
        let before = server.db.statements();
        assert_eq!(status(&server, &token).await, StatusCode::OK);
        let statements = server.db.statements() - before;
        (statements, store::tokens::list_api(server.db.db(), None).await.unwrap()[0].last_used_at.unwrap())
    };
    let (first, second) = (used().await, used().await);
    assert_eq!(first.1, second.1);
    assert_eq!((first.0, second.0), (2, 1), "the second request only looks the token up");
    server.pass(61);
    let third = used().await;
    assert!(third.0 == 2 && third.1 > second.1);
}

#[tokio::test]
async fn everybody_sees_their_own_tokens_and_an_admin_everybodys() {
    let server = Server::start().await;
    let (_, id) = made(&server, Role::Analyst, json!({ "name": "hers" })).await;
    made(&server, Role::Admin, json!({ "name": "his" })).await;
    let count =
        async |role: Role, query: &str| server.as_role(role, query).await.data()["apiTokens"].as_array().map(Vec::len);
    assert_eq!((count(Role::Analyst, TOKENS).await, count(Role::Admin, TOKENS).await), (Some(1), Some(1)));
    let all = "{ apiTokens(everybody: true) { name owner } }";
    assert_eq!(count(Role::Admin, all).await, Some(2));
    assert_eq!(server.as_role(Role::Analyst, all).await.code(), "FORBIDDEN");
    assert_eq!(server.as_role(Role::Viewer, TOKENS).await.code(), "FORBIDDEN");
    let viewers = server.as_role(Role::Viewer, "mutation { createApiToken(name: \"x\") { token } }").await;
    assert_eq!((viewers.json()["data"].clone(), viewers.code()), (json!(null), "FORBIDDEN".to_owned()));

    // Somebody else's token is not there for an analyst; an ADMIN revokes it.
    server.add_user("other@example.com", Role::Analyst).await;
    let other = store::users::by_email(server.db.db(), "other@example.com").await.unwrap().unwrap();
    let session = server.app.shared().auth.access_tokens.sign(other.id, other.version, server.now()).unwrap().0;
    let revoke =
        format!("mutation {{ revokeApiToken(id: {id}) {{ apiToken {{ active }} userErrors {{ code path }} }} }}");
    let refused = server.ask(Some(&session), &revoke, json!({})).await.data();
    assert_eq!(
        refused["revokeApiToken"],
        json!({ "apiToken": null, "userErrors": [{ "code": "NOT_FOUND", "path": ["id"] }] })
    );
    let revoked = server.as_role(Role::Admin, &revoke).await.data();
    assert_eq!(revoked["revokeApiToken"], json!({ "apiToken": { "active": false }, "userErrors": [] }));
    let bad =
        server.as_role(Role::Admin, "mutation { revokeApiToken(id: \"x\") { userErrors { code path } } }").await.data();
    assert_eq!(bad["revokeApiToken"]["userErrors"], json!([{ "code": "BAD_ID", "path": ["id"] }]));
}
