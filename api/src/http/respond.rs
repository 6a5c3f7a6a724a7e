//! A GraphQL answer as HTTP: which status, which body, which headers.

use async_graphql::{PathSegment, Response as Answer, ServerError, Value};
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use super::negotiate::Media;
use crate::error::{Code, with_code};

/// A request that never ran.
pub fn refused(media: Media, errors: &[ServerError]) -> Response {
    let status = errors.iter().map(|error| request_status(error, media)).max().unwrap_or(StatusCode::BAD_REQUEST);
    // A request error has no data entry at all.
    let body = serde_json::to_vec(&serde_json::json!({ "errors": errors })).unwrap_or_default();
    finish(media, status, body, errors)
}

/// A request that is not even one of GraphQL.
pub fn malformed(media: Media, status: StatusCode, message: &str) -> Response {
    let error = with_code(ServerError::new(message, None), Code::BadUserInput);
    let body = serde_json::to_vec(&serde_json::json!({ "errors": [error] })).unwrap_or_default();
    finish(media, status, body, &[])
}

/// What execution came to, with the errors of what was refused before it.
pub fn executed(media: Media, answer: Answer, refused_fields: Vec<ServerError>) -> Response {
    let mut answer = settled(answer, refused_fields);
    if never_ran(&answer) {
        return refused(media, &answer.errors);
    }
    let status = execution_status(&answer);
    let headers = std::mem::take(&mut answer.http_headers);
    let body = serde_json::to_vec(&answer).unwrap_or_default();
    let mut response = finish(media, status, body, &answer.errors);
    response.headers_mut().extend(headers);
    response
}

/// Whether validation refused it: async-graphql answers with errors that have no path.
fn never_ran(answer: &Answer) -> bool {
    let nothing = matches!(answer.data, Value::Null);
    nothing && !answer.errors.is_empty() && answer.errors.iter().all(|error| error.path.is_empty())
}

/// An answer with a code on each of its errors, and with those of what was refused before it.
pub fn settled(mut answer: Answer, refused_fields: Vec<ServerError>) -> Answer {
    if never_ran(&answer) {
        answer.errors = answer.errors.into_iter().map(|error| with_code(error, Code::ValidationFailed)).collect();
        return answer;
    }
    // A resolver's own refusal repeats what the policy said; one error a selection is enough.
    answer.errors.retain(|error| {
        !(Code::Forbidden.is_of(error)
            && refused_fields.iter().any(|told| without_indices(error) == without_indices(told)))
    });
    for error in &mut answer.errors {
        let coded = with_code(error.clone(), Code::BadUserInput);
        *error = coded;
    }
    answer.errors.splice(0..0, refused_fields);
    answer
}

fn without_indices(error: &ServerError) -> Vec<&str> {
    let fields = error.path.iter().filter_map(|segment| match segment {
        PathSegment::Field(name) => Some(name.as_str()),
        PathSegment::Index(_) => None,
    });
    fields.collect()
}

/// A limit, a missing sign-in or a throttle says so by its status whatever is accepted; what the specification calls a
/// request error does so in the graph's own media type only.
fn request_status(error: &ServerError, media: Media) -> StatusCode {
    for (code, status) in [
        (Code::LimitExceeded, StatusCode::BAD_REQUEST),
        (Code::Unauthenticated, StatusCode::UNAUTHORIZED),
        (Code::Forbidden, StatusCode::FORBIDDEN),
        (Code::Unavailable, StatusCode::SERVICE_UNAVAILABLE),
        (Code::Timeout, StatusCode::SERVICE_UNAVAILABLE),
        (Code::Internal, StatusCode::INTERNAL_SERVER_ERROR),
    ] {
        if code.is_of(error) {
            return status;
        }
    }
    if media == Media::GraphQl { StatusCode::BAD_REQUEST } else { StatusCode::OK }
}

fn execution_status(answer: &Answer) -> StatusCode {
    let any = |code: Code| answer.errors.iter().any(|error| code.is_of(error));
    if any(Code::Throttled) {
        StatusCode::TOO_MANY_REQUESTS
    } else if matches!(answer.data, Value::Null) && any(Code::Unavailable) {
        StatusCode::SERVICE_UNAVAILABLE
    } else {
        StatusCode::OK
    }
}

/// The codes of an answer's errors, among its extensions.
#[derive(Debug, Clone)]
pub struct Codes(pub Vec<&'static str>);

fn finish(media: Media, status: StatusCode, body: Vec<u8>, errors: &[ServerError]) -> Response {
    let mut response = Response::new(Body::from(body));
    let codes = errors.iter().filter_map(|error| Code::ALL.iter().find(|code| code.is_of(error)));
    response.extensions_mut().insert(Codes(codes.map(|code| code.as_str()).collect()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media.content_type()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.append(header::VARY, HeaderValue::from_static("Accept, Authorization, Origin"));
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if status == StatusCode::TOO_MANY_REQUESTS || status == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(retry_after(errors)));
    }
    response
}

fn retry_after(errors: &[ServerError]) -> u64 {
    let told = errors.iter().filter_map(|error| match error.extensions.as_ref()?.get("retryAfter")? {
        Value::Number(seconds) => seconds.as_u64(),
        _ => None,
    });
    told.max().unwrap_or(1)
}
