//! How good forecasts would have been: on other people's series or on the database's own. Nothing is stored.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use planning::forecast::{Control, Frequency, LEVELS, Metrics, Options, RunSummary, SeriesInput, forecast_into};
use serde_json::{Map, Value, json};
use store::Database;

use super::JobError;
use super::long::{self, LongError};
use super::series::Inputs;

/// The step of a file's grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BacktestStep {
    Day,
    Week,
    Month,
}

impl From<BacktestStep> for Frequency {
    fn from(step: BacktestStep) -> Self {
        match step {
            BacktestStep::Day => Self::Day,
            BacktestStep::Week => Self::Week,
            BacktestStep::Month => Self::Month,
        }
    }
}

/// What to measure.
#[derive(Debug, Clone, Copy)]
pub struct BacktestOptions {
    pub step: BacktestStep,
    /// Steps ahead.
    pub horizon: usize,
    /// Origins to forecast from, each a horizon apart.
    pub folds: usize,
    /// Same data and seed, same figures.
    pub seed: u64,
}

/// What was measured.
#[derive(Debug, Clone)]
pub struct BacktestReport {
    summary: RunSummary,
    series_per_second: f64,
}

/// Measures on a file; see [`LongError`] for what it must look like. `progress` gets (series done, of all).
pub fn backtest_file(
    file: &Path,
    options: &BacktestOptions,
    progress: impl Fn(u64, u64) + Send + Sync,
) -> Result<BacktestReport, LongError> {
    let series = long::read(file, options.step.into())?;
    Ok(measure(&series, options, progress))
}

/// Measures on the demand of all materials, by day and at every level.
pub async fn backtest_database(
    db: &Database,
    options: &BacktestOptions,
    progress: impl Fn(u64, u64) + Send + Sync + 'static,
) -> Result<BacktestReport, JobError> {
    let series = Inputs::read(db, None).await?.series;
    if series.is_empty() {
        return Err(JobError::NoDemand);
    }
    let options = *options;
    tokio::task::spawn_blocking(move || measure(&series, &options, progress))
        .await
        .map_err(|error| JobError::Ended { job: "backtest", reason: error.to_string() })
}

fn measure(
    series: &[SeriesInput],
    options: &BacktestOptions,
    progress: impl Fn(u64, u64) + Send + Sync,
) -> BacktestReport {
    let started = Instant::now();
    let told = |done: usize, all: usize| progress(done as u64, all as u64);
    let planning =
        Options { horizon: options.horizon, folds: options.folds, seed: options.seed, frequency: options.step.into() };
    let control = Control { progress: &told, cancelled: &AtomicBool::new(false) };
    // Nothing cancels it, so there is always a run.
    let summary = forecast_into(series, &planning, control, &mut drop).map(|run| run.summary).unwrap_or_default();
    BacktestReport { summary, series_per_second: series.len() as f64 / started.elapsed().as_secs_f64() }
}

impl BacktestReport {
    /// Whether any series was long enough to be measured.
    pub fn is_measured(&self) -> bool {
        self.summary.selected.observations > 0
    }

    pub fn series(&self) -> usize {
        self.summary.series
    }

    /// The figures of the selected forecasts and of each method alone, by name.
    pub fn rows(&self) -> Vec<(String, Metrics)> {
        let methods = self.summary.methods.iter().map(|(name, metrics)| (name.to_string(), *metrics));
        std::iter::once(("selected".to_owned(), self.summary.selected)).chain(methods).collect()
    }

    /// Everything, in the words of the design's section 5.
    pub fn json(&self) -> Value {
        let RunSummary { series, models, selected, methods, partial_methods, classes } = &self.summary;
        json!({
            "selected": metrics(selected),
            "methods": named(methods),
            "partialMethods": named(partial_methods),
            "classes": named(classes),
            "models": models,
            "series": series,
            "seriesPerSecond": self.series_per_second,
        })
    }
}

fn named<K: ToString>(all: &BTreeMap<K, Metrics>) -> Value {
    Value::Object(all.iter().map(|(name, figures)| (name.to_string(), metrics(figures))).collect())
}

/// Calibration by the name of its quantile; what was not measured is null.
fn metrics(metrics: &Metrics) -> Value {
    let shares = metrics.calibration.map(|shares| {
        let one = |(t, share): (f64, planning::forecast::metrics::Calibration)| {
            (t.to_string(), json!({"above": share.above, "atOrAbove": share.at_or_above}))
        };
        Value::Object(LEVELS.into_iter().zip(shares).map(one).collect::<Map<_, _>>())
    });
    json!({
        "rmsse": metrics.rmsse, "mase": metrics.mase, "wape": metrics.wape, "bias": metrics.bias,
        "pinball": metrics.pinball, "coverage80": metrics.coverage80, "coverage95": metrics.coverage95,
        "ideal80": metrics.ideal80, "ideal95": metrics.ideal95, "calibration": shares,
        "folds": metrics.folds, "observations": metrics.observations,
    })
}
