use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use entity::words::Role;
use serde_json::json;

use crate::server::{Answer, Server};

async fn post(server: &Server, content_type: Option<&str>, accept: Option<&str>, body: &str) -> Answer {
    let mut request = Request::post("/graphql");
    if let Some(value) = content_type {
        request = request.header(header::CONTENT_TYPE, value);
    }
    if let Some(value) = accept {
        request = request.header(header::ACCEPT, value);
    }
    server.send(request.body(Body::from(body.to_owned())).unwrap()).await
}

const JSON: &str = "application/json; charset=utf-8";
const GRAPHQL: &str = "application/graphql-response+json; charset=utf-8";
const TYPENAME: &str = r#"{"query":"{ __typename }"}"#;

#[tokio::test]
async fn the_answer_is_of_the_type_that_is_accepted() {
    let server = Server::start().await;
    let cases = [
        (None, StatusCode::OK, JSON),
        (Some("*/*"), StatusCode::OK, JSON),
        (Some("application/json"), StatusCode::OK, JSON),
        (Some("application/json; charset=utf-8"), StatusCode::OK, JSON),
        (Some("application/graphql-response+json"), StatusCode::OK, GRAPHQL),
        (
            Some("application/graphql-response+json; charset=utf-8, application/json; charset=utf-8"),
            StatusCode::OK,
            GRAPHQL,
        ),
        (Some("application/graphql-response+json;q=0.5, application/json"), StatusCode::OK, JSON),
        (Some("text/html, application/json;q=0.1"), StatusCode::OK, JSON),
        (Some("text/html"), StatusCode::NOT_ACCEPTABLE, JSON),
        (Some("application/json;q=0"), StatusCode::NOT_ACCEPTABLE, JSON),
    ];
    for (accept, status, content_type) in cases {
        let answer = post(&server, Some("application/json"), accept, TYPENAME).await;
        assert_eq!((answer.status, answer.header("content-type")), (status, content_type), "{accept:?}");
    }
}

