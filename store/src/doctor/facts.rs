//! Facts that have lost what they are about, and rollups that have lost their facts. Facts carry no foreign keys, because
//! those would make a load several times slower.

use super::patient;
use crate::{Database, Result};

/// Which column of which table must be found where; 0 in forecasts means all sites.
const REFERENCES: [(&str, &str, &str); 10] = [
    ("core.fact_demand_daily", "item_id", "core.dim_item"),
    ("core.fact_demand_daily", "site_id", "core.dim_site"),
    ("core.fact_inventory_daily", "item_id", "core.dim_item"),
    ("core.fact_inventory_daily", "site_id", "core.dim_site"),
    ("core.fact_orders", "item_id", "core.dim_item"),
    ("core.fact_orders", "site_id", "core.dim_site"),
    ("core.fact_orders", "supplier_id", "core.dim_supplier"),
    ("analytics.forecasts", "item_id", "core.dim_item"),
    ("analytics.recommendations", "item_id", "core.dim_item"),
    ("analytics.alerts", "item_id", "core.dim_item"),
];

/// Items whose facts are summed anew; with fewer facts than this all are.
const FEW_FACTS: i64 = 2_000_000;
const SAMPLED_ITEMS: i64 = 200;

/// Rows whose item, site or supplier does not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Orphans {
    pub table: String,
    pub column: String,
    pub rows: i64,
}

/// A rollup held against the facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rollup {
    pub table: String,
    /// Buckets looked at, on either side.
    pub buckets: i64,
    /// Those that the facts contradict.
    pub wrong: i64,
    /// Whether only some items were looked at.
    pub sampled: bool,
}

/// Every kind of orphan that there is.
pub async fn orphans(db: &Database) -> Result<Vec<Orphans>> {
    let mut found = Vec::new();
    for (table, column, of) in REFERENCES {
        let sql = format!(
            "SELECT count(*) FROM {table} f WHERE f.{column} <> 0 AND NOT EXISTS (SELECT FROM {of} d WHERE d.id = f.{column})"
        );
        let rows = patient(db, sql, Vec::new()).await?;
        let rows = rows.first().map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default();
        if rows > 0 {
            found.push(Orphans { table: table.into(), column: column.into(), rows });
        }
    }
    Ok(found)
}

/// Both rollups against the facts: all of them, or those of some items where there are many.
pub async fn rollups(db: &Database) -> Result<Vec<Rollup>> {
    let many = patient(
        db,
        "SELECT count(*) FROM (SELECT FROM core.fact_demand_daily LIMIT $1) few",
        vec![(FEW_FACTS + 1).into()],
    );
    let many: i64 = many.await?.first().map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default();
    let sampled = many > FEW_FACTS;
    // The items are spread over all ids; the sample is the same each time, so that a mend can be seen.
    let items = if sampled {
        format!("WHERE item_id IN (SELECT id FROM core.dim_item ORDER BY md5(id::text) LIMIT {SAMPLED_ITEMS})")
    } else {
        String::new()
    };
    let mut found = Vec::new();
    for (table, unit) in [("core.demand_weekly", "week"), ("core.demand_monthly", "month")] {
        let sql = format!(
            "WITH facts AS (SELECT item_id, site_id, date_trunc('{unit}', full_date::timestamp)::date AS bucket, sum(quantity) AS quantity, \
               sum(total_cost) AS total_cost, count(*) FILTER (WHERE quantity > 0) AS demand_days, \
               count(*) FILTER (WHERE stocked_out) AS stocked_out_days FROM core.fact_demand_daily {items} GROUP BY 1, 2, 3), \
             rollup AS (SELECT * FROM {table} {items}) \
             SELECT count(*), count(*) FILTER (WHERE (f.quantity, f.total_cost, f.demand_days, f.stocked_out_days) \
               IS DISTINCT FROM (r.quantity, r.total_cost, r.demand_days, r.stocked_out_days)) \
             FROM facts f FULL JOIN rollup r ON r.item_id = f.item_id AND r.site_id = f.site_id AND r.bucket = f.bucket"
        );
        let rows = patient(db, sql, Vec::new()).await?;
        if let Some(row) = rows.first() {
            let (buckets, wrong) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            found.push(Rollup { table: table.into(), buckets, wrong, sampled });
        }
    }
    for rollup in ["core.demand_weekly", "core.demand_monthly"] {
        found.push(by_class(db, rollup).await?);
    }
    Ok(found)
}

/// A rollup by what items are against the rollup it is made from, bucket by bucket.
async fn by_class(db: &Database, rollup: &str) -> Result<Rollup> {
    let table = format!("{rollup}_by_class");
    let sums = "sum(quantity), sum(total_cost), sum(demand_days)::numeric, sum(stocked_out_days)::numeric";
    // Demand of an item that is gone is in no class; the orphans tell of it.
    let sql = format!(
        "WITH cells AS (SELECT bucket, ({sums}) AS sums FROM {rollup} WHERE item_id IN (SELECT id FROM core.dim_item) GROUP BY 1), \
         classes AS (SELECT bucket, ({sums}) AS sums FROM {table} GROUP BY 1) \
         SELECT count(*), count(*) FILTER (WHERE a.sums IS DISTINCT FROM b.sums) FROM cells a FULL JOIN classes b USING (bucket)"
    );
    let rows = patient(db, sql, Vec::new()).await?;
    let (buckets, wrong) = match rows.first() {
        Some(row) => (row.try_get_by_index(0)?, row.try_get_by_index(1)?),
        None => (0, 0),
    };
    Ok(Rollup { table, buckets, wrong, sampled: false })
}
