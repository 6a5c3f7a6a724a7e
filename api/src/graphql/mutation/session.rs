//! Signing in and out, and the password it is done with.

use std::time::Duration;

use async_graphql::{Context, Error, ErrorExtensionValues, Object, Result};

use super::unfit;
use crate::auth::change_password::{ChangePasswordError, Renewed, change_password};
use crate::auth::sign_in::{self, Session, SignInError};
use crate::auth::{password, refresh_token};
use crate::error::{Code, field, internal};
use crate::graphql::context::ContextExt;
use crate::graphql::scalars::DateTime;
use crate::graphql::types::payload::{LoginPayload, LogoutPayload, UserError};
use crate::graphql::types::viewer::Viewer;

/// What begins and ends sessions.
#[derive(Default)]
pub struct SignIn;

#[Object]
impl SignIn {
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
        if email.len() > 254 || password.len() > password::LONGEST || email.contains('\0') {
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

    /// Gives the viewer another password. The session goes on with the new access token; every other session of theirs
    /// ends, API tokens do not. Throttled together with `login`.
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The password as it is.")] current: String,
        #[graphql(desc = "The password as it shall be: 8 characters or more.")] new: String,
    ) -> Result<LoginPayload> {
        let request = ctx.request();
        let shared = &request.shared;
        let viewer = ctx.viewer()?;
        let session = request.refresh_token.as_deref();
        let asker = (&**viewer, &request.client);
        let done =
            change_password(&shared.auth, &shared.db, &shared.trail, asker, session, (current, new), request.now);
        match done.await {
            Ok(Renewed { access_token, expires_at }) => Ok(LoginPayload {
                access_token: Some(access_token),
                expires_at: Some(DateTime(expires_at)),
                viewer: Some(Viewer(crate::auth::Viewer::clone(viewer))),
                user_errors: Vec::new(),
            }),
            Err(ChangePasswordError::Unfit(fault)) => Ok(refused_at(unfit(fault, "new"))),
            Err(ChangePasswordError::WrongPassword) => {
                Ok(refused_at(UserError::new("WRONG_PASSWORD", "The current password is wrong.", &["current"])))
            }
            Err(ChangePasswordError::SamePassword) => {
                Ok(refused_at(UserError::new("SAME_PASSWORD", "The new password is the current one.", &["new"])))
            }
            Err(ChangePasswordError::ByToken) => {
                Ok(refused_at(UserError::new("SIGN_IN", "Sign in to do this; an API token may not.", &[])))
            }
            Err(ChangePasswordError::Throttled(wait)) => Err(throttled(wait)),
            Err(ChangePasswordError::Store(failure)) => Err(ctx.failed(&failure)),
            Err(failure @ (ChangePasswordError::Hash(_) | ChangePasswordError::Signing(_))) => {
                tracing::error!(request_id = request.request_id, error = %failure, "a password could not be changed");
                Err(internal(&request.request_id))
            }
        }
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
        Err(SignInError::Throttled(wait)) => Err(throttled(wait)),
        Err(SignInError::Store(failure)) => Err(ctx.failed(&failure)),
        Err(SignInError::Signing(failure)) => {
            tracing::error!(request_id = request.request_id, error = %failure, "a token could not be signed");
            Err(internal(&request.request_id))
        }
    }
}

fn throttled(wait: Duration) -> Error {
    let seconds = wait.as_secs().max(1);
    let mut error = field(Code::Throttled, format!("Too many attempts; wait {seconds} seconds."));
    error.extensions.get_or_insert_with(ErrorExtensionValues::default).set("retryAfter", seconds);
    error
}

fn refused(code: &str, message: &str) -> LoginPayload {
    refused_at(UserError::new(code, message, &[]))
}

fn refused_at(error: UserError) -> LoginPayload {
    LoginPayload { access_token: None, expires_at: None, viewer: None, user_errors: vec![error] }
}
