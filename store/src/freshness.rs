//! How fresh each kind of data is.

use chrono::{DateTime, NaiveDate, Utc};
use entity::support::freshness;
use entity::words::DataKind;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use crate::page::{among, names};
use crate::statement::raw;
use crate::{Database, Notice, Result};

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

/// What was known when a computation began, so that its end can tell whether anything changed in between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark(Option<String>);

/// The mark of now.
pub async fn mark(db: &Database) -> Result<Mark> {
    let row = raw(format!("SELECT ({MARK})"), []).one(db.writer()).await?;
    Ok(Mark(row.map(|row| row.try_get_by_index(0)).transpose()?.flatten()))
}

/// Notes that `kinds` were computed from what was there at `since`. Where a load or another job has ended since then,
/// they are stale at once: what was computed may lack what it brought.
pub async fn computed(
    db: &Database,
    kinds: &[DataKind],
    data_through: NaiveDate,
    at: DateTime<Utc>,
    since: Mark,
) -> Result<()> {
    // The comparison and the writing are one statement, so that no load slips in between.
    raw(
        format!(
            "INSERT INTO support.freshness (kind, data_through, refreshed_at, stale) \
             SELECT k, $2, $3, ({MARK}) IS DISTINCT FROM $4 FROM unnest($1::text[]) AS k \
             ON CONFLICT (kind) DO UPDATE SET data_through = excluded.data_through, refreshed_at = excluded.refreshed_at, \
                 stale = excluded.stale"
        ),
        [names(kinds, DataKind::as_str).into(), data_through.into(), at.into(), since.0.into()],
    )
    .execute(db.writer())
    .await?;
    db.tell(Notice::DataRefreshed).await;
    Ok(())
}

/// Every load and job that has news writes its rows anew, which gives them another xmin.
const MARK: &str = "SELECT string_agg(kind || ' ' || xmin::text, ',' ORDER BY kind) FROM support.freshness";

/// Notes that kinds are older than what they rest on; kinds never computed stay absent.
pub async fn mark_stale(db: &Database, kinds: &[DataKind]) -> Result<()> {
    freshness::Entity::update_many()
        .col_expr(freshness::Column::Stale, true.into())
        .filter(among(freshness::Column::Kind.into_expr(), names(kinds, DataKind::as_str)))
        .exec(db.writer())
        .await?;
    Ok(())
}
