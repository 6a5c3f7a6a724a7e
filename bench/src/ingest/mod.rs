//! Rows a second from a file to queryable tables, rollups included, on both engines; and how much memory that takes.
//!
//! Each load runs in a process of its own, so that its peak of memory is the loader's and nobody else's.

mod child;
mod files;
mod workbook;

use std::path::Path;
use std::process::Command;

use ::store::{Database, PoolOptions};
use anyhow::{Context as _, Result, bail, ensure};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};

use crate::table::{Goal, Row, print};
use child::Loaded;
use files::{Company, Format};

/// What to measure with.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Demand rows of the native measurement
    #[arg(long, default_value = "10000000")]
    rows: usize,
    /// Demand rows of the embedded measurement
    #[arg(long, default_value = "1000000")]
    embedded_rows: usize,
    /// One native and no embedded load, for a quick look
    #[arg(long)]
    quick: bool,
    /// Used by the measurement itself: load this file and tell how it went
    #[arg(long, hide = true, value_name = "FILE")]
    child: Option<std::path::PathBuf>,
    /// Used by the measurement itself: the embedded database's directory
    #[arg(long, hide = true, value_name = "DIR")]
    directory: Option<std::path::PathBuf>,
}

/// A moment after every generated row.
fn now() -> DateTime<Utc> {
    NaiveDate::from_ymd_opt(2026, 1, 1).and_then(|day| day.and_hms_opt(12, 0, 0)).unwrap_or_default().and_utc()
}

/// Measures CSV and Parquet, first and again.
pub async fn run(url: Option<&str>, arguments: Arguments) -> Result<()> {
    if let Some(file) = &arguments.child {
        return child::run(url, arguments.directory.as_deref(), file).await;
    }
    let server =
        url.context("no server to measure against: run `cargo xtask bench ingest`, or set BENCH_DATABASE_URL")?;
    let folder = tempfile::tempdir()?;
    let company = Company::new(arguments.rows);
    let mut rows = Vec::new();
    for format in if arguments.quick { vec![Format::Csv] } else { vec![Format::Csv, Format::Parquet] } {
        let file = company.write(format, folder.path())?;
        println!("{} of {} rows: {} MB", format.name(), company.rows, std::fs::metadata(&file)?.len() / 1_000_000);
        let own = fresh(server).await?;
        prepare(&own, folder.path()).await?;
        let place = Place::Native(&own);
        let (first, again) = (load(&place, &file)?, load(&place, &file)?);
        judge(&own, &company, first, again).await?;
        rows.extend(figures(format.name(), first, again, true));
        std::fs::remove_file(file)?;
    }
    if !arguments.quick {
        rows.push(from_workbook(server, folder.path()).await?);
    }
    print(&format!("Ingest, native, {} rows of demand, client included", company.rows), &rows);
    if !arguments.quick {
        embedded(arguments.embedded_rows, folder.path())?;
    }
    Ok(())
}

/// A workbook cannot be as long; what matters is its memory against its size.
async fn from_workbook(server: &str, folder: &Path) -> Result<Row> {
    let file = workbook::write(folder)?;
    let size = std::fs::metadata(&file)?.len() as f64 / f64::from(1 << 20);
    let own = fresh(server).await?;
    prepare(&own, folder).await?;
    let loaded = load(&Place::Native(&own), &file)?;
    ensure!(loaded.changed == workbook::ROWS as u64, "not everything was loaded: {loaded:?}");
    let what = format!("workbook of {} rows, {size:.0} MB: peak memory", workbook::ROWS);
    std::fs::remove_file(file)?;
    Ok(Row { what, figure: loaded.peak / size, unit: "x size", goal: Goal::AtMost(10.0) })
}

