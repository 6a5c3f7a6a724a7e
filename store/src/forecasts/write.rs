//! Writing a run's series and points, in chunks of one statement each.

use chrono::NaiveDate;
use entity::analytics::forecast_series;
use sea_orm::ActiveValue::Set;
use sea_orm::{EntityTrait as _, Value};
use serde_json::Value as Json;

use super::SeriesId;
use crate::statement::{Raw, raw};
use crate::{Database, Result};

/// A series of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesRow {
    pub id: SeriesId,
    pub model: String,
    pub demand_class: String,
    pub backtest: Json,
    pub cumulative: Json,
}

/// One forecast day of a series.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    pub series: SeriesId,
    pub target_date: NaiveDate,
    /// Days from the origin, 1 for the origin itself.
    pub lead: i16,
    pub mean: f64,
    /// 0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975.
    pub quantiles: [Option<f64>; 7],
    pub model: String,
}

/// Writes series of run `run_id`.
pub async fn write_series(db: &Database, run_id: i64, rows: &[SeriesRow]) -> Result<()> {
    for chunk in rows.chunks(CHUNK) {
        let rows = chunk.iter().cloned().map(|row| forecast_series::ActiveModel {
            run_id: Set(run_id),
            level: Set(row.id.level),
            item_id: Set(row.id.item_id),
            site_id: Set(row.id.site_id),
            member: Set(row.id.member),
            model: Set(row.model),
            demand_class: Set(row.demand_class),
            backtest: Set(row.backtest),
            cumulative: Set(row.cumulative),
        });
        forecast_series::Entity::insert_many(rows).exec_without_returning(db.writer()).await?;
    }
    Ok(())
}

/// Writes points of the levels `ITEM` and `ITEM_SITE`; `origin` is the run's.
pub async fn write_points(db: &Database, run_id: i64, origin: NaiveDate, points: &[Point]) -> Result<()> {
    for chunk in points.chunks(POINTS) {
        let items: Vec<i64> = chunk.iter().map(|point| point.series.item_id).collect();
        let sites: Vec<i64> = chunk.iter().map(|point| point.series.site_id).collect();
        insert(
            "analytics.forecasts (item_id, site_id,",
            "bigint[], $13::bigint[]",
            [items.into(), sites.into()],
            run_id,
            origin,
            chunk,
        )
        .execute(db.writer())
        .await?;
    }
    Ok(())
}

/// Writes points of the levels `FAMILY`, `REGION` and `ALL`; `origin` is the run's.
pub async fn write_totals(db: &Database, run_id: i64, origin: NaiveDate, points: &[Point]) -> Result<()> {
    for chunk in points.chunks(POINTS) {
        let levels: Vec<String> = chunk.iter().map(|point| point.series.level.as_str().to_owned()).collect();
        let members: Vec<String> = chunk.iter().map(|point| point.series.member.clone()).collect();
        insert(
            "analytics.forecast_totals (level, member,",
            "text[], $13::text[]",
            [levels.into(), members.into()],
            run_id,
            origin,
            chunk,
        )
        .execute(db.writer())
        .await?;
    }
    Ok(())
}

/// Rows of one INSERT of series: nine bind parameters each stay far below every engine's cap.
const CHUNK: usize = 1_000;
/// Points of one INSERT: fifteen bind parameters whatever their number, so only the statement's size counts.
const POINTS: usize = 5_000;

/// One INSERT from unnested arrays; the two columns that name the series come last, as `$12` and `$13`.
fn insert(table: &str, name_types: &str, names: [Value; 2], run_id: i64, origin: NaiveDate, points: &[Point]) -> Raw {
    let dates: Vec<NaiveDate> = points.iter().map(|point| point.target_date).collect();
    let leads: Vec<i16> = points.iter().map(|point| point.lead).collect();
    let models: Vec<String> = points.iter().map(|point| point.model.clone()).collect();
    let means: Vec<f64> = points.iter().map(|point| point.mean).collect();
    let mut values: Vec<Value> = vec![dates.into(), leads.into(), models.into(), means.into()];
    for place in 0..7 {
        // Arrays cannot carry nulls through the driver: an absent quantile travels as NaN.
        values.push(points.iter().map(|point| point.quantiles[place].unwrap_or(f64::NAN)).collect::<Vec<f64>>().into());
    }
    values.extend(names);
    values.extend([run_id.into(), origin.into()]);
    let quantiles = ["p025", "p10", "p25", "p50", "p75", "p90", "p975"];
    // unnest() of column arrays has no builder, and a row-wise VALUES would meet the cap on bind parameters.
    raw(
        format!(
            "INSERT INTO {table} target_date, lead, model, mean, {}, run_id, origin) \
             SELECT u.one, u.other, u.target_date, u.lead, u.model, u.mean, {}, $14, $15 \
             FROM unnest($1::date[], $2::smallint[], $3::text[], $4::float8[], $5::float8[], $6::float8[], $7::float8[], $8::float8[], \
                         $9::float8[], $10::float8[], $11::float8[], $12::{name_types}) \
             AS u(target_date, lead, model, mean, {}, one, other)",
            quantiles.join(", "),
            quantiles.map(|name| format!("NULLIF(u.{name}, 'NaN')")).join(", "),
            quantiles.join(", "),
        ),
        values,
    )
}
