//! What monitors read, and who may.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};
use entity::words::Role;
use serde_json::json;

use crate::server::{Answer, Server};

async fn metrics(server: &Server, peer: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::get("/metrics");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut request = request.body(Body::empty()).unwrap();
    request.extensions_mut().insert(ConnectInfo(peer.parse::<SocketAddr>().unwrap()));
    server.send(request).await
}

/// The value of a sample.
fn value<'t>(text: &'t str, sample: &str) -> &'t str {
    let line = text.lines().find_map(|line| line.strip_prefix(sample)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("no {sample} in {text}"))
}

#[tokio::test]
async fn requests_are_counted_by_operation_status_and_code() {
    let server = Server::start().await;
    for _ in 0..2 {
        server.as_role(Role::Viewer, "query Who { viewer { id } freshness { kind } }").await.data();
    }
    server.ask(None, "query Who { viewer { id } }", json!({})).await;
    server.as_role(Role::Viewer, "{ nonsense }").await;
    server.as_role(Role::Viewer, "{ items(first: 1) { nodes { unitCost } } }").await;
    let answer = metrics(&server, "127.0.0.1:1", &[]).await;
    assert!(answer.header("content-type").starts_with("application/openmetrics-text"));
    let text = String::from_utf8(answer.body).unwrap();
    assert!(text.ends_with("# EOF\n"), "{text}");
    let requests =
        |labels: &str| value(&text, &format!("corrente_requests_total{{kind=\"query\",operation={labels}}}"));
    assert_eq!(requests("\"Who\",status=\"200\""), "2");
    assert_eq!(requests("\"Who\",status=\"401\""), "1");
    assert_eq!(value(&text, "corrente_request_duration_seconds_count{kind=\"query\"}"), "5");
    for code in ["UNAUTHENTICATED", "GRAPHQL_VALIDATION_FAILED", "FORBIDDEN"] {
        assert_eq!(value(&text, &format!("corrente_errors_total{{code=\"{code}\"}}")), "1", "{code}");
    }
    assert_eq!(value(&text, "corrente_database_up"), "1");
    assert!(value(&text, "corrente_request_statements_sum").parse::<f64>().unwrap() >= 2.0, "freshness is asked");
    assert!(value(&text, "corrente_resident_memory_bytes").parse::<f64>().unwrap() > 1e6);
    assert!(text.contains("corrente_cache_requests_total{cache=\"kpis\",result=\"miss\"} 0"), "{text}");
}

#[tokio::test]
async fn metrics_are_for_this_machine_or_an_admin() {
    let server = Server::start().await;
    let bearer = async |role| format!("Bearer {}", server.token(role).await);
    let (admin, analyst) = (bearer(Role::Admin).await, bearer(Role::Analyst).await);
    let authorization = header::AUTHORIZATION.as_str();
    for (peer, headers, status) in [
        ("127.0.0.1:1", vec![], StatusCode::OK),
        ("[::1]:1", vec![], StatusCode::OK),
        ("127.0.0.1:1", vec![("x-forwarded-for", "203.0.113.9")], StatusCode::UNAUTHORIZED),
        ("203.0.113.9:1", vec![], StatusCode::UNAUTHORIZED),
        ("203.0.113.9:1", vec![(authorization, analyst.as_str())], StatusCode::FORBIDDEN),
        ("203.0.113.9:1", vec![(authorization, "Bearer forged")], StatusCode::UNAUTHORIZED),
        ("203.0.113.9:1", vec![(authorization, admin.as_str())], StatusCode::OK),
    ] {
        assert_eq!(metrics(&server, peer, &headers).await.status, status, "{peer} {headers:?}");
    }
}
