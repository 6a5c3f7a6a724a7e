//! Days, instants and numbers as they leave: ISO dates, UTC instants, floats of four decimals.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{NaiveDate, SecondsFormat, Utc};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// A day, as `2025-03-31`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(pub NaiveDate);

#[Scalar]
/// A day, as `2025-03-31`.
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(InputValueError::expected_type(value));
        };
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
        // Years of four digits keep the text sortable, and inside what the database can hold.
        match day.filter(|_| text.len() == 10) {
            Some(day) => Ok(Self(day)),
            None => Err(InputValueError::custom(format!("{text:?} is not a day such as 2025-03-31"))),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.format("%Y-%m-%d").to_string())
    }
}

/// An instant in UTC, as `2025-03-31T12:00:00Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DateTime(pub chrono::DateTime<Utc>);

#[Scalar]
/// An instant in UTC, as `2025-03-31T12:00:00Z`.
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(InputValueError::expected_type(value));
        };
        match chrono::DateTime::parse_from_rfc3339(text) {
            Ok(instant) => Ok(Self(instant.with_timezone(&Utc))),
            Err(_) => Err(InputValueError::custom(format!("{text:?} is not an instant such as 2025-03-31T12:00:00Z"))),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

/// A stored amount as it leaves.
pub fn amount(value: Decimal) -> f64 {
    // NUMERIC(18,4) always fits; what does not would be a gap that a chart shows.
    planning::round4(value.to_f64().unwrap_or(f64::NAN))
}

/// A computed number as it leaves.
pub fn number(value: f64) -> f64 {
    planning::round4(value)
}

/// Days as they leave.
pub fn dates(days: &[NaiveDate]) -> Vec<Date> {
    days.iter().copied().map(Date).collect()
}
