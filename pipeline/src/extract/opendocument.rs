//! The markup of an `.ods`, measured before a spreadsheet reader trusts it.
//!
//! Such a file repeats cells, rows and spaces by a number in an attribute: a line of text can stand for a billion cells. A reader that
//! believes it fills all memory, and one that meets the end of the file inside a table may wait for ever. Both are found here, by one pass
//! that holds nothing.

use std::fs::File;
use std::io::{BufReader, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::ExtractError;
use super::compound::CELLS_LIMIT;

const MIMETYPE: &str = "application/vnd.oasis.opendocument.spreadsheet";
/// Text that is held in memory, repeated cells counted as often as they are repeated.
const TEXT_LIMIT: u64 = 256 * 1024 * 1024;
/// The list of parts is short.
const MANIFEST_LIMIT: u64 = 1024 * 1024;
const SPACES_LIMIT: u64 = 10_000;
/// The last row and column that a spreadsheet program shows.
const ROWS_LIMIT: u64 = 1_048_576;
const COLUMNS_LIMIT: u64 = 16_384;
/// Elements inside each other; a table needs ten.
const DEPTH_LIMIT: usize = 256;

/// Refuses what is not a spreadsheet, is protected, is damaged, or stands for more cells than are read.
pub(super) fn check(file: &File, name: &str) -> Result<(), ExtractError> {
    let damaged = |what: &str| ExtractError::damaged(name, what);
    let broken = |_| damaged("its table of contents is broken");
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(broken)?;
    let mut part = |wanted: &str| {
        let mut text = String::new();
        let entry = archive.by_name(wanted).ok()?;
        entry.take(MANIFEST_LIMIT).read_to_string(&mut text).ok()?;
        Some(text)
    };
    if part("mimetype").is_none_or(|text| text.trim() != MIMETYPE) {
        return Err(ExtractError::Unsupported {
            file: name.into(),
            what: "an OpenDocument file, but not a spreadsheet".into(),
            instead: "name a workbook or a CSV file".into(),
        });
    }
    let manifest = part("META-INF/manifest.xml").ok_or_else(|| damaged("its list of parts is missing"))?;
    if manifest.contains("encryption-data") {
        return Err(ExtractError::PasswordProtected { file: name.into() });
    }
    let content = archive.by_name("content.xml").map_err(broken)?;
    measure(BufReader::new(content)).map_err(|fault| match fault {
        Fault::Markup(what) => ExtractError::damaged(name, format!("its markup is broken: {what}")),
        Fault::TooLarge(what) => {
            ExtractError::TooLarge { file: name.into(), what, instead: "save it as .xlsx or CSV".into() }
        }
    })
}

enum Fault {
    Markup(String),
    TooLarge(String),
}

/// What has been seen of one table.
#[derive(Default)]
struct Table {
    /// Rows up to the last one that holds anything, and empty ones after it, which count only when another follows.
    rows: u64,
    empty_rows: u64,
    /// The widest row, up to its last cell that holds anything.
    width: u64,
    row: Row,
}

#[derive(Default)]
struct Row {
    repeated: u64,
    /// Cells up to the last one that holds anything, and empty ones after it.
    cells: u64,
    empty_cells: u64,
    text: u64,
    cell: Option<Cell>,
}

struct Cell {
    repeated: u64,
    text: u64,
    holds: bool,
}

fn measure(content: impl std::io::BufRead) -> Result<(), Fault> {
    let markup = |error: &dyn std::fmt::Display| Fault::Markup(error.to_string());
    let mut reader = Reader::from_reader(content);
    let mut buffer = Vec::new();
    let (mut depth, mut cells, mut text) = (0_usize, 0_u64, 0_u64);
    let mut table: Option<Table> = None;
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|error| markup(&error))? {
            Event::Eof if depth > 0 => return Err(Fault::Markup("it ends in the middle".into())),
            Event::Eof => return Ok(()),
            Event::Start(element) => {
                depth += 1;
                if depth > DEPTH_LIMIT {
                    return Err(Fault::Markup(format!("more than {DEPTH_LIMIT} elements inside each other")));
                }
                begin(&mut table, &element)?;
            }
            Event::Empty(element) => {
                begin(&mut table, &element)?;
                end(&mut table, element.name().0, &mut cells, &mut text)?;
            }
            Event::End(element) => {
                depth = depth.saturating_sub(1);
                end(&mut table, element.name().0, &mut cells, &mut text)?;
            }
            Event::Text(piece) => {
                if let Some(cell) = table.as_mut().and_then(|table| table.row.cell.as_mut()) {
                    let length = piece.len() as u64;
                    cell.text += length;
                    cell.holds |= length > 0;
                }
            }
            _ => {}
        }
    }
}

