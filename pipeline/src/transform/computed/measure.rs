//! Reading figures that a computation made: doubles, every digit of them kept.

use rust_decimal::prelude::ToPrimitive as _;

use crate::extract::{Cell, Field};
use crate::transform::read::Reader;
use crate::transform::reason::{Reject, RejectReason};
use crate::transform::written::plain_number;

/// The largest figure, as for quantities.
const LARGEST: f64 = 1e14;

/// A number of any sign.
pub(super) fn signed(reader: &Reader<'_>, field: Field) -> Result<f64, Reject> {
    if reader.is_absent(field) {
        return Err(reader.reject(field, RejectReason::MissingKey, "a number"));
    }
    let no_number =
        |reason| reader.reject(field, reason, "a number such as 12 or 12.5, or nothing where it is not known");
    let value = match reader.cell(field) {
        Cell::Number(value) => Some(*value),
        Cell::Decimal(value) => value.to_f64(),
        Cell::Text(text) => plain_number(text, reader.header.decimal).map_err(no_number)?.parse().ok(),
        _ => None,
    };
    match value.filter(|value| value.is_finite()) {
        None => Err(no_number(RejectReason::NotANumber)),
        Some(value) if value.abs() > LARGEST => {
            Err(reader.reject(field, RejectReason::NumberTooLarge, format!("at most {LARGEST:e}")))
        }
        // Minus zero would be another number to a comparison of rows.
        Some(value) => Ok(value + 0.0),
    }
}

/// A number of zero or more.
pub(super) fn measure(reader: &Reader<'_>, field: Field) -> Result<f64, Reject> {
    let value = signed(reader, field)?;
    if value < 0.0 {
        return Err(reader.reject(field, RejectReason::NegativeQuantity, "zero or more"));
    }
    Ok(value)
}

/// [`measure`], of what may be absent.
pub(super) fn optional(reader: &Reader<'_>, field: Field) -> Result<Option<f64>, Reject> {
    if reader.is_absent(field) { Ok(None) } else { measure(reader, field).map(Some) }
}

/// A whole number from 1 to `most`.
pub(super) fn whole(reader: &Reader<'_>, field: Field, most: i64) -> Result<i64, Reject> {
    let value = signed(reader, field)?;
    if value.fract() != 0.0 || value < 1.0 || value > most as f64 {
        let expected = format!("a whole number from 1 to {most}");
        return Err(reader.reject(field, RejectReason::UnknownValue, expected));
    }
    Ok(value as i64)
}
