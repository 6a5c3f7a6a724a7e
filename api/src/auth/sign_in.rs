//! Signing in, staying in, signing out: what the three mutations do, without a word of GraphQL.

use std::time::Duration;

use chrono::{DateTime, Utc};
use entity::support::user;
use serde_json::json;
use store::tokens::{NewRefreshToken, Rotation, Successor};
use store::{Database, StoreError};

use super::trail::{self, Trail};
use super::{Auth, Client, Viewer, refresh_token};
use crate::digest::sha256;

/// A session as it is handed to the asker.
#[derive(Debug)]
pub struct Session {
    /// Who is signed in now.
    pub viewer: Viewer,
    /// For the `Authorization` header.
    pub access_token: String,
    /// When that ends.
    pub expires_at: DateTime<Utc>,
    /// For the cookie.
    pub refresh_token: String,
}

/// Why nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Unknown, disabled, or the password is wrong: one answer for all, so that nobody can ask who exists.
    #[error("e-mail and password do not fit")]
    Credentials,
    /// Too many failures; wait this long.
    #[error("too many attempts; wait {} seconds", .0.as_secs())]
    Throttled(Duration),
    /// No refresh token, or it no longer counts.
    #[error("the session has ended")]
    NoSession,
    /// The store could not be asked.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A token could not be signed.
    #[error("cannot sign a token: {0}")]
    Signing(#[from] jsonwebtoken::errors::Error),
}

/// Signs in with e-mail and password.
pub async fn login(
    auth: &Auth,
    db: &Database,
    trail: &Trail,
    client: &Client,
    (email, password): (&str, String),
    now: DateTime<Utc>,
) -> Result<Session, SignInError> {
    let email = email.trim().to_lowercase();
    if let Err(wait) = auth.throttle.attempt(&email, client.address.as_deref(), now) {
        // Counted, not listed: a flood must not fill the log.
        tracing::warn!(address = client.address, "a sign-in was throttled");
        return Err(SignInError::Throttled(wait));
    }
    let user = store::users::by_email(db, &email).await?;
    let hash = user.as_ref().filter(|user| user.active).map(|user| user.password_hash.clone());
    let verified = auth.passwords.verify(password, hash).await;
    let Some(user) = user.filter(|_| verified) else {
        trail.write(trail::anonymous(&email, client, now, "login.refused", json!({})));
        return Err(SignInError::Credentials);
    };
    auth.throttle.forgive(&email, client.address.as_deref());
    let token = refresh_token::generate();
    let new = NewRefreshToken {
        user_id: user.id,
        family: refresh_token::new_family(),
        token_hash: sha256(&token),
        created_at: now,
        expires_at: now + auth.session_ttl,
    };
    store::tokens::insert_refresh(db, new).await?;
    store::users::touch_login(db, user.id, now).await?;
    let session = open(auth, user, token, now)?;
    trail.write(trail::entry(&session.viewer, client, now, "login", Some("user"), json!({})));
    Ok(session)
}

/// Spends a refresh token for a new session of the same sign-in.
pub async fn refresh(
    auth: &Auth,
    db: &Database,
    trail: &Trail,
    client: &Client,
    token: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Session, SignInError> {
    let Some(token) = token else {
        return Err(SignInError::NoSession);
    };
    let next = refresh_token::generate();
    let successor = Successor { token_hash: sha256(&next), expires_at: now + auth.session_ttl };
    match store::tokens::rotate_refresh(db, &sha256(token), successor, now).await? {
        Rotation::Rotated { user, .. } => Ok(open(auth, *user, next, now)?),
        Rotation::Reused { user_id, .. } => {
            let entry = trail::anonymous(
                &format!("user {user_id}"),
                client,
                now,
                "refresh.reused",
                json!({ "userId": user_id }),
            );
            trail.write(entry);
            Err(SignInError::NoSession)
        }
        Rotation::Refused => Err(SignInError::NoSession),
    }
}

/// Ends the sign-in that the token belongs to.
pub async fn logout(
    db: &Database,
    trail: &Trail,
    client: &Client,
    token: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Some(token) = token else { return Ok(()) };
    if let Some(user_id) = store::tokens::revoke_refresh(db, &sha256(token), now).await? {
        trail.write(trail::anonymous(&format!("user {user_id}"), client, now, "logout", json!({ "userId": user_id })));
    }
    Ok(())
}

fn open(auth: &Auth, user: user::Model, refresh_token: String, now: DateTime<Utc>) -> Result<Session, SignInError> {
    let (access_token, expires_at) = auth.access_tokens.sign(user.id, user.version, now)?;
    let viewer = Viewer { id: user.id, email: user.email, name: user.name, role: user.role, api_token: None };
    Ok(Session { viewer, access_token, expires_at, refresh_token })
}
