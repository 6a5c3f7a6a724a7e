//! Series of items, many at once.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sea_orm::Value;

use super::Granularity;
use super::bounds::DATA_THROUGH;
use super::bucket::{Cover, EARLIEST, Grain};
use crate::statement::{Raw, raw};
use crate::{Database, Result};

/// Which series.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SeriesKey {
    pub item_id: i64,
    /// `None`: the sum over all sites.
    pub site_id: Option<i64>,
    /// The first day, included; `None`: the series' own first day.
    pub from: Option<NaiveDate>,
    /// The last day, included; `None`: `dataThrough`.
    pub to: Option<NaiveDate>,
    pub granularity: Granularity,
}

/// A zero-filled series; the columns are of one length.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Series {
    /// First days of the buckets.
    pub dates: Vec<NaiveDate>,
    pub quantities: Vec<Decimal>,
    /// Whether any day and site of the bucket was out of stock.
    pub stocked_out: Vec<bool>,
    /// The last day the loads vouch for.
    pub data_through: Option<NaiveDate>,
}

/// The series of `keys` in one statement; every key is answered, one without rows by an empty series.
pub async fn series(db: &Database, keys: &[SeriesKey]) -> Result<HashMap<SeriesKey, Series>> {
    let mut answer: HashMap<SeriesKey, Series> = keys.iter().map(|key| (key.clone(), Series::default())).collect();
    if keys.is_empty() {
        return Ok(answer);
    }
    let mut days: Vec<BTreeMap<NaiveDate, (Decimal, bool)>> = vec![BTreeMap::new(); keys.len()];
    let mut earlier = vec![false; keys.len()];
    let mut through = None;
    for row in statement(keys).all(db.reader()).await? {
        let n: i64 = row.try_get("", "n")?;
        let day: Option<NaiveDate> = row.try_get("", "day")?;
        let Some(place) = usize::try_from(n - 1).ok().filter(|&place| place < keys.len()) else {
            through = day;
            continue;
        };
        match day {
            None => earlier[place] = true,
            Some(day) => {
                let cell = days[place].entry(keys[place].granularity.start(day)).or_default();
                cell.0 += row.try_get::<Decimal>("", "quantity")?;
                cell.1 |= row.try_get::<bool>("", "stocked_out")?;
            }
        }
    }
    for (place, key) in keys.iter().enumerate() {
        answer.insert(key.clone(), fill(key, &days[place], earlier[place], through));
    }
    Ok(answer)
}

/// Makes the sparse buckets of a key dense, from its first day to `through`.
fn fill(
    key: &SeriesKey,
    cells: &BTreeMap<NaiveDate, (Decimal, bool)>,
    earlier: bool,
    through: Option<NaiveDate>,
) -> Series {
    let mut series = Series { data_through: through, ..Series::default() };
    // A series that began before `from` begins there; else its first row inside is its first day.
    let first = if earlier { key.from } else { cells.keys().next().copied() };
    let last = match (key.to, through) {
        (Some(to), Some(through)) => Some(to.min(through)),
        (_, through) => through,
    };
    let (Some(first), Some(last)) = (first, last) else {
        return series;
    };
    for bucket in key.granularity.buckets(first, last) {
        let (quantity, stocked_out) = cells.get(&bucket).copied().unwrap_or_default();
        series.dates.push(bucket);
        series.quantities.push(quantity);
        series.stocked_out.push(stocked_out);
    }
    series
}

/// One row a key and stored day or bucket; a row without day for a key that has rows before its `from`; and one row of
/// place 0 with the last day the loads vouch for.
fn statement(keys: &[SeriesKey]) -> Raw {
    let covers: Vec<Cover> = keys.iter().map(|key| Cover::new(key.granularity, key.from, key.to)).collect();
    let column = |pick: fn(&Cover) -> NaiveDate| -> Value { covers.iter().map(pick).collect::<Vec<_>>().into() };
    let grains: Vec<i32> = covers.iter().map(|cover| cover.grain as i32).collect();
    // Arrays cannot carry nulls through the driver: site 0 means all sites.
    let sites: Vec<i64> = keys.iter().map(|key| key.site_id.unwrap_or(0)).collect();
    let items: Vec<i64> = keys.iter().map(|key| key.item_id).collect();
    let rollup = |table: &str, grain: Grain| {
        format!(
            "SELECT k.n, d.bucket AS day, sum(d.quantity) AS quantity, sum(d.stocked_out_days) > 0 AS stocked_out \
             FROM keys k JOIN core.{table} d ON d.item_id = k.item_id AND (k.site_id = 0 OR d.site_id = k.site_id) \
               AND d.bucket >= k.whole_from AND d.bucket < k.whole_to \
             WHERE k.grain = {} GROUP BY k.n, d.bucket",
            grain as i32
        )
    };
    let facts = |from: &str, to: &str| {
        format!(
            "SELECT k.n, d.full_date, sum(d.quantity), bool_or(d.stocked_out) \
             FROM keys k JOIN core.fact_demand_daily d ON d.item_id = k.item_id AND (k.site_id = 0 OR d.site_id = k.site_id) \
               AND d.full_date >= k.{from} AND d.full_date < k.{to} \
             WHERE k.{from} < k.{to} GROUP BY k.n, d.full_date"
        )
    };
    // Unnested key tuples, joined to the rollup for whole buckets and to the facts for cut edges.
    let sql = format!(
        "WITH keys AS (SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::int[], $4::date[], $5::date[], $6::date[], $7::date[], \
             $8::date[], $9::date[]) WITH ORDINALITY \
             AS k(item_id, site_id, grain, whole_from, whole_to, head_from, head_to, tail_from, tail_to, n)) \
         SELECT 0::bigint AS n, {DATA_THROUGH} AS day, 0::numeric AS quantity, false AS stocked_out \
         UNION ALL {} UNION ALL {} UNION ALL {} UNION ALL {} \
         UNION ALL SELECT k.n, NULL, 0, false FROM keys k WHERE k.head_from > '{EARLIEST}' AND ( \
             EXISTS (SELECT FROM core.demand_monthly m WHERE m.item_id = k.item_id AND (k.site_id = 0 OR m.site_id = k.site_id) \
                     AND m.bucket < date_trunc('month', k.head_from)::date) \
             OR EXISTS (SELECT FROM core.fact_demand_daily d WHERE d.item_id = k.item_id AND (k.site_id = 0 OR d.site_id = k.site_id) \
                     AND d.full_date >= date_trunc('month', k.head_from)::date AND d.full_date < k.head_from))",
        rollup("demand_weekly", Grain::Week),
        rollup("demand_monthly", Grain::Month),
        facts("head_from", "head_to"),
        facts("tail_from", "tail_to"),
    );
    raw(
        sql,
        [
            items.into(),
            sites.into(),
            grains.into(),
            column(|cover| cover.whole_from),
            column(|cover| cover.whole_to),
            column(|cover| cover.head.0),
            column(|cover| cover.head.1),
            column(|cover| cover.tail.0),
            column(|cover| cover.tail.1),
        ],
    )
}
