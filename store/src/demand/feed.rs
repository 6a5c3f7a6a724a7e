//! What the forecast job reads: dense daily series, page by page, so that it lets the connection go between pages.

use chrono::NaiveDate;
use sea_orm::QueryResult;

use super::bounds::DATA_THROUGH;
use crate::statement::{limit, raw};
use crate::{Database, Result};

/// What a series of the feed sums over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SeriesLevel {
    Family,
    Region,
    All,
}

/// A dense daily series from its first day with a row to `dataThrough`.
#[derive(Debug, Clone, PartialEq)]
pub struct DailySeries {
    /// 0 for levels above items.
    pub item_id: i64,
    /// 0 for sums over sites.
    pub site_id: i64,
    /// Family name or region code; empty elsewhere.
    pub member: String,
    pub first_day: NaiveDate,
    /// One a day from `first_day`; days without a row are zero.
    pub quantities: Vec<f64>,
    /// Whether the day was out of stock (any site, for sums).
    pub stocked_out: Vec<bool>,
}

/// The item-site series of the next `items` items with demand after `after_item_id`, by item and site; empty at the end.
///
/// `services`: whether items of kind SERVICE are among them.
pub async fn item_series(db: &Database, after_item_id: i64, items: u64, services: bool) -> Result<Vec<DailySeries>> {
    // The next items by a semi-join on the rollup, then their facts in the order of the primary key.
    let rows = raw(
        format!(
            "WITH next AS (SELECT i.id FROM core.dim_item i WHERE i.id > $1 AND ($3 OR i.kind <> 'SERVICE') \
                           AND EXISTS (SELECT FROM core.demand_monthly m WHERE m.item_id = i.id) ORDER BY i.id LIMIT $2) \
             SELECT d.item_id, d.site_id, '' AS member, d.full_date, d.quantity::float8 AS quantity, d.stocked_out, {DATA_THROUGH} AS through \
             FROM core.fact_demand_daily d WHERE d.item_id = ANY(ARRAY(SELECT id FROM next)) \
             ORDER BY d.item_id, d.site_id, d.full_date"
        ),
        [after_item_id.into(), limit(items), services.into()],
    )
    .all(db.reader())
    .await?;
    dense(&rows)
}

/// The item-site series of these items, by item and site; items without demand are absent.
pub async fn series_of_items(db: &Database, item_ids: &[i64]) -> Result<Vec<DailySeries>> {
    // In the order of the primary key, dense from the first day on.
    let rows = raw(
        format!(
            "SELECT d.item_id, d.site_id, '' AS member, d.full_date, d.quantity::float8 AS quantity, d.stocked_out, {DATA_THROUGH} AS through \
             FROM core.fact_demand_daily d WHERE d.item_id = ANY($1) ORDER BY d.item_id, d.site_id, d.full_date"
        ),
        [item_ids.to_vec().into()],
    )
    .all(db.reader())
    .await?;
    dense(&rows)
}

/// Every series of a level above items, by member; items without family and sites without region are in none.
pub async fn level_series(db: &Database, level: SeriesLevel, services: bool) -> Result<Vec<DailySeries>> {
    let member = match level {
        SeriesLevel::Family => "i.family",
        SeriesLevel::Region => "r.code",
        SeriesLevel::All => "''::text",
    };
    // The grouping column differs by level, and the dimensions are joined by hand for want of foreign keys.
    let rows = raw(
        format!(
            "SELECT 0::bigint AS item_id, 0::bigint AS site_id, {member} AS member, d.full_date, sum(d.quantity)::float8 AS quantity, \
                    bool_or(d.stocked_out) AS stocked_out, {DATA_THROUGH} AS through \
             FROM core.fact_demand_daily d JOIN core.dim_item i ON i.id = d.item_id JOIN core.dim_site s ON s.id = d.site_id \
             LEFT JOIN core.dim_region r ON r.id = s.region_id \
             WHERE ($1 OR i.kind <> 'SERVICE') AND {member} IS NOT NULL \
             GROUP BY 3, 4 ORDER BY {member} COLLATE \"C\", d.full_date"
        ),
        [services.into()],
    )
    .all(db.reader())
    .await?;
    dense(&rows)
}

/// Sparse rows in order as dense series; rows after the last vouched day are left out.
fn dense(rows: &[QueryResult]) -> Result<Vec<DailySeries>> {
    let mut all: Vec<DailySeries> = Vec::new();
    for row in rows {
        let day: NaiveDate = row.try_get("", "full_date")?;
        let through: NaiveDate = row.try_get("", "through")?;
        if day > through {
            continue;
        }
        let (item_id, site_id, member): (i64, i64, String) =
            (row.try_get("", "item_id")?, row.try_get("", "site_id")?, row.try_get("", "member")?);
        let known =
            all.last().is_some_and(|last| last.item_id == item_id && last.site_id == site_id && last.member == member);
        if !known {
            let days = (through - day).num_days() as usize + 1;
            all.push(DailySeries {
                item_id,
                site_id,
                member,
                first_day: day,
                quantities: vec![0.0; days],
                stocked_out: vec![false; days],
            });
        }
        if let Some(last) = all.last_mut() {
            let place = (day - last.first_day).num_days() as usize;
            last.quantities[place] = row.try_get("", "quantity")?;
            last.stocked_out[place] = row.try_get("", "stocked_out")?;
        }
    }
    Ok(all)
}