/// The same on the embedded engine, with fewer rows.
fn embedded(rows: usize, folder: &Path) -> Result<()> {
    let company = Company::new(rows);
    let place = Place::Embedded(folder.join("embedded"));
    let items = Company::items(folder)?;
    load(&place, &items)?;
    let file = company.write(Format::Csv, folder)?;
    let (first, again) = (load(&place, &file)?, load(&place, &file)?);
    ensure!(first.changed == rows as u64 && again.unchanged == rows as u64, "{first:?}, then {again:?}");
    print(&format!("Ingest, embedded, {rows} rows of demand"), &figures("CSV", first, again, false));
    Ok(())
}

/// Where to load.
enum Place<'p> {
    Native(&'p str),
    Embedded(std::path::PathBuf),
}

/// Loads in a process of its own.
fn load(place: &Place<'_>, file: &Path) -> Result<Loaded> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["ingest", "--child"]).arg(file).env_remove("BENCH_DATABASE_URL");
    match place {
        Place::Native(url) => command.args(["--database-url", url]),
        Place::Embedded(directory) => command.arg("--directory").arg(directory),
    };
    let output = command.stderr(std::process::Stdio::inherit()).output()?;
    let told = String::from_utf8(output.stdout)?;
    match (output.status.success(), told.lines().last()) {
        (true, Some(line)) => Loaded::parse(line),
        _ => bail!("loading {} failed", file.display()),
    }
}

fn figures(format: &str, first: Loaded, again: Loaded, native: bool) -> Vec<Row> {
    let rate = |loaded: Loaded| loaded.read as f64 / loaded.seconds;
    let goal = |goal| if native { goal } else { Goal::None };
    let row = |what: &str, figure, unit, goal| Row { what: format!("{format}: {what}"), figure, unit, goal };
    vec![
        row("until queryable, rollups fresh", rate(first), "rows/s", goal(Goal::AtLeast(200_000.0))),
        row("identical again, nothing changed", rate(again), "rows/s", goal(Goal::AtLeast(400_000.0))),
        row("loader's peak memory", first.peak.max(again.peak), "MB", goal(Goal::AtMost(300.0))),
    ]
}

/// An empty, migrated database on the server; answers its address.
async fn fresh(server: &str) -> Result<String> {
    let name = "corrente_bench_ingest";
    let admin = Database::connect(server, &PoolOptions::default()).await?;
    admin.writer().execute_unprepared(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await?;
    admin.writer().execute_unprepared(&format!("CREATE DATABASE {name}")).await?;
    admin.close().await?;
    let (base, _) = server.rsplit_once('/').context("the server's address has no database")?;
    let url = format!("{base}/{name}");
    let db = Database::connect(&url, &PoolOptions::default()).await?;
    migration::up(db.writer()).await?;
    db.close().await?;
    Ok(url)
}

/// The items that the rows refer to.
async fn prepare(url: &str, folder: &Path) -> Result<()> {
    let db = Database::connect(url, &PoolOptions::default()).await?;
    child::import(&db, &Company::items(folder)?).await?;
    db.close().await?;
    Ok(())
}

/// A figure counts only when the tables hold what was written, in facts and in both rollups.
async fn judge(url: &str, company: &Company, first: Loaded, again: Loaded) -> Result<()> {
    let rows = company.rows as u64;
    ensure!(first.changed == rows && first.unchanged == 0, "not everything was loaded: {first:?}");
    ensure!(again.unchanged == rows && again.changed == 0, "an identical load changed something: {again:?}");
    let db = Database::connect(url, &PoolOptions::default()).await?;
    for table in ["fact_demand_daily", "demand_weekly", "demand_monthly"] {
        let sql = format!("SELECT sum(quantity)::float8 FROM core.{table}");
        let sum = db.reader().query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
        let sum: f64 = sum.context("no sum")?.try_get_by_index(0)?;
        ensure!((sum - company.quantity as f64).abs() < 0.5, "core.{table} sums to {sum}, not {}", company.quantity);
    }
    db.close().await?;
    Ok(())
}
