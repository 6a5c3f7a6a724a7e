//! The way of a GraphQL request: who asks, what, within which limits, may they; then it runs.
//!
//! Our own handler, after the GraphQL-over-HTTP specification: the stock one answers 200 to everything, takes mutations
//! by GET and any content type, and shows Rust's debug text.

use std::sync::Arc;
use std::time::Instant;

use async_graphql::ServerError;
use async_graphql::parser::types::OperationType;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use serde_json::json;
use tracing::Instrument as _;

use super::client::{self, Bearer};
use super::guard::{Origin, RequestId, origin};
use super::negotiate::{self, Media};
use super::request::{self, GraphQlRequest, Malformed};
use super::{persisted, respond, socket};
use crate::app::Shared;
use crate::auth::{Client, Refused, Viewer, trail};
use crate::error::{Code, chain, internal_message, request_error};
use crate::graphql::context::RequestContext;
use crate::graphql::prepare;
use crate::metrics::Observed;
use crate::telemetry;

/// A query in the query string, or a socket for subscriptions.
pub async fn by_get(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    if socket::is_asked(request.headers()) {
        return socket::open(shared, request.into_parts().0).await;
    }
    answer(shared, request).await
}

/// A query or mutation in the body.
pub async fn by_post(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    answer(shared, request).await
}

/// Anything but GET and POST.
pub async fn wrong_method() -> Response {
    let mut response = respond::malformed(Media::Json, StatusCode::METHOD_NOT_ALLOWED, "Use GET or POST.");
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, POST"));
    response
}

