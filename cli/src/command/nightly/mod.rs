//! `corrente nightly`: what is in the inbox, forecasts, figures, and a backup, one after the other.
//!
//! A step that fails keeps no other from being tried; the run then fails as a whole, and an alert says where until one
//! succeeds. Never here: what a file means, or how anything is computed. Start at [`run`].

mod backups;
mod inbox;

use std::time::Instant;

use anyhow::{Result, bail};
use pipeline::jobs::JobError;
use pipeline::load::{FileReport, ImportOptions, LoadError, import_file};
use serde::Serialize;
use serde_json::{Value as Json, json};
use store::audit::NewEntry;

use crate::context::Context;
use crate::{jobs, output};
use inbox::{Inbox, Waiting};

/// What the run tells.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Print one JSON object last
    #[arg(long)]
    json: bool,
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Done,
    Skipped,
    Failed,
}

/// A step and what it says.
#[derive(Debug, Clone, Serialize)]
struct Step {
    #[serde(rename = "step")]
    name: &'static str,
    state: State,
    message: String,
    seconds: f64,
}

/// What a step came to, other than an error.
enum Came {
    Done(String),
    /// There was nothing to do, or it is switched off.
    Skipped(String),
}

/// Runs every step; answers 1 when one of them failed.
pub async fn run(context: &Context, arguments: &Arguments) -> Result<u8> {
    let directory = &context.config.nightly.inbox;
    let inbox = Inbox::hold(directory);
    if let Ok(None) = inbox {
        bail!("another nightly run is at work in {}; try again when it has ended", directory.display());
    }
    let mut night = Night { context, json: arguments.json, steps: Vec::new(), files: Vec::new(), backup: Json::Null };
    let started = Instant::now();
    let imported = match inbox {
        Ok(Some(inbox)) => night.import(&inbox).await,
        Ok(None) => Ok(Came::Skipped(String::new())),
        Err(error) => Err(error),
    };
    night.tell("import", started, imported);
    let started = Instant::now();
    let forecast = night.forecast().await;
    night.tell("forecast", started, forecast);
    let started = Instant::now();
    let refreshed = night.refresh().await;
    night.tell("refresh", started, refreshed);
    let started = Instant::now();
    let backup = night.back_up().await;
    night.tell("backup", started, backup);
    night.end().await
}

/// A run, and what is known of it so far.
struct Night<'a> {
    context: &'a Context,
    json: bool,
    steps: Vec<Step>,
    files: Vec<Json>,
    backup: Json,
}

