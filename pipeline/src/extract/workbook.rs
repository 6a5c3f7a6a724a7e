//! Workbooks in the `.xlsx` format, read cell by cell: a sheet is never held in memory as a whole.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxCellReader, XlsxError};
use chrono::{Days, NaiveDate};

use super::evidence::SAMPLE;
use super::header::{self, DateSystem, DecimalMark, HEADER_WITHIN, Header, Nearest};
use super::source::{Inner, Source, SourceFile};
use super::{Cell, ExtractError, Format, RawRow, Wanted, guard};

pub(super) type Workbook = Xlsx<BufReader<File>>;

/// Far more than any table has; a cell beyond it is a stray that would make rows of sixteen thousand cells.
const COLUMNS_LIMIT: u32 = 1_000;

pub(super) fn open(path: &Path, name: &str, wanted: &Wanted) -> Result<Source, ExtractError> {
    let unreadable = |error| ExtractError::unreadable(name, error);
    let file = BufReader::new(File::open(path).map_err(unreadable)?);
    let mut workbook = guarded(name, || Workbook::new(file))?;
    let date_system = date_system(&workbook);

    // Hidden sheets are left alone: what nobody sees, nobody meant to import.
    let sheets: Vec<String> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    let mut nearest = Nearest::default();
    let mut headers = Vec::new();
    for sheet in &sheets {
        let mut sample = Vec::new();
        let mut header: Option<Header> = None;
        for row in WorkbookRows::start(&mut workbook, name, sheet, 0)? {
            let row = row?;
            if row.line > HEADER_WITHIN && header.is_none() {
                header = header::find(name, &sample, wanted, &mut nearest)?;
                if header.is_none() {
                    break;
                }
            }
            sample.push(row);
            if sample.len() >= SAMPLE {
                break;
            }
        }
        // A sheet may end before the header's last possible line.
        if header.is_none() && sample.last().is_none_or(|row| row.line <= HEADER_WITHIN) {
            header = header::find(name, &sample, wanted, &mut nearest)?;
        }
        if let Some(mut header) = header {
            header.date_system = date_system;
            wanted.spell(&mut header, &sample, DecimalMark::Unknown);
            headers.push(header);
        }
    }
    if headers.is_empty() {
        return Err(header::none_found(name, &sheets, wanted, &nearest));
    }
    let file = SourceFile::read(path, name)?;
    Source::new(file, Format::Xlsx, headers, Inner::Workbook(Box::new(workbook)))
}

fn date_system(workbook: &Workbook) -> DateSystem {
    if workbook.has_1904_epoch() { DateSystem::Excel1904 } else { DateSystem::Excel1900 }
}

/// The rows of one sheet in the order of the file.
pub struct WorkbookRows<'a> {
    reader: XlsxCellReader<'a, BufReader<File>>,
    /// For each cell style, the width to which it pads whole numbers with zeros (format `000000`), or 0.
    padding: Vec<usize>,
    date_system: DateSystem,
    file: String,
    sheet: String,
    /// Rows up to this line are passed over.
    after: u64,
    /// The first cell of the next row, already read.
    ahead: Option<(u32, u32, Cell)>,
    done: bool,
}

impl<'a> WorkbookRows<'a> {
    fn start(workbook: &'a mut Workbook, file: &str, sheet: &str, after: u64) -> Result<Self, ExtractError> {
        let date_system = date_system(workbook);
        let reader = guarded(file, || workbook.worksheet_cells_reader(sheet))?;
        let width = |code: &str| {
            if code.chars().all(|c| c == '0') { code.len() } else { 0 }
        };
        let padding = reader
            .styles()
            .iter()
            .map(|style| style.number_format.as_ref().map_or(0, |format| width(&format.format_code)))
            .collect();
        Ok(Self {
            reader,
            padding,
            date_system,
            file: file.into(),
            sheet: sheet.into(),
            after,
            ahead: None,
            done: false,
        })
    }

    pub(super) fn below(workbook: &'a mut Workbook, file: &str, header: &Header) -> Result<Self, ExtractError> {
        Self::start(workbook, file, header.sheet.as_deref().unwrap_or_default(), header.line)
    }

