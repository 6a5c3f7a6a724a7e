//! What goes into a run and what comes out of it.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::backtest::{Backtest, ClassLeadAccuracy};
use super::class::DemandClass;
use super::cumulative::{CumulativeDemand, DemandDistribution};
use super::metrics::Metrics;
use super::model::ModelName;
use super::series::{Frequency, SeriesKey};

/// What to forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// Steps ahead, at least 1.
    pub horizon: usize,
    /// Backtest folds to report.
    pub folds: usize,
    /// Same data and seed, same bits.
    pub seed: u64,
    pub frequency: Frequency,
}

impl Default for Options {
    fn default() -> Self {
        Self { horizon: 90, folds: 3, seed: 1, frequency: Frequency::Day }
    }
}

/// How the caller watches and stops a run.
#[derive(Clone, Copy)]
pub struct Control<'a> {
    /// Called from many threads with (series done, of all). A series is forecast in several passes, so the first number is
    /// the share of passes done, told in series; it never exceeds the second and reaches it at the end.
    pub progress: &'a (dyn Fn(usize, usize) + Sync),
    /// Set it to stop the run soon.
    pub cancelled: &'a AtomicBool,
}

/// The run was stopped by its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the forecast run was cancelled")]
pub struct Cancelled;

/// Demand of one step ahead.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ForecastPoint {
    pub date: NaiveDate,
    /// 1 for the first step after the data.
    pub lead: usize,
    pub mean: f64,
    /// At [`LEVELS`](super::LEVELS).
    pub quantiles: [f64; 7],
}

/// The forecast of one series and what it is worth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SeriesForecast {
    pub key: SeriesKey,
    pub class: DemandClass,
    /// The model that made the means.
    pub model: ModelName,
    /// The last date whose demand was seen.
    pub data_through: Option<NaiveDate>,
    pub points: Vec<ForecastPoint>,
    pub backtest: Backtest,
    pub demand: CumulativeDemand,
}

impl SeriesForecast {
    /// The distribution of demand over the next `days` steps.
    pub fn cumulative(&self, days: usize) -> DemandDistribution {
        self.demand.over(days)
    }
}

/// The run as a whole.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RunSummary {
    pub series: usize,
    /// Series per model of the final forecast.
    pub models: BTreeMap<ModelName, usize>,
    /// The selected forecasts: means over series.
    pub selected: Metrics,
    /// Every candidate alone, on all the series that `selected` was measured on; only `SEASONAL_NAIVE` has a pinball loss (of
    /// the empirical quantiles of its season step).
    pub methods: BTreeMap<ModelName, Metrics>,
    /// Candidates that could be run on some of these series only: not to be compared with the others.
    #[serde(default)]
    pub partial_methods: BTreeMap<ModelName, Metrics>,
    /// The selected forecasts by the class that was known at each fold's origin: a class that had seen the fold would choose
    /// the series with surprises. All steps of a class alike, RMSSE and MASE as means over folds.
    pub classes: BTreeMap<DemandClass, Metrics>,
}

/// All forecasts, in the order of the input, and what was measured.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Run {
    pub forecasts: Vec<SeriesForecast>,
    pub accuracy: Vec<ClassLeadAccuracy>,
    pub summary: RunSummary,
}
