//! One cell of a page, for files that are written row by row.

use arrow::array::{
    Array, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use chrono::{DateTime, Days, NaiveDate, Utc};

/// A column, its type known once and not again for each of its cells.
pub enum Cells<'a> {
    Texts(&'a StringArray),
    Numbers(&'a Float64Array),
    Counts(&'a Int64Array),
    Flags(&'a BooleanArray),
    Days(&'a Date32Array),
    Instants(&'a TimestampMicrosecondArray),
}

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    Nothing,
    Text(&'a str),
    Number(f64),
    Count(i64),
    Flag(bool),
    Day(NaiveDate),
    Instant(DateTime<Utc>),
}

impl<'a> Cells<'a> {
    /// The columns of a page.
    pub fn all(page: &'a RecordBatch) -> Vec<Self> {
        page.columns().iter().filter_map(|column| Self::of(column.as_ref())).collect()
    }

    /// A column of one of the types that a [`super::sheet::Sheet`] has.
    fn of(column: &'a dyn Array) -> Option<Self> {
        let any = column.as_any();
        any.downcast_ref()
            .map(Self::Texts)
            .or_else(|| any.downcast_ref().map(Self::Numbers))
            .or_else(|| any.downcast_ref().map(Self::Counts))
            .or_else(|| any.downcast_ref().map(Self::Flags))
            .or_else(|| any.downcast_ref().map(Self::Days))
            .or_else(|| any.downcast_ref().map(Self::Instants))
    }

    /// The cell of a row.
    pub fn at(&self, row: usize) -> Cell<'a> {
        let cell = match self {
            Self::Texts(cells) => cells.is_valid(row).then(|| Cell::Text(cells.value(row))),
            Self::Numbers(cells) => cells.is_valid(row).then(|| Cell::Number(cells.value(row))),
            Self::Counts(cells) => cells.is_valid(row).then(|| Cell::Count(cells.value(row))),
            Self::Flags(cells) => cells.is_valid(row).then(|| Cell::Flag(cells.value(row))),
            Self::Days(cells) => cells.is_valid(row).then(|| cells.value(row)).and_then(day).map(Cell::Day),
            Self::Instants(cells) => cells
                .is_valid(row)
                .then(|| cells.value(row))
                .and_then(DateTime::from_timestamp_micros)
                .map(Cell::Instant),
        };
        cell.filter(|cell| !matches!(cell, Cell::Number(number) if !number.is_finite())).unwrap_or(Cell::Nothing)
    }
}

fn day(since: i32) -> Option<NaiveDate> {
    NaiveDate::default().checked_add_days(Days::new(u64::try_from(since).ok()?))
}

/// Whether a spreadsheet would take the text for a formula, which may call on other programs.
pub fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}
