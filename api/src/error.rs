//! What can go wrong, told apart by whose fault it is: one code a fault, one place where ours is logged.

use async_graphql::{ErrorExtensionValues, ServerError, Value};
use store::StoreError;

use crate::config::ConfigError;

/// Why the server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The environment is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The signing secret can be neither read nor made.
    #[error("cannot keep a signing secret in {path}: {reason}")]
    Secret {
        /// The file meant.
        path: String,
        /// What the system said.
        reason: String,
    },
    /// The graph contradicts its own policy table.
    #[error("the graph's policy is wrong: {0}")]
    Policy(String),
    /// Tokens cannot be signed, or not be read back.
    #[error("cannot sign tokens: {0}")]
    Signing(String),
    /// Traces cannot be sent.
    #[error("cannot send traces: {0}; check OTEL_EXPORTER_OTLP_ENDPOINT")]
    Traces(String),
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The address cannot be served on.
    #[error("cannot serve: {0}")]
    Io(#[from] std::io::Error),
}

/// The `extensions.code` of an error: what a program can branch on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// The document cannot be parsed.
    ParseFailed,
    /// The document does not fit the schema.
    ValidationFailed,
    /// A document is named that is not known here, or no longer: send it in full.
    PersistedQueryNotFound,
    /// An argument or variable has a value that is not allowed.
    BadUserInput,
    /// A limit of section 8 is passed.
    LimitExceeded,
    /// Nobody is signed in, or no longer.
    Unauthenticated,
    /// The role may not.
    Forbidden,
    /// Too many attempts; try again later.
    Throttled,
    /// The database is busy or away; try again soon.
    Unavailable,
    /// The request took too long.
    Timeout,
    /// The question would keep the embedded database busy for too long.
    TooExpensive,
    /// Our fault, told by a request id only.
    Internal,
}

impl Code {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::ParseFailed,
        Self::ValidationFailed,
        Self::PersistedQueryNotFound,
        Self::BadUserInput,
        Self::LimitExceeded,
        Self::Unauthenticated,
        Self::Forbidden,
        Self::Throttled,
        Self::Unavailable,
        Self::Timeout,
        Self::TooExpensive,
        Self::Internal,
    ];

    /// The code as it is sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ParseFailed => "GRAPHQL_PARSE_FAILED",
            Self::ValidationFailed => "GRAPHQL_VALIDATION_FAILED",
            Self::PersistedQueryNotFound => "PERSISTED_QUERY_NOT_FOUND",
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::LimitExceeded => "LIMIT_EXCEEDED",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::Throttled => "THROTTLED",
            Self::Unavailable => "UNAVAILABLE",
            Self::Timeout => "TIMEOUT",
            Self::TooExpensive => "TOO_EXPENSIVE",
            Self::Internal => "INTERNAL",
        }
    }

    /// Is this the code of `error`?
    pub fn is_of(self, error: &ServerError) -> bool {
        let code = error.extensions.as_ref().and_then(|extensions| extensions.get("code"));
        matches!(code, Some(Value::String(code)) if code == self.as_str())
    }
}

/// An error for a whole request, before any field is resolved.
pub fn request_error(code: Code, message: impl Into<String>) -> ServerError {
    with_code(ServerError::new(message, None), code)
}

/// Gives `error` a code, unless it has one.
pub fn with_code(mut error: ServerError, code: Code) -> ServerError {
    let extensions = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
    if extensions.get("code").is_none() {
        extensions.set("code", code.as_str());
    }
    error
}

/// An error of one field that the asker can correct.
pub fn user(message: impl Into<String>) -> async_graphql::Error {
    field(Code::BadUserInput, message)
}

/// An error of one field.
pub fn field(code: Code, message: impl Into<String>) -> async_graphql::Error {
    let mut error = async_graphql::Error::new(message);
    error.extensions.get_or_insert_with(ErrorExtensionValues::default).set("code", code.as_str());
    error
}

/// The bland answer to a fault of ours.
pub fn internal(request_id: &str) -> async_graphql::Error {
    field(Code::Internal, internal_message(request_id))
}

/// What a person reads when the fault is ours.
pub fn internal_message(request_id: &str) -> String {
    format!("Something went wrong on our side. Tell support the request id {request_id}.")
}

/// An error and everything it came from, in one line.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        text.push_str(": ");
        text.push_str(&source.to_string());
        next = source.source();
    }
    text
}
