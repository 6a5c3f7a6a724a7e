//! A page of a table: named columns with types, of one length.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch, RecordBatchOptions, StringArray,
    TimestampMicrosecondArray,
};
use arrow::datatypes::{DataType, Field, Schema};
use chrono::{DateTime, NaiveDate, Utc};

use super::ExportError;

/// A page being put together, column by column.
#[derive(Debug)]
pub struct Sheet {
    rows: usize,
    fields: Vec<Field>,
    columns: Vec<ArrayRef>,
}

impl Sheet {
    /// A page of so many rows and no column.
    pub fn of(rows: usize) -> Self {
        Self { rows, fields: Vec::new(), columns: Vec::new() }
    }

    /// Adds words.
    pub fn texts<T: AsRef<str>>(self, name: &str, cells: impl IntoIterator<Item = Option<T>>) -> Self {
        let cells: StringArray = cells.into_iter().collect();
        self.column(name, DataType::Utf8, Arc::new(cells))
    }

    /// Adds quantities, money or rates.
    pub fn numbers(self, name: &str, cells: impl IntoIterator<Item = Option<f64>>) -> Self {
        let cells: Float64Array = cells.into_iter().collect();
        self.column(name, DataType::Float64, Arc::new(cells))
    }

    /// Adds counts.
    pub fn counts(self, name: &str, cells: impl IntoIterator<Item = i64>) -> Self {
        let cells: Int64Array = cells.into_iter().map(Some).collect();
        self.column(name, DataType::Int64, Arc::new(cells))
    }

    /// Adds yes and no.
    pub fn flags(self, name: &str, cells: impl IntoIterator<Item = bool>) -> Self {
        let cells: BooleanArray = cells.into_iter().map(Some).collect();
        self.column(name, DataType::Boolean, Arc::new(cells))
    }

    /// Adds days.
    pub fn days(self, name: &str, cells: impl IntoIterator<Item = Option<NaiveDate>>) -> Self {
        let since = |day: NaiveDate| (day - NaiveDate::default()).num_days() as i32;
        let cells: Date32Array = cells.into_iter().map(|day| day.map(since)).collect();
        self.column(name, DataType::Date32, Arc::new(cells))
    }

    /// Adds instants.
    pub fn instants(self, name: &str, cells: impl IntoIterator<Item = Option<DateTime<Utc>>>) -> Self {
        let micros = |at: DateTime<Utc>| at.timestamp_micros();
        let cells: TimestampMicrosecondArray = cells.into_iter().map(|at| at.map(micros)).collect();
        let cells = cells.with_timezone_utc();
        let kind = DataType::Timestamp(arrow::datatypes::TimeUnit::Microsecond, cells.timezone().map(Into::into));
        self.column(name, kind, Arc::new(cells))
    }

    fn column(mut self, name: &str, kind: DataType, cells: ArrayRef) -> Self {
        self.fields.push(Field::new(name, kind, true));
        self.columns.push(cells);
        self
    }

    /// The page, if its columns are of one length.
    pub fn batch(self) -> Result<RecordBatch, ExportError> {
        let options = RecordBatchOptions::new().with_row_count(Some(self.rows));
        Ok(RecordBatch::try_new_with_options(Arc::new(Schema::new(self.fields)), self.columns, &options)?)
    }
}
