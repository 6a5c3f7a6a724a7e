//! Forecast and refresh on small companies in real databases: what is stored, what is left open, and what is told.

mod alerts;
mod crossings;
mod figures;
mod news;

use chrono::{Days, NaiveDate};
use entity::core::{item, site};
use pipeline::jobs::{ForecastOptions, ForecastReport, JobError, RefreshOptions, RefreshReport, forecast, refresh};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use testkit::TestDatabase;
use testkit::builders::{a_region, a_site, an_item, demand};

/// The last day with demand of the companies made here: a Sunday, so that its week is whole.
const THROUGH: &str = "2026-03-29";

fn through() -> NaiveDate {
    THROUGH.parse().unwrap()
}

async fn forecast_all(db: &TestDatabase) -> Result<ForecastReport, JobError> {
    forecast(db, &ForecastOptions { horizon: 30, ..ForecastOptions::default() }, |_, _| {}).await
}

async fn refresh_all(db: &TestDatabase) -> Result<RefreshReport, JobError> {
    refresh(db, &options()).await
}

fn options() -> RefreshOptions {
    RefreshOptions::new("BRL")
}

async fn number(db: &TestDatabase, sql: &str) -> i64 {
    let sql = format!("SELECT ({sql})::bigint");
    let row = db.reader().query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

/// Demand every few days up to [`THROUGH`], of whole pieces that repeat with `period`.
async fn lives(db: &TestDatabase, item: &item::Model, site: &site::Model, days: u64, every: u64, period: u64) {
    let rows: Vec<(String, String)> = (0..days)
        .filter(|ago| ago % every == 0)
        .map(|ago| ((through() - Days::new(ago)).to_string(), (1 + (ago / every) % period * 2).to_string()))
        .collect();
    let rows: Vec<(&str, &str)> = rows.iter().map(|(day, quantity)| (day.as_str(), quantity.as_str())).collect();
    demand(db, item, site, &rows).await;
}

/// Two materials of one family at two sites of one region, and a service.
async fn a_company(db: &TestDatabase) -> (item::Model, item::Model, item::Model, site::Model) {
    let region = a_region(db, "BA").await;
    let (north, south) = (a_site(db, "NORTH", Some(&region)).await, a_site(db, "SOUTH", Some(&region)).await);
    let cable = an_item("CABLE").of_family("LINES").costing("12.5").insert(db).await;
    let clamp = an_item("CLAMP").of_family("LINES").costing("2").insert(db).await;
    let visit = an_item("VISIT").of_family("LABOUR").as_service().insert(db).await;
    lives(db, &cable, &north, 300, 2, 4).await;
    lives(db, &cable, &south, 300, 9, 3).await;
    lives(db, &clamp, &north, 280, 3, 5).await;
    lives(db, &visit, &north, 200, 5, 2).await;
    (cable, clamp, visit, north)
}