fn begin(table: &mut Option<Table>, element: &BytesStart<'_>) -> Result<(), Fault> {
    let number = |key: &str| {
        let attribute = element.try_get_attribute(key).map_err(|error| Fault::Markup(error.to_string()))?;
        let Some(attribute) = attribute else { return Ok(1) };
        let wrong = |_| Fault::Markup(format!("{key} is \"{}\"", attribute.value));
        attribute.value.trim().parse::<u64>().map_err(wrong)
    };
    match (element.name().0, table.as_mut()) {
        ("table:table", _) => *table = Some(Table::default()),
        ("table:table-row", Some(table)) => {
            table.row = Row { repeated: number("table:number-rows-repeated")?, ..Row::default() };
        }
        ("table:table-cell" | "table:covered-table-cell", Some(table)) => {
            let repeated = number("table:number-columns-repeated")?;
            // Any value or formula in an attribute makes the cell count, and is kept with it.
            let text = element.attributes_raw().len() as u64;
            let holds = element.attributes_raw().contains("office:") || element.attributes_raw().contains("formula");
            table.row.cell = Some(Cell { repeated, text, holds });
        }
        ("text:s", Some(table)) => {
            let spaces = number("text:c")?;
            if spaces > SPACES_LIMIT {
                return Err(Fault::TooLarge(format!("a cell with {spaces} spaces, and {SPACES_LIMIT} are allowed")));
            }
            if let Some(cell) = &mut table.row.cell {
                cell.text += spaces;
                cell.holds = true;
            }
        }
        _ => {}
    }
    Ok(())
}

fn end(table: &mut Option<Table>, element: &str, cells: &mut u64, text: &mut u64) -> Result<(), Fault> {
    let Some(open) = table.as_mut() else { return Ok(()) };
    match element {
        "table:table-cell" | "table:covered-table-cell" => {
            let row = &mut open.row;
            let Some(cell) = row.cell.take() else { return Ok(()) };
            if cell.holds {
                row.cells = row.cells.saturating_add(row.empty_cells).saturating_add(cell.repeated);
                row.empty_cells = 0;
                row.text = row.text.saturating_add(cell.text.saturating_mul(cell.repeated));
            } else {
                row.empty_cells = row.empty_cells.saturating_add(cell.repeated);
            }
        }
        "table:table-row" => {
            let row = std::mem::take(&mut open.row);
            if row.cells == 0 {
                open.empty_rows = open.empty_rows.saturating_add(row.repeated);
            } else {
                open.rows = open.rows.saturating_add(open.empty_rows).saturating_add(row.repeated);
                open.empty_rows = 0;
                open.width = open.width.max(row.cells);
                *text = text.saturating_add(row.text.saturating_mul(row.repeated));
            }
            // A reader leaves out what stands beyond these; half a table must not look like a whole one.
            if open.rows > ROWS_LIMIT || open.width > COLUMNS_LIMIT {
                return Err(Fault::TooLarge(format!(
                    "a value beyond row {ROWS_LIMIT} or column {COLUMNS_LIMIT} of a sheet"
                )));
            }
            let span = cells.saturating_add(open.rows.saturating_mul(open.width));
            if span > CELLS_LIMIT {
                return Err(Fault::TooLarge(format!("its sheets span {span} cells, and {CELLS_LIMIT} are allowed")));
            }
            if *text > TEXT_LIMIT {
                return Err(Fault::TooLarge(format!("more than {} MB of text", TEXT_LIMIT / 1024 / 1024)));
            }
        }
        "table:table" => {
            *cells = cells.saturating_add(open.rows.saturating_mul(open.width));
            *table = None;
        }
        _ => {}
    }
    Ok(())
}
