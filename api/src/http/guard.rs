//! Around every route: a name for the request, panics caught, foreign origins kept out.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use serde_json::json;

use crate::app::Shared;
use crate::error::{Code, internal_message};

const HEADER: &str = "x-request-id";

/// The request's name, in its extensions and on its answer.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// Names the request: by what a proxy called it, if that is a plain word, else anew.
pub async fn name_request(mut request: Request, next: Next) -> Response {
    let given = request.headers().get(HEADER).and_then(|value| value.to_str().ok());
    let plain =
        |id: &&str| (8..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let id = given.filter(plain).map_or_else(|| format!("{:016x}", rand::random::<u64>()), str::to_owned);
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut response = next.run(request).await;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}

/// Turns a panic into a bland 500, logged once with the request's name.
pub async fn catch_panics(request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(panic) => {
            let words = panic.downcast_ref::<String>().map(String::as_str);
            let words = words.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no words");
            tracing::error!(request_id = id, panic = words, "a handler panicked");
            let body = json!({ "errors": [{ "message": internal_message(&id), "extensions": { "code": Code::Internal.as_str() } }] });
            (StatusCode::INTERNAL_SERVER_ERROR, Json(body)).into_response()
        }
    }
}

/// Whether a page of `origin` may call us: our own pages, and those the configuration names.
pub enum Origin {
    /// Not a browser, or a page of ours.
    Own,
    /// A page that the configuration names.
    Allowed(HeaderValue),
    /// Any other page.
    Foreign,
}

/// Where a request's page comes from. The scheme is not compared: TLS may end at a proxy.
pub fn origin(shared: &Shared, headers: &HeaderMap) -> Origin {
    let Some(value) = headers.get(header::ORIGIN) else {
        // Browsers that send no Origin still say whether the page is foreign.
        let site = headers.get("sec-fetch-site").and_then(|value| value.to_str().ok());
        return if site == Some("cross-site") { Origin::Foreign } else { Origin::Own };
    };
    let Ok(text) = value.to_str() else {
        return Origin::Foreign;
    };
    let text = text.to_ascii_lowercase();
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).map(str::to_ascii_lowercase);
    let origin_host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    if origin_host.is_some() && origin_host == host.as_deref() {
        return Origin::Own;
    }
    if shared.config.cors_origins.contains(&text) { Origin::Allowed(value.clone()) } else { Origin::Foreign }
}

/// Answers a browser that asks whether it may send JSON from another origin.
pub async fn preflight(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    let Origin::Allowed(origin) = origin(&shared, &headers) else {
        return (StatusCode::NO_CONTENT, [(header::ALLOW, "GET, POST, OPTIONS")]).into_response();
    };
    let mut response = StatusCode::NO_CONTENT.into_response();
    let answer = response.headers_mut();
    answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    answer.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
    answer
        .insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("authorization, content-type, accept"));
    answer.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    answer.insert(header::VARY, HeaderValue::from_static("Origin"));
    response
}
