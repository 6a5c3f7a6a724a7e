//! From rows to the database: files through [`import_file`], the demo company through [`load_demo`].
//!
//! Lives here: opening the run, choosing what a row becomes, closing the run. Never here: SQL (that is `store::load`) or
//! a judgement about a value (that is `transform`). Start at [`import_file`].

mod company;
pub(crate) mod convert;
mod file;
mod stream;

pub use company::{DemoReport, load_demo};
pub use file::{FileReport, ImportOptions, import_file};

use crate::extract::ExtractError;

/// Why nothing was loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file as a whole cannot be used.
    #[error(transparent)]
    File(#[from] ExtractError),
    /// The demo company only goes where nothing else is.
    #[error(
        "this database holds data that the demo did not make; give it a database of its own (another CORRENTE_DATA_DIR or DATABASE_URL)"
    )]
    ForeignData,
    /// A real file does not go into the demo company.
    #[error(
        "this database holds the demo company; import {file} into a database of its own (another CORRENTE_DATA_DIR or DATABASE_URL)"
    )]
    Demo { file: String },
    /// Two demo companies do not fit into one database.
    #[error(
        "this database holds the demo company made with {stored}; the one asked for is made with {asked}: give it a database of its own (another CORRENTE_DATA_DIR or DATABASE_URL)"
    )]
    OtherDemo { stored: String, asked: String },
    /// The directory of what was computed elsewhere cannot be used.
    #[error(transparent)]
    Directory(#[from] crate::offline::DirectoryError),
    /// What the load needed to know could not be computed.
    #[error(transparent)]
    Job(#[from] crate::jobs::JobError),
    /// The database refused.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// The thread that read the file ended early.
    #[error("reading {file} ended early: {reason}")]
    Reader { file: String, reason: String },
}
