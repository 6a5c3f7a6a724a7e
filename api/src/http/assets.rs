//! The dashboard's files: embedded by cli, compressed beforehand, cached by their hashed names.

use std::borrow::Cow;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::etag;
use crate::app::Shared;

/// The page that every client route answers with.
pub const INDEX: &str = "index.html";
/// The page of `/graphiql`, which is none of the dashboard's.
const GRAPHIQL: &str = "chunks/graphiql.html";

/// Where the dashboard's files come from.
pub trait Assets: Send + Sync + 'static {
    /// The file at `path`, which has no leading slash. A `path` ending in `.br` is the brotli-compressed form.
    fn get(&self, path: &str) -> Option<Cow<'static, [u8]>>;
}

/// No dashboard: the graph alone.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoAssets;

impl Assets for NoAssets {
    fn get(&self, _path: &str) -> Option<Cow<'static, [u8]>> {
        None
    }
}

/// A file, or the page for a client route.
pub async fn serve(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    let path = request.uri().path().trim_start_matches('/');
    // The compressed forms are not files of their own.
    let hidden = path.rsplit('.').next() == Some("br");
    let name = match path {
        "" => INDEX,
        "graphiql" => GRAPHIQL,
        file => file,
    };
    if !hidden && let Some(response) = file(shared.assets.as_ref(), name, request.headers()) {
        return response;
    }
    // A name with a dot is a file that is not there; anything else is a page of the dashboard.
    let last = path.rsplit('/').next().unwrap_or_default();
    let is_page = !hidden && !last.contains('.') && !path.starts_with("health/");
    let page = if is_page { file(shared.assets.as_ref(), INDEX, request.headers()) } else { None };
    page.unwrap_or_else(|| {
        (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, "no-store")], "Not found\n").into_response()
    })
}

fn file(assets: &dyn Assets, name: &str, asked: &HeaderMap) -> Option<Response> {
    let plain = assets.get(name)?;
    let brotli = if takes_brotli(asked) { assets.get(&format!("{name}.br")) } else { None };
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(name)));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if is_hashed(name) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    } else {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        let tag = etag::of(&plain);
        if let Ok(value) = HeaderValue::from_str(&tag) {
            headers.insert(header::ETAG, value);
        }
        if etag::is_known(asked, &tag) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return Some(response);
        }
    }
    let bytes = match brotli {
        Some(compressed) => {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
            compressed
        }
        None => plain,
    };
    *response.body_mut() = match bytes {
        Cow::Borrowed(bytes) => Body::from(bytes),
        Cow::Owned(bytes) => Body::from(bytes),
    };
    Some(response)
}

fn takes_brotli(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::ACCEPT_ENCODING).into_iter().filter_map(|value| value.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|part| {
        let mut words = part.split(';').map(str::trim);
        words.next() == Some("br") && !words.any(|word| matches!(word, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

/// Does the name carry a digest of its content? Trunk writes `name-0123456789abcdef.js` and `..._bg.wasm`, esbuild
/// `name-ABCDEFGH.js`.
pub fn is_hashed(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    let stem = file.split('.').next().unwrap_or(file);
    let Some((_, digest)) = stem.trim_end_matches("_bg").rsplit_once('-') else {
        return false;
    };
    let hexadecimal =
        digest.len() >= 15 && digest.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'));
    let base32 = digest.len() == 8 && digest.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    hexadecimal || base32
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
