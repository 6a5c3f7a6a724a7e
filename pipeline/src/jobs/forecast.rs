//! Forecasts every series at every level, each on its own history.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{Days, NaiveDate, Utc};
use entity::words::{DataKind, ItemKind, RunSource};
use planning::forecast::{Control, Frequency, Options, Run, SeriesForecast, SeriesKey};
use serde::Serialize;
use serde_json::json;
use store::Database;
use store::forecasts::{FinishedRun, NewRun, Point, SeriesRow};

use super::JobError;
use super::features::{Surroundings, features};
use super::series::Inputs;
use super::watch::{FORECAST, watched};
use crate::offline::Out;

/// Forecast series that may wait for the database.
const WAITING: usize = 1_024;
/// Series written at a time: 90 points each.
const WRITTEN: usize = 128;

/// How to forecast.
#[derive(Debug, Clone)]
pub struct ForecastOptions {
    /// Days ahead.
    pub horizon: u16,
    /// The codes of the items to forecast; `None` forecasts everything.
    pub items: Option<Vec<String>>,
    /// Where to write `forecasts.parquet` and `features.parquet`, too.
    pub out: Option<PathBuf>,
    /// Same data and seed, same forecast.
    pub seed: u64,
    /// Complete runs to keep; of older ones only the accuracy stays.
    pub kept: u32,
}

impl Default for ForecastOptions {
    fn default() -> Self {
        Self { horizon: 90, items: None, out: None, seed: 1, kept: 30 }
    }
}

/// What a run made.
#[derive(Debug, Clone, Serialize)]
pub struct ForecastReport {
    pub run_id: i64,
    pub series: u64,
    /// Rows of features: one a day of each item-site.
    pub features: u64,
    /// Rows of features that say something else than before.
    pub features_changed: u64,
    /// The files that were written.
    pub files: Vec<PathBuf>,
    pub seconds: f64,
}

/// Reads all demand of materials, forecasts it on other threads, and writes what comes, then the features of the same
/// data; `progress` gets (done, of all) passes over series. Services stay out. The run becomes current only when it is
/// whole. A failure raises an alert, which the next success resolves.
///
/// A run over chosen items learns from those items alone and never becomes the current one: totals and all other items stay
/// as they are, and of its items its forecasts count as long as no newer run has them.
pub async fn forecast(
    db: &Database,
    options: &ForecastOptions,
    progress: impl Fn(u64, u64) + Send + Sync + 'static,
) -> Result<ForecastReport, JobError> {
    // What was asked for wrongly is no failure of the job.
    let items = match &options.items {
        Some(skus) => Some(chosen(db, skus).await?),
        None => None,
    };
    let through = store::demand::bounds(db).await?.data_through.ok_or(JobError::NoDemand)?;
    let surroundings = Surroundings::read(db, through).await?;
    let out = match &options.out {
        Some(directory) => Some(Out::begin(db, directory, &surroundings.codes).await?),
        None => None,
    };
    let asked = Asked { through, items, surroundings, out };
    // Two files being written make it large; a caller's own future need not be.
    watched(db, FORECAST, Box::pin(run(db, options, asked, progress))).await
}

/// What is to be done, once it is known that it can be.
struct Asked {
    through: NaiveDate,
    /// `None`: all.
    items: Option<Vec<i64>>,
    surroundings: Surroundings,
    out: Option<Out>,
}

/// The ids of items that can be forecast.
async fn chosen(db: &Database, skus: &[String]) -> Result<Vec<i64>, JobError> {
    let found = store::items::by_skus(db, skus).await?;
    let named = |wanted: &dyn Fn(&String) -> bool| -> Vec<&str> {
        skus.iter().filter(|sku| wanted(sku)).map(String::as_str).collect()
    };
    let unknown = named(&|sku| !found.contains_key(sku));
    if !unknown.is_empty() {
        return Err(JobError::UnknownItems(unknown.join(", ")));
    }
    let services = named(&|sku| found.get(sku).is_some_and(|item| item.kind == ItemKind::Service));
    if !services.is_empty() {
        return Err(JobError::Services(services.join(", ")));
    }
    let mut ids: Vec<i64> = found.values().map(|item| item.id).collect();
    ids.sort_unstable();
    Ok(ids)
}

