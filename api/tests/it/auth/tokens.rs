use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entity::words::Role;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::sign_in::login;
use crate::server::{PASSWORD, Server};

const SECRET: &[u8] = b"a secret of tests, 32 bytes long!";

fn claims(server: &Server, user: i64) -> Value {
    let now = server.now().timestamp();
    json!({ "iss": "corrente", "aud": "corrente-graph", "sub": user.to_string(), "typ": "access", "iat": now, "exp": now + 60, "ver": 1 })
}

fn with(mut claims: Value, name: &str, value: Value) -> Value {
    claims[name] = value;
    claims
}

fn without(mut claims: Value, name: &str) -> Value {
    claims.as_object_mut().unwrap().remove(name);
    claims
}

fn signed(claims: &Value, algorithm: Algorithm) -> String {
    encode(&Header::new(algorithm), claims, &EncodingKey::from_secret(SECRET)).unwrap()
}

fn unsigned(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.", part(header), part(claims))
}

#[tokio::test]
async fn only_a_token_that_we_signed_for_this_and_that_has_not_ended_is_taken() {
    let server = Server::start().await;
    let user = store::users::by_email(server.db.db(), "viewer@example.com").await.unwrap().unwrap();
    let good = claims(&server, user.id);
    let now = server.now().timestamp();
    let hs256 = |claims: Value| signed(&claims, Algorithm::HS256);
    let token = hs256(good.clone());
    assert_eq!(server.ask(Some(&token), "{ viewer { id } }", json!({})).await.status, StatusCode::OK);
    let just_over = hs256(with(good.clone(), "exp", json!(now - 2)));
    assert_eq!(
        server.ask(Some(&just_over), "{ viewer { id } }", json!({})).await.status,
        StatusCode::OK,
        "five seconds of leeway"
    );

    let session = login(&server, "viewer@example.com", PASSWORD).await;
    let parts: Vec<&str> = token.split('.').collect();
    let other_header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT","x":1}"#);
    let other_claims = URL_SAFE_NO_PAD.encode(with(good.clone(), "sub", json!("2")).to_string());
    let cases = [
        ("alg none", unsigned(&json!({ "alg": "none", "typ": "JWT" }), &good)),
        ("HS384", signed(&good, Algorithm::HS384)),
        ("swapped header", format!("{other_header}.{}.{}", parts[1], parts[2])),
        ("tampered claims", format!("{}.{other_claims}.{}", parts[0], parts[2])),
        (
            "another secret",
            encode(
                &Header::new(Algorithm::HS256),
                &good,
                &EncodingKey::from_secret(b"another secret of 32 bytes, yes!"),
            )
            .unwrap(),
        ),
        ("no exp", hs256(without(good.clone(), "exp"))),
        ("exp as a string", hs256(with(good.clone(), "exp", json!((now + 60).to_string())))),
        ("expired by six seconds", hs256(with(good.clone(), "exp", json!(now - 6)))),
        ("wrong aud", hs256(with(good.clone(), "aud", json!("elsewhere")))),
        ("no aud", hs256(without(good.clone(), "aud"))),
        ("wrong iss", hs256(with(good.clone(), "iss", json!("elsewhere")))),
        ("a refresh token as access", hs256(with(good.clone(), "typ", json!("refresh")))),
        ("no typ", hs256(without(good.clone(), "typ"))),
        ("an older version of the user", hs256(with(good.clone(), "ver", json!(0)))),
        ("a user that never was", hs256(with(good.clone(), "sub", json!("999999")))),
        ("a subject that is no number", hs256(with(good, "sub", json!("viewer")))),
        ("the refresh token of a session", session.cookie().split_once('=').unwrap().1.to_owned()),
        ("no token at all", "x".into()),
    ];
    for (name, token) in &cases {
        let answer = server.ask(Some(token), "{ viewer { id } }", json!({})).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"), "{name}");
        assert_eq!(answer.header("www-authenticate"), "Bearer", "{name}");
    }
    let refused = server.log("token.refused").await;
    assert_eq!(refused.len(), cases.len(), "each is in the audit log");
    let because = |reason: &str| refused.iter().filter(|entry| entry.details["reason"] == reason).count();
    let reasons = ["expired", "not an access token", "its user has changed since", "its user is gone"];
    assert_eq!(reasons.map(because), [1; 4]);
    assert!(matches!(store::audit::verify(server.db.db()).await.unwrap(), store::audit::Verdict::Intact { .. }));
}

#[tokio::test]
async fn a_disabled_user_loses_access_at_the_next_request() {
    let server = Server::start().await;
    let user = store::users::by_email(server.db.db(), "viewer@example.com").await.unwrap().unwrap();
    let token = server.token(Role::Viewer).await;
    assert_eq!(server.ask(Some(&token), "{ viewer { id } }", json!({})).await.status, StatusCode::OK);
    store::users::set_active(server.db.db(), user.id, false, server.entry("user.disable")).await.unwrap();
    server.app.shared().user_changed(user.id).await;
    assert_eq!(server.ask(Some(&token), "{ viewer { id } }", json!({})).await.status, StatusCode::UNAUTHORIZED);
    let refused = server.log("token.refused").await;
    assert_eq!((refused.len(), &refused[0].details["reason"]), (1, &json!("its user is disabled")));
}
