//! `corrente backup`: everything that is stored, in one file.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::Result;
use serde_json::json;
use store::Engine;

use crate::context::Context;

/// Where to.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The archive to write; a former backup of this name is replaced once the new one is whole
    file: PathBuf,
    /// Print one JSON object last
    #[arg(long)]
    json: bool,
}

/// Writes the file and tells what is in it.
pub async fn run(context: &Context, arguments: Arguments) -> Result<u8> {
    let file = context.path(&arguments.file);
    let started = Instant::now();
    let progress = context.progress();
    progress.say(match (context.db.engine(), &context.app) {
        (Engine::Embedded, Some(_)) => "writing the backup; questions to the server wait until it is written",
        _ => "writing the backup",
    });
    let written = store::backup::to_file(&context.db, &file, context.now(), progress.telling("rows")).await;
    progress.finish();
    let manifest = written?;
    let (seconds, bytes) = (started.elapsed().as_secs_f64(), file.metadata()?.len());
    context.say(format!(
        "{}: {} tables, {} rows, {bytes} bytes, SHA-256 of the content {} ({seconds:.1} s)",
        arguments.file.display(),
        manifest.tables.len(),
        manifest.rows(),
        manifest.sha256
    ));
    if arguments.json {
        let report = json!({
            "file": arguments.file, "bytes": bytes, "rows": manifest.rows(), "sha256": manifest.sha256, "seconds": seconds,
            "tables": manifest.tables,
        });
        context.say(report.to_string());
    }
    Ok(0)
}
