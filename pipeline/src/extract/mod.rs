//! From a file to raw rows: which format it is, which table in it is meant, and its cells as they were written.
//!
//! Lives here: sniffing by content (never by extension), the layouts that are recognised, the mappings that name others, the header
//! search, and one reader per format. Never here: a judgement about a value (that is `transform`), a database, a clock.
//! A file is refused as soon as its head says that it cannot be read, with one sentence that says what is wrong and what would be right.
//!
//! Start at [`open`]; a new format is one more arm there, a new table one more entry in [`layout`].

mod archive;
mod cell;
mod compound;
mod encoding;
mod error;
mod evidence;
mod field;
mod guard;
mod header;
mod json;
pub mod layout;
pub mod mapping;
mod opendocument;
mod parquet;
mod sheets;
mod sniff;
mod source;
mod text;
mod typed;
mod wanted;
mod workbook;

use std::path::Path;
use std::sync::Arc;

pub use cell::{Cell, RawRow, Unresolved};
pub use encoding::TextEncoding;
pub use error::ExtractError;
pub use header::{DateOrder, DateSystem, DecimalMark, Header};
pub use layout::{Field, Kind};
pub use mapping::{Bound, Mapping, MappingError};
pub use sniff::Format;
use wanted::Wanted;
pub use wanted::delimiter_named;
pub(crate) use workbook::from_serial;

pub use source::{Rows, Source, SourceFile, Table};

/// What the caller knows about a file that its content does not say; the default lets the content decide everything.
#[derive(Clone, Debug, Default)]
pub struct ExtractOptions {
    /// The kind of table wanted; `None` recognises it by its header row.
    pub kind: Option<Kind>,
    /// The separator of a text file; `None` tries `;`, `,`, tab and `|`.
    pub delimiter: Option<u8>,
    /// How numbers written as text mark their decimals; `None` decides by samples of the numbers themselves.
    pub decimal: Option<DecimalMark>,
    /// In which order days written as text name their parts; `None` decides by samples of the days themselves.
    pub date_order: Option<DateOrder>,
    /// The encoding of a text file; `None` decides by its bytes.
    pub encoding: Option<TextEncoding>,
    /// The layout of another company; `None` for files that name their columns as `docs/IMPORT.md` does.
    pub mapping: Option<Arc<Bound>>,
}

/// Opens a file, recognises its format and its tables, and takes its checksum; no row is read yet.
///
/// # Errors
/// Everything that makes the file as a whole unusable; a bad value in a row is never an error here.
pub fn open(path: &Path, options: &ExtractOptions) -> Result<Source, ExtractError> {
    let Some(mapping) = &options.mapping else {
        return open_as(path, &Wanted::new(options, None));
    };
    let table = mapping.table(path)?;
    let mut source = open_as(path, &Wanted::new(options, Some(Arc::clone(table))))?;
    source.rewrite(|file, header| mapping.rewrite(file, table, header))?;
    Ok(source)
}

fn open_as(path: &Path, wanted: &Wanted) -> Result<Source, ExtractError> {
    let name = sniff::display_name(path);
    match sniff::sniff(path, &name, wanted)? {
        Format::Xlsx => workbook::open(path, &name, wanted),
        Format::Xls => sheets::open_xls(path, &name, wanted),
        Format::Ods => sheets::open_ods(path, &name, wanted),
        Format::Csv => text::open(path, &name, wanted),
        Format::Parquet => parquet::open(path, &name, wanted),
        Format::Json => json::open(path, &name, wanted),
    }
}