async fn run(
    db: &Database,
    options: &ForecastOptions,
    asked: Asked,
    progress: impl Fn(u64, u64) + Send + Sync + 'static,
) -> Result<ForecastReport, JobError> {
    let started = std::time::Instant::now();
    let Asked { through, items, surroundings, mut out } = asked;
    let since = store::freshness::mark(db).await?;
    let inputs = Inputs::read(db, items.as_deref()).await?;
    if inputs.series.is_empty() {
        return Err(JobError::NoDemand);
    }
    let origin = through + Days::new(1);
    let run = NewRun {
        origin,
        horizon: options.horizon.cast_signed(),
        data_through: through,
        source: RunSource::Computed,
        complete: items.is_none(),
        seed: options.seed.cast_signed(),
        started_at: Utc::now(),
    };
    let run = store::forecasts::start_run(db, run).await?;
    match compute(db, run.id, origin, inputs, options, out.as_mut(), progress).await {
        Ok(finished) => {
            let series = finished.series.cast_unsigned();
            store::forecasts::finish_run(db, run.id, finished).await?;
            let pruned = store::forecasts::prune_runs(db, u64::from(options.kept)).await?;
            if items.is_none() {
                store::freshness::computed(db, &[DataKind::Forecasts], through, Utc::now(), since).await?;
            }
            store::freshness::mark_stale(db, &[DataKind::Kpis, DataKind::Recommendations]).await?;
            store::forecasts::settle(db, origin, !pruned.is_empty()).await?;
            let file = out.as_mut().map(|out| &mut out.features);
            let written = features(db, &surroundings, items.as_deref(), file).await?;
            let files = out.map(Out::publish).transpose()?.map(Vec::from).unwrap_or_default();
            Ok(ForecastReport {
                run_id: run.id,
                series,
                features: written.rows,
                features_changed: written.changed,
                files,
                seconds: started.elapsed().as_secs_f64(),
            })
        }
        Err(error) => {
            // The first error is the one to tell.
            let _ = store::forecasts::fail_run(db, run.id, Utc::now()).await;
            Err(error)
        }
    }
}

async fn compute(
    db: &Database,
    run_id: i64,
    origin: NaiveDate,
    mut inputs: Inputs,
    options: &ForecastOptions,
    mut out: Option<&mut Out>,
    progress: impl Fn(u64, u64) + Send + Sync + 'static,
) -> Result<FinishedRun, JobError> {
    let (sender, mut made) = tokio::sync::mpsc::channel::<SeriesForecast>(WAITING);
    let planning = Options {
        horizon: usize::from(options.horizon),
        seed: options.seed,
        frequency: Frequency::Day,
        ..Options::default()
    };
    let series = std::mem::take(&mut inputs.series);
    let computing = tokio::task::spawn_blocking(move || -> Option<Run> {
        let cancelled = AtomicBool::new(false);
        let told = |done: usize, all: usize| progress(done as u64, all as u64);
        let control = Control { progress: &told, cancelled: &cancelled };
        planning::forecast::forecast_into(&series, &planning, control, &mut |forecast| {
            // The writer is gone after an error of its own, which is the one that is told: nobody needs the rest.
            if sender.blocking_send(forecast).is_err() {
                cancelled.store(true, Ordering::Relaxed);
            }
        })
        .ok()
    });
    let mut batch = Vec::with_capacity(WRITTEN);
    while made.recv_many(&mut batch, WRITTEN).await > 0 {
        write(db, run_id, origin, &batch, &inputs, out.as_deref_mut()).await?;
        batch.clear();
    }
    let run = computing.await.map_err(|error| JobError::Ended { job: "forecast", reason: error.to_string() })?;
    let run = run.ok_or_else(|| JobError::Ended { job: "forecast", reason: "it was cancelled".into() })?;
    Ok(FinishedRun {
        models: serde_json::to_value(&run.summary.models)?,
        backtest: json!({"selected": run.summary.selected, "methods": run.summary.methods, "classes": run.summary.classes}),
        accuracy: serde_json::to_value(&run.accuracy)?,
        series: run.summary.series as i64,
        finished_at: Utc::now(),
    })
}

async fn write(
    db: &Database,
    run_id: i64,
    origin: NaiveDate,
    batch: &[SeriesForecast],
    inputs: &Inputs,
    out: Option<&mut Out>,
) -> Result<(), JobError> {
    let mut series = Vec::with_capacity(batch.len());
    let (mut points, mut totals) = (Vec::new(), Vec::new());
    for forecast in batch {
        let Some(id) = inputs.id(&forecast.key) else { continue };
        let model = forecast.model.as_str().to_owned();
        series.push(SeriesRow {
            id: id.clone(),
            model: model.clone(),
            demand_class: forecast.class.as_str().into(),
            backtest: serde_json::to_value(forecast.backtest)?,
            cumulative: serde_json::to_value(&forecast.demand)?,
        });
        let single = matches!(forecast.key, SeriesKey::ItemSite { .. } | SeriesKey::Item(_));
        let target = if single { &mut points } else { &mut totals };
        target.extend(forecast.points.iter().map(|point| Point {
            series: id.clone(),
            target_date: point.date,
            lead: point.lead as i16,
            mean: point.mean,
            quantiles: point.quantiles.map(Some),
            model: model.clone(),
        }));
    }
    if let Some(out) = out {
        out.forecasts.write(points.iter().chain(&totals).map(|point| (origin, point)))?;
    }
    store::forecasts::write_series(db, run_id, &series).await?;
    store::forecasts::write_points(db, run_id, origin, &points).await?;
    store::forecasts::write_totals(db, run_id, origin, &totals).await?;
    Ok(())
}
