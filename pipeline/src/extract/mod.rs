//! From a file to raw rows: which format it is, which table in it is meant, and its cells as they were written.
//!
//! Lives here: sniffing by content (never by extension), the layouts that are recognised, the header search, and one reader
//! per format. Never here: a judgement about a value (that is `transform`), a database, a clock.
//! A file is refused as soon as its head says that it cannot be read, with one sentence that says what is wrong and what would be right.
//!
//! Start at [`open`]; a new format is one more arm there, a new table one more entry in [`layout`].

mod archive;
mod cell;
mod encoding;
mod error;
mod header;
pub mod layout;
mod sniff;
mod source;
mod text;
mod workbook;

use std::path::Path;

pub use cell::{Cell, RawRow};
pub use error::ExtractError;
pub use header::{DateSystem, DecimalMark, Header};
pub use layout::{Field, Kind};
pub use sniff::Format;
pub(crate) use workbook::from_serial;

pub use source::{Rows, Source, SourceFile, Table};

/// What the caller knows about a file that its content does not say; the default lets the content decide everything.
#[derive(Clone, Debug, Default)]
pub struct ExtractOptions {
    /// The kind of table wanted; `None` recognises it by its header row.
    pub kind: Option<Kind>,
    /// The separator of a text file; `None` tries `;`, `,`, tab and `|`.
    pub delimiter: Option<u8>,
    /// How numbers written as text mark their decimals; `None` decides by the delimiter.
    pub decimal: Option<DecimalMark>,
}

/// Opens a file, recognises its format and its tables, and takes its checksum; no row is read yet.
///
/// # Errors
/// Everything that makes the file as a whole unusable; a bad value in a row is never an error here.
pub fn open(path: &Path, options: &ExtractOptions) -> Result<Source, ExtractError> {
    let name = sniff::display_name(path);
    match sniff::sniff(path, &name)? {
        Format::Xlsx => workbook::open(path, &name, options),
        Format::Csv => text::open(path, &name, options),
        Format::Parquet => Err(ExtractError::Unsupported {
            file: name,
            what: "a Parquet file".into(),
            instead: "export the table as CSV".into(),
        }),
    }
}
