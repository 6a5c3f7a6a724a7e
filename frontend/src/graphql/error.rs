//! What can go wrong between the page and the server, in the few kinds that a reader can do something about.

use serde::Deserialize;
use serde_json::Value;

use crate::i18n::{Lang, Texts, fill};

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApiError {
    /// Nothing came back.
    Unreachable,
    /// The session has ended and could not be renewed.
    Unauthenticated,
    /// The role does not allow it.
    Forbidden,
    /// A limit or a full pool; trying again later helps.
    Busy,
    /// The server says why, blandly, with an id that its log knows.
    Server { message: String, request_id: Option<String> },
    /// The answer is not what the schema promises.
    Unreadable,
}

impl ApiError {
    /// One sentence for the reader.
    pub fn sentence(&self, texts: &Texts) -> String {
        match self {
            Self::Unreachable => texts.error_unreachable.to_owned(),
            Self::Unauthenticated => texts.error_unauthenticated.to_owned(),
            Self::Forbidden => texts.error_forbidden.to_owned(),
            Self::Busy => texts.error_busy.to_owned(),
            Self::Server { message, request_id: None } => format!("{} {message}", texts.error_server),
            Self::Server { message, request_id: Some(id) } => {
                format!("{} {message} {}", texts.error_server, fill(texts.error_request_id, &[id]))
            }
            Self::Unreadable => texts.error_unreadable.to_owned(),
        }
    }
}

/// What the server puts beside an error's message.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Extensions {
    pub code: Option<String>,
    pub request_id: Option<String>,
}

/// One error of an answer.
#[derive(Clone, Debug, Deserialize)]
pub struct WireError {
    pub message: String,
    #[serde(default)]
    pub extensions: Option<Extensions>,
}

/// An answer as it comes, whatever its data are.
#[derive(Clone, Debug, Deserialize)]
struct Answer {
    #[serde(default)]
    data: Option<Value>,
    #[serde(default)]
    errors: Option<Vec<WireError>>,
}

/// Judges an answer by its status and its errors, and takes out its data. A refused field (`FORBIDDEN`) is not fatal: it
/// arrives as null beside what may be seen.
pub fn judge(status: u16, body: &str) -> Result<Value, ApiError> {
    if status == 401 {
        return Err(ApiError::Unauthenticated);
    }
    let Ok(answer) = serde_json::from_str::<Answer>(body) else {
        return Err(match status {
            429 | 502..=504 => ApiError::Busy,
            _ => ApiError::Unreadable,
        });
    };
    let errors = answer.errors.unwrap_or_default();
    let code = |error: &WireError| error.extensions.clone().unwrap_or_default().code.unwrap_or_default();
    if errors.iter().any(|error| code(error) == "UNAUTHENTICATED") {
        return Err(ApiError::Unauthenticated);
    }
    if matches!(status, 429 | 503) {
        return Err(ApiError::Busy);
    }
    match errors.into_iter().find(|error| code(error) != "FORBIDDEN") {
        Some(error) => {
            let request_id = error.extensions.and_then(|extensions| extensions.request_id);
            Err(ApiError::Server { message: error.message, request_id })
        }
        // Errors that were let through are refusals; without data nothing was left to show.
        None => answer.data.ok_or(ApiError::Forbidden),
    }
}

/// Why something that was asked for was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The server refused, in a sentence and in a word that a program can branch on.
    Refused { message: String, code: String },
    /// The server could not be asked.
    Failed(ApiError),
}

impl Refusal {
    /// One sentence for the reader.
    pub fn sentence(&self, lang: Lang) -> String {
        match self {
            Self::Refused { message, code } => lang.refusal(code, message),
            Self::Failed(error) => error.sentence(lang.texts()),
        }
    }
}

/// What a change says against itself: every payload of the schema carries `userErrors`, so one piece of code reads them all.
pub fn complaint(data: &Value) -> Option<Refusal> {
    let error = data.as_object()?.values().find_map(|payload| payload.get("userErrors")?.as_array()?.first())?;
    let text = |field: &str| error.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
    Some(Refusal::Refused { message: text("message"), code: text("code") })
}
