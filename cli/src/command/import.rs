//! `corrente import`: files in, counts and reasons out.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use clap::ValueEnum;
use pipeline::extract::{DateOrder, DecimalMark, ExtractOptions, Kind, Mapping, TextEncoding, delimiter_named};
use pipeline::load::{FileReport, ImportOptions, import_file};
use serde_json::json;

use crate::context::Context;
use crate::{jobs, output};

/// Refused lines shown of each file; all of them are stored with the run.
const REASONS: usize = 20;

/// Which files, and how.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Workbooks (xlsx, xlsm, xls, ods), text (csv) or Parquet
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What the tables hold
    #[arg(long, value_enum, default_value = "auto")]
    kind: Wanted,
    /// A TOML file that names the columns of other layouts
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// What stands between the cells of a text file: a sign, or tab, comma, semicolon, pipe [default: by looking]
    #[arg(long, value_name = "SIGN", value_parser = delimiter_named, allow_hyphen_values = true)]
    delimiter: Option<u8>,
    /// What marks the decimals of numbers written as text: point or comma [default: by looking]
    #[arg(long, value_name = "MARK")]
    decimal: Option<DecimalMark>,
    /// The order of days written as text: day-first, month-first or iso [default: by looking]
    #[arg(long, value_name = "ORDER")]
    date_order: Option<DateOrder>,
    /// The encoding of a text file: utf-8, latin-1, windows-1252, utf-16le or utf-16be [default: by looking]
    #[arg(long, value_name = "NAME")]
    encoding: Option<TextEncoding>,
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
    Sites,
    Suppliers,
    Regions,
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
            Wanted::Sites => Some(Kind::Sites),
            Wanted::Suppliers => Some(Kind::Suppliers),
            Wanted::Regions => Some(Kind::Regions),
        }
    }
}

/// Imports each file on its own; one that cannot be used keeps no other from being loaded.
pub async fn run(context: &Context, arguments: Arguments) -> Result<u8> {
    let mut reports = Vec::new();
    let mut failed = false;
    let mut files: Vec<PathBuf> = arguments.files.iter().map(|file| context.path(file)).collect();
    let mut reading = ExtractOptions {
        kind: arguments.kind.into(),
        delimiter: arguments.delimiter,
        decimal: arguments.decimal,
        date_order: arguments.date_order,
        encoding: arguments.encoding,
        mapping: None,
    };
    if let Some(mapping) = &arguments.mapping {
        let bound = Mapping::read(&context.path(mapping))?.bind(&files);
        for file in bound.skipped() {
            context.out.err(&format!("{}: left alone, as the mapping says", file.display()));
        }
        files = bound.files().to_vec();
        reading.mapping = Some(Arc::new(bound));
    }
    for file in &files {
        let options = ImportOptions {
            reading: reading.clone(),
            keep_duplicates: arguments.keep_duplicates,
            dry_run: arguments.dry_run,
            actor: "corrente import".into(),
            now: context.now(),
            today: context.today(),
        };
        let progress = context.progress();
        let telling = progress.clone();
        let imported = import_file(&context.db, file, &options, move |line: &str| telling.say(line)).await;
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
    // Also when nothing was loaded: a file of which every line is rejected is what the alert is for.
    if !arguments.dry_run && !reports.is_empty() {
        jobs::judge_imports(&context.db, &context.config).await?;
    }
    if !arguments.dry_run
        && reports.iter().any(|report| report.loaded > 0)
        && jobs::overdue(&context.db).await?
        && let Err(error) = jobs::refresh(&context.db, &context.config).await
    {
        failed = true;
        context
            .out
            .err(&format!("error: the data are loaded, but KPIs and views are not: {}", output::sentence(&error)));
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
    let more = report.rejected.saturating_sub(REASONS as u64);
    if more > 0 {
        let reasons: Vec<String> = report.refusals.iter().map(|(reason, lines)| format!("{lines} {reason}")).collect();
        let kept = if arguments.dry_run { "" } else { "; every one is stored with the import run" };
        say(format!("  ... and {more} more: {} in all{kept}", reasons.join(", ")));
    }
    for (flag, lines) in &report.flags {
        say(format!("  flagged: {flag} on {lines} line(s)"));
    }
}
