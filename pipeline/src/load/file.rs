//! One file into the database.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use entity::words::ImportStatus;
use serde::Serialize;
use serde_json::json;
use store::Database;
use store::import_runs::{FinishedImportRun, NewImportRun};
use store::load::{Ending, Load, Loader, Merged};

use super::stream::{Streamed, stream, streams};
use super::{LoadError, convert};
use crate::extract::{self, ExtractError, ExtractOptions, Kind, Source};
use crate::transform::{TransformOptions, transform};

/// How to take a file.
#[derive(Debug, Clone)]
pub struct ImportOptions {
    /// What the caller knows about the file: its kind, how it is written, whose layout it has.
    pub reading: ExtractOptions,
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
    /// The first refused lines, each in a sentence; all are stored with the run.
    #[serde(skip)]
    pub rejects: Vec<String>,
    /// How many lines were refused for each reason, most first.
    #[serde(skip)]
    pub refusals: Vec<(String, u64)>,
    /// How many lines carry each flag, most first.
    #[serde(skip)]
    pub flags: Vec<(String, u64)>,
}

/// Where the words about a load go, and of which file they are.
pub(super) struct Telling {
    pub file: String,
    progress: Box<dyn Fn(&str) + Send + Sync>,
}

impl Telling {
    pub fn say(&self, line: &str) {
        (self.progress)(line);
    }
}

/// Reads, judges and stores one file. On an error nothing of it is stored but the failed run.
pub async fn import_file(
    db: &Database,
    path: &Path,
    options: &ImportOptions,
    progress: impl Fn(&str) + Send + Sync + 'static,
) -> Result<FileReport, LoadError> {
    let started = std::time::Instant::now();
    let source = open(path.to_path_buf(), options).await?;
    let (file, kind) = (source.file.name.clone(), source.kind.as_str().to_uppercase());
    if !options.dry_run && store::settings::is_demo(db).await? {
        return Err(LoadError::Demo { file });
    }
    let tell = Arc::new(Telling { file: file.clone(), progress: Box::new(progress) });
    let run = if options.dry_run { None } else { Some(begin(db, &source, options, &kind).await?) };
    let books = Books {
        run,
        audit: run.map(|run| entry(options, &file, &kind, run)),
        ending: if options.dry_run { Ending::Discard } else { Ending::Keep },
    };
    let transforming =
        TransformOptions { keep_duplicates: options.keep_duplicates, ..TransformOptions::new(options.today) };
    // On a task of its own: a caller that goes away must not leave a half-spoken COPY on a pooled connection.
    let loading = tokio::spawn(load(db.clone(), source, transforming, books, tell));
    let loaded = loading.await.map_err(|error| LoadError::Reader { file: file.clone(), reason: error.to_string() });
    let merged = match loaded.and_then(|loaded| loaded) {
        Ok(merged) => merged,
        Err(error) => {
            if let Some(run) = run {
                // The first error is the one to tell; that the run cannot be closed either follows from it.
                let _ = store::import_runs::finish(db, run, failed(options.now, &error)).await;
            }
            return Err(error);
        }
    };
    if !options.dry_run {
        store::load::settle(db, &merged).await?;
    }
    Ok(FileReport {
        rejects: merged.rejects.iter().map(|reject| convert::sentence(&file, reject)).collect(),
        file,
        kind,
        read: merged.read,
        loaded: merged.changed,
        unchanged: merged.unchanged,
        rejected: merged.rejected,
        flagged: merged.flagged,
        seconds: started.elapsed().as_secs_f64(),
        refusals: merged.refusals,
        flags: merged.flags,
    })
}

/// What is written beside the data, and whether any of it stays.
struct Books {
    run: Option<i64>,
    audit: Option<store::audit::NewEntry>,
    ending: Ending,
}

async fn open(path: PathBuf, options: &ImportOptions) -> Result<Source, LoadError> {
    let reading = options.reading.clone();
    let name = path.display().to_string();
    let opening = tokio::task::spawn_blocking(move || extract::open(&path, &reading));
    let source = opening.await.map_err(|error| LoadError::Reader { file: name, reason: error.to_string() })??;
    match source.kind {
        kind if kind.is_computed() => {
            let what = match kind {
                Kind::Features => "features",
                Kind::Kpis => "key figures",
                _ => "forecasts",
            };
            Err(ExtractError::Computed { file: source.file.name, what }.into())
        }
        _ => Ok(source),
    }
}

/// Opens the run.
async fn begin(db: &Database, source: &Source, options: &ImportOptions, kind: &str) -> Result<i64, LoadError> {
    let run = NewImportRun {
        kind: kind.to_owned(),
        file: source.file.name.clone(),
        checksum: Some(source.file.sha256.clone()),
        actor: options.actor.clone(),
        started_at: options.now,
    };
    Ok(store::import_runs::start(db, run).await?.id)
}

async fn load(
    db: Database,
    source: Source,
    mut options: TransformOptions,
    books: Books,
    tell: Arc<Telling>,
) -> Result<Merged, LoadError> {
    let say = |line: &str| tell.say(line);
    tell.say(&format!("{}: reading", tell.file));
    let mut loader = Loader::begin(&db, &say).await?;
    // Asked once nobody else can load: what an earlier load brought is known.
    options.known_units = loader.units().await?;
    options.only_known_items = !matches!(source.kind, Kind::Purchases);
    let close = |load: Load| Load { run: books.run, audit: books.audit.clone(), ..load };
    if streams(source.kind) {
        let Streamed { load, mut codes } = stream(&mut loader, source, options, Arc::clone(&tell)).await?;
        return Ok(loader.finish(&close(load), &mut codes, books.ending, &say).await?);
    }
    let load = close(whole(source, options).await?);
    tell.say(&format!("{}: {} lines read", tell.file, load.read.unwrap_or_default()));
    Ok(loader.take(&load, books.ending, &say).await?)
}

/// Reads a file of a kind whose rules need to see all lines at once.
async fn whole(mut source: Source, options: TransformOptions) -> Result<Load, LoadError> {
    let file = source.file.name.clone();
    let name = file.clone();
    let reading = tokio::task::spawn_blocking(move || -> Result<_, LoadError> {
        let tables = source.read()?;
        let outcome = transform(&name, &tables, &options);
        drop(tables);
        Ok(convert::load(&name, outcome))
    });
    reading.await.map_err(|error| LoadError::Reader { file, reason: error.to_string() })?
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

/// The audit log's entry, to which the load adds its counts.
fn entry(options: &ImportOptions, file: &str, kind: &str, run: i64) -> store::audit::NewEntry {
    store::audit::NewEntry {
        at: options.now,
        actor_id: None,
        actor: options.actor.clone(),
        action: "import".into(),
        entity: Some("import_run".into()),
        entity_id: Some(run.to_string()),
        details: json!({"file": file, "kind": kind}),
        address: None,
        agent: None,
    }
}
