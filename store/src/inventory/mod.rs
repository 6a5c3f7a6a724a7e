//! Questions about stock.
//!
//! A site's stock is its newest row of the [`STOCK_MEMORY_DAYS`] before inventory's `dataThrough`; an older row says
//! nothing about today. Start with [`stock_by_items`] for today, [`series`] for the past of items, [`rows`] for all of it.

mod rows;

pub use rows::{InventoryColumns, InventoryRowOrder, rows};

use std::collections::HashMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use sea_orm::{QueryResult, Value};

use crate::demand::{DATA_THROUGH, EARLIEST, LATEST};
use crate::statement::{Raw, raw};
use crate::{Database, Result};

/// How long a stock record speaks for its site.
pub const STOCK_MEMORY_DAYS: i64 = 92;

/// The newest stock of an item, over all sites or at one.
#[derive(Debug, Clone, PartialEq)]
pub struct Stock {
    pub on_hand: Decimal,
    /// `None` where the company never records receipts.
    pub on_order: Option<Decimal>,
    /// On hand over the mean daily demand of the last 13 whole weeks; `None` without such demand.
    pub days_of_cover: Option<f64>,
    /// The newest record among the sites.
    pub as_of: NaiveDate,
    /// Sites whose newest record is zero.
    pub stocked_out_sites: i64,
}

/// Which stock series.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct InventoryKey {
    pub item_id: i64,
    /// `None`: the sum over the sites that have a record on the day.
    pub site_id: Option<i64>,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
}

/// A stock series; the columns are of one length, a day without a record is absent.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct InventorySeries {
    pub dates: Vec<NaiveDate>,
    pub on_hand: Vec<Decimal>,
    pub on_order: Vec<Option<Decimal>>,
    pub safety_stock: Vec<Option<Decimal>>,
    pub reorder_point: Vec<Option<Decimal>>,
    pub data_through: Option<NaiveDate>,
}

/// The newest stock of an active material at an active site: what policy decides on.
#[derive(Debug, Clone, PartialEq)]
pub struct Position {
    pub item_id: i64,
    pub site_id: i64,
    pub on_hand: Decimal,
    pub on_order: Option<Decimal>,
    pub as_of: NaiveDate,
}

/// SQL of the last day inventory's loads vouch for.
const THROUGH: &str = "COALESCE((SELECT data_through FROM support.freshness WHERE kind = 'INVENTORY'), \
     (SELECT max(full_date) FROM core.fact_inventory_daily))";

/// The newest stock of items over all sites; items without a record are absent.
pub async fn stock_by_items(db: &Database, item_ids: &[i64]) -> Result<HashMap<i64, Stock>> {
    let pairs = "SELECT i.item_id, s.id AS site_id FROM unnest($1::bigint[]) AS i(item_id) CROSS JOIN core.dim_site s";
    let rows = newest(pairs, "item_id", "true", [item_ids.to_vec().into()]).all(db.reader()).await?;
    let mut answer = HashMap::new();
    for row in rows {
        answer.insert(row.try_get("", "item_id")?, stock(&row)?);
    }
    Ok(answer)
}

/// The newest stock of (item, site) pairs; pairs without a record are absent.
pub async fn stock_by_item_sites(db: &Database, keys: &[(i64, i64)]) -> Result<HashMap<(i64, i64), Stock>> {
    let (items, sites): (Vec<i64>, Vec<i64>) = keys.iter().copied().unzip();
    let pairs = "SELECT DISTINCT item_id, site_id FROM unnest($1::bigint[], $2::bigint[]) AS k(item_id, site_id)";
    let rows = newest(pairs, "item_id, site_id", "w.site_id = n.site_id", [items.into(), sites.into()])
        .all(db.reader())
        .await?;
    let mut answer = HashMap::new();
    for row in rows {
        answer.insert((row.try_get("", "item_id")?, row.try_get("", "site_id")?), stock(&row)?);
    }
    Ok(answer)
}

/// The newest record of each pair, summed by `group`; demand of the last 13 whole weeks gives the cover.
fn newest(pairs: &str, group: &str, same_site: &str, keys: impl IntoIterator<Item = Value>) -> Raw {
    // LATERAL with LIMIT 1 reads one row a pair, newest partition first, where DISTINCT ON would read them all.
    raw(
        format!(
            "WITH through AS (SELECT {THROUGH} AS day, {DATA_THROUGH} AS demand_day), \
             pairs AS ({pairs}), \
             newest AS (SELECT p.item_id, p.site_id, f.* FROM pairs p CROSS JOIN LATERAL ( \
                 SELECT full_date, on_hand, on_order FROM core.fact_inventory_daily f WHERE f.item_id = p.item_id AND f.site_id = p.site_id \
                   AND f.full_date <= (SELECT day FROM through) AND f.full_date > (SELECT day FROM through) - {STOCK_MEMORY_DAYS} \
                 ORDER BY f.full_date DESC LIMIT 1) f), \
             stock AS (SELECT {group}, sum(on_hand) AS on_hand, sum(on_order) AS on_order, max(full_date) AS as_of, \
                 count(*) FILTER (WHERE on_hand = 0) AS stocked_out_sites FROM newest GROUP BY {group}) \
             SELECT n.*, (SELECT (sum(w.quantity) / 91)::float8 FROM core.demand_weekly w, through t WHERE w.item_id = n.item_id AND {same_site} \
                 AND w.bucket <= t.demand_day - 6 AND w.bucket > t.demand_day - 97) AS daily \
             FROM stock n"
        ),
        keys,
    )
}

