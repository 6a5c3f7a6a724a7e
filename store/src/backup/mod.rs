//! Everything that is stored, in one file that either engine takes back.
//!
//! [`to_file`] writes it ([`write()`] into any stream), [`check`] reads it without a database, [`restore`] fills an empty
//! database with it. What an archive is made of is told in `archive`, what is in a database in `catalog`. Never here:
//! the steps of the schema, which the caller brings as [`History`]. Start with `archive`.

mod archive;
mod catalog;
mod digest;
mod error;
mod file;
mod read;
mod restore;
mod schema;
mod verify;
mod write;

pub use archive::{Header, Manifest, Table, TableRows};
pub use catalog::{rows, tables};
pub use error::BackupError;
pub use file::{is_archive, to_file};
pub use read::check;
pub use restore::{Restored, restore};
pub use schema::{History, Lost, Step, lost_by};
pub use write::write;

/// The result of backing up and restoring.
pub type Outcome<T> = Result<T, BackupError>;

/// Told of rows: the table, how many so far over all tables, and how many are expected in all.
pub type Telling = std::sync::Arc<dyn Fn(&str, u64, u64) + Send + Sync>;

/// A name as it stands in a statement.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
