//! A workbook of one sheet. Its rows go to a file as they come, so that a million of them need no memory; the file is
//! whole before it is sent, because a sheet has an end that a table may lie beyond.

use std::fs::File;
use std::io::{Seek as _, SeekFrom};

use arrow::array::RecordBatch;
use rust_xlsxwriter::{Format, Workbook, Worksheet};
use store::Database;

use super::ExportError;
use super::cell::{Cell, Cells, is_formula};
use super::tables::Table;

/// Rows of a sheet below its header.
const MOST: usize = 1_048_575;
const SHEET: usize = 0;

/// A workbook that grows.
struct Growing {
    workbook: Workbook,
    rows: usize,
    day: Format,
    instant: Format,
}

/// Writes the table to a file that is gone when it is closed.
pub async fn write(
    db: &Database,
    mut table: Box<dyn Table>,
    empty: RecordBatch,
    first: Option<RecordBatch>,
) -> Result<File, ExportError> {
    let mut growing = Growing::new(&empty)?;
    let mut next = first;
    while let Some(page) = next {
        if growing.rows + page.num_rows() > MOST {
            let sentence = format!("A sheet holds {MOST} rows at most; filter the rows, or ask for .csv or .parquet.");
            return Err(ExportError::Asked(sentence));
        }
        growing = tokio::task::spawn_blocking(move || growing.grown(&page)).await??;
        next = table.next(db).await?;
    }
    tokio::task::spawn_blocking(move || growing.finished()).await?
}

impl Growing {
    fn new(empty: &RecordBatch) -> Result<Self, ExportError> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet_with_constant_memory()?;
        let bold = Format::new().set_bold();
        for (at, field) in empty.schema().fields().iter().enumerate() {
            sheet.write_string_with_format(0, at as u16, field.name(), &bold)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        let day = Format::new().set_num_format("yyyy-mm-dd");
        let instant = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
        Ok(Self { workbook, rows: 0, day, instant })
    }

    fn grown(mut self, page: &RecordBatch) -> Result<Self, ExportError> {
        let columns = Cells::all(page);
        let sheet = self.workbook.worksheet_from_index(SHEET)?;
        for row in 0..page.num_rows() {
            let below = (self.rows + row + 1) as u32;
            for (at, column) in columns.iter().enumerate() {
                cell(sheet, (below, at as u16), column.at(row), [&self.day, &self.instant])?;
            }
        }
        self.rows += page.num_rows();
        Ok(self)
    }

    fn finished(mut self) -> Result<File, ExportError> {
        let mut file = tempfile::tempfile()?;
        self.workbook.save_to_writer(&mut file)?;
        file.seek(SeekFrom::Start(0))?;
        Ok(file)
    }
}

fn cell(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: Cell<'_>,
    [day, instant]: [&Format; 2],
) -> Result<(), ExportError> {
    match cell {
        Cell::Nothing => return Ok(()),
        // It is stored as text already; the apostrophe keeps it text when somebody edits it.
        Cell::Text(text) if is_formula(text) => sheet.write_string(row, column, format!("'{text}"))?,
        Cell::Text(text) => sheet.write_string(row, column, text)?,
        Cell::Number(number) => sheet.write_number(row, column, number)?,
        Cell::Count(count) => sheet.write_number(row, column, count as f64)?,
        Cell::Flag(flag) => sheet.write_boolean(row, column, flag)?,
        Cell::Day(date) => sheet.write_datetime_with_format(row, column, date, day)?,
        Cell::Instant(at) => sheet.write_datetime_with_format(row, column, at.naive_utc(), instant)?,
    };
    Ok(())
}
