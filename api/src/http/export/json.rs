//! An array of objects, one a line.

use std::io::Write as _;

use arrow::array::RecordBatch;

use super::ExportError;
use super::cell::{Cell, Cells};
use super::stream::Writer;

/// Writes JSON.
#[derive(Debug, Default)]
pub struct Json {
    begun: bool,
}

fn cell(cell: Cell<'_>, out: &mut Vec<u8>) -> std::io::Result<()> {
    match cell {
        Cell::Nothing => write!(out, "null"),
        Cell::Text(text) => Ok(serde_json::to_writer(out, text)?),
        Cell::Number(number) => Ok(serde_json::to_writer(out, &number)?),
        Cell::Count(count) => write!(out, "{count}"),
        Cell::Flag(flag) => write!(out, "{flag}"),
        Cell::Day(day) => write!(out, "\"{day}\""),
        Cell::Instant(at) => write!(out, "\"{}\"", at.format("%Y-%m-%dT%H:%M:%SZ")),
    }
}

impl Writer for Json {
    fn begin(&mut self, _empty: &RecordBatch) -> Result<Vec<u8>, ExportError> {
        Ok(b"[".to_vec())
    }

    fn page(&mut self, page: &RecordBatch) -> Result<Vec<u8>, ExportError> {
        let schema = page.schema();
        let names = schema.fields().iter().map(|field| serde_json::Value::from(field.name().as_str()).to_string());
        let columns: Vec<(String, Cells<'_>)> = names.zip(Cells::all(page)).collect();
        let mut out = Vec::with_capacity(page.num_rows() * columns.len() * 20);
        for row in 0..page.num_rows() {
            out.extend_from_slice(if self.begun { b",\n" } else { b"\n" });
            self.begun = true;
            for (at, (name, column)) in columns.iter().enumerate() {
                out.push(if at == 0 { b'{' } else { b',' });
                write!(out, "{name}:")?;
                cell(column.at(row), &mut out)?;
            }
            out.push(b'}');
        }
        Ok(out)
    }

    fn end(&mut self) -> Result<Vec<u8>, ExportError> {
        Ok(b"\n]\n".to_vec())
    }
}
