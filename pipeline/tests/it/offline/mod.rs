//! Files made elsewhere, loaded into real databases.

mod features;
mod forecasts;
mod kpis;
mod older;
mod policy;

use std::path::Path;

use chrono::{NaiveDate, Utc};
use pipeline::load::{FileReport, LoadError};
use pipeline::offline::{LoadOptions, LoadReport, load_directory};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use store::forecasts::{Forecast, ForecastKey, SeriesId, by_keys};
use tempfile::TempDir;
use testkit::TestDatabase;
use testkit::builders::{a_region, a_site, an_item, day, demand};

/// Two items of a family at two sites of a region, with demand up to 2026-03-29.
async fn a_company() -> TestDatabase {
    // Boxed: each builder makes the future of the whole larger.
    Box::pin(made()).await
}

async fn made() -> TestDatabase {
    let db = TestDatabase::new().await;
    let region = a_region(&db, "BA").await;
    let (north, south) = (a_site(&db, "NORTH", Some(&region)).await, a_site(&db, "SOUTH", Some(&region)).await);
    for sku in ["CABLE", "CLAMP"] {
        let item = an_item(sku).of_family("LINES").insert(&db).await;
        for site in [&north, &south] {
            demand(&db, &item, site, &[("2026-01-05", "3"), ("2026-02-10", "5"), ("2026-03-29", "2")]).await;
        }
    }
    db
}

fn directory(files: &[(&str, &str)]) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, content) in files {
        std::fs::write(directory.path().join(name), content).unwrap();
    }
    directory
}

async fn try_load(db: &TestDatabase, directory: &Path) -> Result<LoadReport, LoadError> {
    let now = Utc::now();
    let options = LoadOptions { actor: "test".into(), now, today: now.date_naive(), kept: 30 };
    Box::pin(load_directory(db, directory, &options, |_| {})).await
}

/// Loads files written on the spot.
async fn load(db: &TestDatabase, files: &[(&str, &str)]) -> LoadReport {
    try_load(db, directory(files).path()).await.unwrap()
}

/// The one file of a load, and the reasons of its rejects by line.
fn only(report: &LoadReport) -> (&FileReport, Vec<String>) {
    assert_eq!(report.files.len(), 1, "{report:?}");
    let file = &report.files[0];
    assert_eq!(file.read, file.loaded + file.unchanged + file.rejected, "{file:?}");
    let reasons = file.rejects.iter().map(|sentence| {
        let line = sentence.split("line ").nth(1).unwrap().split([',', ')']).next().unwrap();
        let reason = sentence.split(": ").nth(1).unwrap().split(' ').next().unwrap();
        format!("{line} {reason}")
    });
    (file, reasons.collect())
}

async fn text(db: &TestDatabase, sql: &str) -> String {
    let sql = format!("SELECT COALESCE(({sql})::text, '')");
    let row = db.reader().query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

/// A digest of everything that a load may change, the books of loads apart.
async fn state(db: &TestDatabase) -> String {
    let tables = [
        "analytics.forecast_runs",
        "analytics.forecast_series",
        "analytics.forecasts",
        "analytics.forecast_totals",
        "analytics.mv_forecasts_latest",
        "analytics.features_store",
        "analytics.kpis_daily",
        "analytics.mv_kpis_latest",
        "support.freshness",
    ];
    let digests = tables.map(|table| format!("(SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) FROM {table} t)"));
    text(db, &format!("SELECT concat_ws(' ', {})", digests.join(", "))).await
}

async fn item_site(db: &TestDatabase, sku: &str, site: &str) -> SeriesId {
    let id = async |table: &str, column: &str, code: &str| -> i64 {
        text(db, &format!("SELECT id FROM core.{table} WHERE {column} = '{code}'")).await.parse().unwrap()
    };
    SeriesId::item_site(id("dim_item", "sku", sku).await, id("dim_site", "code", site).await)
}

/// The forecast of a series that the graph would show, or that of a run.
async fn shown(db: &TestDatabase, series: SeriesId, run_id: Option<i64>) -> Option<Forecast> {
    let key = ForecastKey { series, horizon: 366, run_id };
    by_keys(db, std::slice::from_ref(&key)).await.unwrap().remove(&key)
}

fn days(texts: &[&str]) -> Vec<NaiveDate> {
    texts.iter().map(|text| day(text)).collect()
}
