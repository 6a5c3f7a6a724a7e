//! Columns of a Parquet file as cells: each type becomes the cell that a spreadsheet would have had, without going through text.

use arrow::array::{Array, AsArray};
use arrow::datatypes::{DataType, TimeUnit};
use arrow::datatypes::{
    Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type, Float16Type, Float32Type,
    Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use chrono::{DateTime, NaiveDate, TimeZone};
use rust_decimal::Decimal;

use super::Cell;

/// Whole numbers up to here are the same as a double.
const EXACT: i64 = 1 << 53;
const DAY: i64 = 86_400;

/// Whether a column of this type can be read; otherwise what it is, in words.
pub(super) fn readable(kind: &DataType) -> Result<(), String> {
    match kind {
        DataType::Null
        | DataType::Boolean
        | DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::UInt8
        | DataType::UInt16
        | DataType::UInt32
        | DataType::UInt64
        | DataType::Float16
        | DataType::Float32
        | DataType::Float64
        | DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Binary
        | DataType::LargeBinary
        | DataType::BinaryView
        | DataType::Date32
        | DataType::Date64
        | DataType::Timestamp(..)
        | DataType::Decimal32(..)
        | DataType::Decimal64(..)
        | DataType::Decimal128(..)
        | DataType::Decimal256(..) => Ok(()),
        DataType::Dictionary(_, values) => readable(values),
        DataType::List(_) | DataType::LargeList(_) | DataType::FixedSizeList(..) | DataType::ListView(_) => {
            Err("lists".into())
        }
        DataType::Struct(_) => Err("records with parts of their own".into()),
        DataType::Map(..) => Err("maps".into()),
        other => Err(format!("type {other}")),
    }
}

/// The cells of one column of a batch.
pub(super) fn cells(column: &dyn Array) -> Vec<Cell> {
    let mut read: Vec<Cell> = match column.data_type() {
        DataType::Boolean => {
            let values = column.as_boolean();
            (0..values.len()).map(|row| Cell::Bool(values.value(row))).collect()
        }
        DataType::Int8 => column.as_primitive::<Int8Type>().values().iter().map(|v| whole(i64::from(*v))).collect(),
        DataType::Int16 => column.as_primitive::<Int16Type>().values().iter().map(|v| whole(i64::from(*v))).collect(),
        DataType::Int32 => column.as_primitive::<Int32Type>().values().iter().map(|v| whole(i64::from(*v))).collect(),
        DataType::Int64 => column.as_primitive::<Int64Type>().values().iter().map(|v| whole(*v)).collect(),
        DataType::UInt8 => column.as_primitive::<UInt8Type>().values().iter().map(|v| whole(i64::from(*v))).collect(),
        DataType::UInt16 => column.as_primitive::<UInt16Type>().values().iter().map(|v| whole(i64::from(*v))).collect(),
        DataType::UInt32 => column.as_primitive::<UInt32Type>().values().iter().map(|v| whole(i64::from(*v))).collect(),
        DataType::UInt64 => {
            let values = column.as_primitive::<UInt64Type>().values();
            values.iter().map(|v| i64::try_from(*v).map_or_else(|_| Cell::Decimal(Decimal::from(*v)), whole)).collect()
        }
        DataType::Float16 => {
            column.as_primitive::<Float16Type>().values().iter().map(|v| short(f32::from(*v))).collect()
        }
        DataType::Float32 => column.as_primitive::<Float32Type>().values().iter().map(|v| short(*v)).collect(),
        DataType::Float64 => column.as_primitive::<Float64Type>().values().iter().map(|v| Cell::Number(*v)).collect(),
        DataType::Utf8 => texts(column.as_string::<i32>().iter()),
        DataType::LargeUtf8 => texts(column.as_string::<i64>().iter()),
        DataType::Utf8View => texts(column.as_string_view().iter()),
        DataType::Binary => bytes(column.as_binary::<i32>().iter()),
        DataType::LargeBinary => bytes(column.as_binary::<i64>().iter()),
        DataType::BinaryView => bytes(column.as_binary_view().iter()),
        DataType::Date32 => {
            column.as_primitive::<Date32Type>().values().iter().map(|v| day(i64::from(*v) * DAY, None)).collect()
        }
        DataType::Date64 => {
            column.as_primitive::<Date64Type>().values().iter().map(|v| day(v.div_euclid(1_000), None)).collect()
        }
        DataType::Timestamp(unit, zone) => {
            let zone = zone.as_deref().map(Zone::named);
            let (values, parts) = match unit {
                TimeUnit::Second => (column.as_primitive::<TimestampSecondType>().values(), 1),
                TimeUnit::Millisecond => (column.as_primitive::<TimestampMillisecondType>().values(), 1_000),
                TimeUnit::Microsecond => (column.as_primitive::<TimestampMicrosecondType>().values(), 1_000_000),
                TimeUnit::Nanosecond => (column.as_primitive::<TimestampNanosecondType>().values(), 1_000_000_000),
            };
            values.iter().map(|v| day(v.div_euclid(parts), zone.as_ref())).collect()
        }
        DataType::Decimal32(_, scale) => {
            let values = column.as_primitive::<Decimal32Type>().values();
            values.iter().map(|v| decimal(i128::from(*v), *scale)).collect()
        }
        DataType::Decimal64(_, scale) => {
            let values = column.as_primitive::<Decimal64Type>().values();
            values.iter().map(|v| decimal(i128::from(*v), *scale)).collect()
        }
        DataType::Decimal128(_, scale) => {
            column.as_primitive::<Decimal128Type>().values().iter().map(|v| decimal(*v, *scale)).collect()
        }
        DataType::Decimal256(_, scale) => {
            let values = column.as_primitive::<Decimal256Type>().values();
            let cell = |v: &arrow::datatypes::i256| {
                v.to_i128().map_or_else(|| Cell::Error(v.to_string()), |v| decimal(v, *scale))
            };
            values.iter().map(cell).collect()
        }
        DataType::Dictionary(..) => {
            let dictionary = column.as_any_dictionary();
            let values = cells(dictionary.values().as_ref());
            if values.is_empty() {
                vec![Cell::Empty; column.len()]
            } else {
                dictionary.normalized_keys().into_iter().map(|key| values[key].clone()).collect()
            }
        }
        // Everything else was refused when the file was opened, or is null throughout.
        _ => vec![Cell::Empty; column.len()],
    };
    if let Some(nulls) = column.logical_nulls() {
        for (cell, valid) in read.iter_mut().zip(nulls.iter()) {
            if !valid {
                *cell = Cell::Empty;
            }
        }
    }
    read
}

fn whole(value: i64) -> Cell {
    if (-EXACT..=EXACT).contains(&value) { Cell::Number(value as f64) } else { Cell::Decimal(Decimal::from(value)) }
}

/// The shortest decimal that means the same short number, so 0.1 stays 0.1.
fn short(value: f32) -> Cell {
    Cell::Number(value.to_string().parse().unwrap_or(f64::from(value)))
}

fn decimal(value: i128, scale: i8) -> Cell {
    let exact = u32::try_from(scale).ok().and_then(|scale| Decimal::try_from_i128_with_scale(value, scale).ok());
    // Beyond what any quantity has; near enough to be told that it is too large.
    exact.map_or_else(|| Cell::Number(value as f64 / 10_f64.powi(i32::from(scale))), Cell::Decimal)
}

fn texts<'a>(values: impl Iterator<Item = Option<&'a str>>) -> Vec<Cell> {
    values.map(|value| value.map_or(Cell::Empty, text_cell)).collect()
}

