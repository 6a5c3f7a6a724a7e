//! Giving oneself another password: the session it is done in goes on, every other one ends.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::json;
use store::tokens::Keep;
use store::{Database, StoreError};

use super::password::{self, HashError, PasswordFault};
use super::trail::{self, Trail};
use super::{Auth, Client, Viewer};
use crate::digest::sha256;

/// Why the password is what it was.
#[derive(Debug, thiserror::Error)]
pub enum ChangePasswordError {
    /// The new one cannot be a password.
    #[error(transparent)]
    Unfit(#[from] PasswordFault),
    /// The current one is wrong.
    #[error("the current password is wrong")]
    WrongPassword,
    /// The new one is the current one.
    #[error("the new password is the current one")]
    SamePassword,
    /// An API token asks, which no person may be behind.
    #[error("an API token cannot change a password")]
    ByToken,
    /// Too many failures; wait this long.
    #[error("too many attempts; wait {} seconds", .0.as_secs())]
    Throttled(Duration),
    /// The new one could not be hashed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The store could not be asked.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A token could not be signed.
    #[error("cannot sign a token: {0}")]
    Signing(#[from] jsonwebtoken::errors::Error),
}

/// An access token of the session that goes on; those signed before have ended.
#[derive(Debug)]
pub struct Renewed {
    /// For the `Authorization` header.
    pub access_token: String,
    /// When that ends.
    pub expires_at: DateTime<Utc>,
}

/// Changes the password of `viewer`, who must know the current one. The session of `session`, a refresh token, goes on.
pub async fn change_password(
    auth: &Auth,
    db: &Database,
    trail: &Trail,
    (viewer, client): (&Viewer, &Client),
    session: Option<&str>,
    (current, new): (String, String),
    now: DateTime<Utc>,
) -> Result<Renewed, ChangePasswordError> {
    if viewer.api_token.is_some() {
        return Err(ChangePasswordError::ByToken);
    }
    password::check(&new)?;
    // Counted with failed sign-ins: who guesses here guesses there.
    if let Err(wait) = auth.throttle.attempt(&viewer.email, client.address.as_deref(), now) {
        tracing::warn!(address = client.address, "a change of password was throttled");
        return Err(ChangePasswordError::Throttled(wait));
    }
    let hash = store::users::by_id(db, viewer.id).await?.map(|user| user.password_hash);
    // No password is longer, and hashing megabytes is work.
    let hash = hash.filter(|_| current.len() <= password::LONGEST);
    let same = current == new;
    if !auth.passwords.verify(current, hash).await {
        trail.write(trail::entry(viewer, client, now, "password.refused", Some("user"), json!({})));
        return Err(ChangePasswordError::WrongPassword);
    }
    auth.throttle.forgive(&viewer.email, client.address.as_deref());
    if same {
        return Err(ChangePasswordError::SamePassword);
    }
    let hash = auth.passwords.hash(new).await?;
    let mut entry = trail::entry(viewer, client, now, "password.change", Some("user"), json!({}));
    entry.entity_id = Some(viewer.id.to_string());
    let keep = session.map(|token| Keep(sha256(token)));
    let changed = store::users::set_password(db, viewer.id, hash, keep, entry).await;
    // Nobody has this id any more: nobody has this password either.
    let changed = changed?.ok_or(ChangePasswordError::WrongPassword)?;
    auth.users.evict(viewer.id);
    let (access_token, expires_at) = auth.access_tokens.sign(viewer.id, changed.version, now)?;
    Ok(Renewed { access_token, expires_at })
}
