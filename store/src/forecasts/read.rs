//! Reading forecasts: the newest run that holds a series, with its points as columns.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::words::ForecastLevel;
use sea_orm::{QueryResult, Value};
use serde_json::Value as Json;

use crate::statement::raw;
use crate::{Database, Result};

/// Names a forecast series, in every run alike.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SeriesId {
    pub level: ForecastLevel,
    /// 0 above items.
    pub item_id: i64,
    /// 0 where the series is no single site's.
    pub site_id: i64,
    /// Family name or region code; empty elsewhere.
    pub member: String,
}

impl SeriesId {
    /// An item over all sites.
    pub fn item(item_id: i64) -> Self {
        Self { level: ForecastLevel::Item, item_id, site_id: 0, member: String::new() }
    }

    /// An item at a site.
    pub fn item_site(item_id: i64, site_id: i64) -> Self {
        Self { level: ForecastLevel::ItemSite, item_id, site_id, member: String::new() }
    }

    /// A family by name.
    pub fn family(name: impl Into<String>) -> Self {
        Self { level: ForecastLevel::Family, item_id: 0, site_id: 0, member: name.into() }
    }

    /// A region by code.
    pub fn region(code: impl Into<String>) -> Self {
        Self { level: ForecastLevel::Region, item_id: 0, site_id: 0, member: code.into() }
    }

    /// The whole company.
    pub fn all() -> Self {
        Self { level: ForecastLevel::All, item_id: 0, site_id: 0, member: String::new() }
    }
}

/// Which forecast.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ForecastKey {
    pub series: SeriesId,
    /// Days from the origin at most.
    pub horizon: i16,
    /// A certain run; `None`: the newest ready run that holds the series, not older than the current one.
    pub run_id: Option<i64>,
}

/// A forecast of one series; the columns are of one length.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    pub run_id: i64,
    /// The first day forecast.
    pub origin: NaiveDate,
    pub data_through: NaiveDate,
    pub model: String,
    pub demand_class: String,
    pub backtest: Json,
    /// The distribution of demand summed over growing horizons.
    pub cumulative: Json,
    pub dates: Vec<NaiveDate>,
    pub means: Vec<f64>,
    pub p025: Vec<Option<f64>>,
    pub p10: Vec<Option<f64>>,
    pub p25: Vec<Option<f64>>,
    pub p50: Vec<Option<f64>>,
    pub p75: Vec<Option<f64>>,
    pub p90: Vec<Option<f64>>,
    pub p975: Vec<Option<f64>>,
}

/// The forecasts of `keys` in one statement; a series that no run holds is absent.
pub async fn by_keys(db: &Database, keys: &[ForecastKey]) -> Result<HashMap<ForecastKey, Forecast>> {
    let column = |pick: fn(&ForecastKey) -> i64| -> Value { keys.iter().map(pick).collect::<Vec<i64>>().into() };
    let levels: Vec<String> = keys.iter().map(|key| key.series.level.as_str().to_owned()).collect();
    let members: Vec<String> = keys.iter().map(|key| key.series.member.clone()).collect();
    let horizons: Vec<i16> = keys.iter().map(|key| key.horizon).collect();
    // Unnested keys; for each the newest run that holds it, and its points gathered into arrays, so that a year of days
    // is one row. Arrays cannot carry nulls through the driver: an absent quantile travels as NaN.
    let rows = raw(
        format!(
            "WITH keys AS (SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::smallint[], $6::bigint[]) \
                 WITH ORDINALITY AS k(level, item_id, site_id, member, horizon, run_id, n)), \
             current AS (SELECT id, origin FROM analytics.forecast_runs WHERE status = 'READY' AND complete ORDER BY origin DESC, id DESC LIMIT 1), \
             ready AS (SELECT r.* FROM analytics.forecast_runs r WHERE r.status = 'READY') \
             SELECT k.n, h.run_id, h.origin, h.data_through, h.model, h.demand_class, h.backtest, h.cumulative, p.* \
             FROM keys k CROSS JOIN LATERAL ( \
                 SELECT r.id AS run_id, r.origin, r.data_through, s.model, s.demand_class, s.backtest, s.cumulative \
                 FROM ready r JOIN analytics.forecast_series s ON s.run_id = r.id AND s.level = k.level AND s.item_id = k.item_id \
                   AND s.site_id = k.site_id AND s.member = k.member \
                 WHERE CASE WHEN k.run_id <> 0 THEN r.id = k.run_id \
                       ELSE NOT EXISTS (SELECT FROM current c WHERE (c.origin, c.id) > (r.origin, r.id)) END \
                 ORDER BY r.origin DESC, r.id DESC LIMIT 1) h \
             CROSS JOIN LATERAL (SELECT {} FROM ( \
                 SELECT target_date, {QUANTILES} FROM analytics.forecasts f WHERE k.level IN ('ITEM', 'ITEM_SITE') AND f.item_id = k.item_id \
                   AND f.site_id = k.site_id AND f.run_id = h.run_id AND f.origin = h.origin AND f.lead <= k.horizon \
                 UNION ALL \
                 SELECT target_date, {QUANTILES} FROM analytics.forecast_totals f WHERE k.level NOT IN ('ITEM', 'ITEM_SITE') AND f.level = k.level \
                   AND f.member = k.member AND f.run_id = h.run_id AND f.lead <= k.horizon) f) p",
            columns()
        ),
        [
            levels.into(),
            column(|key| key.series.item_id),
            column(|key| key.series.site_id),
            members.into(),
            horizons.into(),
            column(|key| key.run_id.unwrap_or(0)),
        ],
    )
    .all(db.reader())
    .await?;
    let mut answer = HashMap::with_capacity(rows.len());
    for row in rows {
        let n: i64 = row.try_get("", "n")?;
        if let Some(key) = usize::try_from(n - 1).ok().and_then(|place| keys.get(place)) {
            answer.insert(key.clone(), forecast(&row)?);
        }
    }
    Ok(answer)
}

const QUANTILES: &str = "mean, p025, p10, p25, p50, p75, p90, p975";

fn columns() -> String {
    let gathered = QUANTILES.split(", ").map(|name| {
        format!("COALESCE(array_agg(COALESCE({name}, 'NaN') ORDER BY target_date), '{{}}'::float8[]) AS {name}")
    });
    let dates = "COALESCE(array_agg(target_date ORDER BY target_date), '{}'::date[]) AS dates".to_owned();
    [dates].into_iter().chain(gathered).collect::<Vec<_>>().join(", ")
}

fn forecast(row: &QueryResult) -> Result<Forecast> {
    let quantile = |name: &str| -> Result<Vec<Option<f64>>> {
        let values: Vec<f64> = row.try_get("", name)?;
        Ok(values.into_iter().map(|value| (!value.is_nan()).then_some(value)).collect())
    };
    Ok(Forecast {
        run_id: row.try_get("", "run_id")?,
        origin: row.try_get("", "origin")?,
        data_through: row.try_get("", "data_through")?,
        model: row.try_get("", "model")?,
        demand_class: row.try_get("", "demand_class")?,
        backtest: row.try_get("", "backtest")?,
        cumulative: row.try_get("", "cumulative")?,
        dates: row.try_get("", "dates")?,
        means: row.try_get("", "mean")?,
        p025: quantile("p025")?,
        p10: quantile("p10")?,
        p25: quantile("p25")?,
        p50: quantile("p50")?,
        p75: quantile("p75")?,
        p90: quantile("p90")?,
        p975: quantile("p975")?,
    })
}
