//! Forecasts: points, bands, and how well the model did on the past.

use std::sync::Arc;

use async_graphql::{Context, Object, Result, SimpleObject};
use serde_json::Value as Json;
use store::StoreError;

use super::words::{DemandClass, ForecastLevel};
use crate::error::user;
use crate::graphql::context::ContextExt;
use crate::graphql::page::count;
use crate::graphql::scalars::{Date, dates, number};

/// The quantiles that are stored, in their order.
const LEVELS: [f64; 7] = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975];
/// Days ahead at most.
const MAX_HORIZON: i32 = 366;

/// Checks a horizon.
pub fn horizon_days(asked: i32) -> Result<i16> {
    match i16::try_from(asked) {
        Ok(days) if (1..=MAX_HORIZON).contains(&asked) => Ok(days),
        _ => Err(user(format!("horizon must be from 1 to {MAX_HORIZON} days, not {asked}."))),
    }
}

/// One forecast day.
#[derive(Debug, Clone, SimpleObject)]
pub struct ForecastPoint {
    /// The day.
    pub date: Date,
    /// Expected demand.
    pub mean: f64,
    /// Demand is at most this with probability 0.025.
    #[graphql(name = "p025")]
    pub p025: Option<f64>,
    /// With probability 0.1.
    #[graphql(name = "p10")]
    pub p10: Option<f64>,
    /// With probability 0.25.
    #[graphql(name = "p25")]
    pub p25: Option<f64>,
    /// With probability 0.5: the median.
    #[graphql(name = "p50")]
    pub p50: Option<f64>,
    /// With probability 0.75.
    #[graphql(name = "p75")]
    pub p75: Option<f64>,
    /// With probability 0.9.
    #[graphql(name = "p90")]
    pub p90: Option<f64>,
    /// With probability 0.975.
    #[graphql(name = "p975")]
    pub p975: Option<f64>,
}

/// A central band as columns.
#[derive(Debug, Clone, SimpleObject)]
pub struct Band {
    /// The probability inside, such as 0.8.
    pub level: f64,
    /// The days.
    pub dates: Vec<Date>,
    /// Never below zero.
    pub lower: Vec<f64>,
    /// Never below `lower`.
    pub upper: Vec<f64>,
}

/// How often actual demand passed a quantile, on the past.
#[derive(Debug, Clone, SimpleObject)]
pub struct Calibration {
    /// The quantile, such as 0.9.
    pub quantile: f64,
    /// Share of actuals above it; an honest quantile has at most 1 - quantile.
    pub above: f64,
    /// Share of actuals at it or above; an honest quantile has at least 1 - quantile.
    pub at_or_above: f64,
}

/// How well the model did on the past, on folds it had not seen.
#[derive(Debug, Clone, SimpleObject)]
pub struct Backtest {
    /// Root mean squared error, scaled by the naive forecast's; below 1 is better than naive.
    pub rmsse: Option<f64>,
    /// Mean absolute error, scaled likewise.
    pub mase: Option<f64>,
    /// Sum of absolute errors over sum of demand.
    pub wape: Option<f64>,
    /// Mean error over mean demand; above zero is forecasting too much.
    pub bias: Option<f64>,
    /// Mean loss of the quantiles, in units of demand.
    pub pinball: Option<f64>,
    /// Share of actuals inside the 80 % band.
    #[graphql(name = "coverage80")]
    pub coverage80: Option<f64>,
    /// Share of actuals inside the 95 % band.
    #[graphql(name = "coverage95")]
    pub coverage95: Option<f64>,
    /// How many folds.
    pub folds: i32,
    /// Quantile by quantile.
    pub calibration: Vec<Calibration>,
}

impl Backtest {
    /// Reads what the forecast job stored; `None` where the series was not backtested.
    pub fn read(stored: &Json) -> Option<Self> {
        let stored = stored.as_object().filter(|stored| !stored.is_empty())?;
        let metric = |name: &str| stored.get(name).and_then(Json::as_f64).map(number);
        Some(Self {
            rmsse: metric("rmsse"),
            mase: metric("mase"),
            wape: metric("wape"),
            bias: metric("bias"),
            pinball: metric("pinball"),
            coverage80: metric("coverage80"),
            coverage95: metric("coverage95"),
            folds: count(stored.get("folds").and_then(Json::as_u64).unwrap_or_default()),
            calibration: stored.get("calibration").map(calibration).unwrap_or_default(),
        })
    }
}

