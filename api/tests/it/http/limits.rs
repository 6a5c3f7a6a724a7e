use std::fmt::Write;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use entity::words::Role;
use serde_json::json;

use crate::server::Server;

/// Fragments that each spread the next several times.
fn bomb(levels: usize, width: usize) -> String {
    let mut document = String::from("{ ...F0 }");
    for level in 0..levels {
        let spreads = format!("...F{} ", level + 1).repeat(width);
        write!(document, " fragment F{level} on Query {{ {spreads}}}").unwrap();
    }
    write!(document, " fragment F{levels} on Query {{ __typename }}").unwrap();
    document
}

async fn refused_quickly(server: &Server, name: &str, document: &str) {
    let token = server.token(Role::Viewer).await;
    let mut times = Vec::new();
    for _ in 0..5 {
        let start = Instant::now();
        let answer = server.ask(Some(&token), document, json!({})).await;
        times.push(start.elapsed());
        assert!(answer.status.is_client_error(), "{name}: {} {}", answer.status, String::from_utf8_lossy(&answer.body));
        assert!(
            matches!(answer.code().as_str(), "LIMIT_EXCEEDED" | "GRAPHQL_VALIDATION_FAILED" | "BAD_USER_INPUT"),
            "{name}: {}",
            answer.code()
        );
    }
    times.sort();
    assert!(times[2] < Duration::from_millis(50), "{name} took {:?}", times[2]);
}

#[tokio::test]
async fn documents_made_to_hurt_are_refused_at_once() {
    let server = Server::start().await;
    refused_quickly(&server, "26 levels of 2", &bomb(26, 2)).await;
    refused_quickly(&server, "30 levels of 2", &bomb(30, 2)).await;
    refused_quickly(&server, "8 levels of 10", &bomb(8, 10)).await;
    refused_quickly(&server, "a circle", "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }").await;
    let aliases: String = (0..10_000).map(|at| format!("a{at}: __typename ")).collect();
    refused_quickly(&server, "10,000 aliases", &format!("{{ {aliases} }}")).await;
    let few: String = (0..31).map(|at| format!("a{at}: __typename ")).collect();
    refused_quickly(&server, "31 aliases", &format!("{{ {few} }}")).await;
    refused_quickly(&server, "10,000 directives", &format!("{{ __typename {} }}", "@skip(if: false) ".repeat(10_000)))
        .await;
    refused_quickly(&server, "11 directives", &format!("{{ __typename {} }}", "@a ".repeat(11))).await;
    refused_quickly(
        &server,
        "lists 10,000 deep",
        &format!("{{ items(first: {}{}) {{ totalCount }} }}", "[".repeat(10_000), "]".repeat(10_000)),
    )
    .await;
    refused_quickly(
        &server,
        "objects 100 deep",
        &format!("{{ items(filter: {}1{}) {{ totalCount }} }}", "{ a: ".repeat(100), "}".repeat(100)),
    )
    .await;
    let nested =
        "{ items(first: 2147483647) { nodes { recommendations { item { recommendations { item { sku } } } } } } }";
    refused_quickly(&server, "great pages nested", nested).await;
    refused_quickly(
        &server,
        "16 levels",
        &format!("{{ items {{ nodes {{ {} sku {} }} }} }}", "recommendations { item { ".repeat(7), "} }".repeat(7)),
    )
    .await;
    let roots: String = (0..21).map(|at| format!("f{at}: families ")).collect();
    refused_quickly(&server, "21 root fields", &format!("{{ {roots} }}")).await;
}

#[tokio::test]
async fn a_limit_answers_400_whatever_is_accepted_and_a_long_body_413() {
    use axum::body::Body;
    use axum::http::{Request, header};
    let server = Server::start().await;
    let send = |body: String| {
        server.send(
            Request::post("/graphql").header(header::CONTENT_TYPE, "application/json").body(Body::from(body)).unwrap(),
        )
    };
    assert_eq!(send(json!({ "query": bomb(26, 2) }).to_string()).await.status, StatusCode::BAD_REQUEST);
    let frame = json!({ "query": "{ __typename }", "pad": "" }).to_string().len();
    let sized = |bytes: usize| json!({ "query": "{ __typename }", "pad": "x".repeat(bytes - frame) }).to_string();
    assert_eq!(send(sized(128 * 1024)).await.status, StatusCode::OK);
    assert_eq!(send(sized(128 * 1024 + 1)).await.status, StatusCode::PAYLOAD_TOO_LARGE);
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
