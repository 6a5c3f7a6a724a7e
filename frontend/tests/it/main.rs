//! The native tests of the dashboard: everything that needs no browser. The browser's part is in `e2e/`.
// A test states what it expects; a missing value is a failure to report, not to handle.
#![allow(clippy::unwrap_used)]

mod charts;
mod day;
mod errors;
mod forecasts;
mod format;
mod operations;
mod state;
mod stock;