/// Calibration is stored as a list in the order of [`LEVELS`], or in files made elsewhere as an object by quantile.
pub(super) fn calibration(stored: &Json) -> Vec<Calibration> {
    let entry = |quantile: f64, entry: &Json| {
        let share = |name: &str| entry.get(name).and_then(Json::as_f64).map(number);
        Some(Calibration { quantile, above: share("above")?, at_or_above: share("atOrAbove")? })
    };
    match stored {
        Json::Array(entries) => {
            let levels = entries.iter().zip(LEVELS);
            levels
                .filter_map(|(stored, level)| {
                    entry(stored.get("quantile").and_then(Json::as_f64).unwrap_or(level), stored)
                })
                .collect()
        }
        Json::Object(entries) => {
            let mut all: Vec<_> =
                entries.iter().filter_map(|(level, stored)| entry(level.parse().ok()?, stored)).collect();
            all.sort_by(|left, right| left.quantile.total_cmp(&right.quantile));
            all
        }
        _ => Vec::new(),
    }
}

/// A forecast of one series, as it was made: superseded by the next run, never changed.
pub struct Forecast {
    /// What is stored.
    pub forecast: Arc<store::forecasts::Forecast>,
    /// What it sums over.
    pub level: ForecastLevel,
}

#[Object]
/// A forecast of one series, as it was made: superseded by the next run, never changed.
impl Forecast {
    /// What the series sums over.
    async fn level(&self) -> ForecastLevel {
        self.level
    }

    /// The model that ran, such as `CROSTON_SBA`; `ALLOCATED` where an item's forecast was shared out.
    async fn model(&self) -> &str {
        &self.forecast.model
    }

    /// The class of the series' demand.
    async fn demand_class(&self, ctx: &Context<'_>) -> Result<DemandClass> {
        let stored = &self.forecast.demand_class;
        DemandClass::from_stored(stored)
            .ok_or_else(|| ctx.failed(&StoreError::Corrupt(format!("{stored:?} is not a demand class"))))
    }

    /// The first day forecast.
    async fn origin(&self) -> Date {
        Date(self.forecast.origin)
    }

    /// The last day the model saw.
    async fn data_through(&self) -> Date {
        Date(self.forecast.data_through)
    }

    /// How many days are forecast.
    async fn horizon(&self) -> i32 {
        count(self.forecast.dates.len() as u64)
    }

    /// The days as objects; the columns are lighter.
    async fn points(&self) -> Vec<ForecastPoint> {
        let stored = &self.forecast;
        let at = |column: &[Option<f64>], index: usize| column.get(index).copied().flatten().map(number);
        let days = stored.dates.iter().zip(&stored.means).enumerate();
        days.map(|(index, (date, mean))| ForecastPoint {
            date: Date(*date),
            mean: number(*mean),
            p025: at(&stored.p025, index),
            p10: at(&stored.p10, index),
            p25: at(&stored.p25, index),
            p50: at(&stored.p50, index),
            p75: at(&stored.p75, index),
            p90: at(&stored.p90, index),
            p975: at(&stored.p975, index),
        })
        .collect()
    }

    /// The days.
    async fn dates(&self) -> Vec<Date> {
        dates(&self.forecast.dates)
    }

    /// Expected demand of each day.
    async fn means(&self) -> Vec<f64> {
        self.forecast.means.iter().copied().map(number).collect()
    }

    /// The central band that holds this share of the probability; null where the series has no quantiles.
    async fn band(&self, #[graphql(default = 0.8, desc = "0.5, 0.8 or 0.95.")] level: f64) -> Result<Option<Band>> {
        let stored = &self.forecast;
        let is = |known: f64| (level - known).abs() < 1e-9;
        let (lower, upper) = if is(0.5) {
            (&stored.p25, &stored.p75)
        } else if is(0.8) {
            (&stored.p10, &stored.p90)
        } else if is(0.95) {
            (&stored.p025, &stored.p975)
        } else {
            return Err(user(format!("level must be 0.5, 0.8 or 0.95, not {level}: these quantiles are measured.")));
        };
        let column =
            |column: &[Option<f64>]| column.iter().map(|value| value.map(number)).collect::<Option<Vec<f64>>>();
        Ok(column(lower).zip(column(upper)).map(|(lower, upper)| Band {
            level,
            dates: dates(&stored.dates),
            lower,
            upper,
        }))
    }

    /// How well the model did on the past.
    async fn backtest(&self) -> Option<Backtest> {
        Backtest::read(&self.forecast.backtest)
    }
}
