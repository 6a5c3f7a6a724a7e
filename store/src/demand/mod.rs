//! Questions about demand: bounds, series, grouped totals, and the feed of the forecast job.
//!
//! Rows exist only for days with demand or a stock-out flag; between a series' first day and `dataThrough` a missing
//! day is zero, and it is filled here. Buckets cut by `from` or `to` hold only the days inside. Start with
//! [`series()`] for items, [`grouped()`] for totals, [`item_series`] for the forecast job.

mod bounds;
mod bucket;
mod feed;
mod grouped;
mod rows;
mod series;

pub(crate) use bounds::DATA_THROUGH;
pub use bounds::{Bounds, bounds};
pub use bucket::Granularity;
pub(crate) use bucket::{EARLIEST, LATEST};
pub use feed::{DailySeries, SeriesLevel, item_series, level_series, series_of_items};
pub use grouped::{
    Column, DemandFilter, DemandGroup, DemandQuery, GroupKey, GroupOrder, GroupSeries, GroupSort, Grouped, Having,
    Measure, grouped,
};
pub use rows::{DemandColumns, DemandRowOrder, FactFilter, rows};
pub use series::{Series, SeriesKey, series};