async fn answer(shared: Arc<Shared>, request: Request) -> Response {
    let origin = origin(&shared, request.headers());
    if matches!(origin, Origin::Foreign) {
        return respond::malformed(Media::Json, StatusCode::FORBIDDEN, "This page may not call the graph.");
    }
    let Some(media) = negotiate::accepted(request.headers()) else {
        let message = "Accept application/graphql-response+json or application/json.";
        return respond::malformed(Media::Json, StatusCode::NOT_ACCEPTABLE, message);
    };
    let begun = Instant::now();
    let counted = Arc::clone(&shared);
    let mut observed = Observed { kind: "none", operation: None, statements: None };
    let mut response = match handle(shared, media, request, &mut observed).await {
        Ok(response) | Err(response) => response,
    };
    let codes = response.extensions().get::<respond::Codes>().map(|codes| codes.0.as_slice()).unwrap_or_default();
    counted.metrics.request(&observed, response.status().as_u16(), codes, begun.elapsed());
    if let Origin::Allowed(origin) = origin {
        // No credentials: the cookie is for our own pages only.
        response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
    response
}

/// `Err` is an answer as well, of a request that never ran.
async fn handle(
    shared: Arc<Shared>,
    media: Media,
    request: Request,
    observed: &mut Observed,
) -> Result<Response, Response> {
    let (parts, body) = request.into_parts();
    let refuse = |error: ServerError| respond::refused(media, &[error]);
    let request_id = parts.extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let client = client::of(&parts.headers, &parts.extensions, &shared.config.trusted_proxies);
    let asked =
        read(&shared, &parts, body).await.map_err(|wrong| respond::malformed(media, wrong.status, &wrong.message))?;

    let asked = shared.documents.complete(asked).map_err(refuse)?;
    let limits = &shared.config.limits;
    let parsed = prepare::parse(&asked.query, asked.operation_name.as_deref(), limits).map_err(refuse)?;
    let kind = parsed.kind;
    observed.kind = match kind {
        OperationType::Query => "query",
        OperationType::Mutation => "mutation",
        OperationType::Subscription => "subscription",
    };
    observed.operation = parsed.operation_name().map(str::to_owned);
    match kind {
        OperationType::Mutation if parts.method == Method::GET => {
            let mut response = respond::malformed(media, StatusCode::METHOD_NOT_ALLOWED, "Mutations need POST.");
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
            return Err(response);
        }
        OperationType::Subscription => {
            return Err(refuse(request_error(
                Code::ValidationFailed,
                "Subscriptions are served over WebSocket (graphql-transport-ws) at this address.",
            )));
        }
        _ => {}
    }

    let now = shared.now();
    let viewer = identify(&shared, &parts.headers, &client, &request_id).await.map_err(refuse)?;
    let graph = &shared.graph;
    let checked = parsed.check(
        (&graph.shape, &graph.policy),
        &asked.variables,
        viewer.as_ref().map(|viewer| viewer.role),
        limits,
    );
    let checked = checked.map_err(refuse)?;
    if let Some(viewer) = viewer.as_deref().filter(|_| !checked.refused_names.is_empty()) {
        let details = json!({ "fields": checked.refused_names, "operation": parsed.operation_name() });
        shared.trail.write(trail::entry(viewer, &client, now, "read.refused", None, details));
    }

    if viewer.is_some() {
        shared.documents.keep(&asked);
    }
    let tagged = parts.method == Method::GET && asked.persisted.is_some();
    let refresh_token = client::refresh_cookie(&parts.headers);
    // A mutation reads what it writes, and its author goes on reading it for a while: both on the primary.
    let writer = viewer.as_deref().map(|viewer| viewer.id);
    let mutates = kind == OperationType::Mutation;
    let db = if mutates { shared.db.clone() } else { shared.db.reading_for(writer, now) };
    let (reads, role) = (db.clone(), viewer.as_deref().map(|viewer| viewer.role));
    let context = RequestContext::new(Arc::clone(&shared), db, viewer, client, refresh_token, request_id.clone(), now);
    let span = telemetry::operation(observed.kind, parsed.operation_name(), role);
    let mut running = async_graphql::Request::new(asked.query).variables(asked.variables).data(context);
    if let Some(name) = asked.operation_name {
        running = running.operation_name(name);
    }
    running.set_parsed_query(parsed.document);
    let answer =
        tokio::time::timeout(limits.request_timeout, graph.schema.execute(running).instrument(span.clone())).await;
    // The primary's handle is shared by all mutations.
    observed.statements = (!mutates).then(|| reads.reader().asked());
    if let Some(user) = writer.filter(|_| mutates) {
        // Also when it took too long: it may have written all the same.
        shared.db.mark_writer(user, shared.now());
    }
    span.record("corrente.errors", answer.as_ref().map_or(1, |answer| answer.errors.len() as i64));
    let Ok(answer) = answer else {
        tracing::warn!(request_id, "a request took too long");
        return Err(refuse(request_error(Code::Timeout, format!("The request took too long (request {request_id})."))));
    };
    let response = respond::executed(media, answer, checked.refused);
    Ok(if tagged { persisted::tagged(response, &parts.headers).await } else { response })
}

async fn read(shared: &Shared, parts: &axum::http::request::Parts, body: Body) -> Result<GraphQlRequest, Malformed> {
    let most = shared.config.limits.body_bytes;
    let too_long = || Malformed {
        status: StatusCode::PAYLOAD_TOO_LARGE,
        message: format!("A request may have at most {most} bytes."),
    };
    if parts.method == Method::GET {
        let query = parts.uri.query().unwrap_or_default();
        return if query.len() > most { Err(too_long()) } else { request::from_query(query) };
    }
    if !negotiate::is_json(&parts.headers) {
        let message = "The body must be application/json in UTF-8.".to_owned();
        return Err(Malformed { status: StatusCode::UNSUPPORTED_MEDIA_TYPE, message });
    }
    let told = parts.headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if told.is_some_and(|bytes| bytes > most) {
        return Err(too_long());
    }
    // A body that breaks off and one that is too long come as one error; only the second is worth a status of its own.
    let body = to_bytes(body, most).await.map_err(|_| too_long())?;
    request::from_body(&body)
}

/// Who sends these headers; nobody without a token, and a refusal with one that does not count.
pub(super) async fn identify(
    shared: &Shared,
    headers: &axum::http::HeaderMap,
    client: &Client,
    request_id: &str,
) -> Result<Option<Arc<Viewer>>, ServerError> {
    identify_bearer(shared, client::bearer(headers), client, request_id).await
}

/// [`identify`] by what the `Authorization` header holds, or would hold where there are no headers.
pub(super) async fn identify_bearer(
    shared: &Shared,
    bearer: Bearer<'_>,
    client: &Client,
    request_id: &str,
) -> Result<Option<Arc<Viewer>>, ServerError> {
    let refuse = |reason: &'static str| {
        shared.trail.write(trail::anonymous(
            "unknown",
            client,
            shared.now(),
            "token.refused",
            json!({ "reason": reason }),
        ));
        request_error(Code::Unauthenticated, "The access token is not valid; sign in again.")
    };
    match bearer {
        Bearer::None => Ok(None),
        Bearer::Malformed => Err(refuse("not a bearer token")),
        Bearer::Token(token) => match shared.auth.viewer(&shared.db, token, shared.now()).await {
            Ok(viewer) => Ok(Some(viewer)),
            Err(Refused::Token(reason)) => Err(refuse(reason)),
            Err(Refused::Store(store::StoreError::Busy(reason))) => {
                tracing::warn!(request_id, reason, "the database is busy or away");
                Err(request_error(
                    Code::Unavailable,
                    format!("The database cannot be asked just now; try again soon (request {request_id})."),
                ))
            }
            Err(Refused::Store(failure)) => {
                tracing::error!(request_id, error = %chain(&failure), "a token could not be checked");
                Err(request_error(Code::Internal, internal_message(request_id)))
            }
        },
    }
}
