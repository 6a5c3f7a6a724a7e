//! The daily sums that KPIs are computed from: one statement a question and dimension, whatever the number of days.
//!
//! Members are named as in `kpis_daily`: empty for the whole, a family's name, a region's code, an ABC class. Rows that
//! belong to no member of a dimension are in none.

use chrono::{DateTime, NaiveDate, Utc};
use entity::words::KpiDimension;

use crate::inventory::STOCK_MEMORY_DAYS;
use crate::statement::raw;
use crate::{Database, Result};

/// Demand of a member on a day with demand.
#[derive(Debug, Clone, PartialEq)]
pub struct DemandDay {
    pub member: String,
    pub day: NaiveDate,
    /// Units, services included.
    pub quantity: f64,
    /// At cost, of the rows with a cost; `None` without any.
    pub value: Option<f64>,
    /// Units of materials.
    pub material: f64,
    /// Units of materials demanded while there was stock.
    pub met: f64,
    /// Materials at cost; `None` without any cost.
    pub material_value: Option<f64>,
    /// Materials of ABC class A at cost.
    pub a_value: Option<f64>,
}

/// Stock of a member on a day: each item-site's newest record of the [`STOCK_MEMORY_DAYS`] before.
#[derive(Debug, Clone, PartialEq)]
pub struct StockDay {
    pub member: String,
    pub day: NaiveDate,
    /// Active item-sites with a record.
    pub recorded: i64,
    /// Those of them at zero.
    pub stocked_out: i64,
    pub on_hand: f64,
    /// At cost, of the items with a cost; `None` without any.
    pub value: Option<f64>,
}

/// Lines promised to a member for a day.
#[derive(Debug, Clone, PartialEq)]
pub struct DeliveryDay {
    pub member: String,
    /// The promised day.
    pub day: NaiveDate,
    pub due: i64,
    /// Delivered after the promise, or not yet.
    pub late: i64,
}

/// What was forecast before a week for a family or region, and what came.
#[derive(Debug, Clone, PartialEq)]
pub struct ForecastWeek {
    pub member: String,
    /// The Monday.
    pub week: NaiveDate,
    pub forecast: f64,
    pub actual: f64,
}

/// The member of a row that joins `i` (item), `s` (site) and `r` (region).
fn member(dimension: KpiDimension) -> &'static str {
    match dimension {
        KpiDimension::All => "''::text",
        KpiDimension::Family => "i.family",
        KpiDimension::Region => "r.code",
        KpiDimension::AbcClass => "i.abc_class",
    }
}

/// The joins of a fact `f` to its dimensions, made by hand for want of foreign keys.
const DIMENSIONS: &str = "JOIN core.dim_item i ON i.id = f.item_id JOIN core.dim_site s ON s.id = f.site_id LEFT JOIN core.dim_region r ON r.id = s.region_id";

/// Demand by member and day, in that order, from `from` to `to`.
pub async fn demand(db: &Database, dimension: KpiDimension, from: NaiveDate, to: NaiveDate) -> Result<Vec<DemandDay>> {
    let member = member(dimension);
    // Aggregates with FILTER have no builder.
    let rows = raw(
        format!(
            "SELECT {member} AS member, f.full_date AS day, sum(f.quantity)::float8 AS quantity, sum(f.total_cost)::float8 AS value, \
                    COALESCE(sum(f.quantity) FILTER (WHERE i.kind = 'MATERIAL'), 0)::float8 AS material, \
                    COALESCE(sum(f.quantity) FILTER (WHERE i.kind = 'MATERIAL' AND NOT f.stocked_out), 0)::float8 AS met, \
                    (sum(f.total_cost) FILTER (WHERE i.kind = 'MATERIAL'))::float8 AS material_value, \
                    (sum(f.total_cost) FILTER (WHERE i.kind = 'MATERIAL' AND i.abc_class = 'A'))::float8 AS a_value \
             FROM core.fact_demand_daily f {DIMENSIONS} \
             WHERE f.full_date BETWEEN $1 AND $2 AND {member} IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2"
        ),
        [from.into(), to.into()],
    )
    .all(db.reader())
    .await?;
    rows.iter()
        .map(|row| {
            Ok(DemandDay {
                member: row.try_get("", "member")?,
                day: row.try_get("", "day")?,
                quantity: row.try_get("", "quantity")?,
                value: row.try_get("", "value")?,
                material: row.try_get("", "material")?,
                met: row.try_get("", "met")?,
                material_value: row.try_get("", "material_value")?,
                a_value: row.try_get("", "a_value")?,
            })
        })
        .collect()
}

