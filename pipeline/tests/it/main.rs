//! The pipeline's tests, in the shape of its API. Start at `transform::workbook` for what a real file becomes.
// A failed unwrap is a failed test, with the place in its message.
#![allow(clippy::unwrap_used)]

mod calendar;
mod demo;
mod extract;
mod files;
mod jobs;
mod load;
mod offline;
mod transform;
