//! The security headers of every answer, whatever the route.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::assets::{Assets, INDEX};

/// The headers, composed once.
#[derive(Debug)]
pub struct SecurityHeaders {
    all: Vec<(HeaderName, HeaderValue)>,
}

impl SecurityHeaders {
    /// Hashes the inline scripts of the embedded page, so that those run and no others.
    pub fn new(assets: &dyn Assets, https: bool) -> Self {
        let page = assets.get(INDEX).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
        let mut hashes = String::new();
        for script in inline_scripts(&page) {
            hashes.extend([" 'sha256-", &hash(script), "'"]);
        }
        let policy = format!(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{hashes}; style-src 'self'; img-src 'self' data:; \
             font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; \
             frame-ancestors 'none'"
        );
        let mut all = vec![
            (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
            (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
            (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
            (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
            (
                HeaderName::from_static("permissions-policy"),
                HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
            ),
        ];
        // Base64 and the words above are ASCII, so this cannot fail; without a policy nothing must be served as if it had one.
        all.push((
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_str(&policy).unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'")),
        ));
        if https {
            all.push((header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000")));
        }
        Self { all }
    }
}

/// Writes the headers on an answer.
pub async fn write(State(headers): State<Arc<SecurityHeaders>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in &headers.all {
        response.headers_mut().insert(name.clone(), value.clone());
    }
    response
}

fn hash(script: &str) -> String {
    STANDARD.encode(Sha256::digest(script.as_bytes()))
}

/// The text of each script element without `src`.
fn inline_scripts(page: &str) -> Vec<&str> {
    let mut scripts = Vec::new();
    let mut rest = page;
    while let Some((_, after)) = rest.split_once("<script") {
        let Some((attributes, content)) = after.split_once('>') else {
            break;
        };
        let Some((script, tail)) = content.split_once("</script>") else {
            break;
        };
        if !attributes.contains(" src=") && !script.trim().is_empty() {
            scripts.push(script);
        }
        rest = tail;
    }
    scripts
}
