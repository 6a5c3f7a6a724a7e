//! A GraphQL request out of a body or a query string.

use async_graphql::Variables;
use axum::http::StatusCode;
use serde_json::{Map, Value as Json};

/// What is asked, before anything of it is looked at.
#[derive(Debug, Default)]
pub struct GraphQlRequest {
    /// The document; empty where it is only named.
    pub query: String,
    /// Which of its operations.
    pub operation_name: Option<String>,
    /// The variables.
    pub variables: Variables,
    /// The document's SHA-256, where the asker wants it to be known by that.
    pub persisted: Option<String>,
}

/// A request that is none.
#[derive(Debug, PartialEq, Eq)]
pub struct Malformed {
    /// What to answer.
    pub status: StatusCode,
    /// Why.
    pub message: String,
}

fn malformed(message: impl Into<String>) -> Malformed {
    Malformed { status: StatusCode::BAD_REQUEST, message: message.into() }
}

/// Reads a POST's body.
pub fn from_body(body: &[u8]) -> Result<GraphQlRequest, Malformed> {
    let body: Json =
        serde_json::from_slice(body).map_err(|error| malformed(format!("The body is not JSON: {error}.")))?;
    from_json(body)
}

/// Reads what a body or a message holds.
pub fn from_json(body: Json) -> Result<GraphQlRequest, Malformed> {
    match body {
        Json::Object(parameters) => from_parameters(parameters),
        Json::Array(_) => Err(malformed("One request at a time: batches are not taken.")),
        _ => Err(malformed("The body is not a JSON object.")),
    }
}

/// Reads a GET's query string; `variables` and `extensions` are JSON inside it.
pub fn from_query(query: &str) -> Result<GraphQlRequest, Malformed> {
    let pairs: Vec<(String, String)> =
        parse_form(query).ok_or_else(|| malformed("The query string is not valid UTF-8."))?;
    let mut parameters = Map::new();
    for (name, value) in pairs {
        let value = match name.as_str() {
            "variables" | "extensions" => serde_json::from_str(&value)
                .map_err(|error| malformed(format!("The parameter {name} is not JSON: {error}.")))?,
            "query" | "operationName" => Json::String(value),
            _ => continue,
        };
        parameters.insert(name, value);
    }
    from_parameters(parameters)
}

fn from_parameters(mut parameters: Map<String, Json>) -> Result<GraphQlRequest, Malformed> {
    let persisted = match parameters.remove("extensions") {
        Some(Json::Object(extensions)) => persisted(extensions.get("persistedQuery"))?,
        Some(Json::Null) | None => None,
        Some(_) => return Err(malformed("The parameter extensions is not an object.")),
    };
    let query = match parameters.remove("query") {
        Some(Json::String(query)) if !query.trim().is_empty() => query,
        None if persisted.is_some() => String::new(),
        Some(Json::String(_)) | None => return Err(malformed("The parameter query is missing.")),
        Some(_) => return Err(malformed("The parameter query is not a string.")),
    };
    let operation_name = match parameters.remove("operationName") {
        Some(Json::String(name)) => Some(name).filter(|name| !name.is_empty()),
        Some(Json::Null) | None => None,
        Some(_) => return Err(malformed("The parameter operationName is not a string.")),
    };
    let variables = match parameters.remove("variables") {
        Some(variables @ Json::Object(_)) => Variables::from_json(variables),
        Some(Json::Null) | None => Variables::default(),
        Some(_) => return Err(malformed("The parameter variables is not an object.")),
    };
    Ok(GraphQlRequest { query, operation_name, variables, persisted })
}

/// The hash that `extensions.persistedQuery` holds.
fn persisted(extension: Option<&Json>) -> Result<Option<String>, Malformed> {
    let Some(extension) = extension.filter(|extension| !extension.is_null()) else { return Ok(None) };
    let plain = |hash: &&str| hash.len() == 64 && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let hash = extension["sha256Hash"].as_str().filter(plain);
    match hash.filter(|_| extension["version"] == 1) {
        Some(hash) => Ok(Some(hash.to_owned())),
        None => Err(malformed("extensions.persistedQuery is not {version: 1, sha256Hash: 64 hexadecimal digits}.")),
    }
}

/// Decodes `application/x-www-form-urlencoded`.
pub(super) fn parse_form(query: &str) -> Option<Vec<(String, String)>> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((percent_decode(name)?, percent_decode(value)?))
        })
        .collect()
}

fn percent_decode(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'+' => out.push(b' '),
            b'%' => {
                let digits = text.get(at + 1..at + 3)?;
                out.push(u8::from_str_radix(digits, 16).ok()?);
                at += 2;
            }
            byte => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8(out).ok()
}
