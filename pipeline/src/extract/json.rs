//! Tables as JSON: a list of objects, or one object after the other (a line each, as many programs write them).

use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde_json::{Map, Value};

use super::header::{self, DecimalMark, Nearest};
use super::source::{Inner, Source, SourceFile};
use super::{Cell, ExtractError, Format, RawRow, Wanted};

/// The file is held in memory.
const MOST_MIB: u64 = 128;
/// Objects whose names make the header: a name that comes later is of no known column anyway.
const NAMED_BY: usize = 1_000;
const COLUMNS_LIMIT: usize = 10_000;

type Object = Map<String, Value>;

pub(super) fn open(path: &Path, name: &str, wanted: &Wanted) -> Result<Source, ExtractError> {
    let source = SourceFile::read(path, name)?;
    if source.bytes > MOST_MIB * 1024 * 1024 {
        return Err(ExtractError::TooLarge {
            file: name.into(),
            what: format!("{} MB of JSON, of which {MOST_MIB} MB can be read", source.bytes / 1024 / 1024),
            instead: "write it as Parquet or CSV".into(),
        });
    }
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|mut file| file.read_to_end(&mut bytes));
    read.map_err(|error| ExtractError::unreadable(name, error))?;
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let objects = objects(bytes).map_err(|error| {
        let what = format!("it is not JSON of a list of objects: {error}");
        ExtractError::damaged(name, what)
    })?;
    let columns = columns(&objects);
    if columns.len() > COLUMNS_LIMIT {
        return Err(ExtractError::TooLarge {
            file: name.into(),
            what: format!("more than {COLUMNS_LIMIT} different names"),
            instead: "keep the names that are needed".into(),
        });
    }
    let names = columns.iter().map(|column| Cell::Text(column.into())).collect();
    let mut nearest = Nearest::default();
    let Some(mut header) = header::find(name, &[RawRow { sheet: None, line: 0, cells: names }], wanted, &mut nearest)?
    else {
        return Err(header::none_found(name, &[], wanted, &nearest));
    };
    // Text was put there by a program, and programs write points.
    header.decimal = wanted.decimal.unwrap_or(DecimalMark::Point);
    header.date_order = wanted.date_order.unwrap_or_default();
    let rows = objects.into_iter().zip(1..).map(|(object, line)| row(object, &columns, line)).collect();
    Source::new(source, Format::Json, vec![header], Inner::Json(rows))
}

fn objects(bytes: &[u8]) -> Result<Vec<Object>, serde_json::Error> {
    if bytes.trim_ascii_start().starts_with(b"[") {
        return serde_json::from_slice(bytes);
    }
    serde_json::Deserializer::from_slice(bytes).into_iter().collect()
}

/// Every name, in the order in which names are first seen.
fn columns(objects: &[Object]) -> Vec<String> {
    let mut columns: Vec<String> = Vec::new();
    for object in objects.iter().take(NAMED_BY) {
        for name in object.keys() {
            if columns.len() <= COLUMNS_LIMIT && !columns.contains(name) {
                columns.push(name.clone());
            }
        }
    }
    columns
}

/// A row's line is the number of its object, from 1.
fn row(mut object: Object, columns: &[String], line: u64) -> RawRow {
    let cells = columns.iter().map(|name| object.remove(name).map_or(Cell::Empty, cell)).collect();
    RawRow { sheet: None, line, cells }
}

fn cell(value: Value) -> Cell {
    match value {
        Value::Null => Cell::Empty,
        Value::Bool(value) => Cell::Bool(value),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            // Beyond what a double tells apart, every digit counts: it may be a code.
            (Some(whole), _) if whole.unsigned_abs() > 1 << 53 => Cell::Decimal(whole.into()),
            (_, Some(value)) => Cell::Number(value),
            _ => Cell::Error(number.to_string()),
        },
        Value::String(text) if text.is_empty() => Cell::Empty,
        Value::String(text) => Cell::Text(text.into()),
        // A value with parts of its own stays what it is; only features have such.
        nested => Cell::Text(nested.to_string().into()),
    }
}