/// Stock of active materials at active sites by member and day, in that order, from `from` to `to`; days that no record
/// speaks for are absent.
pub async fn stock(db: &Database, dimension: KpiDimension, from: NaiveDate, to: NaiveDate) -> Result<Vec<StockDay>> {
    let member = member(dimension);
    // A record holds until the next of its item-site, or until it is too old: a window function, then a row a day.
    let rows = raw(
        format!(
            "WITH spells AS (SELECT item_id, site_id, on_hand, full_date AS start, \
                 LEAST(COALESCE(lead(full_date) OVER w - 1, $2::date), full_date + {STOCK_MEMORY_DAYS} - 1, $2::date) AS stop \
                 FROM core.fact_inventory_daily WHERE full_date > $1::date - {STOCK_MEMORY_DAYS} AND full_date <= $2::date \
                 WINDOW w AS (PARTITION BY item_id, site_id ORDER BY full_date)) \
             SELECT {member} AS member, GREATEST(f.start, $1::date) + g.n AS day, count(*) AS recorded, \
                    count(*) FILTER (WHERE f.on_hand = 0) AS stocked_out, sum(f.on_hand)::float8 AS on_hand, \
                    sum(f.on_hand * i.unit_cost)::float8 AS value \
             FROM spells f {DIMENSIONS} CROSS JOIN LATERAL generate_series(0, f.stop - GREATEST(f.start, $1::date)) AS g(n) \
             WHERE i.active AND i.kind = 'MATERIAL' AND s.active AND {member} IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2"
        ),
        [from.into(), to.into()],
    )
    .all(db.reader())
    .await?;
    rows.iter()
        .map(|row| {
            Ok(StockDay {
                member: row.try_get("", "member")?,
                day: row.try_get("", "day")?,
                recorded: row.try_get("", "recorded")?,
                stocked_out: row.try_get("", "stocked_out")?,
                on_hand: row.try_get("", "on_hand")?,
                value: row.try_get("", "value")?,
            })
        })
        .collect()
}

