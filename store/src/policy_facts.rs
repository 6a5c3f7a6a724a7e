//! What policy asks about beside stock: open order lines, the last demand, and the stored distributions of demand.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use serde_json::Value as Json;

use crate::statement::raw;
use crate::{Database, Result};

/// A replenishment line that has not arrived.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenLine {
    pub item_id: i64,
    pub site_id: i64,
    pub order_id: String,
    pub line_no: i32,
    pub quantity: f64,
    /// The promised day.
    pub expected: Option<NaiveDate>,
}

/// Every open replenishment line, by item, site and order. Lines of purchase files, whose receipts nobody records, are
/// not among them.
pub async fn open_lines(db: &Database) -> Result<Vec<OpenLine>> {
    // The cast to float8 keeps decimals of thousands of lines out of the mathematics.
    let rows = raw(
        "SELECT item_id, site_id, order_id, line_no, quantity::float8 AS quantity, expected_delivery FROM core.fact_orders \
         WHERE status IN ('PLACED', 'DELAYED') AND actual_delivery IS NULL AND NOT counts_as_demand \
         ORDER BY item_id, site_id, order_id, line_no",
        [],
    )
    .all(db.reader())
    .await?;
    rows.iter()
        .map(|row| {
            Ok(OpenLine {
                item_id: row.try_get("", "item_id")?,
                site_id: row.try_get("", "site_id")?,
                order_id: row.try_get("", "order_id")?,
                line_no: row.try_get("", "line_no")?,
                quantity: row.try_get("", "quantity")?,
                expected: row.try_get("", "expected_delivery")?,
            })
        })
        .collect()
}

/// The last day with demand of every (item, site) that ever had any.
pub async fn last_demand(db: &Database) -> Result<HashMap<(i64, i64), NaiveDate>> {
    let rows =
        raw("SELECT item_id, site_id, max(full_date) FROM core.fact_demand_daily WHERE quantity > 0 GROUP BY 1, 2", []);
    let rows = rows.all(db.reader()).await?;
    rows.iter()
        .map(|row| Ok(((row.try_get_by_index(0)?, row.try_get_by_index(1)?), row.try_get_by_index(2)?)))
        .collect()
}

/// What one use takes at every (item, site): the lower median quantity of the days with demand after `since`.
pub async fn usual_uses(db: &Database, since: NaiveDate) -> Result<HashMap<(i64, i64), f64>> {
    // An ordered-set aggregate, which the builder does not know.
    let rows = raw(
        "SELECT item_id, site_id, (percentile_disc(0.5) WITHIN GROUP (ORDER BY quantity))::float8 FROM core.fact_demand_daily \
         WHERE quantity > 0 AND full_date > $1 GROUP BY 1, 2",
        [since.into()],
    );
    let rows = rows.all(db.reader()).await?;
    rows.iter()
        .map(|row| Ok(((row.try_get_by_index(0)?, row.try_get_by_index(1)?), row.try_get_by_index(2)?)))
        .collect()
}

/// [`usual_uses`] of one item at one site, and the last day with demand.
pub async fn usual_use(
    db: &Database,
    item_id: i64,
    site_id: i64,
    since: NaiveDate,
) -> Result<Option<(f64, NaiveDate)>> {
    let row = raw(
        "SELECT (percentile_disc(0.5) WITHIN GROUP (ORDER BY quantity))::float8, max(full_date) FROM core.fact_demand_daily \
         WHERE item_id = $1 AND site_id = $2 AND full_date > $3 AND quantity > 0 HAVING count(*) > 0",
        [item_id.into(), site_id.into(), since.into()],
    );
    let row = row.one(db.reader()).await?;
    row.map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).transpose()
}

/// Which run a distribution of demand comes from, and the distribution as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Cumulative {
    pub run_id: i64,
    pub demand: Json,
}

/// The newest stored distribution of cumulative demand of (item, site) pairs: of run `run_id`, or of a run over chosen
/// items that is ready and not older than it. Pairs without a series are absent.
pub async fn cumulative(db: &Database, run_id: i64, keys: &[(i64, i64)]) -> Result<HashMap<(i64, i64), Cumulative>> {
    let (items, sites): (Vec<i64>, Vec<i64>) = keys.iter().copied().unzip();
    // Unnested key tuples, and of each the newest run by DISTINCT ON.
    let rows = raw(
        "WITH runs AS (SELECT r.id, r.origin FROM analytics.forecast_runs r JOIN analytics.forecast_runs c ON c.id = $1 \
                       WHERE r.id = $1 OR (r.status = 'READY' AND (r.origin, r.id) > (c.origin, c.id))) \
         SELECT DISTINCT ON (s.item_id, s.site_id) s.item_id, s.site_id, s.run_id, s.cumulative \
         FROM unnest($2::bigint[], $3::bigint[]) AS k(item_id, site_id) CROSS JOIN runs r \
         JOIN analytics.forecast_series s ON s.run_id = r.id AND s.level = 'ITEM_SITE' AND s.item_id = k.item_id AND s.site_id = k.site_id \
           AND s.member = '' \
         ORDER BY s.item_id, s.site_id, r.origin DESC, r.id DESC",
        [run_id.into(), items.into(), sites.into()],
    )
    .all(db.reader())
    .await?;
    rows.iter()
        .map(|row| {
            let found = Cumulative { run_id: row.try_get_by_index(2)?, demand: row.try_get_by_index(3)? };
            Ok(((row.try_get_by_index(0)?, row.try_get_by_index(1)?), found))
        })
        .collect()
}

/// The (item, site) pairs whose demand run `run_id` found smooth.
pub async fn smooth(db: &Database, run_id: i64) -> Result<HashSet<(i64, i64)>> {
    let rows = raw(
        "SELECT item_id, site_id FROM analytics.forecast_series WHERE run_id = $1 AND level = 'ITEM_SITE' AND demand_class = 'SMOOTH'",
        [run_id.into()],
    );
    let rows = rows.all(db.reader()).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}
