//! Measurements, run by `cargo xtask bench NAME`, which builds them in release and starts a PostgreSQL where one is asked.
//!
//! Here live generators, load and the reference handlers that Corrente is compared with. Never here: anything that the
//! product needs, or a check of correctness (those are tests). Start with [`Bench`]; one file a measurement.
#![allow(clippy::print_stdout, reason = "this program's output is its terminal")]

mod forecast;
mod table;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// What to measure; figures come with their goal and the ratio to it.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask bench", version)]
struct Bench {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Series a second, backtest included
    Forecast(forecast::Arguments),
}

fn main() -> Result<()> {
    match Bench::parse().what {
        What::Forecast(arguments) => forecast::run(&arguments),
    }
}