    fn cell(&mut self) -> Result<Option<(u32, u32, Cell)>, ExtractError> {
        let next = guarded(&self.file, || self.reader.next_cell_with_style_id())?;
        let Some((cell, style)) = next else {
            return Ok(None);
        };
        let (row, column) = cell.get_position();
        let value = read(cell.get_value(), self.padding.get(style).copied().unwrap_or(0), self.date_system);
        if column >= COLUMNS_LIMIT && !value.is_empty() {
            return Err(ExtractError::TooLarge {
                file: self.file.clone(),
                what: format!("sheet '{}' line {} has a value in column {}", self.sheet, row + 1, column + 1),
                instead: format!("delete what stands beyond column {COLUMNS_LIMIT}"),
            });
        }
        Ok(Some((row, column, value)))
    }

    fn row(&mut self) -> Result<Option<RawRow>, ExtractError> {
        let mut cells = Vec::new();
        let mut current = None;
        loop {
            let next = match self.ahead.take() {
                Some(cell) => Some(cell),
                None => self.cell()?,
            };
            let Some((row, column, value)) = next else {
                self.done = true;
                break;
            };
            if *current.get_or_insert(row) != row {
                self.ahead = Some((row, column, value));
                break;
            }
            if !value.is_empty() {
                let column = column as usize;
                if cells.len() <= column {
                    cells.resize(column + 1, Cell::Empty);
                }
                cells[column] = value;
            }
        }
        Ok(current.map(|row| RawRow { sheet: Some(self.sheet.clone()), line: u64::from(row) + 1, cells }))
    }
}

impl Iterator for WorkbookRows<'_> {
    type Item = Result<RawRow, ExtractError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.done {
            match self.row() {
                Ok(Some(row)) if row.line <= self.after || row.is_blank() => {}
                Ok(row) => return row.map(Ok),
                Err(error) => {
                    self.done = true;
                    return Some(Err(error));
                }
            }
        }
        None
    }
}

/// One cell, with a date where the workbook's own number format says that it is one.
fn read(value: &DataRef<'_>, padding: usize, date_system: DateSystem) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::Int(value) => Cell::Number(*value as f64),
        DataRef::Float(value) if padding > 1 && value.fract() == 0.0 && (0.0..1e15).contains(value) => {
            Cell::Text(format!("{value:0padding$.0}").into())
        }
        DataRef::Float(value) => Cell::Number(*value),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::Text(text.into()),
        DataRef::SharedString(text) => Cell::Text((*text).into()),
        DataRef::Bool(value) => Cell::Bool(*value),
        DataRef::DateTime(serial) => {
            let day = serial.is_datetime().then(|| from_serial(serial.as_f64(), date_system)).flatten();
            day.map_or(Cell::Number(serial.as_f64()), Cell::Date)
        }
        DataRef::Error(error) => Cell::Error(error.to_string()),
    }
}

/// The day of an Excel serial number. The 1900 system counts a 29 February 1900 that never was; the 1904 system starts
/// 1,462 days later.
pub(crate) fn from_serial(serial: f64, system: DateSystem) -> Option<NaiveDate> {
    let serial = if system == DateSystem::Excel1904 { serial + 1_462.0 } else { serial };
    if !(1.0..2_958_466.0).contains(&serial) {
        return None;
    }
    let days = serial.floor() as u64;
    let epoch = NaiveDate::from_ymd_opt(1899, 12, if days < 60 { 31 } else { 30 })?;
    epoch.checked_add_days(Days::new(days))
}

/// Runs a step of the spreadsheet reader. Its arithmetic on cell addresses overflows on crafted ones, which is a panic where
/// overflows are checked; such a workbook is damaged, and no reason to stop. The reader is not used again after an error.
fn guarded<T>(file: &str, step: impl FnOnce() -> Result<T, XlsxError>) -> Result<T, ExtractError> {
    match guard::caught(step) {
        Some(result) => result.map_err(|error| convert(file, &error)),
        None => Err(ExtractError::damaged(file, "its contents are not a valid workbook")),
    }
}

fn convert(file: &str, error: &XlsxError) -> ExtractError {
    match error {
        XlsxError::Password => ExtractError::PasswordProtected { file: file.into() },
        other => ExtractError::damaged(file, format!("its contents are not a valid workbook: {other}")),
    }
}
