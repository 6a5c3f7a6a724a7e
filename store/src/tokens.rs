//! Refresh tokens, used once each, and the API tokens of BI tools. Only hashes are stored.

use chrono::{DateTime, TimeDelta, Utc};
use entity::support::{api_token, refresh_token, user};
use entity::words::Role;
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, QueryTrait as _,
};

use crate::audit::{NewEntry, append_in};
use crate::{Database, Result};

/// A refresh token about to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRefreshToken {
    pub user_id: i64,
    /// One sign-in.
    pub family: String,
    /// SHA-256 of the token.
    pub token_hash: Vec<u8>,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// The successor of a refresh token: its family and owner are its predecessor's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Successor {
    pub token_hash: Vec<u8>,
    /// When the successor ends; capped by the caller at the session's end.
    pub expires_at: DateTime<Utc>,
}

/// What became of a rotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rotation {
    /// The token was good and is spent now; the successor is stored.
    Rotated { user: Box<user::Model>, successor: Box<refresh_token::Model> },
    /// The token was spent before: somebody has a copy, so its whole family is revoked now.
    Reused { user_id: i64, family: String },
    /// Unknown, expired or revoked, or the person is locked out.
    Refused,
}

/// An API token about to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewApiToken {
    pub user_id: i64,
    pub name: String,
    /// What is shown of it in lists.
    pub prefix: String,
    /// SHA-256 of the token.
    pub token_hash: Vec<u8>,
    pub role: Role,
    pub created_at: DateTime<Utc>,
    pub expires_at: Option<DateTime<Utc>>,
}

/// Stores the first refresh token of a sign-in.
pub async fn insert_refresh(db: &Database, new: NewRefreshToken) -> Result<refresh_token::Model> {
    Ok(row_of(new).insert(db.writer()).await?)
}

/// How long a spent token still rotates: two tabs that refresh at once, or a reload in the middle of it, are no theft.
pub const GRACE: TimeDelta = TimeDelta::seconds(10);

/// Spends the token with this hash and stores its successor, or finds out that it was stolen.
pub async fn rotate_refresh(
    db: &Database,
    token_hash: &[u8],
    successor: Successor,
    at: DateTime<Utc>,
) -> Result<Rotation> {
    let token_hash = token_hash.to_vec();
    db.transaction(move |transaction| {
        Box::pin(async move {
            // The lock decides a race of two requests with one token: the second sees it spent.
            let token =
                refresh_token::Entity::find().filter(refresh_token::Column::TokenHash.eq(token_hash)).lock_exclusive();
            let Some(token) = token.one(transaction).await? else {
                return Ok(Rotation::Refused);
            };
            if token.revoked_at.is_some() || token.expires_at <= at {
                return Ok(Rotation::Refused);
            }
            // A page that is left while it refreshes spends its token and never sees the next one.
            if token.used_at.is_some_and(|used| at - used > GRACE) {
                revoke(transaction, refresh_token::Column::Family.eq(token.family.as_str()), at).await?;
                return Ok(Rotation::Reused { user_id: token.user_id, family: token.family });
            }
            let user = user::Entity::find_by_id(token.user_id).one(transaction).await?;
            let Some(user) = user.filter(|user| user.active) else {
                return Ok(Rotation::Refused);
            };
            let spent =
                refresh_token::ActiveModel { id: Unchanged(token.id), used_at: Set(Some(at)), ..Default::default() };
            spent.update(transaction).await?;
            let successor = NewRefreshToken {
                user_id: token.user_id,
                family: token.family,
                token_hash: successor.token_hash,
                created_at: at,
                expires_at: successor.expires_at,
            };
            let successor = Box::new(row_of(successor).insert(transaction).await?);
            Ok(Rotation::Rotated { user: Box::new(user), successor })
        })
    })
    .await
}

/// Revokes the family of the token with this hash: a sign-out. Answers whose it was.
pub async fn revoke_refresh(db: &Database, token_hash: &[u8], at: DateTime<Utc>) -> Result<Option<i64>> {
    let found = refresh_token::Entity::find().filter(refresh_token::Column::TokenHash.eq(token_hash.to_vec()));
    let Some(token) = found.one(db.reader()).await? else {
        return Ok(None);
    };
    revoke(db.writer(), refresh_token::Column::Family.eq(token.family), at).await?;
    Ok(Some(token.user_id))
}

/// Revokes every refresh token of a person.
pub async fn revoke_user(db: &Database, user_id: i64, at: DateTime<Utc>) -> Result<u64> {
    revoke(db.writer(), refresh_token::Column::UserId.eq(user_id), at).await
}

/// A session that goes on while the person's others end: the SHA-256 of one of its refresh tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keep(pub Vec<u8>);

