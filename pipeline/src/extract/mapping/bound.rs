//! A mapping and the files of one command: what each file is, and the tables that others refer to.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::layout::{Field, Kind};
use super::super::{ExtractError, ExtractOptions, Wanted, sniff};
use super::table::{Lookup, MappedColumn, MappedTable};
use super::{Mapping, Rewrite};

/// The rows of a table that others refer to, by one of its columns.
#[derive(Debug)]
pub(super) struct Index {
    /// The file's name, for messages.
    pub file: String,
    pub values: HashMap<String, String>,
}

/// A mapping whose references are resolved through the files given with it.
#[derive(Clone, Debug)]
pub struct Bound {
    mapping: Mapping,
    /// Why a table cannot be referred to is told by each file that does.
    indices: HashMap<Lookup, Result<Arc<Index>, String>>,
    files: Vec<PathBuf>,
    skipped: Vec<PathBuf>,
}

impl Bound {
    pub(super) fn new(mapping: Mapping, files: &[PathBuf]) -> Self {
        let of = |file: &PathBuf| mapping.table_of(&sniff::display_name(file)).cloned();
        let mut indices = HashMap::new();
        for table in files.iter().filter_map(of) {
            for lookup in table.columns.iter().filter_map(|column| column.lookup.clone()) {
                let Some(target) = mapping.table_named(&lookup.table) else { continue };
                let is_target = |file: &&PathBuf| of(file).is_some_and(|found| found.name == target.name);
                let sources: Vec<&PathBuf> = files.iter().filter(is_target).collect();
                if !sources.is_empty() && !indices.contains_key(&lookup) {
                    let index = index(target, &lookup, &sources).map(Arc::new).map_err(|error| error.to_string());
                    indices.insert(lookup, index);
                }
            }
        }
        // What is referred to goes first; files of one kind, and those that are no table, keep their order.
        let rank = |file: &PathBuf| {
            let kind = of(file).and_then(|table| table.kind);
            kind.and_then(|kind| Kind::ALL.iter().position(|other| *other == kind)).unwrap_or(usize::MAX)
        };
        let skip = |file: &PathBuf| of(file).is_some_and(|table| table.kind.is_none());
        let (skipped, mut wanted): (Vec<PathBuf>, Vec<PathBuf>) = files.iter().cloned().partition(skip);
        wanted.sort_by_key(rank);
        Self { mapping, indices, files: wanted, skipped }
    }

    /// The files to import, in the order in which they refer to each other.
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// The files that the mapping leaves alone.
    pub fn skipped(&self) -> &[PathBuf] {
        &self.skipped
    }

    /// What a file is.
    pub(in super::super) fn table(&self, path: &Path) -> Result<&Arc<MappedTable>, ExtractError> {
        let file = sniff::display_name(path);
        self.mapping.table_of(&file).ok_or_else(|| {
            let known: Vec<&str> = self.mapping.tables.iter().map(|table| table.file.as_str()).collect();
            ExtractError::NotMapped { file, mapping: self.mapping.name.clone(), known: known.join(", ") }
        })
    }

    /// What happens to the rows of `table` in `file`.
    pub(in super::super) fn rewrite(
        &self,
        file: &str,
        table: &Arc<MappedTable>,
        header: &super::super::Header,
    ) -> Result<Rewrite, ExtractError> {
        Rewrite::new(table, header, |lookup, column| match self.indices.get(lookup) {
            Some(Ok(index)) => Ok(Arc::clone(index)),
            Some(Err(why)) => Err(ExtractError::Unsupported {
                file: file.into(),
                what: format!("a table that refers to {} by {column}", lookup.table),
                instead: format!("correct that file first ({why})"),
            }),
            None => Err(ExtractError::LookupMissing {
                file: file.into(),
                table: lookup.table.clone(),
                column: column.into(),
            }),
        })
    }
}

/// Reads two columns of the files of one table.
fn index(target: &MappedTable, lookup: &Lookup, files: &[&PathBuf]) -> Result<Index, ExtractError> {
    let column = |field: Field, names: Vec<String>| MappedColumn {
        field,
        names,
        optional: false,
        lookup: None,
        values: HashMap::new(),
    };
    // The other table's own mapping does not matter here: its columns are named directly, under two fields of any kind.
    let plain = MappedTable {
        kind: Some(Kind::Indicators),
        columns: vec![column(Field::Code, vec![lookup.key.clone()]), column(Field::Value, lookup.value.clone())],
        constants: Vec::new(),
        ..target.clone()
    };
    let plain = Arc::new(plain);
    let mut values: HashMap<String, String> = HashMap::new();
    for path in files {
        let wanted = Wanted::new(&ExtractOptions::default(), Some(Arc::clone(&plain)));
        let mut source = super::super::open_as(path, &wanted)?;
        for table in 0..source.headers().len() {
            let header = source.headers()[table].clone();
            let rewrite = Rewrite::plain(&plain);
            let cell = |row: &super::super::RawRow, field| {
                let cell = header.index(field).and_then(|index| row.cells.get(index));
                cell.map_or_else(String::new, |cell| cell.display().trim().to_owned())
            };
            let file = source.file.name.clone();
            for row in source.rows(table)? {
                let row = rewrite.apply(row?);
                let (key, value) = (cell(&row, Field::Code), cell(&row, Field::Value));
                if key.is_empty() || value.is_empty() {
                    continue;
                }
                match values.get(&key) {
                    Some(other) if *other != value => {
                        return Err(ExtractError::LookupAmbiguous {
                            file,
                            line: row.line,
                            key: lookup.key.as_str().into(),
                            value: key.into(),
                            column: header.label(Field::Value).into(),
                            one: other.as_str().into(),
                            two: value.into(),
                        });
                    }
                    Some(_) => {}
                    None => {
                        values.insert(key, value);
                    }
                }
            }
        }
    }
    let names: Vec<String> = files.iter().map(|file| sniff::display_name(file)).collect();
    Ok(Index { file: names.join(" or "), values })
}
