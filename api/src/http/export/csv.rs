//! Comma-separated text after RFC 4180, or with semicolons as Brazilian spreadsheets read it.

use std::io::Write as _;

use arrow::array::RecordBatch;

use super::ExportError;
use super::cell::{Cell, Cells, is_formula};
use super::format::Locale;
use super::stream::Writer;

/// Writes CSV.
#[derive(Debug)]
pub struct Csv {
    pub locale: Locale,
}

impl Csv {
    fn delimiter(&self) -> u8 {
        match self.locale {
            Locale::Plain => b',',
            Locale::PtBr => b';',
        }
    }

    /// A text in quotes where it needs them; one that looks like a formula is told to be text by an apostrophe.
    fn text(&self, text: &str, out: &mut Vec<u8>) {
        let formula = is_formula(text);
        let delimiter = self.delimiter();
        if !text.bytes().any(|byte| byte == delimiter || matches!(byte, b'"' | b'\r' | b'\n')) {
            if formula {
                out.push(b'\'');
            }
            out.extend_from_slice(text.as_bytes());
            return;
        }
        out.push(b'"');
        if formula {
            out.push(b'\'');
        }
        out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
        out.push(b'"');
    }

    fn cell(&self, cell: Cell<'_>, out: &mut Vec<u8>) -> std::io::Result<()> {
        let brazilian = self.locale == Locale::PtBr;
        match cell {
            Cell::Nothing => Ok(()),
            Cell::Text(text) => {
                self.text(text, out);
                Ok(())
            }
            Cell::Number(number) if brazilian => write!(out, "{}", number.to_string().replace('.', ",")),
            Cell::Number(number) => write!(out, "{number}"),
            Cell::Count(count) => write!(out, "{count}"),
            Cell::Flag(flag) => write!(out, "{flag}"),
            Cell::Day(day) if brazilian => write!(out, "{}", day.format("%d/%m/%Y")),
            Cell::Day(day) => write!(out, "{day}"),
            Cell::Instant(at) if brazilian => write!(out, "{}", at.format("%d/%m/%Y %H:%M:%S")),
            Cell::Instant(at) => write!(out, "{}", at.format("%Y-%m-%dT%H:%M:%SZ")),
        }
    }
}

impl Writer for Csv {
    fn begin(&mut self, empty: &RecordBatch) -> Result<Vec<u8>, ExportError> {
        let mut out = Vec::new();
        if self.locale == Locale::PtBr {
            // Without it, spreadsheets take UTF-8 for an older encoding.
            out.extend_from_slice("\u{feff}".as_bytes());
        }
        for (at, field) in empty.schema().fields().iter().enumerate() {
            if at > 0 {
                out.push(self.delimiter());
            }
            self.text(field.name(), &mut out);
        }
        out.extend_from_slice(b"\r\n");
        Ok(out)
    }

    fn page(&mut self, page: &RecordBatch) -> Result<Vec<u8>, ExportError> {
        let columns = Cells::all(page);
        let mut out = Vec::with_capacity(page.num_rows() * columns.len() * 8);
        for row in 0..page.num_rows() {
            for (at, column) in columns.iter().enumerate() {
                if at > 0 {
                    out.push(self.delimiter());
                }
                self.cell(column.at(row), &mut out)?;
            }
            out.extend_from_slice(b"\r\n");
        }
        Ok(out)
    }

    fn end(&mut self) -> Result<Vec<u8>, ExportError> {
        Ok(Vec::new())
    }
}
