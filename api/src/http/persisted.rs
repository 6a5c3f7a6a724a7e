//! Documents that clients name by their SHA-256, as Apollo's clients do: sent in full once, by the name from then on, and by
//! GET, so that a browser need not be told again what it has.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::ServerError;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use moka::sync::Cache;

use super::etag;
use super::request::GraphQlRequest;
use crate::digest::{hexadecimal, sha256};
use crate::error::{Code, request_error};

/// Bytes of all documents that are kept.
const BYTES: u64 = 8 * 1024 * 1024;
/// How long a document is kept that nobody asks for.
const LIFE: Duration = Duration::from_hours(24);

/// The documents that are known by name.
#[derive(Debug)]
pub struct Documents {
    kept: Cache<String, Arc<str>>,
}

impl Default for Documents {
    fn default() -> Self {
        let weigh = |_: &String, text: &Arc<str>| u32::try_from(text.len() + 100).unwrap_or(u32::MAX);
        Self { kept: Cache::builder().max_capacity(BYTES).weigher(weigh).time_to_idle(LIFE).build() }
    }
}

impl Documents {
    /// The request with its document, where it only names it.
    pub fn complete(&self, mut asked: GraphQlRequest) -> Result<GraphQlRequest, ServerError> {
        let Some(hash) = &asked.persisted else { return Ok(asked) };
        if asked.query.is_empty() {
            let known = self.kept.get(hash);
            let unknown = || request_error(Code::PersistedQueryNotFound, "PersistedQueryNotFound");
            asked.query = known.ok_or_else(unknown)?.to_string();
        } else if *hash != hexadecimal(&sha256(&asked.query)) {
            return Err(request_error(Code::BadUserInput, "The sha256Hash is not that of the query."));
        }
        Ok(asked)
    }

    /// Keeps a document that was found to be right; only for who is signed in, else anybody could push the others out.
    pub fn keep(&self, asked: &GraphQlRequest) {
        if let Some(hash) = asked.persisted.as_ref().filter(|hash| !self.kept.contains_key(*hash)) {
            self.kept.insert(hash.clone(), asked.query.as_str().into());
        }
    }
}

/// The answer with a tag of its content; empty where the asker has that already.
pub async fn tagged(response: Response, asked: &HeaderMap) -> Response {
    if response.status() != StatusCode::OK {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // It was written as a whole, so it can be read as one.
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    // Weak, because it may be compressed on its way.
    let tag = format!("W/{}", etag::of(&body));
    let has = etag::is_known(asked, &tag);
    parts.headers.extend(HeaderValue::from_str(&tag).ok().map(|tag| (header::ETAG, tag)));
    // It may be kept, by who asked alone, and is asked for again each time.
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if has {
        parts.status = StatusCode::NOT_MODIFIED;
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(body))
}
