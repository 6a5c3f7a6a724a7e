//! One file into the database.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, Utc};
use entity::words::{ImportStatus, RejectSeverity};
use serde::Serialize;
use serde_json::json;
use store::Database;
use store::import_runs::{FinishedImportRun, NewImportRun, NewReject};

use super::{LoadError, convert};
use crate::extract::{self, ExtractOptions, Kind, SourceFile};
use crate::transform::{Outcome, TransformOptions, transform};

/// How to take a file.
#[derive(Debug, Clone)]
pub struct ImportOptions {
    /// The kind of table; `None` recognises it.
    pub kind: Option<Kind>,
    /// Keep lines that are exact copies of another.
    pub keep_duplicates: bool,
    /// Read and judge only; nothing is stored.
    pub dry_run: bool,
    /// Who imports, for the run and the audit log.
    pub actor: String,
    /// The clock's now; facts dated after its day are rejected.
    pub now: DateTime<Utc>,
    /// The company's day of `now`.
    pub today: NaiveDate,
}

/// What became of a file. Counts are of source lines: `read = loaded + unchanged + rejected`.
#[derive(Debug, Clone, Serialize)]
pub struct FileReport {
    pub file: String,
    pub kind: String,
    pub read: u64,
    pub loaded: u64,
    pub unchanged: u64,
    pub rejected: u64,
    /// Lines taken with a doubt; a subset of loaded and unchanged.
    pub flagged: u64,
    pub seconds: f64,
    /// Each refused line in a sentence.
    #[serde(skip)]
    pub rejects: Vec<String>,
    /// How many lines carry each flag.
    #[serde(skip)]
    pub flags: Vec<(String, u64)>,
}

/// Reads, judges and stores one file. On an error nothing of it is stored but the failed run.
pub async fn import_file(
    db: &Database,
    path: &Path,
    options: &ImportOptions,
    progress: impl Fn(&str) + Send + Sync + 'static,
) -> Result<FileReport, LoadError> {
    let started = std::time::Instant::now();
    let units = store::items::units(db).await?;
    let (source, outcome) = read(path.to_path_buf(), options, units).await?;
    if !options.dry_run && store::settings::is_demo(db).await? {
        return Err(LoadError::Demo { file: source.name });
    }
    let kind = outcome.kind.map_or_else(|| "NONE".to_owned(), |kind| kind.as_str().to_uppercase());
    progress(&format!("{}: {} lines read, {} rejected", source.name, outcome.read, outcome.rejects.len()));
    let mut report = FileReport {
        file: source.name.clone(),
        kind: kind.clone(),
        read: outcome.read,
        loaded: 0,
        unchanged: 0,
        rejected: outcome.rejects.len() as u64,
        flagged: outcome.flagged(),
        seconds: 0.0,
        rejects: outcome.rejects.iter().map(convert::sentence).collect(),
        flags: convert::counted(&outcome.flags),
    };
    if options.dry_run {
        report.loaded = outcome.accepted();
        report.seconds = started.elapsed().as_secs_f64();
        return Ok(report);
    }
    let run = NewImportRun {
        kind,
        file: source.name.clone(),
        checksum: Some(source.sha256.clone()),
        actor: options.actor.clone(),
        started_at: options.now,
    };
    let run = store::import_runs::start(db, run).await?;
    match merge(db, &source, outcome, run.id, progress).await {
        Ok(changed) => {
            let accepted = report.read - report.rejected;
            report.loaded = changed.min(accepted);
            report.unchanged = accepted - report.loaded;
        }
        Err(error) => {
            // The first error is the one to tell; that the run cannot be closed either follows from it.
            let _ = store::import_runs::finish(db, run.id, failed(options.now, &error)).await;
            return Err(error);
        }
    }
    report.seconds = started.elapsed().as_secs_f64();
    audit(db, options, &report, run.id).await?;
    db.settle().await?;
    Ok(report)
}

async fn read(
    path: PathBuf,
    options: &ImportOptions,
    known_units: HashMap<String, String>,
) -> Result<(SourceFile, Outcome), LoadError> {
    let extract = ExtractOptions { kind: options.kind, ..ExtractOptions::default() };
    let transforming = TransformOptions {
        keep_duplicates: options.keep_duplicates,
        known_units,
        ..TransformOptions::new(options.today)
    };
    let name = path.display().to_string();
    let reading = tokio::task::spawn_blocking(move || -> Result<_, LoadError> {
        let mut source = extract::open(&path, &extract)?;
        let tables = source.read()?;
        let outcome = transform(&source.file.name, &tables, &transforming);
        Ok((source.file, outcome))
    });
    reading.await.map_err(|error| LoadError::Reader { file: name, reason: error.to_string() })?
}

async fn merge(
    db: &Database,
    source: &SourceFile,
    outcome: Outcome,
    run: i64,
    progress: impl Fn(&str) + Send + Sync + 'static,
) -> Result<u64, LoadError> {
    let rejects = outcome.rejects.iter().map(|reject| NewReject {
        severity: RejectSeverity::Reject,
        sheet: reject.sheet.clone(),
        line: reject.line as i64,
        column_name: reject.column.clone(),
        reason: reject.reason.as_str().into(),
        value: Some(reject.value.clone()),
        expected: Some(reject.expected.clone()),
    });
    let flags = outcome.flags.iter().map(|flag| NewReject {
        severity: RejectSeverity::Flag,
        sheet: flag.sheet.clone(),
        line: flag.line as i64,
        column_name: flag.column.clone(),
        reason: flag.reason.as_str().into(),
        value: Some(flag.value.clone()),
        expected: Some(flag.note.clone()),
    });
    let lines: Vec<NewReject> = rejects.chain(flags).collect();
    store::import_runs::insert_rejects(db, run, &lines).await?;
    let load = convert::load(&source.name, outcome, run);
    Ok(store::load::merge(db, load, progress).await?.changed)
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

async fn audit(db: &Database, options: &ImportOptions, report: &FileReport, run: i64) -> Result<(), LoadError> {
    let entry = store::audit::NewEntry {
        at: options.now,
        actor_id: None,
        actor: options.actor.clone(),
        action: "import".into(),
        entity: Some("import_run".into()),
        entity_id: Some(run.to_string()),
        details: json!(report),
        address: None,
        agent: None,
    };
    Ok(store::audit::append(db, vec![entry]).await?)
}
