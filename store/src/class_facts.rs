//! What the ABC and XYZ classes of items are computed from, and how they are kept.
//!
//! Materials only: a service is not stocked, and its value would push the parts that are out of class A.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use entity::words::{AbcBasis, AbcClass, XyzClass};
use serde_json::{Value as Json, json};

use crate::demand::Granularity;
use crate::statement::raw;
use crate::{Database, Result};

/// Whole weeks looked back on.
const WEEKS: u64 = 52;
/// Items of one UPDATE.
const CHUNK: usize = 5_000;

/// A material's last 52 whole ISO weeks.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemYear {
    pub item_id: i64,
    /// Units demanded.
    pub quantity: f64,
    /// Order lines that are demand, else days with demand.
    pub lines: f64,
    /// The item's own cost, else what its demand cost a unit.
    pub unit_cost: Option<f64>,
    /// Demand a week, from the item's first week with demand on; weeks without are zero.
    pub weekly: Vec<f64>,
}

/// The classes of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ItemClass {
    pub item_id: i64,
    pub abc: AbcClass,
    pub basis: AbcBasis,
    /// `None` where there is too little demand to tell.
    pub xyz: Option<XyzClass>,
}

/// The year of every material up to `through`, by id; one without demand is there with nothing.
pub async fn item_years(db: &Database, through: NaiveDate) -> Result<Vec<ItemYear>> {
    let next = Granularity::Week.start(through + Days::new(1));
    let from = next - Days::new(7 * WEEKS);
    // Sums over other facts, and the first week ever beside the weeks of one year: no builder says this.
    let rows = raw(
        "SELECT i.id, i.unit_cost::float8 AS unit_cost, f.first, COALESCE(l.lines, 0)::float8 AS lines \
         FROM core.dim_item i \
         LEFT JOIN (SELECT item_id, min(bucket) AS first FROM core.demand_weekly GROUP BY item_id) f ON f.item_id = i.id \
         LEFT JOIN (SELECT item_id, count(*) AS lines FROM core.fact_orders WHERE counts_as_demand AND status <> 'CANCELLED' \
                    AND order_date >= $1 AND order_date < $2 GROUP BY item_id) l ON l.item_id = i.id \
         WHERE i.kind = 'MATERIAL' ORDER BY i.id",
        [from.into(), next.into()],
    )
    .all(db.reader())
    .await?;
    let mut years = Vec::with_capacity(rows.len());
    let mut places: HashMap<i64, (usize, NaiveDate)> = HashMap::new();
    for row in rows {
        let item_id: i64 = row.try_get("", "id")?;
        let first: Option<NaiveDate> = row.try_get("", "first")?;
        let start = first.unwrap_or(next).max(from);
        places.insert(item_id, (years.len(), start));
        let weeks = (next - start).num_days().max(0) as usize / 7;
        let (lines, unit_cost) = (row.try_get("", "lines")?, row.try_get("", "unit_cost")?);
        years.push(ItemYear { item_id, quantity: 0.0, lines, unit_cost, weekly: vec![0.0; weeks] });
    }
    let rows = raw(
        "SELECT w.item_id, w.bucket, sum(w.quantity)::float8 AS quantity, sum(w.total_cost)::float8 AS cost, \
                sum(w.demand_days)::float8 AS days \
         FROM core.demand_weekly w WHERE w.bucket >= $1 AND w.bucket < $2 GROUP BY 1, 2 ORDER BY 1, 2",
        [from.into(), next.into()],
    )
    .all(db.reader())
    .await?;
    let (mut costs, mut days) = (vec![0.0; years.len()], vec![0.0; years.len()]);
    for row in rows {
        let item_id: i64 = row.try_get("", "item_id")?;
        let Some(&(place, start)) = places.get(&item_id) else { continue };
        let bucket: NaiveDate = row.try_get("", "bucket")?;
        let quantity: f64 = row.try_get("", "quantity")?;
        let year = &mut years[place];
        year.quantity += quantity;
        if let Some(week) = year.weekly.get_mut((bucket - start).num_days().max(0) as usize / 7) {
            *week += quantity;
        }
        costs[place] += row.try_get::<Option<f64>>("", "cost")?.unwrap_or(0.0);
        days[place] += row.try_get::<f64>("", "days")?;
    }
    for ((year, cost), days) in years.iter_mut().zip(costs).zip(days) {
        if year.unit_cost.is_none() && cost > 0.0 && year.quantity > 0.0 {
            year.unit_cost = Some(cost / year.quantity);
        }
        if year.lines <= 0.0 {
            year.lines = days;
        }
    }
    Ok(years)
}

/// Keeps the classes of items; returns how many items changed.
pub async fn set(db: &Database, classes: &[ItemClass]) -> Result<u64> {
    let mut changed = 0;
    for chunk in classes.chunks(CHUNK) {
        let rows: Vec<Json> = chunk
            .iter()
            .map(|class| json!({"id": class.item_id, "abc": class.abc, "basis": class.basis, "xyz": class.xyz}))
            .collect();
        // UPDATE ... FROM a record set: one bind parameter whatever the number of items.
        changed += raw(
            "UPDATE core.dim_item i SET abc_class = c.abc, abc_basis = c.basis, xyz_class = c.xyz \
             FROM jsonb_to_recordset($1) AS c(id bigint, abc text, basis text, xyz text) \
             WHERE c.id = i.id AND (i.abc_class, i.abc_basis, i.xyz_class) IS DISTINCT FROM (c.abc, c.basis, c.xyz)",
            [Json::Array(rows).into()],
        )
        .execute(db.writer())
        .await?;
    }
    Ok(changed)
}
