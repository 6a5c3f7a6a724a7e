//! `corrente load`: forecasts, features and key figures that were made elsewhere.

use std::path::PathBuf;

use anyhow::Result;
use pipeline::load::FileReport;
use pipeline::offline::{LoadOptions, LoadReport, LoadedRun, load_directory};
use serde_json::json;

use crate::context::Context;
use crate::{jobs, output};

/// Refused lines shown of each file; all of them are stored with the run.
const REASONS: usize = 20;

/// What to load.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The directory with forecasts, features and kpis, each as .parquet, .csv or .json
    #[arg(value_name = "DIR")]
    directory: PathBuf,
    /// Exit with 3 when more lines than this are rejected
    #[arg(long, value_name = "N")]
    max_rejects: Option<u64>,
    /// Print one JSON object, last
    #[arg(long)]
    json: bool,
}

/// Loads the directory, then recomputes what rests on forecasts.
pub async fn run(context: &Context, arguments: &Arguments) -> Result<u8> {
    let options = LoadOptions {
        actor: "corrente load".into(),
        now: context.now(),
        today: context.today(),
        kept: context.config.forecast_runs_kept,
    };
    let progress = context.progress();
    let telling = progress.clone();
    let directory = context.path(&arguments.directory);
    let loaded = load_directory(&context.db, &directory, &options, move |line: &str| telling.say(line)).await;
    progress.finish();
    let report = loaded?;
    tell(context, arguments.json, &report);
    jobs::judge_imports(&context.db, &context.config).await?;
    let mut failed = false;
    if report.changed()
        && jobs::overdue(&context.db).await?
        && let Err(error) = jobs::refresh(&context.db, &context.config).await
    {
        failed = true;
        let error = output::sentence(&error);
        context.out.err(&format!("error: the files are loaded, but KPIs and views are not refreshed: {error}"));
    }
    if arguments.json {
        context.say(json!({"files": report.files, "runs": report.runs}).to_string());
    }
    let rejected: u64 = report.files.iter().map(|file| file.rejected).sum();
    Ok(match arguments.max_rejects {
        _ if failed => 1,
        Some(most) if rejected > most => 3,
        _ => 0,
    })
}

fn tell(context: &Context, json: bool, report: &LoadReport) {
    // Beside a JSON object, words are for people only.
    let say = |line: String| if json { context.out.err(&line) } else { context.out.out(&line) };
    for name in &report.left {
        context.out.err(&format!("{name}: left alone, it is no part of the contract"));
    }
    for file in &report.files {
        file_lines(file, &say);
    }
    for run in &report.runs {
        say(run_line(run));
    }
    if !report.changed() {
        say("nothing has changed: all of it was stored already, or was rejected".into());
    }
}

fn file_lines(file: &FileReport, say: &impl Fn(String)) {
    say(format!(
        "{}: {} lines read: {} loaded, {} unchanged, {} rejected, {} flagged ({:.1} s)",
        file.file, file.read, file.loaded, file.unchanged, file.rejected, file.flagged, file.seconds
    ));
    for reject in file.rejects.iter().take(REASONS) {
        say(format!("  rejected: {reject}"));
    }
    let more = file.rejected.saturating_sub(REASONS as u64);
    if more > 0 {
        let reasons: Vec<String> = file.refusals.iter().map(|(reason, lines)| format!("{lines} {reason}")).collect();
        say(format!("  ... and {more} more: {} in all; every one is stored with the import run", reasons.join(", ")));
    }
    for (flag, lines) in &file.flags {
        say(format!("  flagged: {flag} on {lines} line(s)"));
    }
}

fn run_line(run: &LoadedRun) -> String {
    let what = format!("{} series from {} on, {} days", run.series, run.origin, run.horizon);
    let stands = if run.unchanged {
        "it is stored already"
    } else if run.current {
        "the current run now"
    } else if run.complete {
        "a run of newer data stands before it"
    } else {
        "it counts for its own series; all others keep their forecasts"
    };
    format!("run {}: {what}: {stands}", run.id)
}