/// Revokes the refresh tokens of a person, but for those of the kept session.
pub(crate) async fn revoke_others(
    connection: &impl ConnectionTrait,
    user_id: i64,
    keep: Option<Keep>,
    at: DateTime<Utc>,
) -> Result<u64> {
    let others = refresh_token::Column::UserId.eq(user_id);
    let kept = match keep {
        Some(Keep(hash)) => {
            refresh_token::Entity::find().filter(refresh_token::Column::TokenHash.eq(hash)).one(connection).await?
        }
        None => None,
    };
    let others = match kept {
        Some(kept) => others.and(refresh_token::Column::Family.ne(kept.family)),
        None => others,
    };
    revoke(connection, others, at).await
}

/// Stores an API token and chains `entry` in the same transaction; the entry's `entity_id` becomes the new id.
pub async fn create_api(db: &Database, new: NewApiToken, mut entry: NewEntry) -> Result<api_token::Model> {
    let row = api_token::ActiveModel {
        user_id: Set(new.user_id),
        name: Set(new.name),
        prefix: Set(new.prefix),
        token_hash: Set(new.token_hash),
        role: Set(new.role),
        created_at: Set(new.created_at),
        expires_at: Set(new.expires_at),
        ..Default::default()
    };
    db.transaction(move |transaction| {
        Box::pin(async move {
            let created = row.insert(transaction).await?;
            entry.entity_id = Some(created.id.to_string());
            append_in(transaction, vec![entry]).await?;
            Ok(created)
        })
    })
    .await
}

/// A person's API tokens, or everybody's, newest first.
pub async fn list_api(db: &Database, user_id: Option<i64>) -> Result<Vec<api_token::Model>> {
    let tokens =
        api_token::Entity::find().apply_if(user_id, |select, user| select.filter(api_token::Column::UserId.eq(user)));
    Ok(tokens.order_by_desc(api_token::Column::Id).all(db.reader()).await?)
}

/// Revokes an API token (of `owner`, when given) and chains `entry` in the same transaction; `None` when there is no
/// such token. A token revoked before keeps its time and is not audited again.
pub async fn revoke_api(
    db: &Database,
    id: i64,
    owner: Option<i64>,
    at: DateTime<Utc>,
    entry: NewEntry,
) -> Result<Option<api_token::Model>> {
    db.transaction(move |transaction| {
        Box::pin(async move {
            let token = api_token::Entity::find_by_id(id)
                .apply_if(owner, |select, owner| select.filter(api_token::Column::UserId.eq(owner)))
                .lock_exclusive()
                .one(transaction)
                .await?;
            let Some(token) = token.filter(|token| token.revoked_at.is_none()) else {
                return Ok(api_token::Entity::find_by_id(id)
                    .apply_if(owner, |select, owner| select.filter(api_token::Column::UserId.eq(owner)))
                    .one(transaction)
                    .await?);
            };
            let revoked =
                api_token::ActiveModel { id: Unchanged(token.id), revoked_at: Set(Some(at)), ..Default::default() };
            let revoked = revoked.update(transaction).await?;
            append_in(transaction, vec![entry]).await?;
            Ok(Some(revoked))
        })
    })
    .await
}

/// The API token with this hash and its owner, whatever their state.
pub async fn api_by_hash(db: &Database, token_hash: &[u8]) -> Result<Option<(api_token::Model, user::Model)>> {
    let found = api_token::Entity::find()
        .find_also_related(user::Entity)
        .filter(api_token::Column::TokenHash.eq(token_hash.to_vec()))
        .one(db.reader())
        .await?;
    Ok(found.and_then(|(token, owner)| owner.map(|owner| (token, owner))))
}

/// Notes the use of an API token, at most once a minute, because it is asked at every request.
pub async fn touch_api(db: &Database, id: i64, at: DateTime<Utc>) -> Result<()> {
    let minute_ago = at - TimeDelta::minutes(1);
    api_token::Entity::update_many()
        .col_expr(api_token::Column::LastUsedAt, Expr::val(at))
        .filter(api_token::Column::Id.eq(id))
        .filter(api_token::Column::LastUsedAt.is_null().or(api_token::Column::LastUsedAt.lte(minute_ago)))
        .exec(db.writer())
        .await?;
    Ok(())
}

fn row_of(new: NewRefreshToken) -> refresh_token::ActiveModel {
    refresh_token::ActiveModel {
        user_id: Set(new.user_id),
        family: Set(new.family),
        token_hash: Set(new.token_hash),
        created_at: Set(new.created_at),
        expires_at: Set(new.expires_at),
        ..Default::default()
    }
}

async fn revoke(connection: &impl ConnectionTrait, which: Expr, at: DateTime<Utc>) -> Result<u64> {
    let revoked = refresh_token::Entity::update_many()
        .col_expr(refresh_token::Column::RevokedAt, Expr::val(at))
        .filter(which)
        .filter(refresh_token::Column::RevokedAt.is_null())
        .exec(connection)
        .await?;
    Ok(revoked.rows_affected)
}
