//! Features of item-sites by day: written in pieces by COPY, read for the graph.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde_json::Value as Json;
use sqlx::Executor as _;

use crate::load::BOUNDS;
use crate::load::binary::Rows;
use crate::statement::raw;
use crate::{Database, Result, StoreError};

/// The features of an item-site on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeatureDay {
    pub item_id: i64,
    pub site_id: i64,
    pub full_date: NaiveDate,
    /// A JSON object as text.
    pub features: String,
}

/// Which days of which item-site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FeaturesKey {
    pub item_id: i64,
    pub site_id: i64,
    /// The first day, included.
    pub from: NaiveDate,
    /// The last day, included.
    pub to: NaiveDate,
}

/// What is stored of one day.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredDay {
    pub full_date: NaiveDate,
    pub schema_version: i16,
    /// An object.
    pub features: Json,
}

const LANDING: &str = "CREATE TEMPORARY TABLE piece_features (item_id bigint, site_id bigint, full_date date, features jsonb) ON COMMIT DROP";

/// Days that the piece does not tell of, and every older version. Raw, because the piece is a table of this transaction only.
const GONE: &str = "DELETE FROM analytics.features_store f USING (SELECT DISTINCT item_id, site_id FROM piece_features) k
    WHERE f.item_id = k.item_id AND f.site_id = k.site_id AND f.schema_version <= $1 AND (f.schema_version < $1 OR NOT EXISTS (
        SELECT FROM piece_features p WHERE p.item_id = f.item_id AND p.site_id = f.site_id AND p.full_date = f.full_date))";

const MERGE: &str = "INSERT INTO analytics.features_store AS t (item_id, site_id, full_date, schema_version, features)
    SELECT item_id, site_id, full_date, $1, features FROM piece_features ORDER BY item_id, site_id, full_date
    ON CONFLICT (item_id, site_id, full_date, schema_version) DO UPDATE SET features = excluded.features
    WHERE t.features IS DISTINCT FROM excluded.features";

/// Makes the rows of a version those of `rows`, for the item-sites that `rows` tell of, in one transaction; answers how
/// many changed. A row that says what it said before is left as it is; newer versions are not touched.
pub async fn replace(db: &Database, version: i16, rows: &[FeatureDay]) -> Result<u64> {
    let mut piece = Rows::new(4);
    for row in rows {
        piece.row().bigint(row.item_id).bigint(row.site_id).date(Some(row.full_date)).json(&row.features);
    }
    let (db, bytes) = (db.clone(), piece.finish());
    // On a task of its own: a caller that goes away must not leave a half-spoken COPY on a pooled connection.
    let task = tokio::spawn(async move {
        let mut transaction = db.pool().begin().await?;
        transaction.execute(BOUNDS).await?;
        transaction.execute(LANDING).await?;
        let mut copy = transaction.copy_in_raw("COPY piece_features FROM STDIN (FORMAT binary)").await?;
        copy.send(bytes).await?;
        copy.finish().await?;
        let mut changed = 0;
        for statement in [GONE, MERGE] {
            changed += sqlx::query(statement).bind(version).execute(&mut *transaction).await?.rows_affected();
        }
        transaction.commit().await?;
        Ok(changed)
    });
    task.await.map_err(|error| StoreError::Corrupt(format!("a piece of features ended early: {error}")))?
}

/// Removes what is too old to be kept: days before `from`, versions before `version`, and item-sites that have no demand
/// any more. Answers how many rows went.
pub async fn prune(db: &Database, version: i16, from: NaiveDate) -> Result<u64> {
    // An anti-join against a table without an entity relation.
    raw(
        "DELETE FROM analytics.features_store f WHERE f.full_date < $1 OR f.schema_version < $2 \
         OR NOT EXISTS (SELECT FROM core.demand_monthly m WHERE m.item_id = f.item_id AND m.site_id = f.site_id)",
        [from.into(), version.into()],
    )
    .execute(db.writer())
    .await
}

/// The stored days of `keys`, by day and version; every key is answered.
pub async fn by_keys(db: &Database, keys: &[FeaturesKey]) -> Result<HashMap<FeaturesKey, Vec<StoredDay>>> {
    let ids = |pick: fn(&FeaturesKey) -> i64| -> Vec<i64> { keys.iter().map(pick).collect() };
    let days = |pick: fn(&FeaturesKey) -> NaiveDate| -> Vec<NaiveDate> { keys.iter().map(pick).collect() };
    // Unnested key tuples.
    let rows = raw(
        "SELECT k.n, f.full_date, f.schema_version, f.features \
         FROM unnest($1::bigint[], $2::bigint[], $3::date[], $4::date[]) WITH ORDINALITY AS k(item_id, site_id, from_day, to_day, n) \
         JOIN analytics.features_store f ON f.item_id = k.item_id AND f.site_id = k.site_id AND f.full_date BETWEEN k.from_day AND k.to_day \
         ORDER BY k.n, f.full_date, f.schema_version",
        [
            ids(|key| key.item_id).into(),
            ids(|key| key.site_id).into(),
            days(|key| key.from).into(),
            days(|key| key.to).into(),
        ],
    )
    .all(db.reader())
    .await?;
    let mut answer: HashMap<FeaturesKey, Vec<StoredDay>> = keys.iter().map(|key| (*key, Vec::new())).collect();
    for row in rows {
        let n: i64 = row.try_get("", "n")?;
        let key = usize::try_from(n - 1).ok().and_then(|place| keys.get(place));
        if let Some(days) = key.and_then(|key| answer.get_mut(key)) {
            days.push(StoredDay {
                full_date: row.try_get("", "full_date")?,
                schema_version: row.try_get("", "schema_version")?,
                features: row.try_get("", "features")?,
            });
        }
    }
    Ok(answer)
}
