//! The jobs that commands and the graph share, each answered with a line that tells what was done.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Result, bail};
use api::app::Jobs;
use api::config::Config;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use pipeline::jobs::{self, AbcCuts, ForecastOptions, RefreshOptions, XyzCuts};
use store::Database;

use crate::output::{self, Progress};

/// Days that a forecast looks ahead when nobody says otherwise.
pub const HORIZON: u16 = 90;

/// What the `refreshData` mutation starts.
#[derive(Debug)]
pub struct RefreshJob {
    pub db: Database,
    pub config: Arc<Config>,
}

impl Jobs for RefreshJob {
    fn refresh(&self) -> BoxFuture<'static, Result<(), String>> {
        let (db, config) = (self.db.clone(), Arc::clone(&self.config));
        async move { refresh(&db, &config).await.map(drop).map_err(|error| output::sentence(&error)) }.boxed()
    }
}

/// What to forecast, and where to write it besides the database.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Days ahead.
    pub horizon: u16,
    /// Codes of items; `None` is all.
    pub items: Option<Vec<String>>,
    /// A directory for the files of the offline contract.
    pub out: Option<PathBuf>,
}

impl Default for Wanted {
    fn default() -> Self {
        Self { horizon: HORIZON, items: None, out: None }
    }
}

/// Whether this server may compute forecasts; the sentence that says why not.
pub fn may_forecast(config: &Config) -> Result<()> {
    if !config.enable_ml_processing {
        bail!(
            "forecasts are not computed here, because ENABLE_ML_PROCESSING is false: compute them elsewhere and bring them in with `corrente load DIR`, or set it to true"
        );
    }
    Ok(())
}

/// Forecasts every series, or those of some items, and computes their features.
pub async fn forecast(db: &Database, config: &Config, wanted: Wanted, progress: &Progress) -> Result<String> {
    may_forecast(config)?;
    let Wanted { horizon, items, out } = wanted;
    let options =
        ForecastOptions { horizon, items, out, kept: config.forecast_runs_kept, ..ForecastOptions::default() };
    let telling = progress.clone();
    let report = jobs::forecast(db, &options, move |done, all| telling.count(done, all, "series")).await?;
    let written = report.files.iter().fold(String::new(), |told, file| told + "\nwrote " + &file.display().to_string());
    Ok(format!(
        "forecast {} series for {horizon} days, {} rows of features, {} of them new (run {}, {:.1} s){written}",
        report.series, report.features, report.features_changed, report.run_id, report.seconds
    ))
}

/// Brings KPIs, recommendations, alerts and views up to date, where they are not.
pub async fn refresh(db: &Database, config: &Config) -> Result<String> {
    refresh_with(db, &options(config)).await
}

/// Computes KPIs, recommendations, alerts and views anew, whether or not anything has changed.
pub async fn refresh_anyway(db: &Database, config: &Config) -> Result<String> {
    refresh_with(db, &RefreshOptions { force: true, ..options(config) }).await
}

async fn refresh_with(db: &Database, options: &RefreshOptions) -> Result<String> {
    let report = jobs::refresh(db, options).await?;
    if !report.computed {
        return Ok(format!(
            "nothing has changed since the last refresh, so nothing was computed ({:.1} s)",
            report.seconds
        ));
    }
    Ok(format!(
        "refreshed: KPIs of {} days ({} changed), {} recommendations, {} new alerts ({:.1} s)",
        report.kpi_days, report.kpis_changed, report.recommendations, report.alerts_raised, report.seconds
    ))
}

/// Keeps the alerts about imports true, after one.
pub async fn judge_imports(db: &Database, config: &Config) -> Result<u64> {
    Ok(jobs::judge_imports(db, config.measures.max_reject_share).await?)
}

fn options(config: &Config) -> RefreshOptions {
    let measures = &config.measures;
    let ([a, b], [x, y]) = (measures.abc_cuts, measures.xyz_cuts);
    RefreshOptions {
        carrying_rate: measures.carrying_rate,
        abc_cuts: AbcCuts { a, b },
        xyz_cuts: XyzCuts { x, y },
        reliability_tolerance: measures.reliability_tolerance,
        review_days: measures.review_days.into(),
        stale_days: measures.stale_days.into(),
        max_reject_share: measures.max_reject_share,
        ..RefreshOptions::new(&config.currency)
    }
}

/// Is there a forecast of all that is known?
pub async fn forecast_is_current(db: &Database) -> Result<bool> {
    let through = store::demand::bounds(db).await?.data_through;
    let freshness = store::freshness::all(db).await?;
    let made = freshness.iter().find(|row| row.kind.as_str() == "FORECASTS");
    Ok(through.is_some() && made.is_some_and(|made| !made.stale && made.data_through == through))
}

/// Is anything that is computed older than the data it rests on?
pub async fn overdue(db: &Database) -> Result<bool> {
    let freshness = store::freshness::all(db).await?;
    let facts = freshness.iter().any(|row| row.kind.as_str() == "DEMAND");
    let kpis = freshness.iter().find(|row| row.kind.as_str() == "KPIS");
    Ok(facts && kpis.is_none_or(|kpis| kpis.stale))
}
