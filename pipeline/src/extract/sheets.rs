//! Workbooks of the older and the open format (`.xls`, `.ods`): they cannot be read cell by cell, so their sheets are held in memory,
//! after `compound` and `opendocument` have made sure that they fit.

use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek};
use std::path::Path;

use calamine::{Data, Ods, OdsError, Range, Reader, SheetType, SheetVisible, Xls, XlsError};

use super::evidence::SAMPLE;
use super::header::{self, DateSystem, DecimalMark, HEADER_WITHIN, Header, Nearest};
use super::source::{Inner, Source, SourceFile};
use super::workbook::from_serial;
use super::{Cell, ExtractError, Format, RawRow, Wanted, compound, guard, opendocument};

const COLUMNS_LIMIT: usize = 1_000;

/// The sheets that are seen, in the file's order.
pub(super) struct Sheets {
    sheets: Vec<(String, Range<Data>)>,
    date_system: DateSystem,
}

pub(super) fn open_xls(path: &Path, name: &str, wanted: &Wanted) -> Result<Source, ExtractError> {
    let bytes = compound::read(path, name)?;
    let mut workbook = guarded(name, || Xls::new(Cursor::new(bytes)))?;
    let date_system = if workbook.has_1904_epoch() { DateSystem::Excel1904 } else { DateSystem::Excel1900 };
    let sheets = visible(name, &mut workbook)?;
    drop(workbook);
    found(path, name, wanted, Format::Xls, Sheets { sheets, date_system })
}

pub(super) fn open_ods(path: &Path, name: &str, wanted: &Wanted) -> Result<Source, ExtractError> {
    let file = File::open(path).map_err(|error| ExtractError::unreadable(name, error))?;
    opendocument::check(&file, name)?;
    let mut workbook = guarded(name, || Ods::new(BufReader::new(file)))?;
    let sheets = visible(name, &mut workbook)?;
    drop(workbook);
    found(path, name, wanted, Format::Ods, Sheets { sheets, date_system: DateSystem::default() })
}

/// Hidden sheets are left alone: what nobody sees, nobody meant to import.
fn visible<S, R>(name: &str, workbook: &mut R) -> Result<Vec<(String, Range<Data>)>, ExtractError>
where
    S: Read + Seek,
    R: Reader<S>,
    R::Error: Refusal,
{
    let metadata = workbook.sheets_metadata().to_vec();
    let seen = metadata.into_iter().filter(|s| s.typ == SheetType::WorkSheet && s.visible == SheetVisible::Visible);
    seen.map(|sheet| Ok((sheet.name.clone(), guarded(name, || workbook.worksheet_range(&sheet.name))?))).collect()
}

fn found(path: &Path, name: &str, wanted: &Wanted, format: Format, sheets: Sheets) -> Result<Source, ExtractError> {
    let mut nearest = Nearest::default();
    let mut headers = Vec::new();
    for (sheet, range) in &sheets.sheets {
        let rows = SheetRows::over(name, sheet, range, sheets.date_system, 0).take(SAMPLE);
        let sample = rows.collect::<Result<Vec<_>, _>>()?;
        let top = sample.partition_point(|row| row.line <= HEADER_WITHIN);
        if let Some(mut header) = header::find(name, &sample[..top], wanted, &mut nearest)? {
            header.date_system = sheets.date_system;
            wanted.spell(&mut header, &sample, DecimalMark::Unknown);
            headers.push(header);
        }
    }
    if headers.is_empty() {
        let names: Vec<String> = sheets.sheets.iter().map(|(name, _)| name.clone()).collect();
        return Err(header::none_found(name, &names, wanted, &nearest));
    }
    let file = SourceFile::read(path, name)?;
    Source::new(file, format, headers, Inner::Sheets(sheets))
}

impl Sheets {
    pub(super) fn rows(&self, file: &str, header: &Header) -> Result<SheetRows<'_>, ExtractError> {
        let wanted = header.sheet.as_deref().unwrap_or_default();
        let Some((sheet, range)) = self.sheets.iter().find(|(name, _)| name == wanted) else {
            return Err(ExtractError::damaged(file, format!("it has no sheet '{wanted}'")));
        };
        Ok(SheetRows::over(file, sheet, range, self.date_system, header.line))
    }
}

