use axum::http::StatusCode;
use entity::words::Role;
use serde_json::{Value, json};

use super::sign_in::{login, with_cookie};
use crate::server::{Answer, PASSWORD, Server, email};

const NEW: &str = "another horse battery staple";
const CHANGE: &str = "mutation($current: String!, $new: String!) { changePassword(current: $current, new: $new) { accessToken viewer { email } userErrors { code path } } }";

async fn change(server: &Server, token: &str, current: &str, new: &str) -> Answer {
    server.ask(Some(token), CHANGE, json!({ "current": current, "new": new })).await
}

fn faults(answer: &Answer) -> Value {
    answer.data()["changePassword"]["userErrors"].clone()
}

#[tokio::test]
async fn another_password_keeps_this_session_and_ends_the_others() {
    let server = Server::start().await;
    let (here, elsewhere) =
        (login(&server, &email(Role::Viewer), PASSWORD).await, login(&server, &email(Role::Viewer), PASSWORD).await);
    let token = here.data()["login"]["accessToken"].as_str().unwrap().to_owned();
    let query = format!(
        "mutation {{ changePassword(current: \"{PASSWORD}\", new: \"{NEW}\") {{ accessToken viewer {{ email }} userErrors {{ code }} }} }}"
    );
    let changed =
        server.ask_with(Some(&token), here.cookie(), &query, json!({})).await.data()["changePassword"].clone();
    assert_eq!((&changed["userErrors"], &changed["viewer"]["email"]), (&json!([]), &json!("viewer@example.com")));

    let me = "{ viewer { email } }";
    let fresh = changed["accessToken"].as_str().unwrap();
    assert_eq!(server.ask(Some(fresh), me, json!({})).await.status, StatusCode::OK);
    assert_eq!(server.ask(Some(&token), me, json!({})).await.status, StatusCode::UNAUTHORIZED, "signed before");
    let refresh = "mutation { refresh { accessToken } }";
    assert!(with_cookie(&server, &here, refresh).await.data()["refresh"]["accessToken"].is_string());
    assert_eq!(with_cookie(&server, &elsewhere, refresh).await.data()["refresh"]["accessToken"], Value::Null);

    assert_eq!(
        login(&server, &email(Role::Viewer), PASSWORD).await.data()["login"]["userErrors"][0]["code"],
        "INVALID_CREDENTIALS"
    );
    assert_eq!(login(&server, &email(Role::Viewer), NEW).await.data()["login"]["userErrors"], json!([]));
    let user = store::users::by_email(server.db.db(), &email(Role::Viewer)).await.unwrap().unwrap();
    let log = server.log("password.change").await;
    assert_eq!((log.len(), log[0].actor_id, log[0].entity_id.clone()), (1, Some(user.id), Some(user.id.to_string())));
    assert!(user.password_hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", user.password_hash);
}

#[tokio::test]
async fn a_password_that_cannot_be_changed_says_what_to_correct() {
    let server = Server::start().await;
    let token = server.token(Role::Viewer).await;
    let at = |code: &str, argument: &str| json!([{ "code": code, "path": [argument] }]);
    assert_eq!(faults(&change(&server, &token, PASSWORD, "seven77").await), at("TOO_SHORT", "new"));
    assert_eq!(faults(&change(&server, &token, PASSWORD, &"x".repeat(1_025)).await), at("TOO_LONG", "new"));
    assert_eq!(faults(&change(&server, &token, PASSWORD, PASSWORD).await), at("SAME_PASSWORD", "new"));
    assert_eq!(faults(&change(&server, &token, "wrong", NEW).await), at("WRONG_PASSWORD", "current"));
    assert_eq!(faults(&change(&server, &token, "wrong", "wrong as well").await), at("WRONG_PASSWORD", "current"));
    assert_eq!(server.log("password.refused").await.len(), 2);
    assert_eq!(server.ask(None, CHANGE, json!({ "current": PASSWORD, "new": NEW })).await.code(), "UNAUTHENTICATED");
    assert_eq!(
        server.ask(Some(&token), "{ viewer { id } }", json!({})).await.status,
        StatusCode::OK,
        "nothing changed"
    );
}

#[tokio::test]
async fn guessing_the_current_password_is_throttled_together_with_the_login() {
    let server = Server::start().await;
    let token = server.token(Role::Viewer).await;
    for _ in 0..5 {
        assert_eq!(change(&server, &token, "wrong", NEW).await.status, StatusCode::OK);
    }
    let throttled = change(&server, &token, PASSWORD, NEW).await;
    assert_eq!((throttled.status, throttled.code().as_str()), (StatusCode::TOO_MANY_REQUESTS, "THROTTLED"));
    assert_eq!(login(&server, &email(Role::Viewer), PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    server.pass(901);
    // Fifteen minutes later the token has ended as well.
    let token = server.token(Role::Viewer).await;
    assert_eq!(faults(&change(&server, &token, PASSWORD, NEW).await), json!([]));
}
