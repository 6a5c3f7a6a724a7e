//! How jobs raise alerts, and resolve those whose cause is gone.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::analytics::alert;
use entity::words::{AlertCategory, AlertLevel};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, Func};
use sea_orm::{ColumnTrait as _, DatabaseTransaction, EntityTrait as _, FromQueryResult as _, QueryFilter as _};
use serde_json::{Value as Json, json};

use crate::page::names;
use crate::statement::raw;
use crate::{Database, Notice, Result};

/// Findings of one statement.
const CHUNK: usize = 2_000;
/// Who changes many alerts takes turns; any number that no other lock of ours has.
const LOCK: i64 = 7_322;

/// A finding of a job.
#[derive(Debug, Clone, PartialEq)]
pub struct NewAlert {
    /// Names the cause; one alert a key while it lasts.
    pub key: String,
    pub level: AlertLevel,
    pub category: AlertCategory,
    pub item_id: Option<i64>,
    pub site_id: Option<i64>,
    /// Sentences by locale.
    pub message: Json,
    pub inputs: Json,
}

/// What a sync did.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Synced {
    /// Alerts that are new.
    pub raised: Vec<alert::Model>,
    /// How many live ones changed their content.
    pub changed: u64,
    /// How many were resolved because their cause is gone.
    pub resolved: u64,
}

/// Makes the live alerts of `categories` those of `found`, in one transaction; other categories are not touched.
///
/// What a person resolved stays resolved while its cause is still found; once the cause is gone, its return is news. A
/// finding outside `categories` is raised as well, but nothing resolves it here.
pub async fn sync(
    db: &Database,
    categories: &[AlertCategory],
    found: Vec<NewAlert>,
    at: DateTime<Utc>,
) -> Result<Synced> {
    let categories = names(categories, AlertCategory::as_str);
    // One finding a key: a statement cannot change a row twice.
    let found: BTreeMap<String, NewAlert> = found.into_iter().map(|new| (new.key.clone(), new)).collect();
    let synced = db.transaction(move |transaction| {
        Box::pin(async move {
            turn(transaction).await?;
            let keys: Vec<String> = found.keys().cloned().collect();
            // NOT ... = ANY of an array: a list of thousands of keys is one bind parameter.
            let gone = raw(
                "UPDATE analytics.alerts SET lasting = false, resolved_at = coalesce(resolved_at, $3), updated_at = $3 \
                 WHERE lasting AND category = ANY($1) AND NOT key = ANY($2) RETURNING resolved_by IS NULL",
                [categories.into(), keys.into(), at.into()],
            )
            .all(transaction)
            .await?;
            let mut synced = Synced::default();
            for row in gone {
                // A person's word came before, and is not counted again.
                synced.resolved += u64::from(row.try_get_by_index::<bool>(0)?);
            }
            let found: Vec<NewAlert> = found.into_values().collect();
            for chunk in found.chunks(CHUNK) {
                upsert(transaction, chunk, at, &mut synced).await?;
            }
            Ok(synced)
        })
    });
    let synced = synced.await?;
    db.tell(Notice::AlertsRaised { ids: synced.raised.iter().map(|alert| alert.id).collect() }).await;
    Ok(synced)
}

/// Waits until nobody else changes many alerts, until the end of the transaction.
pub(super) async fn turn(transaction: &DatabaseTransaction) -> Result<()> {
    raw("SELECT pg_advisory_xact_lock($1)", [LOCK.into()]).one(transaction).await?;
    Ok(())
}

/// Raises one alert, or renews the one of its lasting cause; answers it when it is new.
pub async fn raise(db: &Database, new: NewAlert, at: DateTime<Utc>) -> Result<Option<alert::Model>> {
    Ok(sync(db, &[], vec![new], at).await?.raised.pop())
}

/// Resolves the alert of a key, because its cause is gone; answers whether there was one that nobody had resolved.
pub async fn clear(db: &Database, key: &str, at: DateTime<Utc>) -> Result<bool> {
    let gone = alert::ActiveModel { lasting: Set(false), updated_at: Set(at), ..Default::default() };
    let cleared = alert::Entity::update_many()
        .set(gone)
        .col_expr(
            alert::Column::ResolvedAt,
            Func::coalesce([alert::Column::ResolvedAt.into_expr(), Expr::val(at)]).into(),
        )
        .filter(alert::Column::Key.eq(key))
        .filter(alert::Column::Lasting.eq(true))
        .exec_with_returning(db.writer())
        .await?;
    Ok(cleared.iter().any(|alert| alert.resolved_by.is_none()))
}

async fn upsert(
    transaction: &DatabaseTransaction,
    chunk: &[NewAlert],
    at: DateTime<Utc>,
    synced: &mut Synced,
) -> Result<()> {
    let rows: Vec<Json> = chunk
        .iter()
        .map(|new| {
            json!({
                "key": new.key, "level": new.level, "category": new.category, "item_id": new.item_id, "site_id": new.site_id,
                "message": new.message, "inputs": new.inputs,
            })
        })
        .collect();
    // One bind parameter whatever the number of rows; a partial unique index as arbiter; xmax tells new from known.
    let rows = raw(
        "INSERT INTO analytics.alerts AS a (key, level, category, item_id, site_id, message, inputs, raised_at, updated_at) \
         SELECT f.*, $2, $2 FROM jsonb_to_recordset($1) AS f(key text, level text, category text, item_id bigint, site_id bigint, \
             message jsonb, inputs jsonb) \
         ON CONFLICT (key) WHERE lasting DO UPDATE SET level = excluded.level, category = excluded.category, \
             item_id = excluded.item_id, site_id = excluded.site_id, message = excluded.message, inputs = excluded.inputs, \
             updated_at = excluded.updated_at \
         WHERE a.resolved_at IS NULL AND (a.level, a.category, a.item_id, a.site_id, a.message, a.inputs) IS DISTINCT FROM \
               (excluded.level, excluded.category, excluded.item_id, excluded.site_id, excluded.message, excluded.inputs) \
         RETURNING a.*, a.xmax = 0 AS is_new",
        [Json::Array(rows).into(), at.into()],
    )
    .all(transaction)
    .await?;
    for row in rows {
        if row.try_get("", "is_new")? {
            synced.raised.push(alert::Model::from_query_result(&row, "")?);
        } else {
            synced.changed += 1;
        }
    }
    Ok(())
}