/// The rows of one sheet below a line.
pub(super) struct SheetRows<'a> {
    file: String,
    sheet: &'a str,
    rows: calamine::Rows<'a, Data>,
    date_system: DateSystem,
    /// Empty columns before the first one that holds anything.
    left: usize,
    /// The line of the next row.
    line: u64,
    after: u64,
}

impl<'a> SheetRows<'a> {
    fn over(file: &str, sheet: &'a str, range: &'a Range<Data>, date_system: DateSystem, after: u64) -> Self {
        let (top, left) = range.start().unwrap_or_default();
        let line = u64::from(top) + 1;
        Self { file: file.into(), sheet, rows: range.rows(), date_system, left: left as usize, line, after }
    }
}

impl Iterator for SheetRows<'_> {
    type Item = Result<RawRow, ExtractError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let values = self.rows.next()?;
            let line = self.line;
            self.line += 1;
            let used = values.iter().rposition(|value| *value != Data::Empty).map_or(0, |last| last + 1);
            if line <= self.after || used == 0 {
                continue;
            }
            if self.left + used > COLUMNS_LIMIT {
                return Some(Err(ExtractError::TooLarge {
                    file: self.file.clone(),
                    what: format!("sheet '{}' line {line} has a value in column {}", self.sheet, self.left + used),
                    instead: format!("delete what stands beyond column {COLUMNS_LIMIT}"),
                }));
            }
            let mut cells = vec![Cell::Empty; self.left];
            cells.extend(values[..used].iter().map(|value| cell(value, self.date_system)));
            let row = RawRow { sheet: Some(self.sheet.to_owned()), line, cells };
            if !row.is_blank() {
                return Some(Ok(row));
            }
        }
    }
}

fn cell(value: &Data, date_system: DateSystem) -> Cell {
    match value {
        Data::Empty => Cell::Empty,
        Data::Int(value) => Cell::Number(*value as f64),
        Data::Float(value) => Cell::Number(*value),
        Data::String(text) | Data::DurationIso(text) => Cell::Text(text.into()),
        Data::DateTimeIso(text) => {
            let day = text.split('T').next().and_then(|day| day.parse().ok());
            day.map_or_else(|| Cell::Text(text.into()), Cell::Date)
        }
        Data::Bool(value) => Cell::Bool(*value),
        Data::DateTime(serial) => {
            let day = serial.is_datetime().then(|| from_serial(serial.as_f64(), date_system)).flatten();
            day.map_or(Cell::Number(serial.as_f64()), Cell::Date)
        }
        Data::Error(error) => Cell::Error(error.to_string()),
    }
}

/// What a reader's error means for the file.
trait Refusal: std::fmt::Display {
    fn is_password(&self) -> bool;
}

impl Refusal for XlsError {
    fn is_password(&self) -> bool {
        matches!(self, Self::Password)
    }
}

impl Refusal for OdsError {
    fn is_password(&self) -> bool {
        matches!(self, Self::Password)
    }
}

/// Runs a step of the spreadsheet reader. It indexes into what the file says and panics where that is not there; such a workbook is
/// damaged, and no reason to stop. The reader is not used again after an error.
fn guarded<T, E: Refusal>(file: &str, step: impl FnOnce() -> Result<T, E>) -> Result<T, ExtractError> {
    match guard::caught(step) {
        Some(Ok(value)) => Ok(value),
        Some(Err(error)) if error.is_password() => Err(ExtractError::PasswordProtected { file: file.into() }),
        Some(Err(error)) => {
            let what = error.to_string().lines().next().unwrap_or_default().to_owned();
            Err(ExtractError::damaged(file, format!("its contents are not a valid workbook: {what}")))
        }
        None => Err(ExtractError::damaged(file, "its contents are not a valid workbook")),
    }
}
