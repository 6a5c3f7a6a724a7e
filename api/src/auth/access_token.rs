//! Access tokens: JWT, HS256 and nothing else, a few minutes long.

use std::time::Duration;

use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use super::Refused;
use crate::error::StartError;

const ISSUER: &str = "corrente";
const AUDIENCE: &str = "corrente-graph";
const KIND: &str = "access";

/// Clocks of two machines may differ by this much.
const LEEWAY_SECONDS: i64 = 5;

/// What an access token says. Every claim is required; a string where a number belongs is refused.
#[derive(Debug, Serialize, Deserialize)]
pub struct Claims {
    iss: String,
    aud: String,
    sub: String,
    typ: String,
    iat: i64,
    exp: i64,
    ver: i64,
}

impl Claims {
    /// The user's id.
    pub fn user_id(&self) -> Result<i64, Refused> {
        self.sub.parse().map_err(|_| Refused::Token("its subject is not a user"))
    }

    /// The user's version when the token was signed.
    pub fn version(&self) -> i64 {
        self.ver
    }
}

/// Signs and reads access tokens.
pub struct AccessTokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    ttl: Duration,
}

impl std::fmt::Debug for AccessTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The keys must not reach a log.
        f.debug_struct("AccessTokens").field("ttl", &self.ttl).finish_non_exhaustive()
    }
}

impl AccessTokens {
    /// Signs one token at once and reads it back: jsonwebtoken panics at first use when built without a backend.
    pub fn new(secret: &[u8], ttl: Duration) -> Result<Self, StartError> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // Checked in `read` against the time that is passed in; the crate would look at the wall clock.
        validation.validate_exp = false;
        let tokens = Self {
            encoding: EncodingKey::from_secret(secret),
            decoding: DecodingKey::from_secret(secret),
            validation,
            ttl,
        };
        let now = DateTime::UNIX_EPOCH;
        let (token, _) = tokens.sign(0, 0, now).map_err(|error| StartError::Signing(error.to_string()))?;
        tokens.read(&token, now).map_err(|reason| StartError::Signing(reason.to_owned()))?;
        Ok(tokens)
    }

    /// A token for the user as of `version`, and when it ends.
    pub fn sign(
        &self,
        user_id: i64,
        version: i64,
        now: DateTime<Utc>,
    ) -> jsonwebtoken::errors::Result<(String, DateTime<Utc>)> {
        let expires = now + self.ttl;
        let claims = Claims {
            iss: ISSUER.into(),
            aud: AUDIENCE.into(),
            sub: user_id.to_string(),
            typ: KIND.into(),
            iat: now.timestamp(),
            exp: expires.timestamp(),
            ver: version,
        };
        let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)?;
        Ok((token, expires))
    }

    /// What `token` says, if it was signed here, for this, and has not ended. The reason is for the log, not the asker.
    pub fn read(&self, token: &str, now: DateTime<Utc>) -> Result<Claims, &'static str> {
        let claims = jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation)
            .map_err(|_| "malformed or forged")?
            .claims;
        if claims.typ != KIND {
            return Err("not an access token");
        }
        if claims.exp.saturating_add(LEEWAY_SECONDS) < now.timestamp() {
            return Err("expired");
        }
        Ok(claims)
    }
}
