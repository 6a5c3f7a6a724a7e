//! What mutations answer: the result, and what a person can correct.

use async_graphql::SimpleObject;

use super::alert::Alert;
use super::api_token::ApiToken;
use super::freshness::Freshness;
use super::recommendation::Recommendation;
use super::saved_view::SavedView;
use super::user::User;
use super::viewer::Viewer;
use crate::graphql::scalars::DateTime;

/// Something that a person can correct.
#[derive(Debug, Clone, SimpleObject)]
pub struct UserError {
    /// A sentence.
    pub message: String,
    /// What a program can branch on, such as `INVALID_CREDENTIALS`.
    pub code: String,
    /// Which argument, such as `["ids", "0"]`.
    pub path: Vec<String>,
}

impl UserError {
    /// An error about the argument at `path`.
    pub fn new(code: &str, message: impl Into<String>, path: &[&str]) -> Self {
        Self { message: message.into(), code: code.to_owned(), path: path.iter().map(ToString::to_string).collect() }
    }
}

/// A session, or why there is none.
#[derive(SimpleObject)]
pub struct LoginPayload {
    /// For the `Authorization: Bearer` header; keep it in memory only.
    pub access_token: Option<String>,
    /// When it ends; `refresh` before.
    pub expires_at: Option<DateTime>,
    /// Who is signed in now.
    pub viewer: Option<Viewer>,
    /// What can be corrected.
    pub user_errors: Vec<UserError>,
}

/// The session has ended.
#[derive(SimpleObject)]
pub struct LogoutPayload {
    /// What can be corrected.
    pub user_errors: Vec<UserError>,
}

/// The recommendations as they are now.
#[derive(SimpleObject)]
pub struct RecommendationsPayload {
    /// Those that have the asked status now, in the order asked.
    pub recommendations: Vec<Recommendation>,
    /// What can be corrected.
    pub user_errors: Vec<UserError>,
}

/// The alerts as they are now.
#[derive(SimpleObject)]
pub struct AlertsPayload {
    /// Those that exist, in the order asked.
    pub alerts: Vec<Alert>,
    /// What can be corrected.
    pub user_errors: Vec<UserError>,
}

/// The whole inbox was read.
#[derive(SimpleObject)]
pub struct AllAlertsPayload {
    /// How many alerts were unread before.
    pub count: i32,
    /// What can be corrected.
    pub user_errors: Vec<UserError>,
}

/// A token that was made, or why none was.
#[derive(SimpleObject)]
pub struct NewApiTokenPayload {
    /// The token itself, such as `corrente_` and 40 characters. Keep it now: nobody can show it again.
    pub token: Option<String>,
    /// What is stored of it.
    pub api_token: Option<ApiToken>,
    /// What can be corrected.
    pub user_errors: Vec<UserError>,
}

/// The token as it is now.
#[derive(SimpleObject)]
pub struct ApiTokenPayload {
    /// What is stored of it.
    pub api_token: Option<ApiToken>,
    /// What can be corrected.
    pub user_errors: Vec<UserError>,
}

/// A ticket for one link.
#[derive(SimpleObject)]
pub struct ExportTicketPayload {
    /// The ticket itself, for the parameter `ticket`.
    pub ticket: String,
    /// When it ends.
    pub expires_at: DateTime,
    /// What can be corrected.
    pub user_errors: Vec<UserError>,
}

/// The person as they are now.
#[derive(SimpleObject)]
pub struct UserPayload {
    /// Whom it was about; null where something is to be corrected.
    pub user: Option<User>,
    /// What can be corrected.
    pub user_errors: Vec<UserError>,
}

/// The view as it is now.
#[derive(SimpleObject)]
pub struct SavedViewPayload {
    /// The view; null where something is to be corrected.
    pub view: Option<SavedView>,
    /// What can be corrected.
    pub user_errors: Vec<UserError>,
}

/// Whether a view was deleted.
#[derive(SimpleObject)]
pub struct DeleteViewPayload {
    /// Was there one of the viewer's own?
    pub deleted: bool,
    /// What can be corrected.
    pub user_errors: Vec<UserError>,
}

/// What came of a refresh.
#[derive(SimpleObject)]
pub struct RefreshDataPayload {
    /// Is everything up to date? Else it was refused, or failed, as `userErrors` says; or it goes on.
    pub finished: bool,
    /// How fresh each kind of data is now.
    pub freshness: Vec<Freshness>,
    /// What can be corrected: `DISABLED`, `BUSY`, or `FAILED` with the reason.
    pub user_errors: Vec<UserError>,
}
