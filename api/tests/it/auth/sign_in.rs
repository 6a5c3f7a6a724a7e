use axum::http::StatusCode;
use entity::words::Role;
use serde_json::{Value, json};

use crate::server::{Answer, PASSWORD, Server, email};

const LOGIN: &str = "mutation($email: String!, $password: String!) { login(email: $email, password: $password) { accessToken expiresAt viewer { email role } userErrors { code path } } }";

pub async fn login(server: &Server, email: &str, password: &str) -> Answer {
    server.ask(None, LOGIN, json!({ "email": email, "password": password })).await
}

/// Asks with the refresh cookie that `answer` set.
pub async fn with_cookie(server: &Server, answer: &Answer, query: &str) -> Answer {
    server.ask_with(None, answer.cookie(), query, json!({})).await
}

#[tokio::test]
async fn a_login_gives_a_token_that_works_and_a_cookie_that_scripts_cannot_read() {
    let server = Server::start().await;
    let answer = login(&server, "VIEWER@example.com ", PASSWORD).await;
    let payload = &answer.data()["login"];
    assert_eq!(payload["viewer"], json!({ "email": "viewer@example.com", "role": "VIEWER" }));
    assert_eq!(payload["userErrors"], json!([]));
    let cookie = answer.header("set-cookie");
    for part in ["corrente_refresh=", "; HttpOnly", "; SameSite=Strict", "; Path=/graphql", "; Max-Age=28800"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let me = server
        .ask(payload["accessToken"].as_str(), "{ viewer { email demo currency timezone today } }", json!({}))
        .await
        .data();
    assert_eq!(
        me["viewer"],
        json!({ "email": "viewer@example.com", "demo": false, "currency": "BRL", "timezone": "America/Bahia", "today": null })
    );
}

#[tokio::test]
async fn an_unknown_user_and_a_wrong_password_have_one_answer() {
    let server = Server::start().await;
    let wrong = login(&server, &email(Role::Viewer), "wrong").await;
    let unknown = login(&server, "nobody@example.com", PASSWORD).await;
    assert_eq!(wrong.status, StatusCode::OK);
    assert_eq!(wrong.json(), unknown.json());
    assert_eq!(wrong.json()["data"]["login"]["userErrors"][0]["code"], "INVALID_CREDENTIALS");
    assert_eq!(wrong.header("set-cookie"), "");
}

#[tokio::test]
async fn five_failures_make_an_account_wait_even_with_the_right_password() {
    let server = Server::start().await;
    for _ in 0..5 {
        assert_eq!(login(&server, &email(Role::Viewer), "wrong").await.status, StatusCode::OK);
    }
    let throttled = login(&server, &email(Role::Viewer), PASSWORD).await;
    assert_eq!(throttled.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(throttled.code(), "THROTTLED");
    let wait: i64 = throttled.header("retry-after").parse().unwrap();
    assert!((1..=900).contains(&wait), "{wait}");
    assert_eq!(login(&server, &email(Role::Analyst), PASSWORD).await.data()["login"]["userErrors"], json!([]));
    server.pass(901);
    assert_eq!(login(&server, &email(Role::Viewer), PASSWORD).await.data()["login"]["userErrors"], json!([]));
}

#[tokio::test]
async fn a_spent_refresh_token_ends_the_session_when_it_comes_again_later() {
    let server = Server::start().await;
    let first = login(&server, &email(Role::Viewer), PASSWORD).await;
    let second = with_cookie(&server, &first, "mutation { refresh { accessToken userErrors { code } } }").await;
    assert!(second.data()["refresh"]["accessToken"].is_string());
    // Past the grace that a reload in the middle of a refresh has.
    server.pass(11);
    let reused = with_cookie(&server, &first, "mutation { refresh { accessToken userErrors { code } } }").await.data();
    assert_eq!(reused["refresh"], json!({ "accessToken": null, "userErrors": [{ "code": "NO_SESSION" }] }));
    let heir = with_cookie(&server, &second, "mutation { refresh { accessToken } }").await.data();
    assert_eq!(heir["refresh"]["accessToken"], Value::Null);
}

#[tokio::test]
async fn a_logout_ends_the_session_and_takes_the_cookie_away() {
    let server = Server::start().await;
    let session = login(&server, &email(Role::Viewer), PASSWORD).await;
    let out = with_cookie(&server, &session, "mutation { logout { userErrors { code } } }").await;
    assert!(out.header("set-cookie").contains("Max-Age=0"), "{}", out.header("set-cookie"));
    let after = with_cookie(&server, &session, "mutation { refresh { accessToken } }").await.data();
    assert_eq!(after["refresh"]["accessToken"], Value::Null);
}

#[tokio::test]
async fn logins_and_refusals_are_in_an_intact_audit_log() {
    let server = Server::start().await;
    login(&server, &email(Role::Viewer), PASSWORD).await;
    login(&server, &email(Role::Viewer), "wrong").await;
    server.ask(Some("nonsense"), "{ viewer { id } }", json!({})).await;
    server.as_role(Role::Viewer, "{ items { nodes { unitCost } } }").await;
    server.app.shared().trail.flush().await;
    for action in ["login", "login.refused", "token.refused", "read.refused"] {
        let filter = store::audit::AuditFilter { action: Some(action.into()), ..Default::default() };
        assert_eq!(store::audit::count(server.db.db(), &filter).await.unwrap(), 1, "{action}");
    }
    assert!(matches!(store::audit::verify(server.db.db()).await.unwrap(), store::audit::Verdict::Intact { .. }));
}
