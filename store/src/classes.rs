//! What the ABC and XYZ classes of items rest on, and the classes themselves.

use chrono::NaiveDate;
use entity::words::{AbcBasis, AbcClass, XyzClass};

use crate::statement::raw;
use crate::{Database, Result};

/// One item's demand of the year that ends on `through`.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemYear {
    pub item_id: i64,
    /// Units demanded.
    pub quantity: f64,
    /// Days with demand, over all sites.
    pub lines: f64,
    pub unit_cost: Option<f64>,
    /// Units a week, oldest first, from the item's first week in the year; weeks without demand are zero.
    pub weekly: Vec<f64>,
}

/// The classes of an item; XYZ is `None` where its demand does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ItemClass {
    pub item_id: i64,
    pub abc: AbcClass,
    pub basis: AbcBasis,
    pub xyz: Option<XyzClass>,
}

/// The last year of every item that is a material, by id.
pub async fn item_years(db: &Database, through: NaiveDate) -> Result<Vec<ItemYear>> {
    // A sum over the weekly rollup, grouped by two keys, for every item at once.
    let rows = raw(
        "SELECT i.id AS item_id, i.unit_cost::float8 AS unit_cost, w.bucket, w.quantity, w.lines FROM core.dim_item i \
         LEFT JOIN (SELECT item_id, bucket, sum(quantity)::float8 AS quantity, sum(demand_days)::float8 AS lines \
                    FROM core.demand_weekly WHERE bucket > $1::date - 371 AND bucket <= $1 GROUP BY 1, 2) w ON w.item_id = i.id \
         WHERE i.kind = 'MATERIAL' ORDER BY i.id, w.bucket",
        [through.into()],
    )
    .all(db.reader())
    .await?;
    let mut years: Vec<ItemYear> = Vec::new();
    let mut first = through;
    for row in rows {
        let item_id: i64 = row.try_get("", "item_id")?;
        let bucket: Option<NaiveDate> = row.try_get("", "bucket")?;
        if years.last().is_none_or(|year| year.item_id != item_id) {
            let unit_cost = row.try_get("", "unit_cost")?;
            years.push(ItemYear { item_id, quantity: 0.0, lines: 0.0, unit_cost, weekly: Vec::new() });
            first = bucket.unwrap_or(through);
        }
        let (Some(bucket), Some(year)) = (bucket, years.last_mut()) else { continue };
        let (quantity, lines): (f64, f64) = (row.try_get("", "quantity")?, row.try_get("", "lines")?);
        year.quantity += quantity;
        year.lines += lines;
        let weeks = ((through - first).num_days() / 7 + 1).max(1) as usize;
        year.weekly.resize(weeks, 0.0);
        if let Some(week) = year.weekly.get_mut(((bucket - first).num_days() / 7) as usize) {
            *week = quantity;
        }
    }
    Ok(years)
}

/// Stores classes; answers how many items changed.
pub async fn set(db: &Database, classes: &[ItemClass]) -> Result<u64> {
    let ids: Vec<i64> = classes.iter().map(|row| row.item_id).collect();
    let abc: Vec<String> = classes.iter().map(|row| row.abc.as_str().to_owned()).collect();
    let basis: Vec<String> = classes.iter().map(|row| row.basis.as_str().to_owned()).collect();
    // An array of the builder holds no nulls; the empty text stands for none.
    let xyz: Vec<String> = classes.iter().map(|row| row.xyz.map_or("", XyzClass::as_str).to_owned()).collect();
    // An update from unnested arrays, which the builder has no word for.
    raw(
        "UPDATE core.dim_item i SET abc_class = c.abc, abc_basis = c.basis, xyz_class = nullif(c.xyz, '') \
         FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[]) AS c (id, abc, basis, xyz) \
         WHERE i.id = c.id AND (i.abc_class, i.abc_basis, i.xyz_class) IS DISTINCT FROM (c.abc, c.basis, nullif(c.xyz, ''))",
        [ids.into(), abc.into(), basis.into(), xyz.into()],
    )
    .execute(db.writer())
    .await
}
