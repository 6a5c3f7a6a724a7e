//! Refresh tokens: random, stored hashed, and carried in a cookie that scripts cannot read.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The cookie's name.
pub const COOKIE: &str = "corrente_refresh";

/// A new token: 256 random bits, in letters that need no quoting.
pub fn generate() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// A name for the chain of tokens that one login starts.
pub fn new_family() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>())
}

/// The `Set-Cookie` value that hands `token` to the browser for `life`.
pub fn cookie(token: &str, life: Duration, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{COOKIE}={token}; Path=/graphql; HttpOnly; SameSite=Strict; Max-Age={}{secure}", life.as_secs())
}

/// The `Set-Cookie` value that takes it away.
pub fn cleared_cookie(secure: bool) -> String {
    cookie("", Duration::ZERO, secure)
}

/// The token in a `Cookie` header.
pub fn from_cookies(header: &str) -> Option<&str> {
    let pairs = header.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(name, _)| *name == COOKIE).map(|(_, value)| value).find(|value| !value.is_empty())
}
