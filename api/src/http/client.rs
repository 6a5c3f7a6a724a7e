//! Where a request comes from, and what credentials it brings.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap, header};

use crate::auth::{Client, refresh_token};

/// The asker's address: the peer's, or what trusted proxies say of whom they speak for.
pub fn of(headers: &HeaderMap, extensions: &Extensions, trusted: &[IpAddr]) -> Client {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_canonical());
    let address = match peer {
        Some(peer) if trusted.contains(&peer) => Some(forwarded(headers, trusted).unwrap_or(peer)),
        peer => peer,
    };
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    Client {
        address: address.map(|address| address.to_string()),
        agent: agent.map(|agent| agent.chars().take(200).collect()),
    }
}

/// The last address of `X-Forwarded-For` that is not itself a trusted proxy; what stands before it is hearsay.
fn forwarded(headers: &HeaderMap, trusted: &[IpAddr]) -> Option<IpAddr> {
    let lines = headers.get_all("x-forwarded-for").into_iter().filter_map(|value| value.to_str().ok());
    let all: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
    let addresses =
        all.iter().rev().map_while(|text| text.parse::<IpAddr>().ok()).map(|address| address.to_canonical());
    addresses.into_iter().find(|address| !trusted.contains(address))
}

/// What the `Authorization` header holds.
pub enum Bearer<'a> {
    /// There is none.
    None,
    /// A token.
    Token(&'a str),
    /// Something that is not a bearer token.
    Malformed,
}

/// Reads the `Authorization` header.
pub fn bearer(headers: &HeaderMap) -> Bearer<'_> {
    match headers.get(header::AUTHORIZATION) {
        // What is not text is no token either.
        Some(value) => bearer_of(Some(value.to_str().unwrap_or_default())),
        None => Bearer::None,
    }
}

/// Reads what such a header would hold.
pub fn bearer_of(header: Option<&str>) -> Bearer<'_> {
    let Some(header) = header else {
        return Bearer::None;
    };
    let token = header.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    match token.map(|(_, token)| token.trim()) {
        Some(token) if !token.is_empty() => Bearer::Token(token),
        _ => Bearer::Malformed,
    }
}

/// The refresh token in the cookies.
pub fn refresh_cookie(headers: &HeaderMap) -> Option<String> {
    let mut lines = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    lines.find_map(refresh_token::from_cookies).map(str::to_owned)
}
