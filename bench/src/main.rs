//! Measurements, run by `cargo xtask bench NAME`, which builds them in release and starts a PostgreSQL of their own.
//!
//! Here live generators, load and the reference handlers that Corrente is compared with. Never here: anything that the
//! product needs, or a check of correctness (those are tests). Start with [`Bench`]; one file a measurement.
#![allow(clippy::print_stdout, reason = "this program's output is its terminal")]

mod forecast;
mod graph;
mod ingest;
mod policy;
mod store;
mod table;
mod warehouse;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// The product's own allocator, so that its memory is measured as it is.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What to measure; figures come with their goal and the ratio to it.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask bench", version)]
struct Bench {
    #[command(subcommand)]
    what: What,
    /// The server to measure against; `cargo xtask bench` starts one of its own
    #[arg(long, env = "BENCH_DATABASE_URL", global = true, value_name = "URL")]
    database_url: Option<String>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Rows a second from a file to queryable tables, on both engines
    Ingest(ingest::Arguments),
    /// Latency of the store's questions over a large warehouse
    Store(store::Arguments),
    /// Latency and throughput of the served graph, and how soon it refuses what would hurt
    Graph(graph::Arguments),
    /// Series a second, backtest included
    Forecast(forecast::Arguments),
    /// A year of the demo company under our recommendations, its own policy and the textbook's
    Policy(policy::Arguments),
}

#[tokio::main]
async fn main() -> Result<()> {
    let bench = Bench::parse();
    let url = bench.database_url.as_deref();
    match bench.what {
        What::Ingest(arguments) => ingest::run(url, arguments).await,
        What::Store(arguments) => store::run(url, arguments).await,
        What::Graph(arguments) => graph::run(url, &arguments).await,
        What::Forecast(arguments) => forecast::run(&arguments),
        What::Policy(arguments) => {
            policy::run(&arguments);
            Ok(())
        }
    }
}
