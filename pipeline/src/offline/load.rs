//! A directory of files made elsewhere into the database: all of it, or nothing.

use std::path::Path;

use chrono::{DateTime, NaiveDate, Utc};
use entity::words::ImportStatus;
use serde::Serialize;
use serde_json::json;
use store::Database;
use store::audit::NewEntry;
use store::import_runs::{FinishedImportRun, NewImportRun};
use store::load::{Offline, OfflineFile as StoredFile, OfflineLoad, OfflineMerged, RunEnd};
use tokio::sync::mpsc;

use super::directory::{self, OfflineFile};
use super::landing::{Counted, Read, Reading};
use crate::extract::{self, ExtractOptions, Source};
use crate::jobs;
use crate::load::{FileReport, LoadError, convert};
use crate::transform::computed::Known;

/// Pieces on their way: enough to keep both ends busy, few enough to be little memory.
const ON_THE_WAY: usize = 4;

/// How to load.
#[derive(Debug, Clone)]
pub struct LoadOptions {
    /// Who loads, for the runs and the audit log.
    pub actor: String,
    pub now: DateTime<Utc>,
    /// The company's day of `now`, the last that key figures may be of.
    pub today: NaiveDate,
    /// Complete runs to keep; of older ones only the accuracy stays.
    pub kept: u32,
}

/// A forecast run that the files held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LoadedRun {
    pub id: i64,
    /// The first day forecast.
    pub origin: NaiveDate,
    /// Days.
    pub horizon: i16,
    pub series: i64,
    /// A stored run said the same already.
    pub unchanged: bool,
    /// Whether it holds every series of the run that was current before.
    pub complete: bool,
    /// Whether it is the run that lists are read from now.
    pub current: bool,
}

/// What became of a directory.
#[derive(Debug, Clone, Serialize)]
pub struct LoadReport {
    pub files: Vec<FileReport>,
    pub runs: Vec<LoadedRun>,
    /// Files of the directory that are no part of the contract.
    #[serde(skip)]
    pub left: Vec<String>,
    pub seconds: f64,
}

impl LoadReport {
    /// Whether anything is other than before.
    pub fn changed(&self) -> bool {
        self.files.iter().any(|file| file.loaded > 0)
    }
}

/// Reads, judges and stores the files of a directory in one transaction. A file that cannot be used as a whole refuses the
/// directory; a line that cannot be used is rejected, stored with its file's run, and keeps no other from being loaded.
pub async fn load_directory(
    db: &Database,
    directory: &Path,
    options: &LoadOptions,
    progress: impl Fn(&str) + Send + Sync + 'static,
) -> Result<LoadReport, LoadError> {
    let started = std::time::Instant::now();
    let (files, left) = directory::files(directory)?;
    let opening = tokio::task::spawn_blocking(move || open(files));
    let sources =
        opening.await.map_err(|error| LoadError::Reader { file: "the files".into(), reason: error.to_string() })??;
    let named: Vec<(OfflineFile, String)> =
        sources.iter().map(|(file, source)| (*file, source.file.name.clone())).collect();
    let mut runs = Vec::with_capacity(sources.len());
    for (file, source) in &sources {
        let run = NewImportRun {
            kind: file.kind(),
            file: source.file.name.clone(),
            checksum: Some(source.file.sha256.clone()),
            actor: options.actor.clone(),
            started_at: options.now,
        };
        runs.push(store::import_runs::start(db, run).await?.id);
    }
    // On a task of its own: a caller that goes away must not leave a half-spoken COPY on a pooled connection.
    let loading = tokio::spawn(load(db.clone(), sources, runs.clone(), options.clone(), progress));
    let loaded =
        loading.await.map_err(|error| LoadError::Reader { file: "the files".into(), reason: error.to_string() });
    let (read, merged) = match loaded.and_then(|loaded| loaded) {
        Ok(loaded) => loaded,
        Err(error) => {
            for run in runs {
                // The first error is the one to tell; that a run cannot be closed either follows from it.
                let _ = store::import_runs::finish(db, run, failed(options.now, &error)).await;
            }
            return Err(error);
        }
    };
    let mut touched = merged.touched.clone();
    if !merged.runs.is_empty() && !store::forecasts::prune_runs(db, options.kept.into()).await?.is_empty() {
        touched.extend(["forecasts", "forecast_series", "forecast_totals"].map(|table| format!("analytics.{table}")));
    }
    store::load::settle_tables(db, &touched).await?;
    let seconds = started.elapsed().as_secs_f64();
    let files = named.into_iter().zip(&read.files).zip(&merged.changed);
    Ok(LoadReport {
        files: files.map(|(((file, name), counted), changed)| report(file, name, counted, *changed, seconds)).collect(),
        runs: read.runs.iter().zip(&merged.runs).map(|(run, end)| loaded_run(run, *end)).collect(),
        left,
        seconds,
    })
}

