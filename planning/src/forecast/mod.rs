//! Forecasts of demand: a mean, a distribution, and the measured truth about both.
//!
//! Reading order, which is also the way of the data: [`series`] (the history), [`class`] (what kind of demand it is),
//! [`model`] and [`models`] (point forecasts), [`predictive`] (the distribution around them), `calibration` (what past
//! forecasts of the same class taught about that distribution), [`cumulative`] (demand over many days, which policy needs),
//! [`backtest`] and `select` (rolling origins, metrics, choice), [`engine`] (all of it over thousands of series).
//!
//! Quantiles of different series are never added here or anywhere: a family is forecast on its own series.

pub mod backtest;
pub(crate) mod calibration;
pub mod class;
pub mod cumulative;
mod elsewhere;
pub mod engine;
pub mod metrics;
pub mod model;
pub mod models;
pub mod normal;
pub mod predictive;
pub mod quantiles;
pub mod run;
mod select;
pub mod series;
mod sizes;
mod smoothing;
mod spread;
mod treatment;
pub mod week;
pub mod window;

pub use backtest::{Backtest, ClassLeadAccuracy};
pub use class::DemandClass;
pub use cumulative::{CumulativeDemand, DemandDistribution};
pub use elsewhere::GivenDay;
pub use engine::{forecast_all, forecast_into};
pub use metrics::Metrics;
pub use model::ModelName;
pub use quantiles::{LEVELS, Quantiles};
pub use run::{Cancelled, Control, ForecastPoint, Options, Run, RunSummary, SeriesForecast};
pub use series::{DemandSeries, Frequency, SeriesInput, SeriesKey};
