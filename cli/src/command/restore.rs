//! `corrente restore`: an empty database becomes what a backup was made of.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::Result;
use serde_json::json;
use store::backup::{History, Manifest};

use crate::context::Context;
use crate::output::Output;

/// Where from.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The archive that `corrente backup` wrote
    file: PathBuf,
    /// Only read the archive and tell whether it is whole; the database is not touched
    #[arg(long)]
    check: bool,
    /// Print one JSON object last
    #[arg(long)]
    json: bool,
}

/// The schema as this version knows it.
pub fn history() -> History {
    History { steps: migration::steps(), lock: migration::LOCK }
}

/// Reads the archive and tells whether it is whole; `None` where a restore is meant.
pub fn check(arguments: &Arguments, out: &dyn Output) -> Option<Result<u8>> {
    arguments.check.then(|| {
        let started = Instant::now();
        let (header, manifest) = store::backup::check(&arguments.file)?;
        out.out(&format!("{}: whole, written {}", told(arguments, &manifest), header.created_at.format("%F %T UTC")));
        report(arguments, &manifest, started, out);
        Ok(0)
    })
}

/// Fills the empty database.
pub async fn run(context: &Context, arguments: Arguments) -> Result<u8> {
    let file = context.path(&arguments.file);
    let started = Instant::now();
    let progress = context.progress();
    progress.say("checking the archive");
    let restored = store::backup::restore(&context.db, &file, history(), progress.telling("rows")).await;
    progress.finish();
    let restored = restored?;
    // What ran when the backup was made does not run here.
    store::import_runs::interrupt_running(&context.db, context.now()).await?;
    store::forecasts::fail_running(&context.db, context.now()).await?;
    context.db.settle().await?;
    context.say(format!(
        "{}: restored as of {} and verified ({:.1} s)",
        told(&arguments, &restored.manifest),
        restored.header.created_at.format("%F %T UTC"),
        started.elapsed().as_secs_f64()
    ));
    if restored.migrated > 0 {
        context.say(format!("the backup was of an older schema: {} step(s) applied after it", restored.migrated));
    }
    report(&arguments, &restored.manifest, started, context.out.as_ref());
    Ok(0)
}

fn told(arguments: &Arguments, manifest: &Manifest) -> String {
    format!("{}: {} tables, {} rows", arguments.file.display(), manifest.tables.len(), manifest.rows())
}

fn report(arguments: &Arguments, manifest: &Manifest, started: Instant, out: &dyn Output) {
    if arguments.json {
        let report = json!({
            "file": arguments.file, "restored": !arguments.check, "rows": manifest.rows(), "sha256": manifest.sha256,
            "seconds": started.elapsed().as_secs_f64(), "tables": manifest.tables,
        });
        out.out(&report.to_string());
    }
}