impl Night<'_> {
    /// A line for people; beside a JSON object they read standard error.
    fn say(&self, line: &str) {
        if self.json { self.context.out.err(line) } else { self.context.out.out(line) }
    }

    fn tell(&mut self, step: &'static str, started: Instant, came: Result<Came>) {
        let (state, message) = match came {
            Ok(Came::Done(message)) => (State::Done, message),
            Ok(Came::Skipped(message)) => (State::Skipped, message),
            Err(error) => (State::Failed, output::sentence(&error)),
        };
        match state {
            State::Done => self.say(&format!("{step}: {message}")),
            State::Skipped => self.say(&format!("{step}: skipped, {message}")),
            State::Failed => self.context.out.err(&format!("error: {step} failed: {message}")),
        }
        self.steps.push(Step { name: step, state, message, seconds: started.elapsed().as_secs_f64() });
    }

    /// Imports each file on its own, and moves it out of the way. What is not the file's fault leaves it for the next run.
    async fn import(&mut self, inbox: &Inbox) -> Result<Came> {
        let waiting = inbox.waiting()?;
        if waiting.is_empty() {
            return Ok(Came::Skipped("the inbox is empty".into()));
        }
        let mut faults = Vec::new();
        let (mut loaded, mut rejected) = (0, 0);
        for file in &waiting {
            let name = file.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let (moved, report) = match self.take(file).await {
                Ok(report) => {
                    loaded += report.loaded;
                    rejected += report.rejected;
                    self.say(&format!(
                        "{}: {} lines read: {} loaded, {} unchanged, {} rejected, {} flagged ({:.1} s)",
                        report.file,
                        report.read,
                        report.loaded,
                        report.unchanged,
                        report.rejected,
                        report.flagged,
                        report.seconds
                    ));
                    (inbox.done(file, self.context.now()).map(Some), serde_json::to_value(&report)?)
                }
                Err(error) => {
                    let reason = output::sentence(&error);
                    let moved =
                        if is_the_files(&error) { inbox.failed(file, self.context.now()).map(Some) } else { Ok(None) };
                    faults.push(if reason.contains(&name) { reason.clone() } else { format!("{name}: {reason}") });
                    (moved, json!({ "file": name, "error": reason }))
                }
            };
            let moved = moved.unwrap_or_else(|error| {
                faults.push(output::sentence(&error));
                None
            });
            let mut report = report;
            report["movedTo"] = json!(moved);
            self.files.push(report);
        }
        // Also when every line was rejected: that is what the alert is for.
        jobs::judge_imports(&self.context.db, &self.context.config).await?;
        if !faults.is_empty() {
            bail!("{} of {} file(s): {}", faults.len(), waiting.len(), faults.join("; "));
        }
        Ok(Came::Done(format!("{} file(s), {loaded} lines loaded, {rejected} rejected", waiting.len())))
    }

    async fn take(&self, file: &Waiting) -> Result<FileReport> {
        let context = self.context;
        let options = ImportOptions {
            reading: file.reading()?,
            keep_duplicates: false,
            dry_run: false,
            actor: "corrente nightly".into(),
            now: context.now(),
            today: context.today(),
        };
        let progress = context.progress();
        let telling = progress.clone();
        let imported = import_file(&context.db, &file.path, &options, move |line: &str| telling.say(line)).await;
        progress.finish();
        Ok(imported?)
    }

    /// Forecasts where the server may, and where there is anything that the last forecast did not see.
    async fn forecast(&self) -> Result<Came> {
        let context = self.context;
        if jobs::may_forecast(&context.config).is_err() {
            return Ok(Came::Skipped("ENABLE_ML_PROCESSING is false".into()));
        }
        if jobs::forecast_is_current(&context.db).await? {
            return Ok(Came::Skipped("nothing has changed since the last forecast".into()));
        }
        let progress = context.progress();
        let done = jobs::forecast(&context.db, &context.config, jobs::Wanted::default(), &progress).await;
        progress.finish();
        without_demand(done)
    }

    async fn refresh(&self) -> Result<Came> {
        without_demand(jobs::refresh(&self.context.db, &self.context.config).await)
    }

    async fn back_up(&mut self) -> Result<Came> {
        let (context, nightly) = (self.context, &self.context.config.nightly);
        if nightly.backups_kept == 0 {
            return Ok(Came::Skipped("CORRENTE_BACKUPS_KEPT is 0".into()));
        }
        let file = backups::file(&nightly.backup_dir, context.now())?;
        let progress = context.progress();
        let written = store::backup::to_file(&context.db, &file, context.now(), progress.telling("rows")).await;
        progress.finish();
        let manifest = written?;
        let bytes = file.metadata()?.len();
        self.backup = json!({ "file": file, "bytes": bytes, "rows": manifest.rows(), "sha256": manifest.sha256 });
        // Only once there is a new one.
        let gone = backups::prune(&nightly.backup_dir, nightly.backups_kept)?;
        Ok(Came::Done(format!(
            "{}: {} rows, {bytes} bytes; {gone} old backup(s) removed",
            file.display(),
            manifest.rows()
        )))
    }

    /// Keeps the alert true, writes the audit log, and tells the end.
    async fn end(mut self) -> Result<u8> {
        let started = Instant::now();
        let context = self.context;
        if let Err(error) = self.note().await {
            // A database that is away takes neither alert nor audit: the exit code and this line have to do.
            self.tell("note", started, Err(error));
        }
        let failed: Vec<&str> = self.failed().map(|step| step.name).collect();
        if failed.is_empty() {
            self.say("the nightly run succeeded");
        } else {
            context.out.err(&format!("the nightly run failed at: {}", failed.join(", ")));
        }
        if self.json {
            let report = json!({ "steps": self.steps, "files": self.files, "backup": self.backup, "failed": failed });
            context.say(report.to_string());
        }
        Ok(u8::from(!failed.is_empty()))
    }

    fn failed(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| step.state == State::Failed)
    }

    async fn note(&self) -> Result<()> {
        let db = &self.context.db;
        let faults: Vec<(&str, String)> = self.failed().map(|step| (step.name, step.message.clone())).collect();
        let told = if faults.is_empty() {
            pipeline::jobs::nightly_done(db).await
        } else {
            pipeline::jobs::nightly_failed(db, &faults).await
        };
        let states: serde_json::Map<String, Json> =
            self.steps.iter().map(|step| (step.name.to_owned(), json!(step.state))).collect();
        let entry = NewEntry {
            at: self.context.now(),
            actor_id: None,
            actor: "corrente nightly".into(),
            action: "nightly".into(),
            entity: None,
            entity_id: None,
            details: json!({ "steps": states, "files": self.files.len() }),
            address: None,
            agent: None,
        };
        store::audit::append(db, vec![entry]).await?;
        Ok(told?)
    }
}

/// A company without any demand has nothing to compute yet, which is no failure.
fn without_demand(done: Result<String>) -> Result<Came> {
    match done {
        Ok(message) => Ok(Came::Done(message)),
        Err(error) if matches!(error.downcast_ref::<JobError>(), Some(JobError::NoDemand)) => {
            Ok(Came::Skipped("there is no demand yet".into()))
        }
        Err(error) => Err(error),
    }
}

/// Whether an import failed because of the file itself; else it may well succeed the next time.
fn is_the_files(error: &anyhow::Error) -> bool {
    // What is no load error is a mapping that makes no sense.
    let load = error.downcast_ref::<LoadError>();
    load.is_none_or(|error| matches!(error, LoadError::File(_) | LoadError::Reader { .. }))
}
