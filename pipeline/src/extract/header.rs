//! Finding the header row: within the first rows of each sheet, the row that names every required column of a layout.

use super::layout::{Column, Field, Kind, LAYOUTS, Layout, identity};
use super::{ExtractError, ExtractOptions, RawRow};

/// How far down a header may stand; titles and logos above it are common.
pub(super) const HEADER_WITHIN: u64 = 20;

/// Which day a serial number of 0 means: Excel for Windows counts from 1900, old Excel for Mac from 1904.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum DateSystem {
    #[default]
    Excel1900,
    Excel1904,
}

/// How a number written as text marks its decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum DecimalMark {
    /// Both occur: a comma marks decimals, and a single point before exactly three digits is ambiguous.
    #[default]
    Unknown,
    Point,
    Comma,
}

/// A recognised header row: which column holds what, and what the file calls it.
#[derive(Clone, Debug)]
pub struct Header {
    pub kind: Kind,
    pub sheet: Option<String>,
    /// The line of the header row as the user sees it.
    pub line: u64,
    pub date_system: DateSystem,
    pub decimal: DecimalMark,
    columns: Vec<(Field, usize, String)>,
}

impl Header {
    /// Where a field's cells are, counted from 0; `None` when the table has no such column.
    pub fn index(&self, field: Field) -> Option<usize> {
        self.columns.iter().find(|(f, ..)| *f == field).map(|(_, index, _)| *index)
    }

    /// What the file calls a field's column; the layout's own name when the table has no such column.
    pub fn label(&self, field: Field) -> &str {
        let own = self.columns.iter().find(|(f, ..)| *f == field).map(|(.., label)| label.as_str());
        own.unwrap_or_else(|| {
            let layout = LAYOUTS.iter().find(|layout| layout.kind == self.kind);
            let column = layout.and_then(|layout| layout.columns.iter().find(|column| column.field == field));
            column.map_or("", |column| column.names[0])
        })
    }
}

/// The best that a search has seen so far, for the message when nothing fits.
#[derive(Default)]
pub(super) struct Nearest {
    found: usize,
    place: String,
    title: &'static str,
    missing: Vec<&'static str>,
}

/// Looks for a header in the first rows of one sheet (or file). The layout with the most columns wins.
pub(super) fn find(
    file: &str,
    rows: &[RawRow],
    options: &ExtractOptions,
    nearest: &mut Nearest,
) -> Result<Option<Header>, ExtractError> {
    for row in rows {
        let names: Vec<String> = row.cells.iter().map(|cell| identity(&cell.display())).collect();
        let mut best: Option<(usize, &Layout)> = None;
        for layout in LAYOUTS.iter().filter(|layout| options.kind.is_none_or(|kind| kind.accepts(layout.kind))) {
            let has = |column: &&Column| names.iter().any(|name| column.is_called(name));
            let found = layout.columns.iter().filter(has).count();
            let missing: Vec<_> = layout.columns.iter().filter(|c| c.required && !has(c)).map(|c| c.names[0]).collect();
            if missing.is_empty() {
                if best.is_none_or(|(most, _)| found > most) {
                    best = Some((found, layout));
                }
            } else if found > nearest.found {
                let place = row.sheet.as_ref().map_or_else(String::new, |sheet| format!("sheet '{sheet}', "));
                *nearest = Nearest { found, place: format!("{place}line {}", row.line), title: layout.title, missing };
            }
        }
        let Some((_, layout)) = best else { continue };
        let mut columns = Vec::new();
        for column in layout.columns {
            let mut at = names.iter().enumerate().filter(|(_, name)| column.is_called(name)).map(|(index, _)| index);
            let Some(index) = at.next() else { continue };
            let label = row.cells[index].display().trim().to_owned();
            if at.next().is_some() {
                let place = row.sheet.as_ref().map_or_else(String::new, |sheet| format!(", sheet '{sheet}'"));
                return Err(ExtractError::AmbiguousColumn { file: file.into(), place, column: label });
            }
            columns.push((column.field, index, label));
        }
        return Ok(Some(Header {
            kind: layout.kind,
            sheet: row.sheet.clone(),
            line: row.line,
            date_system: DateSystem::default(),
            decimal: DecimalMark::default(),
            columns,
        }));
    }
    Ok(None)
}

/// The error for a file in which no header was found: names the sheets seen, the nearest match and what it lacks.
pub(super) fn none_found(file: &str, sheets: &[String], options: &ExtractOptions, nearest: &Nearest) -> ExtractError {
    let sheets = match sheets {
        [] => "its".to_owned(),
        names => {
            let names: Vec<_> = names.iter().take(10).map(|name| format!("'{name}'")).collect();
            format!("in its sheets {} the", names.join(", "))
        }
    };
    // One column in common is chance, not a near miss.
    let found = if nearest.found > 1 {
        format!(
            "{sheets} nearest match is {} at {}, which lacks {}",
            nearest.title,
            nearest.place,
            nearest.missing.join(", ")
        )
    } else {
        format!("{sheets} first {HEADER_WITHIN} rows hold no known header")
    };
    let layouts = LAYOUTS.iter().filter(|layout| options.kind.is_none_or(|kind| kind.accepts(layout.kind)));
    let wanted: Vec<_> = layouts
        .map(|layout| {
            let names: Vec<_> = layout.columns.iter().filter(|c| c.required).map(|c| c.names[0]).collect();
            format!("{} has {}", layout.title, names.join(", "))
        })
        .take(if options.kind.is_some() { 2 } else { 1 })
        .collect();
    ExtractError::NoHeader { file: file.into(), found, wanted: wanted.join(", and ") }
}
