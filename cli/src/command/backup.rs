//! `corrente backup`: everything that is stored, in one file.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use store::backup::Manifest;

use crate::context::Context;

/// Fast, and within a few percent of the smallest.
const LEVEL: i32 = 3;

/// Where to.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The archive to write; a file of this name is replaced once the new one is whole
    file: PathBuf,
}

/// Writes beside the target first, so that a file of that name is always whole.
pub async fn run(context: &Context, arguments: Arguments) -> Result<u8> {
    let file = context.path(&arguments.file);
    let mut part = file.clone().into_os_string();
    part.push(".part");
    let part = PathBuf::from(part);
    let progress = context.progress();
    progress.say("writing the backup");
    let written = write(context, &part).await;
    progress.finish();
    let manifest = match written {
        Ok(manifest) => manifest,
        Err(error) => {
            // The half file helps nobody; the error is the one to tell.
            let _ = fs::remove_file(&part);
            return Err(error);
        }
    };
    fs::rename(&part, &file).with_context(|| format!("cannot write {}", file.display()))?;
    let rows: u64 = manifest.tables.iter().map(|table| table.rows).sum();
    context.say(format!(
        "{}: {} tables, {rows} rows, SHA-256 {}",
        arguments.file.display(),
        manifest.tables.len(),
        manifest.sha256
    ));
    Ok(0)
}

async fn write(context: &Context, part: &Path) -> Result<Manifest> {
    // It holds password hashes: nobody else reads it.
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(part);
    let file = file.with_context(|| format!("cannot write {}", part.display()))?;
    let mut archive = zstd::Encoder::new(file, LEVEL)?;
    let manifest = store::backup::write(&context.db, &mut archive).await?;
    archive.finish()?.sync_all()?;
    Ok(manifest)
}
