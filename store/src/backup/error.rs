//! Why no archive could be written, read or restored.

use std::path::Path;

use crate::StoreError;

/// A failure of backup or restore. `Display` is one sentence a person at the console can act on.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The disk, or what stands for one.
    #[error("cannot {what} {file}: {reason}")]
    Io { what: &'static str, file: String, reason: std::io::Error },
    /// The stream that is written to.
    #[error("the archive cannot be written: {0}")]
    Stream(#[from] std::io::Error),
    /// Somebody else's file stands where the archive should go.
    #[error("{file} exists and is no backup of Corrente; choose another name, or move it away first")]
    Occupied { file: String },
    /// Two backups at once into one file.
    #[error("another process is writing {file}; wait for it, or choose another name")]
    Writing { file: String },
    /// There is nothing to back up.
    #[error("the database has no schema of Corrente, so there is nothing to back up; is DATABASE_URL right?")]
    NothingThere,
    /// The file is something else.
    #[error("{file} is no backup of Corrente: {reason}")]
    NotAnArchive { file: String, reason: String },
    /// The file ends too early.
    #[error("{file} is cut short: it ends {place}; nothing was restored, fetch or write the backup again")]
    CutShort { file: String, place: String },
    /// The file is not what was written.
    #[error("{file} is damaged {place}: {reason}; nothing was restored, fetch or write the backup again")]
    Damaged { file: String, place: String, reason: String },
    /// The archive's schema is ahead of ours, or of another history.
    #[error(
        "{subject} has the step {step}, which this version of Corrente does not know; use the version that made it, or a newer one"
    )]
    Newer { subject: String, step: String },
    /// A restore never touches data that are there.
    #[error(
        "the database is not empty: it holds {found}; restore into a new database or a new CORRENTE_DATA_DIR, or empty this one first with `corrente migrate fresh`"
    )]
    NotEmpty { found: String },
    /// What came out is not what went in.
    #[error("{table} came out of the database with {found}, but the archive has {expected}; nothing was restored")]
    Differs { table: String, found: String, expected: String },
}

impl BackupError {
    pub(super) fn io(what: &'static str, file: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let file = file.display().to_string();
        move |reason| Self::Io { what, file, reason }
    }
}

impl From<sqlx::Error> for BackupError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

impl From<serde_json::Error> for BackupError {
    fn from(error: serde_json::Error) -> Self {
        Self::Store(error.into())
    }
}
