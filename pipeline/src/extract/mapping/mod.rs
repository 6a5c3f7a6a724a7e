//! Other companies' layouts: a TOML file says which file holds which table, and what its columns mean.
//!
//! Lives here: reading that file ([`Mapping::read`]), deciding what each file of one command is and reading the tables that others
//! refer to ([`Mapping::bind`]), and rewriting rows while they are read. Never here: a rule about a value (that is `transform`).
//! A mapped table comes out of `extract` under the same fields as any other, so nothing behind it knows that there was a mapping.
//!
//! Start at [`Mapping::read`]; `docs/IMPORT.md` describes the file.

mod bound;
mod error;
mod pattern;
mod rewrite;
mod table;
mod toml_file;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use bound::Bound;
pub use error::MappingError;
pub(super) use rewrite::Rewrite;
pub(super) use table::{Lacks, MappedTable};

/// A mapping file that was read and found to make sense.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// The file's name, for messages.
    name: String,
    /// In the order of the file: the first table whose pattern fits a file is the file's.
    tables: Vec<Arc<MappedTable>>,
}

impl Mapping {
    /// Reads a mapping file and checks every word in it.
    ///
    /// # Errors
    /// One sentence with the line, the key and what is allowed.
    pub fn read(path: &Path) -> Result<Self, MappingError> {
        let name = super::sniff::display_name(path);
        let text =
            std::fs::read_to_string(path).map_err(|source| MappingError::Unreadable { file: name.clone(), source })?;
        Self::parse(&name, &text)
    }

    /// The same from text; `name` is how messages call it.
    pub fn parse(name: &str, text: &str) -> Result<Self, MappingError> {
        Ok(Self { name: name.into(), tables: toml_file::parse(name, text)?.into_iter().map(Arc::new).collect() })
    }

    /// Decides what each of these files is and reads the tables that others refer to. The order of `files` does not matter.
    pub fn bind(self, files: &[PathBuf]) -> Bound {
        Bound::new(self, files)
    }

    fn table_of(&self, file: &str) -> Option<&Arc<MappedTable>> {
        self.tables.iter().find(|table| pattern::fits(&table.file, file))
    }

    fn table_named(&self, name: &str) -> Option<&Arc<MappedTable>> {
        self.tables.iter().find(|table| table.name == name)
    }
}