fn text_cell(text: &str) -> Cell {
    if text.is_empty() { Cell::Empty } else { Cell::Text(text.into()) }
}

/// Text that its writer did not mark as such.
fn bytes<'a>(values: impl Iterator<Item = Option<&'a [u8]>>) -> Vec<Cell> {
    let cell = |bytes: &[u8]| match std::str::from_utf8(bytes) {
        Ok(text) => text_cell(text),
        Err(_) => Cell::Error(format!("{} bytes that are no text", bytes.len())),
    };
    values.map(|value| value.map_or(Cell::Empty, cell)).collect()
}

/// The zone in which a moment has its day.
enum Zone {
    Named(chrono_tz::Tz),
    Fixed(chrono::FixedOffset),
}

impl Zone {
    /// A zone that nobody knows is UTC, in which the file stores its moments.
    fn named(name: &str) -> Self {
        match (name.parse(), name.parse()) {
            (Ok(zone), _) => Self::Named(zone),
            (_, Ok(offset)) => Self::Fixed(offset),
            _ => Self::Named(chrono_tz::UTC),
        }
    }
}

/// The day of a moment, given in seconds since 1970.
fn day(seconds: i64, zone: Option<&Zone>) -> Cell {
    let day: Option<NaiveDate> = DateTime::from_timestamp(seconds, 0).and_then(|moment| {
        // At the ends of the calendar a zone can lead out of it.
        let moment = moment.naive_utc();
        let offset = match zone {
            None => return Some(moment.date()),
            Some(Zone::Named(zone)) => chrono::Offset::fix(&zone.offset_from_utc_datetime(&moment)),
            Some(Zone::Fixed(offset)) => *offset,
        };
        moment.checked_add_offset(offset).map(|local| local.date())
    });
    day.map_or_else(|| Cell::Error(format!("{seconds} seconds since 1970")), Cell::Date)
}
