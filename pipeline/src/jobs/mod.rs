//! The jobs: they read the store, call planning, and write the store.
//!
//! Lives here: what is read in which order, and what an answer becomes in the tables. Never here: SQL or a formula.
//! No job holds a transaction while it computes. Start at [`forecast`], then [`refresh`].

mod backtest;
mod class;
mod features;
mod forecast;
mod kpi;
mod long;
mod policy;
mod quality;
mod refresh;
mod series;
mod surprise;
mod watch;
mod window;

// Options of the jobs, so that who starts one needs no other crate.
pub use planning::abc::{AbcCuts, XyzCuts};

pub use backtest::{BacktestOptions, BacktestReport, BacktestStep, backtest_database, backtest_file};
pub use features::FEATURE_DAYS;
pub use forecast::{ForecastOptions, ForecastReport, forecast};
pub use long::LongError;
pub use quality::judge_imports;
pub use refresh::{RefreshOptions, RefreshReport, refresh};
pub(crate) use series::classes;
pub use watch::{nightly_done, nightly_failed};

/// Why a job did nothing, or not all.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// There is nothing to forecast from.
    #[error("there is no demand of materials to forecast from; import some first (`corrente import FILE`)")]
    NoDemand,
    /// Items that nobody has imported were asked for.
    #[error("there is no item {0}; name items by the codes that `corrente import` stored, separated by commas")]
    UnknownItems(String),
    /// Services were asked for.
    #[error("{0} is a service: services are not stocked and get no forecast; name materials")]
    Services(String),
    /// The files could not be written.
    #[error(transparent)]
    Out(#[from] crate::offline::OutError),
    /// The database refused.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// What is stored is not what this version writes.
    #[error("a stored forecast cannot be read: {0}; `corrente forecast` makes a new one")]
    Stored(#[from] serde_json::Error),
    /// The computation ended early.
    #[error("the {job} ended early: {reason}")]
    Ended { job: &'static str, reason: String },
}
