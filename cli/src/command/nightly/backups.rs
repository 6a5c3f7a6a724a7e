//! The backups of nightly runs: how they are named, and which of them go.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use chrono::{DateTime, NaiveDateTime, Utc};

/// A backup's name begins so.
const BEGIN: &str = "corrente-";
/// And ends so.
const END: &str = ".corrente";
/// Between them, the instant; names sort as instants do.
const STAMP: &str = "%Y%m%dT%H%M%SZ";

/// The file of a backup made at an instant, in a directory that is made where it is missing.
pub fn file(directory: &Path, at: DateTime<Utc>) -> Result<PathBuf> {
    fs::create_dir_all(directory)
        .with_context(|| format!("cannot make the directory of backups {}", directory.display()))?;
    Ok(directory.join(format!("{BEGIN}{}{END}", at.format(STAMP))))
}

/// Removes all but the newest `kept` backups that nightly runs made here, and nothing else; answers how many went.
pub fn prune(directory: &Path, kept: usize) -> Result<usize> {
    let unreadable = || format!("cannot read the directory of backups {}", directory.display());
    let mut ours = Vec::new();
    for entry in fs::read_dir(directory).with_context(unreadable)? {
        let path = entry.with_context(unreadable)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let stamp = name.strip_prefix(BEGIN).and_then(|rest| rest.strip_suffix(END));
        if stamp.is_some_and(|stamp| NaiveDateTime::parse_from_str(stamp, STAMP).is_ok()) {
            ours.push(path);
        }
    }
    ours.sort();
    let old = ours.len().saturating_sub(kept);
    for path in &ours[..old] {
        fs::remove_file(path).with_context(|| format!("cannot remove the old backup {}", path.display()))?;
    }
    Ok(old)
}
