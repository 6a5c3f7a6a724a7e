//! What is known of an item-site at the end of a day, as numbers that a model can learn from.
//!
//! Lives here: [`FEATURES`] (the list: names, units, definitions, the same as in `docs/OFFLINE.md`) and [`rows`] (one row a
//! day). Never here: where history, holidays and indicators come from, or a format. A row uses nothing that became known
//! after its day; what the calendar says of later days, such as the next holiday, was known before.

mod days;
mod list;
mod rows;

pub use list::{FEATURES, Feature, INDICATOR, Kind, SCHEMA_VERSION};
pub use rows::{FeatureRow, History, Indicator, Known, Value, rows};
