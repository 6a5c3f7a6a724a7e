//! The real binary, run as a person would run it, each test in a data directory of its own.
#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

mod address;
mod backtest;
mod backup;
mod binary;
mod control;
mod doctor;
mod explanations;
mod import;
mod killed;
mod migrate;
mod nightly;
mod offline;
mod refusals;
mod schema;
mod token;
mod traces;
mod two_servers;
mod user;
