//! Latency of the store's questions over a large warehouse, on both engines.
//!
//! Each question is asked many times with other arguments each time, through the store's own functions, so that a figure
//! is what a caller waits: statement, network, decoding. Nothing is cached on our side.

mod questions;

use ::store::PoolOptions;
use anyhow::{Context as _, Result};
use sea_orm::ConnectionTrait as _;

use crate::table::print;
use crate::warehouse::Warehouse;

/// What to measure with.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Demand rows of the native measurement
    #[arg(long, default_value = "10000000")]
    rows: u64,
    /// Demand rows of the embedded measurement; 0 leaves it out
    #[arg(long, default_value = "500000")]
    embedded_rows: u64,
    /// Ask the database of an earlier run again, and keep this one's
    #[arg(long)]
    keep: bool,
}

const NAME: &str = "corrente_bench_store";

/// Measures on the server, and beside it on the embedded engine.
pub async fn run(url: Option<&str>, arguments: Arguments) -> Result<()> {
    let server =
        url.context("no server to measure against: run `cargo xtask bench store`, or set BENCH_DATABASE_URL")?;
    let options = PoolOptions { statement_timeout: std::time::Duration::from_hours(1), ..PoolOptions::default() };
    let warehouse = Warehouse::of(arguments.rows);
    let (admin, db) = warehouse.at(server, NAME, arguments.keep, &options).await?;
    let heading = format!("Store, PostgreSQL {}, {} rows of demand, client included", db.version(), warehouse.rows());
    print(&heading, &questions::ask(&db, &warehouse, true).await?);
    db.close().await?;
    if !arguments.keep {
        admin.writer().execute_unprepared(&Warehouse::drop_statement(NAME)).await?;
    }
    if arguments.embedded_rows > 0 {
        let directory = tempfile::tempdir()?;
        let db = ::store::open_embedded(directory.path(), &options).await?;
        let warehouse = Warehouse::of(arguments.embedded_rows);
        warehouse.fill(&db).await?;
        let heading = format!("Store, embedded, {} rows of demand", warehouse.rows());
        print(&heading, &questions::ask(&db, &warehouse, false).await?);
        db.close().await?;
    }
    Ok(())
}
