//! The root of changing: signing in and out, deciding on recommendations, reading alerts.

use async_graphql::{Context, ErrorExtensionValues, ID, Object, Result};
use serde_json::json;
use store::recommendations::NewStatus;

use super::context::{Analyst, ContextExt};
use super::ids::{self, Kind};
use super::scalars::DateTime;
use super::types::alert::Alert;
use super::types::payload::{AlertsPayload, LoginPayload, LogoutPayload, RecommendationsPayload, UserError};
use super::types::recommendation::Recommendation;
use super::types::viewer::Viewer;
use crate::auth::sign_in::{self, Session, SignInError};
use crate::auth::{refresh_token, trail};
use crate::error::{Code, field, internal};

/// Ids of one mutation at most.
const MAX_IDS: usize = 1_000;

/// Everything that can be changed.
pub struct Mutation;

#[Object]
/// Everything that can be changed.
impl Mutation {
    /// Signs in. The access token goes into the `Authorization` header, the refresh token into an `HttpOnly` cookie.
    async fn login(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In any case.")] email: String,
        #[graphql(desc = "As it was set.")] password: String,
    ) -> Result<LoginPayload> {
        let request = ctx.request();
        let shared = &request.shared;
        // No e-mail is longer (RFC 5321), and hashing megabytes is work.
        if email.len() > 254 || password.len() > 1_024 || email.contains('\0') {
            return Ok(refused("INVALID_CREDENTIALS", "E-mail and password do not fit."));
        }
        let session =
            sign_in::login(&shared.auth, &shared.db, &shared.trail, &request.client, (&email, password), request.now)
                .await;
        answer(ctx, session)
    }

    /// Exchanges the `HttpOnly` refresh cookie for a new access token.
    async fn refresh(&self, ctx: &Context<'_>) -> Result<LoginPayload> {
        let request = ctx.request();
        let (shared, token) = (&request.shared, request.refresh_token.as_deref());
        let session =
            sign_in::refresh(&shared.auth, &shared.db, &shared.trail, &request.client, token, request.now).await;
        answer(ctx, session)
    }

    /// Ends the session of the refresh cookie.
    async fn logout(&self, ctx: &Context<'_>) -> Result<LogoutPayload> {
        let request = ctx.request();
        let (shared, token) = (&request.shared, request.refresh_token.as_deref());
        let ended = sign_in::logout(&shared.db, &shared.trail, &request.client, token, request.now).await;
        ended.map_err(|failure| ctx.failed(&failure))?;
        ctx.append_http_header("set-cookie", refresh_token::cleared_cookie(shared.config.auth.cookie_secure));
        Ok(LogoutPayload { user_errors: Vec::new() })
    }

    /// Takes recommendations up: from OPEN to ACKNOWLEDGED.
    async fn acknowledge_recommendations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, at most 1,000.")] ids: Vec<ID>,
    ) -> Result<RecommendationsPayload> {
        decide(ctx, &ctx.require_analyst()?, &ids, NewStatus::Acknowledged, "recommendations.acknowledge").await
    }

    /// Puts recommendations back into the queue, whatever became of them.
    async fn reopen_recommendations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, at most 1,000.")] ids: Vec<ID>,
    ) -> Result<RecommendationsPayload> {
        decide(ctx, &ctx.require_analyst()?, &ids, NewStatus::Reopened, "recommendations.reopen").await
    }

    /// Marks alerts as read by the viewer.
    async fn mark_alerts_read(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, at most 1,000.")] ids: Vec<ID>,
    ) -> Result<AlertsPayload> {
        let request = ctx.request();
        let viewer = ctx.viewer()?;
        let (numbers, user_errors) = read_ids(Kind::Alert, &ids);
        if !user_errors.is_empty() {
            return Ok(AlertsPayload { alerts: Vec::new(), user_errors });
        }
        let entry =
            trail::entry(viewer, &request.client, request.now, "alerts.read", Some("alert"), json!({ "ids": numbers }));
        let read = store::alerts::mark_read(ctx.db(), viewer.id, &numbers, request.now, entry).await;
        let alerts = read.map_err(|failure| ctx.failed(&failure))?.into_iter().map(Alert::from).collect();
        Ok(AlertsPayload { alerts, user_errors })
    }
}

