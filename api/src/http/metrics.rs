//! `GET /metrics`: for monitors on this machine, and for who has an ADMIN's token.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use entity::words::Role;

use super::guard::RequestId;
use super::negotiate::Media;
use super::{client, graphql, respond};
use crate::app::Shared;

const OPEN_METRICS: HeaderValue =
    HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");

/// What is counted, as `OpenMetrics` text.
pub async fn serve(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    if !is_local(&parts.headers, &parts.extensions) {
        let request_id = parts.extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
        let client = client::of(&parts.headers, &parts.extensions, &shared.config.trusted_proxies);
        match graphql::identify(&shared, &parts.headers, &client, &request_id).await {
            Ok(Some(viewer)) if viewer.role == Role::Admin => {}
            Ok(Some(_)) => return refuse(StatusCode::FORBIDDEN),
            Ok(None) => return refuse(StatusCode::UNAUTHORIZED),
            Err(error) => return respond::refused(Media::Json, &[error]),
        }
    }
    let text = shared.metrics.text(&shared).await;
    let headers = [(header::CONTENT_TYPE, OPEN_METRICS), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    (headers, text).into_response()
}

/// Whether somebody on this machine asks for themselves: a proxy on it speaks for others, and says so.
fn is_local(headers: &HeaderMap, extensions: &Extensions) -> bool {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_canonical());
    let proxied = ["x-forwarded-for", "forwarded", "x-real-ip", "via"].iter().any(|name| headers.contains_key(*name));
    peer.is_some_and(|address| address.is_loopback()) && !proxied
}

fn refuse(status: StatusCode) -> Response {
    respond::malformed(Media::Json, status, "Metrics are for this machine, or for an ADMIN's token.")
}
