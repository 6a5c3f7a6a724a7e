//! One table of a mapping, and finding its header row.

use std::collections::HashMap;

use super::super::header::{DateOrder, DateSystem, DecimalMark, Header, Labels, own_name};
use super::super::layout::{Field, Kind, identity};
use super::super::{ExtractError, RawRow, TextEncoding};

/// What one kind of file holds, in its own words.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct MappedTable {
    /// How other tables of the mapping refer to it.
    pub name: String,
    /// The mapping file it comes from, for messages.
    pub mapping: String,
    /// Which files it is for.
    pub file: String,
    /// What its rows become; `None` leaves the file alone.
    pub kind: Option<Kind>,
    pub sheet: Option<String>,
    /// The names of the columns, for files without a header row.
    pub header: Option<Vec<String>>,
    pub delimiter: Option<u8>,
    pub decimal: Option<DecimalMark>,
    pub date_order: Option<DateOrder>,
    /// How its days are written, in the letters of strftime.
    pub date_format: Option<String>,
    pub encoding: Option<TextEncoding>,
    /// Words that mean that there is no value.
    pub nulls: Vec<String>,
    pub columns: Vec<MappedColumn>,
    /// Values that every row has.
    pub constants: Vec<(Field, String)>,
}

/// One field and the column that it comes from.
#[derive(Clone, Debug)]
pub(in super::super) struct MappedColumn {
    pub field: Field,
    /// The names it may have; the first that the file has counts.
    pub names: Vec<String>,
    /// Whether a file without the column is fine.
    pub optional: bool,
    pub lookup: Option<Lookup>,
    /// The file's words and ours for them; other words stay as they are.
    pub values: HashMap<String, String>,
}

/// A reference to a row of another table.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in super::super) struct Lookup {
    /// The other table's name in the mapping.
    pub table: String,
    /// The other table's column that the reference names.
    pub key: String,
    /// The other table's column to take instead, by the names it may have.
    pub value: Vec<String>,
}

impl MappedTable {
    /// Looks for the row that has every column; remembers in `lacks` what the best one so far has not.
    pub fn find(&self, file: &str, rows: &[RawRow], lacks: &mut Option<Lacks>) -> Result<Option<Header>, ExtractError> {
        if let Some(names) = &self.header {
            let Some(first) = rows.first() else { return Ok(None) };
            return self.header_of(file, first.sheet.clone(), 0, names, lacks);
        }
        for row in rows {
            let names: Vec<String> = row.cells.iter().map(|cell| cell.display().trim().to_owned()).collect();
            if let Some(header) = self.header_of(file, row.sheet.clone(), row.line, &names, lacks)? {
                return Ok(Some(header));
            }
        }
        Ok(None)
    }

    fn header_of(
        &self,
        file: &str,
        sheet: Option<String>,
        line: u64,
        names: &[String],
        lacks: &mut Option<Lacks>,
    ) -> Result<Option<Header>, ExtractError> {
        let wrong_sheet = self.sheet.as_ref().is_some_and(|wanted| sheet.as_ref() != Some(wanted));
        let Some(kind) = self.kind.filter(|_| !wrong_sheet) else { return Ok(None) };
        let identities: Vec<String> = names.iter().map(|name| identity(name)).collect();
        let mut columns: Labels = Vec::new();
        let mut missing = Vec::new();
        for column in &self.columns {
            let place = column.names.iter().find_map(|name| {
                let wanted = identity(name);
                identities.iter().position(|found| *found == wanted)
            });
            match place {
                Some(index) if identities.iter().filter(|name| **name == identities[index]).count() > 1 => {
                    let place = sheet.as_ref().map_or_else(String::new, |sheet| format!(", sheet '{sheet}'"));
                    return Err(ExtractError::AmbiguousColumn {
                        file: file.into(),
                        place,
                        column: names[index].clone(),
                    });
                }
                Some(index) => columns.push((column.field, index, names[index].clone())),
                None if column.optional => {}
                None => missing.push(column.names.join(" or ")),
            }
        }
        if !missing.is_empty() || columns.is_empty() {
            let found = columns.len();
            if lacks.as_ref().is_none_or(|best| found > best.found) {
                let missing = if missing.is_empty() { vec!["every column".to_owned()] } else { missing };
                *lacks = Some(Lacks { found, missing, names: names.to_vec() });
            }
            return Ok(None);
        }
        // Constants stand behind the last column.
        for (at, (field, _)) in self.constants.iter().enumerate() {
            columns.push((*field, names.len() + at, own_name(kind, *field).to_owned()));
        }
        let known: Vec<usize> = columns.iter().map(|(_, index, _)| *index).collect();
        let others = names.iter().enumerate().filter(|(index, name)| !name.is_empty() && !known.contains(index));
        let others = others.map(|(index, name)| (index, name.clone())).collect();
        Ok(Some(Header {
            kind,
            sheet,
            line,
            date_system: DateSystem::default(),
            decimal: DecimalMark::default(),
            date_order: DateOrder::default(),
            columns,
            others,
        }))
    }

    /// The error for a file of this table in which no row has every column.
    pub fn not_found(&self, file: &str, lacks: Option<&Lacks>) -> ExtractError {
        let (missing, found) = if let Some(lacks) = lacks {
            let seen: Vec<&str> =
                lacks.names.iter().filter(|name| !name.is_empty()).take(20).map(String::as_str).collect();
            (lacks.missing.join(", "), format!("its header has {}", seen.join(", ")))
        } else {
            let names: Vec<_> = self.columns.iter().filter(|c| !c.optional).map(|c| c.names.join(" or ")).collect();
            let place = self.sheet.as_ref().map_or_else(String::new, |sheet| format!(" on a sheet '{sheet}'"));
            (names.join(", "), format!("nothing that could be a header was found{place}"))
        };
        ExtractError::MappedColumn { file: file.into(), mapping: self.mapping.clone(), missing, found }
    }
}

/// What the row that came nearest to the header has not.
#[derive(Debug)]
pub(in super::super) struct Lacks {
    found: usize,
    missing: Vec<String>,
    names: Vec<String>,
}