fn stock(row: &QueryResult) -> Result<Stock> {
    let on_hand: Decimal = row.try_get("", "on_hand")?;
    let daily: Option<f64> = row.try_get("", "daily")?;
    Ok(Stock {
        on_hand,
        on_order: row.try_get("", "on_order")?,
        days_of_cover: daily.filter(|&daily| daily > 0.0).zip(on_hand.to_f64()).map(|(daily, on_hand)| on_hand / daily),
        as_of: row.try_get("", "as_of")?,
        stocked_out_sites: row.try_get("", "stocked_out_sites")?,
    })
}

/// Stock series of `keys`; every key is answered, one without rows by an empty series.
pub async fn series(db: &Database, keys: &[InventoryKey]) -> Result<HashMap<InventoryKey, InventorySeries>> {
    let mut answer: Vec<InventorySeries> = vec![InventorySeries::default(); keys.len()];
    let items: Vec<i64> = keys.iter().map(|key| key.item_id).collect();
    // Arrays cannot carry nulls through the driver: site 0 means all sites.
    let sites: Vec<i64> = keys.iter().map(|key| key.site_id.unwrap_or(0)).collect();
    let from: Vec<NaiveDate> = keys.iter().map(|key| key.from.unwrap_or(EARLIEST)).collect();
    let to: Vec<NaiveDate> = keys.iter().map(|key| key.to.unwrap_or(LATEST)).collect();
    // Unnested key tuples; the row of place 0 carries the last day the loads vouch for.
    let rows = raw(
        format!(
            "SELECT 0::bigint AS n, {THROUGH} AS day, NULL::numeric AS on_hand, NULL::numeric AS on_order, NULL::numeric AS safety_stock, \
                    NULL::numeric AS reorder_point \
             UNION ALL (SELECT k.n, f.full_date, sum(f.on_hand), sum(f.on_order), sum(f.safety_stock), sum(f.reorder_point) \
             FROM unnest($1::bigint[], $2::bigint[], $3::date[], $4::date[]) WITH ORDINALITY AS k(item_id, site_id, from_day, to_day, n) \
             JOIN core.fact_inventory_daily f ON f.item_id = k.item_id AND (k.site_id = 0 OR f.site_id = k.site_id) \
               AND f.full_date BETWEEN k.from_day AND k.to_day AND f.full_date <= {THROUGH} \
             GROUP BY k.n, f.full_date) ORDER BY 1, 2"
        ),
        [items.into(), sites.into(), from.into(), to.into()],
    )
    .all(db.reader())
    .await?;
    let mut through = None;
    for row in rows {
        let n: i64 = row.try_get("", "n")?;
        let Some(series) = usize::try_from(n - 1).ok().and_then(|place| answer.get_mut(place)) else {
            through = row.try_get("", "day")?;
            continue;
        };
        series.dates.push(row.try_get("", "day")?);
        series.on_hand.push(row.try_get("", "on_hand")?);
        series.on_order.push(row.try_get("", "on_order")?);
        series.safety_stock.push(row.try_get("", "safety_stock")?);
        series.reorder_point.push(row.try_get("", "reorder_point")?);
    }
    Ok(keys
        .iter()
        .cloned()
        .zip(answer.into_iter().map(|series| InventorySeries { data_through: through, ..series }))
        .collect())
}

/// Every position, by item and site. Empty where the company has no stock data.
pub async fn positions(db: &Database) -> Result<Vec<Position>> {
    // DISTINCT ON has no key to start from here: the job reads all pairs anyway.
    let rows = raw(
        format!(
            "SELECT DISTINCT ON (f.item_id, f.site_id) f.item_id, f.site_id, f.on_hand, f.on_order, f.full_date \
             FROM core.fact_inventory_daily f JOIN core.dim_item i ON i.id = f.item_id JOIN core.dim_site s ON s.id = f.site_id \
             WHERE i.active AND i.kind = 'MATERIAL' AND s.active \
               AND f.full_date <= (SELECT {THROUGH}) AND f.full_date > (SELECT {THROUGH}) - {STOCK_MEMORY_DAYS} \
             ORDER BY f.item_id, f.site_id, f.full_date DESC"
        ),
        [],
    )
    .all(db.reader())
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Position {
                item_id: row.try_get("", "item_id")?,
                site_id: row.try_get("", "site_id")?,
                on_hand: row.try_get("", "on_hand")?,
                on_order: row.try_get("", "on_order")?,
                as_of: row.try_get("", "full_date")?,
            })
        })
        .collect()
}