/// Changes the status of recommendations; the proof is what lets it.
async fn decide(
    ctx: &Context<'_>,
    analyst: &Analyst,
    ids: &[ID],
    status: NewStatus,
    action: &str,
) -> Result<RecommendationsPayload> {
    let request = ctx.request();
    let (numbers, mut user_errors) = read_ids(Kind::Recommendation, ids);
    if !user_errors.is_empty() {
        return Ok(RecommendationsPayload { recommendations: Vec::new(), user_errors });
    }
    let viewer = analyst.viewer();
    let entry =
        trail::entry(viewer, &request.client, request.now, action, Some("recommendation"), json!({ "ids": numbers }));
    let change = store::recommendations::set_status(ctx.db(), &numbers, status, viewer.id, request.now, entry).await;
    let change = change.map_err(|failure| ctx.failed(&failure))?;
    let place = |id: i64| numbers.iter().position(|number| *number == id).map(|at| at.to_string()).unwrap_or_default();
    for (id, found) in change.refused {
        user_errors.push(UserError::new(
            "WRONG_STATUS",
            format!("It is {found}; this is not possible from there."),
            &["ids", &place(id)],
        ));
    }
    for id in change.unknown {
        user_errors.push(UserError::new("NOT_FOUND", "There is no such recommendation.", &["ids", &place(id)]));
    }
    Ok(RecommendationsPayload {
        recommendations: change.rows.into_iter().map(Recommendation::from).collect(),
        user_errors,
    })
}

/// The rows that `ids` name, or what is wrong with them.
fn read_ids(kind: Kind, ids: &[ID]) -> (Vec<i64>, Vec<UserError>) {
    if ids.len() > MAX_IDS {
        let error = UserError::new("TOO_MANY", format!("At most {MAX_IDS} at a time, not {}.", ids.len()), &["ids"]);
        return (Vec::new(), vec![error]);
    }
    let (mut numbers, mut errors) = (Vec::new(), Vec::new());
    for (at, id) in ids.iter().enumerate() {
        match ids::expect(kind, id) {
            Ok(number) if numbers.contains(&number) => {}
            Ok(number) => numbers.push(number),
            Err(error) => errors.push(UserError::new("BAD_ID", error.message, &["ids", &at.to_string()])),
        }
    }
    (numbers, errors)
}

fn answer(ctx: &Context<'_>, session: Result<Session, SignInError>) -> Result<LoginPayload> {
    let request = ctx.request();
    let auth = &request.shared.config.auth;
    match session {
        Ok(session) => {
            let cookie = refresh_token::cookie(&session.refresh_token, auth.session_ttl, auth.cookie_secure);
            ctx.append_http_header("set-cookie", cookie);
            Ok(LoginPayload {
                access_token: Some(session.access_token),
                expires_at: Some(DateTime(session.expires_at)),
                viewer: Some(Viewer(session.viewer)),
                user_errors: Vec::new(),
            })
        }
        Err(SignInError::Credentials) => Ok(refused("INVALID_CREDENTIALS", "E-mail and password do not fit.")),
        Err(SignInError::NoSession) => {
            ctx.append_http_header("set-cookie", refresh_token::cleared_cookie(auth.cookie_secure));
            Ok(refused("NO_SESSION", "The session has ended; sign in again."))
        }
        Err(SignInError::Throttled(wait)) => {
            let seconds = wait.as_secs().max(1);
            let mut error = field(Code::Throttled, format!("Too many attempts; wait {seconds} seconds."));
            error.extensions.get_or_insert_with(ErrorExtensionValues::default).set("retryAfter", seconds);
            Err(error)
        }
        Err(SignInError::Store(failure)) => Err(ctx.failed(&failure)),
        Err(SignInError::Signing(failure)) => {
            tracing::error!(request_id = request.request_id, error = %failure, "a token could not be signed");
            Err(internal(&request.request_id))
        }
    }
}

fn refused(code: &str, message: &str) -> LoginPayload {
    LoginPayload {
        access_token: None,
        expires_at: None,
        viewer: None,
        user_errors: vec![UserError::new(code, message, &[])],
    }
}
