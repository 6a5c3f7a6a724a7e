//! Tickets that links to exports carry: good once, for a minute. Only hashes are stored.

use chrono::{DateTime, Utc};
use entity::support::export_ticket::{Column, Entity, Model};
use sea_orm::{ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _};

use crate::{Database, Result};

/// Stores a ticket, and forgets those that nobody used in time.
pub async fn issue(db: &Database, ticket: Model, now: DateTime<Utc>) -> Result<()> {
    Entity::delete_many().filter(Column::ExpiresAt.lte(now)).exec(db.writer()).await?;
    Entity::insert(ticket.into_active_model()).exec_without_returning(db.writer()).await?;
    Ok(())
}

/// Takes a ticket away and answers what it was, if it was still good.
pub async fn redeem(db: &Database, hash: Vec<u8>, now: DateTime<Utc>) -> Result<Option<Model>> {
    let taken = Entity::delete_many().filter(Column::Hash.eq(hash)).exec_with_returning(db.writer()).await?;
    Ok(taken.into_iter().find(|ticket| ticket.expires_at > now))
}
