//! The spans that are ours: a request, and the operation in it. Statements have theirs from the database's driver.

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use entity::words::Role;
use opentelemetry::Context;
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry_http::HeaderExtractor;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::field::Empty;
use tracing::{Instrument as _, Span, info_span};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use super::TARGET;
use crate::http::guard::RequestId;

/// Puts a request into a span: into the trace that its `traceparent` names, or into one of its own. Health, metrics and files
/// are asked for all the time, and tell nobody anything.
pub(crate) async fn request(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let Some(route) = route.filter(|route| route == "/graphql" || route.starts_with("/export/")) else {
        return next.run(request).await;
    };
    let method = request.method().as_str();
    let span = info_span!(
        target: TARGET,
        "request",
        otel.name = format!("{method} {route}"),
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = method,
        http.route = route,
        http.response.status_code = Empty,
        corrente.request_id = request.extensions().get::<RequestId>().map(|id| id.0.as_str()),
    );
    if !span.is_disabled() {
        let caller =
            TraceContextPropagator::new().extract_with_context(&Context::new(), &HeaderExtractor(request.headers()));
        // It fails only where nobody collects.
        let _ = span.set_parent(caller);
    }
    let response = next.run(request).instrument(span.clone()).await;
    span.record("http.response.status_code", i64::from(response.status().as_u16()));
    if response.status().is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
    response
}

/// The span of an operation that is about to run, inside that of its request.
pub(crate) fn operation(kind: &str, name: Option<&str>, role: Option<Role>) -> Span {
    info_span!(
        target: TARGET,
        "operation",
        otel.name = name.map_or_else(|| kind.to_owned(), |name| format!("{kind} {name}")),
        graphql.operation.type = kind,
        graphql.operation.name = name,
        corrente.role = role.map(Role::as_str),
        corrente.errors = Empty,
    )
}
