//! An archive as a file that is either whole or not there.

use std::fs::{self, File, OpenOptions};
use std::io::Read as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::archive::{MAGIC, Manifest};
use super::{BackupError, Outcome, Telling, write};
use crate::Database;

/// Fast, and within a few percent of the smallest.
const LEVEL: i32 = 3;

/// Writes everything into `file`. It is written beside it first, under the same name with `.partial` behind, flushed to
/// the disk and then renamed: a file of the name is always whole. A former backup of the name is replaced, nothing else.
pub async fn to_file(db: &Database, file: &Path, at: DateTime<Utc>, telling: Telling) -> Outcome<Manifest> {
    if file.is_dir() {
        let reason = std::io::Error::from(std::io::ErrorKind::IsADirectory);
        return Err(BackupError::io("write", file)(reason));
    }
    if file.exists() && !is_archive(file)? {
        return Err(BackupError::Occupied { file: file.display().to_string() });
    }
    let partial = Partial::begin(file)?;
    let mut archive =
        zstd::Encoder::new(partial.file.try_clone().map_err(BackupError::io("write", &partial.path))?, LEVEL)?;
    archive.include_checksum(true)?;
    let (archive, manifest) = write(db, archive, at, telling).await?;
    archive.finish()?;
    partial.finish(file)?;
    Ok(manifest)
}

/// Whether a file begins as an archive does, or is empty.
pub fn is_archive(file: &Path) -> Outcome<bool> {
    let mut begin = Vec::with_capacity(MAGIC.len());
    let open = File::open(file).map_err(BackupError::io("read", file))?;
    open.take(MAGIC.len() as u64).read_to_end(&mut begin).map_err(BackupError::io("read", file))?;
    Ok(begin.is_empty() || begin == MAGIC)
}

/// A file that is being written, and is removed unless it is finished.
struct Partial {
    path: PathBuf,
    file: File,
    done: bool,
}

impl Partial {
    fn begin(file: &Path) -> Outcome<Self> {
        let mut path = file.to_path_buf().into_os_string();
        path.push(".partial");
        let path = PathBuf::from(path);
        // It holds password hashes: nobody else reads it. What a killed backup left is written over, once it is known
        // that nobody is still writing there.
        let opened = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path);
        let opened = opened.map_err(BackupError::io("write", &path))?;
        if opened.try_lock().is_err() {
            return Err(BackupError::Writing { file: path.display().to_string() });
        }
        opened.set_len(0).map_err(BackupError::io("write", &path))?;
        Ok(Self { path, file: opened, done: false })
    }

    fn finish(mut self, file: &Path) -> Outcome<()> {
        self.file.sync_all().map_err(BackupError::io("flush", &self.path))?;
        fs::rename(&self.path, file).map_err(BackupError::io("write", file))?;
        self.done = true;
        // The name itself must outlive a power cut too.
        let directory = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(directory).and_then(|directory| directory.sync_all()).map_err(BackupError::io("flush", directory))
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if !self.done {
            // The half file helps nobody; the error is the one to tell.
            let _ = fs::remove_file(&self.path);
        }
    }
}