#[tokio::test]
async fn only_json_bodies_are_read() {
    let server = Server::start().await;
    let cases = [
        (Some("application/json"), StatusCode::OK),
        (Some("application/json; charset=UTF-8"), StatusCode::OK),
        (Some("application/json; charset=latin1"), StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (Some("text/plain"), StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (Some("multipart/form-data"), StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (None, StatusCode::UNSUPPORTED_MEDIA_TYPE),
    ];
    for (content_type, status) in cases {
        assert_eq!(post(&server, content_type, None, TYPENAME).await.status, status, "{content_type:?}");
    }
}

#[tokio::test]
async fn malformed_requests_are_refused_with_400_whatever_is_accepted() {
    let server = Server::start().await;
    let bodies = [
        "",
        "{",
        "[]",
        r#"[{"query":"{ __typename }"}]"#,
        "{}",
        r#"{"query":1}"#,
        r#"{"query":{"obj":"ect"}}"#,
        r#"{"query":"{ __typename }","operationName":1}"#,
        r#"{"query":"{ __typename }","variables":"{}"}"#,
        r#"{"query":"{ __typename }","variables":[]}"#,
        r#"{"query":"{ __typename }","extensions":0}"#,
    ];
    for body in bodies {
        for accept in ["application/json", "application/graphql-response+json"] {
            assert_eq!(
                post(&server, Some("application/json"), Some(accept), body).await.status,
                StatusCode::BAD_REQUEST,
                "{body}"
            );
        }
    }
    for body in [r#"{"query":"{ __typename }","variables":null,"operationName":null,"extensions":null}"#, TYPENAME] {
        assert_eq!(post(&server, Some("application/json"), None, body).await.status, StatusCode::OK, "{body}");
    }
}

#[tokio::test]
async fn request_errors_have_no_data_and_a_status_by_media_type() {
    let server = Server::start().await;
    let token = server.token(Role::Viewer).await;
    let documents = [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nonsense }", "GRAPHQL_VALIDATION_FAILED"),
        ("query A { __typename } query B { __typename }", "GRAPHQL_VALIDATION_FAILED"),
        ("query($id: ID!) { __typename item(id: $id) { sku } }", "BAD_USER_INPUT"),
    ];
    for (document, code) in documents {
        for (accept, status) in
            [("application/json", StatusCode::OK), ("application/graphql-response+json", StatusCode::BAD_REQUEST)]
        {
            let request = Request::post("/graphql")
                .header(header::CONTENT_TYPE, "application/json")
                .header(header::ACCEPT, accept)
                .header(header::AUTHORIZATION, format!("Bearer {token}"));
            let body = json!({ "query": document, "variables": { "id": null } }).to_string();
            let answer = server.send(request.body(Body::from(body)).unwrap()).await;
            assert_eq!((answer.status, answer.code().as_str()), (status, code), "{document} {accept}");
            assert!(answer.json().get("data").is_none(), "{document}");
        }
    }
}

#[tokio::test]
async fn the_named_operation_runs() {
    let server = Server::start().await;
    let body = r#"{"query":"query A { a: __typename } query B { b: __typename }","operationName":"B"}"#;
    assert_eq!(post(&server, Some("application/json"), None, body).await.data(), json!({ "b": "Query" }));
}

#[tokio::test]
async fn queries_work_by_get_and_mutations_do_not() {
    let server = Server::start().await;
    let answer = server.get("/graphql?query=query+Q(%24n%3AString!)%7B__type(name%3A%24n)%7Bname%7D%7D&variables=%7B%22n%22%3A%22Item%22%7D").await;
    assert_eq!(answer.data(), json!({ "__type": { "name": "Item" } }));
    let answer = server.get("/graphql?query=mutation%7Blogout%7BuserErrors%7Bcode%7D%7D%7D").await;
    assert_eq!((answer.status, answer.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, "POST"));
    assert_eq!(server.get("/graphql").await.status, StatusCode::BAD_REQUEST);
    let put = server.send(Request::put("/graphql").body(Body::empty()).unwrap()).await;
    assert_eq!(put.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn foreign_pages_may_not_call_and_named_ones_may_without_the_cookie() {
    let config = api::config::Config::read(|name| match name {
        "CORRENTE_CORS_ORIGINS" => Some("https://bi.example.com".into()),
        "CORRENTE_JWT_SECRET" => Some("a secret of tests, 32 bytes long!".into()),
        _ => None,
    });
    let server = Server::with(config.unwrap(), api::app::AppParts::default()).await;
    let cases = [
        ("http://corrente.example", StatusCode::OK, ""),
        ("https://bi.example.com", StatusCode::OK, "https://bi.example.com"),
        ("https://evil.example", StatusCode::FORBIDDEN, ""),
        ("null", StatusCode::FORBIDDEN, ""),
    ];
    for (origin, status, allowed) in cases {
        let request = Request::post("/graphql")
            .header(header::HOST, "corrente.example")
            .header(header::ORIGIN, origin)
            .header(header::CONTENT_TYPE, "application/json");
        let answer = server.send(request.body(Body::from(TYPENAME)).unwrap()).await;
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (status, allowed), "{origin}");
        assert_eq!(answer.header("access-control-allow-credentials"), "");
    }
}

#[tokio::test]
async fn nobody_reads_the_company_without_signing_in() {
    let server = Server::start().await;
    let answer = server.ask(None, "{ viewer { id } items { nodes { sku } } }", json!({})).await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"));
    assert_eq!(answer.header("www-authenticate"), "Bearer");
    assert!(answer.json().get("data").is_none());
    assert_eq!(
        server.ask(None, "mutation { markAlertsRead(ids: []) { userErrors { code } } }", json!({})).await.status,
        StatusCode::UNAUTHORIZED
    );
}

/// A GET with a document, its hash, or both; `query` and `hash` go into the address as they are.
async fn named(server: &Server, token: Option<&str>, query: &str, hash: &str, known: Option<&str>) -> Answer {
    let extensions = format!("%7B%22persistedQuery%22:%7B%22version%22:1,%22sha256Hash%22:%22{hash}%22%7D%7D");
    let query = if query.is_empty() { String::new() } else { format!("query={query}&") };
    let mut request = Request::get(format!("/graphql?{query}extensions={extensions}")).header(header::ACCEPT, GRAPHQL);
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    request = known.into_iter().fold(request, |request, tag| request.header(header::IF_NONE_MATCH, tag));
    server.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_document_is_known_by_its_hash_once_somebody_signed_in_has_sent_it() {
    // The hash of `{__typename}`, by sha256sum.
    const HASH: &str = "ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38";
    let server = Server::start().await;
    let token = server.token(Role::Viewer).await;
    let unknown = async || named(&server, Some(&token), "", HASH, None).await;
    assert_eq!(unknown().await.code(), "PERSISTED_QUERY_NOT_FOUND");
    // Nobody in particular may ask, but leaves nothing.
    assert_eq!(named(&server, None, "%7B__typename%7D", HASH, None).await.data(), json!({ "__typename": "Query" }));
    assert_eq!(unknown().await.code(), "PERSISTED_QUERY_NOT_FOUND");
    let wrong = HASH.replace('e', "f");
    assert_eq!(named(&server, Some(&token), "%7B__typename%7D", &wrong, None).await.code(), "BAD_USER_INPUT");
    named(&server, Some(&token), "%7B__typename%7D", HASH, None).await.data();
    let answer = unknown().await;
    assert_eq!(answer.data(), json!({ "__typename": "Query" }));
    assert_eq!(answer.header("cache-control"), "private, no-cache");
    assert!(answer.header("vary").contains("Authorization"));
    let tag = answer.header("etag").to_owned();
    assert!(tag.starts_with("W/\""), "{tag}");
    let same = named(&server, Some(&token), "", HASH, Some(&tag)).await;
    assert_eq!(
        (same.status, same.body.as_slice(), same.header("etag")),
        (StatusCode::NOT_MODIFIED, &[][..], tag.as_str())
    );
    assert_eq!(named(&server, Some(&token), "", HASH, Some("W/\"other\"")).await.status, StatusCode::OK);
    assert_eq!(named(&server, Some(&token), "", "beef", None).await.status, StatusCode::BAD_REQUEST);
}
