//! Finding the header row: within the first rows of each sheet, the row that names every required column of a layout.

use super::layout::{Column, Field, Kind, Layout, identity};
use super::mapping::Lacks;
use super::{ExtractError, RawRow, Wanted};

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

/// In which order a day written with slashes, dots or hyphens names its parts. `yyyy-mm-dd` is read in every order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum DateOrder {
    /// `31/12/2025`, as most of the world writes it.
    #[default]
    DayFirst,
    /// `12/31/2025`.
    MonthFirst,
    /// Only `2025-12-31`.
    Iso,
}

/// What a column means, where it is, and what the file calls it.
pub(super) type Labels = Vec<(Field, usize, String)>;

/// A recognised header row: which column holds what, and what the file calls it.
#[derive(Clone, Debug)]
pub struct Header {
    pub kind: Kind,
    pub sheet: Option<String>,
    /// The line of the header row as the user sees it.
    pub line: u64,
    pub date_system: DateSystem,
    pub decimal: DecimalMark,
    pub date_order: DateOrder,
    pub(super) columns: Labels,
    /// Columns of no known meaning: where they are, and what the file calls them.
    pub(super) others: Vec<(usize, String)>,
}

impl Header {
    /// Where a field's cells are, counted from 0; `None` when the table has no such column.
    pub fn index(&self, field: Field) -> Option<usize> {
        self.columns.iter().find(|(f, ..)| *f == field).map(|(_, index, _)| *index)
    }

    /// The fields that the table has, with the places of their cells.
    pub fn fields(&self) -> impl Iterator<Item = (Field, usize)> + '_ {
        self.columns.iter().map(|(field, index, _)| (*field, *index))
    }

    /// The columns that no layout knows: a features table has a column for each feature.
    pub fn others(&self) -> &[(usize, String)] {
        &self.others
    }

    /// What the file calls a field's column; the layout's own name when the table has no such column.
    pub fn label(&self, field: Field) -> &str {
        let own = self.columns.iter().find(|(f, ..)| *f == field).map(|(.., label)| label.as_str());
        own.unwrap_or_else(|| own_name(self.kind, field))
    }
}

/// What the layout of a kind calls a field.
pub(super) fn own_name(kind: Kind, field: Field) -> &'static str {
    let column = kind.layout().columns.iter().find(|column| column.field == field);
    column.map_or("", |column| column.names[0])
}

/// The best that a search has seen so far, for the message when nothing fits.
#[derive(Default)]
pub(super) struct Nearest {
    found: usize,
    place: String,
    title: &'static str,
    missing: Vec<&'static str>,
    /// The same for a file whose columns a mapping names.
    lacks: Option<Lacks>,
}

/// Looks for a header in the first rows of one sheet (or file). The layout with the most columns wins.
pub(super) fn find(
    file: &str,
    rows: &[RawRow],
    wanted: &Wanted,
    nearest: &mut Nearest,
) -> Result<Option<Header>, ExtractError> {
    if let Some(table) = &wanted.table {
        return table.find(file, rows, &mut nearest.lacks);
    }
    for row in rows {
        let names: Vec<String> = row.cells.iter().map(|cell| identity(&cell.display())).collect();
        let mut best: Option<(usize, &Layout)> = None;
        for layout in wanted.layouts() {
            let has = |column: &&Column| names.iter().any(|name| column.is_called(name));
            let found = layout.columns.iter().filter(has).count();
            let missing: Vec<_> = layout.columns.iter().filter(|c| c.required && !has(c)).map(|c| c.names[0]).collect();
            if missing.is_empty() {
                // A table of features may have any other column, a quantity too: its own mark decides.
                let computed = layout.kind.is_computed();
                if best.is_none_or(|(most, _)| found > most || (found == most && computed)) {
                    best = Some((found, layout));
                }
            } else if found > nearest.found {
                *nearest = Nearest { found, place: place(row), title: layout.title, missing, lacks: None };
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
        let known = |index: usize| columns.iter().any(|(_, at, _)| *at == index);
        let others = row.cells.iter().enumerate().filter(|(index, cell)| !cell.is_empty() && !known(*index));
        let others = others.map(|(index, cell)| (index, cell.display().trim().to_owned())).collect();
        return Ok(Some(Header {
            kind: layout.kind,
            sheet: row.sheet.clone(),
            line: row.line,
            date_system: DateSystem::default(),
            decimal: DecimalMark::default(),
            date_order: DateOrder::default(),
            columns,
            others,
        }));
    }
    Ok(None)
}

/// Where a header row stands, in words; the column names of a Parquet file stand on no line.
fn place(row: &RawRow) -> String {
    match &row.sheet {
        _ if row.line == 0 => "its column names".into(),
        Some(sheet) => format!("sheet '{sheet}', line {}", row.line),
        None => format!("line {}", row.line),
    }
}

/// The error for a file in which no header was found: names the sheets seen, the nearest match and what it lacks.
pub(super) fn none_found(file: &str, sheets: &[String], wanted: &Wanted, nearest: &Nearest) -> ExtractError {
    if let Some(table) = &wanted.table {
        return table.not_found(file, nearest.lacks.as_ref());
    }
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
    let right: Vec<_> = wanted
        .layouts()
        .map(|layout| {
            let names: Vec<_> = layout.columns.iter().filter(|c| c.required).map(|c| c.names[0]).collect();
            format!("{} has {}", layout.title, names.join(", "))
        })
        .take(if wanted.kind.is_some() { 2 } else { 1 })
        .collect();
    ExtractError::NoHeader { file: file.into(), found, wanted: right.join(", and ") }
}
