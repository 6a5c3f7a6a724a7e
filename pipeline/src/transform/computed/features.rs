//! Features: one row is one item-site on one day; every column beside the key is a feature.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde_json::{Map, Number, Value};

use super::Known;
use super::forecasts::site;
use super::measure::whole;
use crate::extract::{Cell, Field, Header, RawRow};
use crate::transform::read::Reader;
use crate::transform::reason::{Reject, RejectReason};
use crate::transform::sightings::Sightings;
use crate::transform::tables;
use crate::transform::written::plain_number;

/// A day of an item-site.
#[derive(Debug, Clone, PartialEq)]
pub struct GivenFeatures {
    pub item_id: i64,
    pub site_id: i64,
    pub date: NaiveDate,
    pub version: i16,
    /// A JSON object as text; what is not known is left out.
    pub features: String,
}

/// The judge of all files of features of one load.
#[derive(Debug)]
pub struct Features<'k> {
    known: &'k Known,
    /// Days seen, by version.
    seen: HashMap<i16, Sightings>,
    /// Small numbers for ids.
    numbers: HashMap<i64, u32>,
}

impl<'k> Features<'k> {
    pub fn new(known: &'k Known) -> Self {
        Self { known, seen: HashMap::new(), numbers: HashMap::new() }
    }

    /// Judges a line of `file`.
    pub fn judge(&mut self, file: &str, header: &Header, row: &RawRow) -> Result<GivenFeatures, Reject> {
        let reader = Reader { file, header, row, today: NaiveDate::MAX };
        let sku = tables::sku(&reader)?;
        let item_id = *self.known.items.get(&sku).ok_or_else(|| tables::unknown_item(&reader))?;
        let site_id = site(&reader, self.known)?;
        let missing = || reader.reject(Field::Date, RejectReason::MissingKey, "a day, yyyy-mm-dd");
        let date = reader.date(Field::Date)?.ok_or_else(missing)?;
        let version = whole(&reader, Field::SchemaVersion, i16::MAX.into())? as i16;
        let features = features(&reader)?;
        let next = self.numbers.len() as u32;
        let item = *self.numbers.entry(item_id).or_insert(next);
        let seen = self.seen.entry(version).or_default();
        if !seen.first(item, site_id as u32, date) {
            let expected = "one line an item, site, day and version; an earlier one stays: remove one of the two";
            return Err(Reject {
                column: None,
                value: format!("{sku} {date}"),
                ..reader.reject(Field::Sku, RejectReason::DuplicateLine, expected)
            });
        }
        Ok(GivenFeatures { item_id, site_id, date, version, features })
    }
}

fn features(reader: &Reader<'_>) -> Result<String, Reject> {
    let mut features = if reader.is_absent(Field::Features) {
        Map::new()
    } else if let Ok(Value::Object(given)) = serde_json::from_str(&reader.cell(Field::Features).display()) {
        given
    } else {
        let expected = "a JSON object, such as {\"lag_7\": 3.5}";
        return Err(reader.reject(Field::Features, RejectReason::UnknownValue, expected));
    };
    for (index, name) in reader.header.others() {
        let Some(cell) = reader.row.cells.get(*index) else { continue };
        if let Some(value) = value(cell, reader).map_err(|reason| Reject {
            column: Some(name.clone()),
            value: cell.display(),
            ..reader.reject(Field::Features, reason, "a finite number, text, true or false, or nothing")
        })? {
            features.insert(name.clone(), value);
        }
    }
    // A text of PostgreSQL has no NUL.
    Ok(Value::Object(features).to_string().replace("\\u0000", " "))
}

/// A cell as JSON; `None` for what is not known. NaN is how many programs write that.
fn value(cell: &Cell, reader: &Reader<'_>) -> Result<Option<Value>, RejectReason> {
    let number = |value: f64| {
        // Whole numbers are written without decimals, as the store writes its own.
        let whole = value.fract() == 0.0 && value.abs() < 9e15;
        if whole { Some(Value::from(value as i64)) } else { Number::from_f64(value).map(Value::Number) }
    };
    Ok(match cell {
        Cell::Empty => None,
        Cell::Number(value) if value.is_nan() => None,
        Cell::Number(value) if value.is_infinite() => return Err(RejectReason::NotANumber),
        Cell::Number(value) => number(*value),
        Cell::Decimal(value) => value.to_string().parse().ok().and_then(number),
        Cell::Bool(value) => Some(Value::Bool(*value)),
        Cell::Date(day) => Some(Value::from(day.to_string())),
        Cell::Text(text) => match text.trim().to_lowercase().as_str() {
            "" | "nan" | "null" => None,
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            // A code with leading zeros is no number.
            other if other.len() > 1 && other.starts_with('0') && !other.starts_with("0.") => {
                Some(Value::from(text.as_str()))
            }
            _ => plain_number(text, reader.header.decimal)
                .ok()
                .and_then(|plain| number(plain.parse().ok()?))
                .or_else(|| Some(Value::from(text.as_str()))),
        },
        Cell::Error(_) | Cell::Unresolved(_) => return Err(RejectReason::NotANumber),
    })
}