fn open(files: Vec<(OfflineFile, std::path::PathBuf)>) -> Result<Vec<(OfflineFile, Source)>, LoadError> {
    files
        .into_iter()
        .map(|(file, path)| {
            let source = extract::open(&path, &ExtractOptions::default())?;
            file.check(&source.file.name, source.kind)?;
            Ok((file, source))
        })
        .collect()
}

async fn load(
    db: Database,
    sources: Vec<(OfflineFile, Source)>,
    runs: Vec<i64>,
    options: LoadOptions,
    progress: impl Fn(&str) + Send + Sync + 'static,
) -> Result<(Read, OfflineMerged), LoadError> {
    let named: Vec<(OfflineFile, String)> =
        sources.iter().map(|(file, source)| (*file, source.file.name.clone())).collect();
    let names: Vec<&str> = named.iter().map(|(_, name)| name.as_str()).collect();
    progress(&format!("reading {}", names.join(", ")));
    let forecasts = named.iter().any(|(file, _)| *file == OfflineFile::Forecasts);
    let classes = if forecasts { jobs::classes(&db).await? } else { std::collections::HashMap::new() };
    let mut offline = Offline::begin(&db, &progress).await?;
    let stored = offline.stored().await?;
    let known = Known { items: stored.items, sites: stored.sites, families: stored.families, regions: stored.regions };
    let (sender, mut pieces) = mpsc::channel(ON_THE_WAY);
    let reading = Reading { sources, known, classes, today: options.today, sender };
    let reading = tokio::task::spawn_blocking(move || reading.run());
    // When a piece is refused the channel closes with it, and the reader ends at its next one.
    while let Some(piece) = pieces.recv().await {
        offline.land(piece).await?;
    }
    let read =
        reading.await.map_err(|error| LoadError::Reader { file: "the files".into(), reason: error.to_string() })??;
    progress("merging");
    let files = named.iter().zip(&read.files).zip(runs);
    let load = OfflineLoad {
        runs: read.runs.clone(),
        files: files.map(|(((file, name), counted), run)| stored_file(*file, name, counted, run, &options)).collect(),
        now: options.now,
    };
    let merged = offline.finish(&load).await?;
    Ok((read, merged))
}

fn stored_file(file: OfflineFile, name: &str, counted: &Counted, run: i64, options: &LoadOptions) -> StoredFile {
    StoredFile {
        run,
        read: counted.read,
        rejected: counted.rejected,
        flagged: counted.flagged,
        kpis: counted.kpis.clone(),
        audit: NewEntry {
            at: options.now,
            actor_id: None,
            actor: options.actor.clone(),
            action: "load".into(),
            entity: Some("import_run".into()),
            entity_id: Some(run.to_string()),
            details: json!({"file": name, "kind": file.kind()}),
            address: None,
            agent: None,
        },
    }
}

fn failed(now: DateTime<Utc>, error: &LoadError) -> FinishedImportRun {
    FinishedImportRun {
        status: ImportStatus::Failed,
        read_lines: 0,
        loaded_lines: 0,
        unchanged_lines: 0,
        rejected_lines: 0,
        flagged_lines: 0,
        finished_at: now,
        seconds: 0.0,
        message: Some(error.to_string()),
    }
}

fn report(file: OfflineFile, name: String, counted: &Counted, changed: u64, seconds: f64) -> FileReport {
    let most_first = |counts: &std::collections::BTreeMap<&'static str, u64>| {
        let mut counts: Vec<(String, u64)> =
            counts.iter().map(|(reason, count)| ((*reason).to_owned(), *count)).collect();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        counts
    };
    FileReport {
        kind: file.kind(),
        read: counted.read,
        loaded: changed,
        unchanged: (counted.read - counted.rejected).saturating_sub(changed),
        rejected: counted.rejected,
        flagged: counted.flagged,
        seconds,
        rejects: counted.told.iter().map(|reject| convert::sentence(&name, reject)).collect(),
        refusals: most_first(&counted.refusals),
        flags: most_first(&counted.flags),
        file: name,
    }
}

fn loaded_run(run: &store::load::OfflineRun, end: RunEnd) -> LoadedRun {
    LoadedRun {
        id: end.id,
        origin: run.origin,
        horizon: run.horizon,
        series: run.series,
        unchanged: end.unchanged,
        complete: end.complete,
        current: end.current,
    }
}
