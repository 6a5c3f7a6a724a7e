use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use entity::words::Role;
use serde_json::{Value, json};
use testkit::hostile;

use crate::server::{Answer, Server};

/// Posts a body as somebody signed in.
async fn post(server: &Server, token: &str, body: String) -> Answer {
    let request = Request::post("/graphql")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/graphql-response+json")
        .header(header::AUTHORIZATION, format!("Bearer {token}"));
    server.send(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn requests_made_to_hurt_are_refused_before_anything_is_asked() {
    let server = Server::start().await;
    let token = server.token(Role::Admin).await;
    // Known from now on, so that only what is refused could ask anything.
    post(&server, &token, hostile::padded(hostile::BODY_BYTES)).await.data();
    let before = server.db.statements();
    for hostile in hostile::requests() {
        let mut times = Vec::new();
        for _ in 0..4 {
            let start = Instant::now();
            post(&server, &token, hostile.body.clone()).await;
            times.push(start.elapsed());
        }
        let start = Instant::now();
        let answer = post(&server, &token, hostile.body).await;
        times.push(start.elapsed());
        times.sort();
        assert!(times[2] < Duration::from_millis(50), "{} took {:?}", hostile.name, times[2]);
        let told = String::from_utf8_lossy(&answer.body);
        assert_eq!(answer.status.as_u16(), hostile.status, "{}: {told}", hostile.name);
        let code = answer.code();
        let known = ["LIMIT_EXCEEDED", "GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT"];
        assert!(known.contains(&code.as_str()), "{}: {code}", hostile.name);
        let body = answer.json();
        assert_eq!(body["errors"].as_array().map(Vec::len), Some(1), "{}: {told}", hostile.name);
        assert!(body.get("data").is_none_or(Value::is_null), "{}: {told}", hostile.name);
    }
    assert_eq!(server.db.statements(), before);
}

#[tokio::test]
async fn a_limit_answers_400_whatever_is_accepted_and_a_long_body_413() {
    let server = Server::start().await;
    let token = server.token(Role::Viewer).await;
    let limits: Vec<_> = hostile::requests().into_iter().filter(|hostile| hostile.status == 400).collect();
    for accept in ["application/json", "application/graphql-response+json", "*/*"] {
        let request =
            Request::post("/graphql").header(header::CONTENT_TYPE, "application/json").header(header::ACCEPT, accept);
        let answer = server.send(request.body(Body::from(limits[0].body.clone())).unwrap()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{accept}");
    }
    assert_eq!(post(&server, &token, hostile::padded(hostile::BODY_BYTES)).await.status, StatusCode::OK);
    let long = post(&server, &token, hostile::padded(hostile::BODY_BYTES + 1)).await;
    assert_eq!(long.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_full_introspection_is_within_the_limits() {
    let server = Server::start().await;
    let of = "{ kind name ofType ".repeat(8);
    let query = format!(
        "query IntrospectionQuery {{ __schema {{ queryType {{ name }} mutationType {{ name }} subscriptionType {{ name }} \
         types {{ ...FullType }} directives {{ name description locations args {{ ...InputValue }} }} }} }} \
         fragment FullType on __Type {{ kind name description fields(includeDeprecated: true) {{ name description args {{ ...InputValue }} \
         type {{ ...TypeRef }} isDeprecated deprecationReason }} inputFields {{ ...InputValue }} interfaces {{ ...TypeRef }} \
         enumValues(includeDeprecated: true) {{ name description isDeprecated deprecationReason }} possibleTypes {{ ...TypeRef }} }} \
         fragment InputValue on __InputValue {{ name description type {{ ...TypeRef }} defaultValue }} \
         fragment TypeRef on __Type {{ kind name ofType {of} {{ kind name }} {} }}",
        "}".repeat(8)
    );
    let answer = server.ask(None, &query, json!({})).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", String::from_utf8_lossy(&answer.body));
}
