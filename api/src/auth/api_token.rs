//! API tokens: how BI tools come in. Random, shown once, stored hashed, and never worth more than their owner.

use chrono::{DateTime, TimeDelta, Utc};
use entity::support::{api_token, user};
use entity::words::Role;
use store::audit::NewEntry;
use store::tokens::NewApiToken;
use store::{Database, StoreError};

use crate::digest::{hexadecimal, sha256};

/// What every token begins with, so that a person and a scanner of secrets know one when they see it.
const PREFIX: &str = "corrente_";
/// Random bits of a token: 160.
const BYTES: usize = 20;
/// Characters behind [`PREFIX`] that lists show; the other 36 still hold 144 bits.
const SHOWN: usize = 4;
/// Characters of a token's name at most.
const LONGEST_NAME: usize = 100;
/// Days that a token lives where nobody says otherwise.
pub const DEFAULT_DAYS: u16 = 90;
/// Days that a token may live: ten years.
pub const MOST_DAYS: u16 = 3_650;

/// A token about to be made.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Whose it will be.
    pub owner_id: i64,
    /// What that person may do.
    pub owner_role: Role,
    /// What it is for.
    pub name: String,
    /// What it may do; what its owner may, where nobody says otherwise.
    pub role: Option<Role>,
    /// Days that it lives.
    pub days: i64,
}

/// A token that was made; the only time that it is known.
pub struct Created {
    /// For the `Authorization: Bearer` header.
    pub token: String,
    /// What is stored of it.
    pub row: api_token::Model,
}

/// Why a token was not made.
#[derive(Debug, thiserror::Error)]
pub enum CreateTokenError {
    /// Nobody would know what it is for.
    #[error("a token needs a name of 1 to {LONGEST_NAME} characters")]
    Name,
    /// It would end at once, or never.
    #[error("a token lives from 1 to {MOST_DAYS} days")]
    Days,
    /// It would be worth more than its owner.
    #[error("a token's role is at most its user's, which is {0}")]
    Role(Role),
    /// The store could not be asked.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Does this look like one of ours?
pub fn is_one(token: &str) -> bool {
    token.starts_with(PREFIX)
}

/// Makes a token and chains `entry`, with what it may do, in the same transaction.
pub async fn create(db: &Database, wanted: Wanted, mut entry: NewEntry) -> Result<Created, CreateTokenError> {
    let name = wanted.name.replace('\0', "").trim().to_owned();
    if !(1..=LONGEST_NAME).contains(&name.chars().count()) {
        return Err(CreateTokenError::Name);
    }
    if !(1..=i64::from(MOST_DAYS)).contains(&wanted.days) {
        return Err(CreateTokenError::Days);
    }
    let role = wanted.role.unwrap_or(wanted.owner_role);
    if role > wanted.owner_role {
        return Err(CreateTokenError::Role(wanted.owner_role));
    }
    let token = generate();
    let expires_at = entry.at + TimeDelta::days(wanted.days);
    let new = NewApiToken {
        user_id: wanted.owner_id,
        name,
        prefix: token.chars().take(PREFIX.len() + SHOWN).collect(),
        token_hash: sha256(&token),
        role,
        created_at: entry.at,
        expires_at: Some(expires_at),
    };
    entry.entity = Some("api_token".into());
    entry.details["userId"] = wanted.owner_id.into();
    entry.details["name"] = new.name.as_str().into();
    entry.details["role"] = role.as_str().into();
    entry.details["expiresAt"] = expires_at.to_rfc3339().into();
    let row = store::tokens::create_api(db, new, entry).await?;
    Ok(Created { token, row })
}

/// Whose token this is and which one, if it still counts; or why it does not.
pub(super) async fn find(
    db: &Database,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Result<(api_token::Model, user::Model), &'static str>, StoreError> {
    let Some((token, owner)) = store::tokens::api_by_hash(db, &sha256(token)).await? else {
        return Ok(Err("an API token that nobody has"));
    };
    Ok(if token.revoked_at.is_some() {
        Err("its API token is revoked")
    } else if token.expires_at.is_some_and(|end| end <= now) {
        Err("its API token has expired")
    } else if !owner.active {
        Err("its user is disabled")
    } else {
        Ok((token, owner))
    })
}

/// Notes that a token is used, at most once a minute. What it is used for goes on when that fails.
pub(super) async fn touch(db: &Database, token: &api_token::Model, now: DateTime<Utc>) {
    if token.last_used_at.is_some_and(|used| now - used < TimeDelta::minutes(1)) {
        return;
    }
    if let Err(failure) = store::tokens::touch_api(db, token.id, now).await {
        tracing::warn!(token = token.id, error = %crate::error::chain(&failure), "the use of a token was not noted");
    }
}

fn generate() -> String {
    format!("{PREFIX}{}", hexadecimal(&rand::random::<[u8; BYTES]>()))
}
