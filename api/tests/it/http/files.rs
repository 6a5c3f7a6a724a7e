use std::borrow::Cow;
use std::sync::Arc;

use api::app::AppParts;
use api::config::Config;
use api::http::assets::{Assets, is_hashed};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};

use crate::server::Server;

const PAGE: &[u8] = b"<html><script src=\"/boot.js\"></script><script>start()</script></html>";

struct Files;

impl Assets for Files {
    fn get(&self, path: &str) -> Option<Cow<'static, [u8]>> {
        let bytes: &'static [u8] = match path {
            "index.html" => PAGE,
            "frontend-0123456789abcdef.js" => b"plain",
            "frontend-0123456789abcdef.js.br" => b"brotli",
            _ => return None,
        };
        Some(Cow::Borrowed(bytes))
    }
}

async fn server() -> Server {
    Server::with(Config::for_tests(), AppParts { assets: Arc::new(Files), ..AppParts::default() }).await
}

#[tokio::test]
async fn hashed_files_are_kept_for_ever_and_come_compressed() {
    let server = server().await;
    let plain = server.get("/frontend-0123456789abcdef.js").await;
    assert_eq!(
        (plain.header("cache-control"), plain.body.as_slice()),
        ("public, max-age=31536000, immutable", b"plain".as_slice())
    );
    assert_eq!(plain.header("content-type"), "text/javascript; charset=utf-8");
    let request = Request::get("/frontend-0123456789abcdef.js").header(header::ACCEPT_ENCODING, "gzip, br");
    let compressed = server.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!((compressed.header("content-encoding"), compressed.body.as_slice()), ("br", b"brotli".as_slice()));
    assert_eq!(server.get("/frontend-0123456789abcdef.js.br").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn client_routes_answer_the_page_which_is_asked_for_anew_each_time() {
    let server = server().await;
    for path in ["/", "/index.html", "/materials/010825", "/admin/users"] {
        let page = server.get(path).await;
        assert_eq!(
            (page.status, page.body.as_slice(), page.header("cache-control")),
            (StatusCode::OK, PAGE, "no-cache"),
            "{path}"
        );
        let request = Request::get(path).header(header::IF_NONE_MATCH, page.header("etag"));
        assert_eq!(server.send(request.body(Body::empty()).unwrap()).await.status, StatusCode::NOT_MODIFIED, "{path}");
    }
    for path in ["/missing.js", "/.env", "/health/other"] {
        assert_eq!(server.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn every_answer_carries_the_security_headers_and_a_request_id() {
    let server = server().await;
    for path in [
        "/",
        "/missing.js",
        "/frontend-0123456789abcdef.js",
        "/graphql",
        "/graphql?query={__typename}",
        "/health",
        "/health/live",
        "/health/ready",
    ] {
        let answer = server.get(path).await;
        let policy = answer.header("content-security-policy");
        // The hash is that of `start()`; the script with a source needs none.
        assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval' 'sha256-"), "{path}: {policy}");
        assert_eq!(policy.matches("sha256-").count(), 1, "{path}: {policy}");
        assert!(policy.contains("style-src 'self'") && !policy.contains("unsafe-inline"), "{path}: {policy}");
        for (name, value) in
            [("x-content-type-options", "nosniff"), ("x-frame-options", "DENY"), ("referrer-policy", "same-origin")]
        {
            assert_eq!(answer.header(name), value, "{path}");
        }
        assert_eq!(answer.header("x-request-id").len(), 16, "{path}");
    }
}

#[test]
fn a_name_is_hashed_only_with_a_digest_in_it() {
    for name in ["frontend-0123456789abcdef.js", "frontend-0123456789abcdef_bg.wasm", "chunks/charts-ABCD2345.js"] {
        assert!(is_hashed(name), "{name}");
    }
    for name in ["index.html", "icon.svg", "some-thing.js", "a-abcdefgh.js"] {
        assert!(!is_hashed(name), "{name}");
    }
}

#[tokio::test]
async fn health_tells_how_everything_stands() {
    let server = server().await;
    assert_eq!(server.get("/health/live").await.status, StatusCode::OK);
    assert_eq!(server.get("/health/ready").await.status, StatusCode::OK);
    let health = server.get("/health").await.json();
    assert_eq!((health["status"].as_str(), health["demo"].as_bool()), (Some("ok"), Some(false)));
    assert!(health["version"].is_string() && health["engine"].is_string() && health["freshness"].is_array());
    let parts = AppParts { migrations: vec!["m9999_of_tomorrow".into()], ..AppParts::default() };
    let behind = Server::with(Config::for_tests(), parts).await;
    assert_eq!(behind.get("/health/ready").await.status, StatusCode::SERVICE_UNAVAILABLE);
}
