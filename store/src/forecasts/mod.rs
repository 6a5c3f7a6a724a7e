//! Questions about forecasts, and how runs are written.
//!
//! A run is `RUNNING` while it is written, and shown only once it is `READY`; it is superseded, never overwritten.
//! Start with [`by_keys`] to read, [`start_run`] to write.

mod judged;
mod page;
mod read;
mod rows;
mod runs;
mod weeks;
mod write;

pub use judged::{JudgedSeries, Since, demand_since, judged_series, run_before};
pub use page::{ForecastRunFilter, ForecastRunOrder, count, page};
pub use read::{Forecast, ForecastKey, SeriesId, by_keys};
pub use rows::{ForecastColumns, ForecastFilter, ForecastRowOrder, rows};
pub use runs::{
    FinishedRun, NewRun, current_run, fail_run, fail_running, finish_run, first_origin, prune_runs, run, runs,
    runs_by_ids, settle, start_run,
};
pub use weeks::{JudgedWeek, WeeksKey, weeks_by_keys};
pub use write::{Point, SeriesRow, write_points, write_series, write_totals};
