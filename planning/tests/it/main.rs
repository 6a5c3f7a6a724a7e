//! What `planning` promises, in sentences. The tree mirrors the crate's.
#![allow(clippy::unwrap_used)] // A test that cannot have its value should stop there.
#![allow(clippy::float_cmp)] // Where a number must be exact, the test says so by comparing exactly.
#![allow(clippy::needless_for_each, clippy::cast_possible_wrap)] // Small fixtures read better so.

mod abc;
mod features;
mod forecast;
mod kpi;
mod policy;
mod simulate;
