//! `corrente import`: files in, counts and reasons out.

use std::path::PathBuf;

use anyhow::Result;
use api::app::Event;
use clap::ValueEnum;
use pipeline::extract::Kind;
use pipeline::load::{FileReport, ImportOptions, import_file};
use serde_json::json;

use crate::context::Context;
use crate::{jobs, output};

/// Reasons shown of each file; all of them are stored with the run.
const REASONS: usize = 20;

/// Which files, and how.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// xlsx, csv or parquet
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What the tables hold
    #[arg(long, value_enum, default_value = "auto")]
    kind: Wanted,
    /// Keep lines that are exact copies of another
    #[arg(long)]
    keep_duplicates: bool,
    /// Read and judge only; nothing is stored
    #[arg(long)]
    dry_run: bool,
    /// Exit with 3 when more lines than this are rejected
    #[arg(long, value_name = "N")]
    max_rejects: Option<u64>,
    /// Print one JSON object, last
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Wanted {
    Auto,
    Purchases,
    Items,
    Demand,
    Inventory,
    Orders,
    Indicators,
}

impl From<Wanted> for Option<Kind> {
    fn from(wanted: Wanted) -> Self {
        match wanted {
            Wanted::Auto => None,
            Wanted::Purchases => Some(Kind::Purchases),
            Wanted::Items => Some(Kind::Items),
            Wanted::Demand => Some(Kind::Demand),
            Wanted::Inventory => Some(Kind::Inventory),
            Wanted::Orders => Some(Kind::Orders),
            Wanted::Indicators => Some(Kind::Indicators),
        }
    }
}

/// Imports each file on its own; one that cannot be used keeps no other from being loaded.
pub async fn run(context: &Context, arguments: Arguments) -> Result<u8> {
    let mut reports = Vec::new();
    let mut failed = false;
    for file in &arguments.files {
        let options = ImportOptions {
            kind: arguments.kind.into(),
            keep_duplicates: arguments.keep_duplicates,
            dry_run: arguments.dry_run,
            actor: "corrente import".into(),
            now: context.now(),
            today: context.today(),
        };
        let progress = context.progress();
        let telling = progress.clone();
        let imported =
            import_file(&context.db, &context.path(file), &options, move |line: &str| telling.say(line)).await;
        progress.finish();
        match imported {
            Ok(report) => {
                tell(context, &arguments, &report);
                reports.push(report);
            }
            Err(error) => {
                failed = true;
                context.out.err(&format!("error: {}", output::sentence(&error.into())));
            }
        }
    }
    if !arguments.dry_run && reports.iter().any(|report| report.loaded > 0) {
        context.publish(Event::DataRefreshed);
        if jobs::overdue(&context.db).await?
            && let Err(error) = jobs::refresh(&context.db, &context.config).await
        {
            failed = true;
            context
                .out
                .err(&format!("error: the data are loaded, but KPIs and views are not: {}", output::sentence(&error)));
        }
        context.publish(Event::DataRefreshed);
    }
    if arguments.json {
        context.say(json!({ "files": reports }).to_string());
    }
    let rejected: u64 = reports.iter().map(|report| report.rejected).sum();
    Ok(match arguments.max_rejects {
        _ if failed => 1,
        Some(most) if rejected > most => 3,
        _ => 0,
    })
}

fn tell(context: &Context, arguments: &Arguments, report: &FileReport) {
    // Beside a JSON object, words are for people only.
    let say = |line: String| if arguments.json { context.out.err(&line) } else { context.out.out(&line) };
    let would = if arguments.dry_run { " (dry run: nothing is stored)" } else { "" };
    say(format!(
        "{}: {} lines read: {} loaded, {} unchanged, {} rejected, {} flagged ({:.1} s){would}",
        report.file, report.read, report.loaded, report.unchanged, report.rejected, report.flagged, report.seconds
    ));
    for reject in report.rejects.iter().take(REASONS) {
        say(format!("  rejected: {reject}"));
    }
    if report.rejects.len() > REASONS {
        say(format!("  ... and {} more; all are stored with the import run", report.rejects.len() - REASONS));
    }
    for (flag, lines) in &report.flags {
        say(format!("  flagged: {flag} on {lines} line(s)"));
    }
}
