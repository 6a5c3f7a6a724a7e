//! The native tests of the dashboard: everything that needs no browser. The browser's part is in `e2e/`.
// A test states what it expects; a missing value is a failure to report, not to handle.
#![allow(clippy::unwrap_used)]

mod admin;
mod charts;
mod day;
mod errors;
mod exploration;
mod forecasts;
mod format;
mod operations;
mod place;
mod state;
mod stock;