/// Promised lines by member and promised day, in that order; the days up to `to` have passed, so a line that has not come
/// is late. Lines of a sort (purchase files, or orders) of which nobody ever recorded a receipt are left out: there a line
/// that did not come cannot be told from one that nobody noted.
pub async fn deliveries(
    db: &Database,
    dimension: KpiDimension,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<DeliveryDay>> {
    let member = member(dimension);
    // Aggregates with FILTER have no builder.
    let rows = raw(
        format!(
            "SELECT {member} AS member, f.expected_delivery AS day, count(*) AS due, \
                    count(*) FILTER (WHERE f.actual_delivery IS NULL OR f.actual_delivery > f.expected_delivery) AS late \
             FROM core.fact_orders f {DIMENSIONS} \
             WHERE f.expected_delivery BETWEEN $1 AND $2 AND f.status <> 'CANCELLED' AND {member} IS NOT NULL \
               AND f.counts_as_demand IN (SELECT counts_as_demand FROM core.fact_orders WHERE actual_delivery IS NOT NULL) \
             GROUP BY 1, 2 ORDER BY 1, 2"
        ),
        [from.into(), to.into()],
    )
    .all(db.reader())
    .await?;
    rows.iter()
        .map(|row| {
            let (member, day) = (row.try_get("", "member")?, row.try_get("", "day")?);
            Ok(DeliveryDay { member, day, due: row.try_get("", "due")?, late: row.try_get("", "late")? })
        })
        .collect()
}

/// Whole weeks from `from` to `to` with the newest forecast made before each began, of a FAMILY or REGION dimension;
/// empty for the others, which have no forecasts of their own.
pub async fn forecast_weeks(
    db: &Database,
    dimension: KpiDimension,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<ForecastWeek>> {
    if !matches!(dimension, KpiDimension::Family | KpiDimension::Region) {
        return Ok(Vec::new());
    }
    let member = member(dimension);
    // The newest run of each week is a LATERAL with LIMIT 1.
    let rows = raw(
        format!(
            "WITH weeks AS (SELECT date_trunc('week', d)::date AS week FROM generate_series($1::date + 6, $2::date, interval '7 days') d), \
             made AS (SELECT w.week, t.member, sum(t.mean) AS forecast FROM weeks w \
                 CROSS JOIN LATERAL (SELECT id FROM analytics.forecast_runs WHERE status = 'READY' AND complete AND origin <= w.week \
                                     ORDER BY origin DESC, id DESC LIMIT 1) r \
                 JOIN analytics.forecast_totals t ON t.run_id = r.id AND t.level = $3 AND t.target_date BETWEEN w.week AND w.week + 6 \
                 WHERE w.week >= $1 AND w.week + 6 <= $2 GROUP BY 1, 2 HAVING count(*) = 7), \
             came AS (SELECT {member} AS member, f.bucket AS week, sum(f.quantity)::float8 AS actual FROM core.demand_weekly f {DIMENSIONS} \
                 WHERE f.bucket BETWEEN $1 AND $2 AND i.kind = 'MATERIAL' AND {member} IS NOT NULL GROUP BY 1, 2) \
             SELECT m.member, m.week, m.forecast, COALESCE(c.actual, 0) AS actual FROM made m \
             LEFT JOIN came c ON c.member = m.member AND c.week = m.week ORDER BY 1, 2"
        ),
        [from.into(), to.into(), dimension.as_str().into()],
    )
    .all(db.reader())
    .await?;
    rows.iter()
        .map(|row| {
            let (member, week) = (row.try_get("", "member")?, row.try_get("", "week")?);
            Ok(ForecastWeek {
                member,
                week,
                forecast: row.try_get("", "forecast")?,
                actual: row.try_get("", "actual")?,
            })
        })
        .collect()
}

/// A recommendation that somebody took up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionMade {
    pub raised: DateTime<Utc>,
    pub acknowledged: DateTime<Utc>,
    /// The members that it belongs to, where it belongs to one.
    pub family: Option<String>,
    pub region: Option<String>,
    pub abc_class: Option<String>,
}

impl DecisionMade {
    /// Its member of a dimension.
    pub fn member(&self, dimension: KpiDimension) -> Option<&str> {
        match dimension {
            KpiDimension::All => Some(""),
            KpiDimension::Family => self.family.as_deref(),
            KpiDimension::Region => self.region.as_deref(),
            KpiDimension::AbcClass => self.abc_class.as_deref(),
        }
    }
}

/// Recommendations acknowledged since `since`, in the order in which they were raised.
pub async fn decisions(db: &Database, since: DateTime<Utc>) -> Result<Vec<DecisionMade>> {
    // The dimensions are joined by hand for want of foreign keys; a recommendation may be of no single site.
    let rows = raw(
        "SELECT f.raised_at, f.acknowledged_at, i.family, r.code AS region, i.abc_class FROM analytics.recommendations f \
         LEFT JOIN core.dim_item i ON i.id = f.item_id LEFT JOIN core.dim_site s ON s.id = f.site_id \
         LEFT JOIN core.dim_region r ON r.id = s.region_id \
         WHERE f.acknowledged_at >= $1 ORDER BY f.id",
        [since.into()],
    )
    .all(db.reader())
    .await?;
    rows.iter()
        .map(|row| {
            Ok(DecisionMade {
                raised: row.try_get("", "raised_at")?,
                acknowledged: row.try_get("", "acknowledged_at")?,
                family: row.try_get("", "family")?,
                region: row.try_get("", "region")?,
                abc_class: row.try_get("", "abc_class")?,
            })
        })
        .collect()
}
