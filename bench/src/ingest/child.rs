//! One load in a process of its own.

use std::path::Path;

use ::store::{Database, PoolOptions};
use anyhow::{Context as _, Result};
use pipeline::load::{FileReport, ImportOptions, import_file};

/// How a load went.
#[derive(Debug, Clone, Copy)]
pub struct Loaded {
    pub read: u64,
    pub changed: u64,
    pub unchanged: u64,
    pub seconds: f64,
    /// The most memory that the process ever had, in megabytes.
    pub peak: f64,
}

impl Loaded {
    /// As [`run`] prints it.
    pub fn parse(line: &str) -> Result<Self> {
        let numbers = line.split_whitespace().map(str::parse).collect::<Result<Vec<f64>, _>>()?;
        let [read, changed, unchanged, seconds, peak] = numbers[..] else { anyhow::bail!("not figures: {line}") };
        Ok(Self { read: read as u64, changed: changed as u64, unchanged: unchanged as u64, seconds, peak })
    }
}

/// Loads `file` and prints the figures as one line.
pub async fn run(url: Option<&str>, directory: Option<&Path>, file: &Path) -> Result<()> {
    let db = match (directory, url) {
        (Some(directory), _) => {
            let db = ::store::open_embedded(directory, &PoolOptions::default()).await?;
            migration::up(db.writer()).await?;
            db
        }
        (None, Some(url)) => Database::connect(url, &PoolOptions::default()).await?,
        (None, None) => anyhow::bail!("neither an address nor a directory to load into"),
    };
    let report = import(&db, file).await?;
    let FileReport { read, loaded, unchanged, seconds, .. } = report;
    println!("{read} {loaded} {unchanged} {seconds} {}", peak()?);
    db.close().await?;
    Ok(())
}

/// Loads a file as `corrente import` does.
pub async fn import(db: &Database, file: &Path) -> Result<FileReport> {
    let now = super::now();
    let options = ImportOptions {
        reading: pipeline::extract::ExtractOptions::default(),
        keep_duplicates: false,
        dry_run: false,
        actor: "bench".into(),
        now,
        today: now.date_naive(),
    };
    Ok(import_file(db, file, &options, |_| {}).await?)
}

/// `VmHWM` of this process, in megabytes.
fn peak() -> Result<f64> {
    let status =
        std::fs::read_to_string("/proc/self/status").context("this system does not tell a process's memory")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
    let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kilobytes / 1024.0)
}
