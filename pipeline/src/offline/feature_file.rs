//! `features.parquet`: a row for each day of each item-site, a column for each feature; and the same as JSON for the store.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanBuilder, Date32Builder, Float64Builder, Int32Builder, StringBuilder};
use arrow::datatypes::{DataType, Field, Schema};
use planning::features::{FEATURES, FeatureRow, Kind, SCHEMA_VERSION, Value};

use super::forecast_file::{Names, days_since_1970};
use super::parquet_file::{ParquetFile, Whole};
use super::{FEATURES as NAME, OutError};

/// Rows that wait to be written together.
const BATCH: usize = 8_192;

/// The file, being written.
pub(crate) struct FeatureFile {
    file: ParquetFile,
    names: Names,
    skus: StringBuilder,
    sites: StringBuilder,
    days: Date32Builder,
    columns: Vec<Column>,
    rows: usize,
}

enum Column {
    Number(Float64Builder),
    Count(Int32Builder),
    Flag(BooleanBuilder),
}

impl Column {
    fn of(kind: Kind) -> Self {
        match kind {
            Kind::Number => Self::Number(Float64Builder::new()),
            Kind::Count => Self::Count(Int32Builder::new()),
            Kind::Flag => Self::Flag(BooleanBuilder::new()),
        }
    }

    fn append(&mut self, value: Option<Value>) {
        match (self, value) {
            (Self::Number(column), Some(Value::Number(value))) => column.append_value(value),
            (Self::Count(column), Some(Value::Count(value))) => column.append_value(value),
            (Self::Flag(column), Some(Value::Flag(value))) => column.append_value(value),
            // A value is of its feature's kind: a test of planning goes through all.
            (Self::Number(column), _) => column.append_null(),
            (Self::Count(column), _) => column.append_null(),
            (Self::Flag(column), _) => column.append_null(),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Number(column) => Arc::new(column.finish()),
            Self::Count(column) => Arc::new(column.finish()),
            Self::Flag(column) => Arc::new(column.finish()),
        }
    }
}

impl FeatureFile {
    pub fn create(directory: &Path, names: Names, indicators: &[String]) -> Result<Self, OutError> {
        let mut fields = vec![
            Field::new("sku", DataType::Utf8, false),
            Field::new("site", DataType::Utf8, false),
            Field::new("date", DataType::Date32, false),
            Field::new("schema_version", DataType::Int32, false),
        ];
        fields.extend(FEATURES.iter().map(|feature| {
            let kind = match feature.kind {
                Kind::Number => DataType::Float64,
                Kind::Count => DataType::Int32,
                Kind::Flag => DataType::Boolean,
            };
            Field::new(feature.name, kind, true)
        }));
        fields.extend(indicators.iter().map(|code| Field::new(indicator(code), DataType::Float64, true)));
        let kinds = FEATURES.iter().map(|feature| feature.kind);
        let columns = kinds.chain(indicators.iter().map(|_| Kind::Number)).map(Column::of).collect();
        let file = ParquetFile::create(directory, &format!("{NAME}.parquet"), Arc::new(Schema::new(fields)))?;
        let (skus, sites, days) = (StringBuilder::new(), StringBuilder::new(), Date32Builder::new());
        Ok(Self { file, names, skus, sites, days, columns, rows: 0 })
    }

    /// Adds a day of an item-site.
    pub fn add(&mut self, item_id: i64, site_id: i64, row: &FeatureRow) -> Result<(), OutError> {
        let (Some(sku), Some(site)) = (self.names.sku(item_id), self.names.site(site_id)) else { return Ok(()) };
        self.skus.append_value(sku);
        self.sites.append_value(site);
        self.days.append_value(days_since_1970(row.date));
        for (column, value) in self.columns.iter_mut().zip(&row.values) {
            column.append(*value);
        }
        self.rows += 1;
        if self.rows >= BATCH { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), OutError> {
        let mut versions = Int32Builder::new();
        versions.append_value_n(SCHEMA_VERSION.into(), self.rows);
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(self.skus.finish()),
            Arc::new(self.sites.finish()),
            Arc::new(self.days.finish()),
            Arc::new(versions.finish()),
        ];
        columns.extend(self.columns.iter_mut().map(Column::finish));
        self.rows = 0;
        self.file.write(columns)
    }

    pub fn finish(mut self) -> Result<Whole, OutError> {
        self.flush()?;
        self.file.finish()
    }
}

/// What the feature of an indicator is called.
fn indicator(code: &str) -> String {
    format!("indicator_{code}")
}

/// The features as a JSON object; what is not known is left out. `indicators` are the codes in the order of the row.
pub(crate) fn json(row: &FeatureRow, indicators: &[String]) -> String {
    let names = FEATURES.iter().map(|feature| format!("\"{}\"", feature.name));
    let names = names.chain(indicators.iter().map(|code| serde_json::Value::from(indicator(code)).to_string()));
    let mut text = String::with_capacity(900);
    for (name, value) in names.zip(&row.values) {
        let Some(value) = value else { continue };
        text.push(if text.is_empty() { '{' } else { ',' });
        // Writing to a string cannot fail.
        let _ = match value {
            Value::Number(value) => write!(text, "{name}:{value}"),
            Value::Count(value) => write!(text, "{name}:{value}"),
            Value::Flag(value) => write!(text, "{name}:{value}"),
        };
    }
    text.push_str(if text.is_empty() { "{}" } else { "}" });
    text
}
