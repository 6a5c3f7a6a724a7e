//! The server: routes, headers, files, health, and our own GraphQL-over-HTTP handler.
//!
//! Never here: what a field means or who may read it. Start with [`router`], then [`graphql`] and [`export`].

pub mod assets;
pub mod client;
mod etag;
pub mod export;
pub mod graphql;
pub mod guard;
pub mod headers;
pub mod health;
pub mod metrics;
pub mod negotiate;
pub mod persisted;
pub mod request;
pub mod respond;
pub mod socket;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use tower_http::compression::{CompressionLayer, CompressionLevel};

use crate::app::Shared;
use crate::telemetry;

/// Every route.
pub fn router(shared: Arc<Shared>) -> Router {
    let headers = Arc::new(headers::SecurityHeaders::new(shared.assets.as_ref(), shared.config.auth.cookie_secure));
    Router::new()
        .route(
            "/graphql",
            get(graphql::by_get).post(graphql::by_post).options(guard::preflight).fallback(graphql::wrong_method),
        )
        .route("/export/{file}", get(export::serve))
        .route("/health", get(health::health))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/metrics", get(metrics::serve))
        .fallback(assets::serve)
        .with_state(shared)
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        .layer(axum::middleware::from_fn(guard::catch_panics))
        .layer(axum::middleware::from_fn_with_state(headers, headers::write))
        .layer(axum::middleware::from_fn(telemetry::request))
        .layer(axum::middleware::from_fn(guard::name_request))
}
