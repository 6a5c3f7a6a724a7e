//! Who is asking: passwords, access tokens, sessions, throttling, and the trail they leave.
//!
//! Here lives everything that turns a request's credentials into a [`Viewer`]. Never here: what a viewer may read (that
//! is `graphql::policy`) and HTTP (that is `http`). Start with [`Auth::viewer`], then [`sign_in`].

pub mod access_token;
pub mod api_token;
pub mod change_password;
pub mod password;
pub mod refresh_token;
pub mod secret;
pub mod sign_in;
pub mod throttle;
pub mod ticket;
pub mod trail;
pub mod users;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use entity::words::Role;
use store::Database;

use crate::config::Config;
use crate::error::StartError;

/// The password of the demo company's people, which everybody knows.
pub const DEMO_PASSWORD: &str = "corrente-demo";

/// A person or program that is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// The user's id.
    pub id: i64,
    /// Lower case.
    pub email: String,
    /// As it is shown.
    pub name: String,
    /// What may be read and done.
    pub role: Role,
    /// The API token that asks for them; nothing when they are signed in themselves.
    pub api_token: Option<i64>,
}

/// Where a request comes from, for throttling and the audit log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Client {
    /// The address, behind trusted proxies.
    pub address: Option<String>,
    /// The `User-Agent` header, cut to 200 characters.
    pub agent: Option<String>,
}

/// Why credentials were refused.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The token is malformed, forged, expired, or its user is gone or changed.
    #[error("the token is not valid: {0}")]
    Token(&'static str),
    /// The store could not be asked.
    #[error(transparent)]
    Store(#[from] store::StoreError),
}

/// The machinery of sign-in, one a process.
#[derive(Debug)]
pub struct Auth {
    /// Hashes and checks passwords, a few at a time.
    pub passwords: password::Passwords,
    /// Signs and reads access tokens.
    pub access_tokens: access_token::AccessTokens,
    /// Counts failed sign-ins.
    pub throttle: throttle::Throttle,
    /// Knows each user's current version.
    pub users: Arc<users::Users>,
    /// Life of a session without use.
    pub session_ttl: Duration,
}

impl Auth {
    /// Prepares everything; signs once, so that a missing backend shows at start and not at the first login.
    pub fn new(config: &Config, secret: &[u8], db: &Database) -> Result<Self, StartError> {
        Ok(Self {
            passwords: password::Passwords::new(),
            access_tokens: access_token::AccessTokens::new(secret, config.auth.access_token_ttl)?,
            throttle: throttle::Throttle::default(),
            users: Arc::new(users::Users::new(db)),
            session_ttl: config.auth.session_ttl,
        })
    }

    /// Whose access token or API token this is, if it still counts: the user exists, is active, and has not changed since
    /// an access token was signed. An API token is looked up each time, and may what both it and its user may.
    pub async fn viewer(&self, db: &Database, token: &str, now: DateTime<Utc>) -> Result<Arc<Viewer>, Refused> {
        if api_token::is_one(token) {
            let (token, owner) = api_token::find(db, token, now).await?.map_err(Refused::Token)?;
            api_token::touch(db, &token, now).await;
            let role = owner.role.min(token.role);
            let viewer = Viewer { id: owner.id, email: owner.email, name: owner.name, role, api_token: Some(token.id) };
            return Ok(Arc::new(viewer));
        }
        let claims = self.access_tokens.read(token, now).map_err(Refused::Token)?;
        let known = self.users.get(db, claims.user_id()?).await?.ok_or(Refused::Token("its user is gone"))?;
        if !known.active {
            return Err(Refused::Token("its user is disabled"));
        }
        if known.version != claims.version() {
            return Err(Refused::Token("its user has changed since"));
        }
        Ok(Arc::clone(&known.viewer))
    }
}
