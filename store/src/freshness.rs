//! How fresh each kind of data is.

use chrono::{DateTime, NaiveDate, Utc};
use entity::support::freshness;
use entity::words::DataKind;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use crate::page::{among, names};
use crate::{Database, Result};

/// Every kind that has ever been loaded or computed, in the order of [`DataKind::ALL`].
pub async fn all(db: &Database) -> Result<Vec<freshness::Model>> {
    let mut rows = freshness::Entity::find().all(db.reader()).await?;
    rows.sort_by_key(|row| row.kind);
    Ok(rows)
}

/// Notes that a kind is fresh: `data_through` is its last day, `at` when it was refreshed; it is no longer stale.
pub async fn set(db: &Database, kind: DataKind, data_through: Option<NaiveDate>, at: DateTime<Utc>) -> Result<()> {
    let row = freshness::ActiveModel {
        kind: Set(kind),
        data_through: Set(data_through),
        refreshed_at: Set(at),
        stale: Set(false),
    };
    let replace = OnConflict::column(freshness::Column::Kind)
        .update_columns([freshness::Column::DataThrough, freshness::Column::RefreshedAt, freshness::Column::Stale])
        .to_owned();
    freshness::Entity::insert(row).on_conflict(replace).exec_without_returning(db.writer()).await?;
    Ok(())
}

/// Notes that kinds are older than what they rest on; kinds never computed stay absent.
pub async fn mark_stale(db: &Database, kinds: &[DataKind]) -> Result<()> {
    freshness::Entity::update_many()
        .col_expr(freshness::Column::Stale, true.into())
        .filter(among(freshness::Column::Kind.into_expr(), names(kinds, DataKind::as_str)))
        .exec(db.writer())
        .await?;
    Ok(())
}
