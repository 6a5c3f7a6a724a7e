//! How a refresh changes the standing recommendations.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::words::{Priority, RecommendationType};
use rust_decimal::Decimal;
use sea_orm::DatabaseTransaction;
use serde_json::{Value as Json, json};

use crate::statement::raw;
use crate::{Database, Result};

/// Findings of one statement.
const CHUNK: usize = 2_000;
/// Two refreshes take turns; any number that no other lock of ours has.
const LOCK: i64 = 7_321;

/// A finding of the refresh job.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRecommendation {
    pub item_id: i64,
    /// 0: the item as a whole.
    pub site_id: i64,
    pub kind: RecommendationType,
    pub priority: Priority,
    pub quantity: Option<Decimal>,
    pub act_by: NaiveDate,
    /// Sentences by locale.
    pub message: Json,
    pub explanation: Json,
    pub value_at_risk: Option<f64>,
    pub run_id: Option<i64>,
}

/// What a sync did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Synced {
    /// Ids of findings that are new.
    pub raised: Vec<i64>,
    /// Ids of known ones whose content changed.
    pub changed: Vec<i64>,
    /// Ids of those no longer found.
    pub withdrawn: Vec<i64>,
}

/// Makes the standing recommendations those of `found`, in one transaction.
///
/// A known (item, site, type) keeps id, status and `raised_at`; one closed by a person stays closed, untouched, while
/// it is still found; one no longer found becomes inactive, and is raised anew when it comes back.
pub async fn sync(db: &Database, found: Vec<NewRecommendation>, at: DateTime<Utc>) -> Result<Synced> {
    // One finding a key: a statement cannot change a row twice.
    let found: BTreeMap<_, _> = found.into_iter().map(|new| ((new.item_id, new.site_id, new.kind), new)).collect();
    db.transaction(move |transaction| {
        Box::pin(async move {
            raw("SELECT pg_advisory_xact_lock($1)", [LOCK.into()]).one(transaction).await?;
            let mut synced = Synced { withdrawn: withdraw(transaction, found.keys(), at).await?, ..Synced::default() };
            let found: Vec<NewRecommendation> = found.into_values().collect();
            for chunk in found.chunks(CHUNK) {
                upsert(transaction, chunk, at, &mut synced).await?;
            }
            Ok(synced)
        })
    })
    .await
}

async fn withdraw<'k>(
    transaction: &DatabaseTransaction,
    keys: impl Iterator<Item = &'k (i64, i64, RecommendationType)>,
    at: DateTime<Utc>,
) -> Result<Vec<i64>> {
    let (mut items, mut sites, mut kinds) = (Vec::new(), Vec::new(), Vec::new());
    for &(item, site, kind) in keys {
        items.push(item);
        sites.push(site);
        kinds.push(kind.as_str().to_owned());
    }
    // An anti-join with unnested key tuples.
    let rows = raw(
        "UPDATE analytics.recommendations r SET active = false, updated_at = $4 \
         WHERE r.active AND NOT EXISTS (SELECT FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS f(item_id, site_id, type) \
                                        WHERE f.item_id = r.item_id AND f.site_id = r.site_id AND f.type = r.type) \
         RETURNING r.id",
        [items.into(), sites.into(), kinds.into(), at.into()],
    )
    .all(transaction)
    .await?;
    let mut ids = Vec::with_capacity(rows.len());
    for row in rows {
        ids.push(row.try_get_by_index(0)?);
    }
    ids.sort_unstable();
    Ok(ids)
}

async fn upsert(
    transaction: &DatabaseTransaction,
    chunk: &[NewRecommendation],
    at: DateTime<Utc>,
    synced: &mut Synced,
) -> Result<()> {
    let rows: Vec<Json> = chunk
        .iter()
        .map(|new| {
            json!({
                "item_id": new.item_id, "site_id": new.site_id, "type": new.kind, "priority": new.priority, "quantity": new.quantity,
                "act_by": new.act_by, "message": new.message, "explanation": new.explanation, "value_at_risk": new.value_at_risk,
                "run_id": new.run_id,
            })
        })
        .collect();
    // One bind parameter whatever the number of rows; a partial unique index as arbiter; xmax tells new from known.
    let rows = raw(
        "INSERT INTO analytics.recommendations AS r \
             (item_id, site_id, type, priority, quantity, act_by, message, explanation, value_at_risk, run_id, raised_at, updated_at) \
         SELECT f.*, $2, $2 FROM jsonb_to_recordset($1) AS f(item_id bigint, site_id bigint, type text, priority text, \
             quantity numeric(18, 4), act_by date, message jsonb, explanation jsonb, value_at_risk float8, run_id bigint) \
         ON CONFLICT (item_id, site_id, type) WHERE active DO UPDATE SET \
             priority = excluded.priority, quantity = excluded.quantity, act_by = excluded.act_by, message = excluded.message, \
             explanation = excluded.explanation, value_at_risk = excluded.value_at_risk, run_id = excluded.run_id, \
             updated_at = excluded.updated_at \
         WHERE r.status IN ('OPEN', 'ACKNOWLEDGED') \
           AND (r.priority, r.quantity, r.act_by, r.message, r.explanation, r.value_at_risk) IS DISTINCT FROM \
               (excluded.priority, excluded.quantity, excluded.act_by, excluded.message, excluded.explanation, excluded.value_at_risk) \
         RETURNING r.id, r.xmax = 0",
        [Json::Array(rows).into(), at.into()],
    )
    .all(transaction)
    .await?;
    for row in rows {
        let (id, new): (i64, bool) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        if new {
            synced.raised.push(id);
        } else {
            synced.changed.push(id);
        }
    }
    Ok(())
}
