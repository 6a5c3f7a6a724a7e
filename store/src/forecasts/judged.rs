//! What is needed to judge a run by the days that have come since: its series, and the demand of those days.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::analytics::forecast_run;
use entity::words::{ForecastLevel, RunStatus};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::Value as Json;

use super::SeriesId;
use crate::statement::{limit, raw};
use crate::{Database, Result};

/// A series of a run that had a forecast of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgedSeries {
    pub id: SeriesId,
    pub backtest: Json,
    /// The distribution of demand summed over growing horizons.
    pub cumulative: Json,
}

/// Demand of an item at a site since a day.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Since {
    /// Units.
    pub quantity: f64,
    pub demand_days: i64,
    pub stocked_out_days: i64,
}

/// The newest ready run over all items whose first forecast day is not after `origin`.
pub async fn run_before(db: &Database, origin: NaiveDate) -> Result<Option<forecast_run::Model>> {
    use forecast_run::Column;
    Ok(forecast_run::Entity::find()
        .filter(Column::Status.eq(RunStatus::Ready))
        .filter(Column::Complete.eq(true))
        .filter(Column::Origin.lte(origin))
        .order_by_desc(Column::Origin)
        .order_by_desc(Column::Id)
        .one(db.reader())
        .await?)
}

/// The next `rows` series of `level` after `after` in a run, by item, site and member; empty at the end, and of a run whose
/// series were pruned. Left out are series without a forecast of their own: those shared out, and those too poor for a model.
pub async fn judged_series(
    db: &Database,
    run_id: i64,
    level: ForecastLevel,
    after: Option<&SeriesId>,
    rows: u64,
) -> Result<Vec<JudgedSeries>> {
    let (item, site, member) = after.map_or((-1, -1, ""), |id| (id.item_id, id.site_id, id.member.as_str()));
    // A row-wise comparison along the primary key.
    let rows = raw(
        "SELECT item_id, site_id, member, backtest, cumulative FROM analytics.forecast_series \
         WHERE run_id = $1 AND level = $2 AND (item_id, site_id, member) > ($3, $4, $5) \
           AND model NOT IN ('ALLOCATED', 'ALL_ZERO', 'SINGLE_DEMAND', 'SHORT_SERIES', 'GAPPY_SERIES') \
         ORDER BY item_id, site_id, member LIMIT $6",
        [run_id.into(), level.as_str().into(), item.into(), site.into(), member.into(), limit(rows)],
    )
    .all(db.reader())
    .await?;
    rows.iter()
        .map(|row| {
            let (item_id, site_id, member) =
                (row.try_get("", "item_id")?, row.try_get("", "site_id")?, row.try_get("", "member")?);
            Ok(JudgedSeries {
                id: SeriesId { level, item_id, site_id, member },
                backtest: row.try_get("", "backtest")?,
                cumulative: row.try_get("", "cumulative")?,
            })
        })
        .collect()
}

/// Demand of materials from `from` to `to` by (item, site); pairs without a row are absent.
pub async fn demand_since(db: &Database, from: NaiveDate, to: NaiveDate) -> Result<HashMap<(i64, i64), Since>> {
    // Aggregates with FILTER have no builder.
    let rows = raw(
        "SELECT d.item_id, d.site_id, sum(d.quantity)::float8 AS quantity, count(*) FILTER (WHERE d.quantity > 0) AS demand_days, \
                count(*) FILTER (WHERE d.stocked_out) AS stocked_out_days \
         FROM core.fact_demand_daily d JOIN core.dim_item i ON i.id = d.item_id \
         WHERE d.full_date BETWEEN $1 AND $2 AND i.kind = 'MATERIAL' GROUP BY 1, 2",
        [from.into(), to.into()],
    )
    .all(db.reader())
    .await?;
    rows.iter()
        .map(|row| {
            let since = Since {
                quantity: row.try_get("", "quantity")?,
                demand_days: row.try_get("", "demand_days")?,
                stocked_out_days: row.try_get("", "stocked_out_days")?,
            };
            Ok(((row.try_get("", "item_id")?, row.try_get("", "site_id")?), since))
        })
        .collect()
}
