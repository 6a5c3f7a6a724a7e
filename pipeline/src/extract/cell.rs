//! One cell and one row as they were written, before anybody judged them.

use chrono::NaiveDate;
use compact_str::CompactString;
use rust_decimal::Decimal;

/// A cell's value in the type that the file gave it.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Cell {
    #[default]
    Empty,
    Text(CompactString),
    /// A number; may be infinite or not a number when the file says so.
    Number(f64),
    /// A number that the file stores digit by digit (Parquet decimals).
    Decimal(Decimal),
    Bool(bool),
    /// A day that the file itself marks as a date; a time of day is dropped.
    Date(NaiveDate),
    /// A spreadsheet's error value, such as `#N/A`.
    Error(String),
    /// A reference to a row of another table that is not there; only mappings make these.
    Unresolved(Box<Unresolved>),
}

/// What a reference said, and what it should have been.
#[derive(Clone, Debug, PartialEq)]
pub struct Unresolved {
    pub value: String,
    /// Such as `a row with this item_id in dim_item.csv`.
    pub expected: String,
}

impl Cell {
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// The value as a person would read it in the sheet. Whole numbers carry no decimals, so that a request number
    /// stored as a number reads like one stored as text.
    pub fn display(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.to_string(),
            Self::Error(text) => text.clone(),
            Self::Number(value) if value.fract() == 0.0 && value.abs() < 1e15 => {
                format!("{value:.0}")
            }
            Self::Number(value) => value.to_string(),
            Self::Decimal(value) => value.normalize().to_string(),
            Self::Unresolved(reference) => reference.value.clone(),
            Self::Bool(value) => if *value { "TRUE" } else { "FALSE" }.into(),
            Self::Date(date) => date.to_string(),
        }
    }
}

/// One row under a header.
#[derive(Clone, Debug, PartialEq)]
pub struct RawRow {
    /// The sheet, for formats that have sheets.
    pub sheet: Option<String>,
    /// The line as the user sees it: 1 is the first row of the sheet or file.
    pub line: u64,
    /// Cells from the first column on; trailing empty cells may be missing.
    pub cells: Vec<Cell>,
}

impl RawRow {
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(Cell::is_empty)
    }
}
