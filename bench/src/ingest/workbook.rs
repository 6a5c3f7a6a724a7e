//! The generated demand as a workbook, as full as a sheet can be: what a spreadsheet program would have written.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Result;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::files::{ITEMS, SITES, Sale, sales};

/// A sheet has 1,048,576 lines, one of them the header.
pub const ROWS: usize = 1_000_000;
/// Days after which Excel counts: its day 1 is 1900-01-01, and its 1900 had a 29th of February.
const EXCEL_EPOCH: i64 = 25_569;

const CONTENT_TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>"#;
const RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const WORKBOOK: &str = r#"<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Demand" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const WORKBOOK_RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;
/// Style 1 is a date.
const STYLES: &str = r#"<?xml version="1.0" encoding="UTF-8"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>"#;
const HEADER: [&str; 5] = ["date", "sku", "site", "quantity", "unit_cost"];

/// Writes [`ROWS`] rows.
pub fn write(folder: &Path) -> Result<PathBuf> {
    let path = folder.join("demand.xlsx");
    let mut zip = ZipWriter::new(BufWriter::new(File::create(&path)?));
    let mut part = |name: &str, text: &mut dyn FnMut(&mut dyn std::io::Write) -> Result<()>| -> Result<()> {
        zip.start_file(name, SimpleFileOptions::default())?;
        text(&mut zip)
    };
    for (name, text) in [
        ("[Content_Types].xml", CONTENT_TYPES),
        ("_rels/.rels", RELATIONS),
        ("xl/workbook.xml", WORKBOOK),
        ("xl/_rels/workbook.xml.rels", WORKBOOK_RELATIONS),
        ("xl/styles.xml", STYLES),
    ] {
        part(name, &mut |out| Ok(out.write_all(text.as_bytes())?))?;
    }
    part("xl/sharedStrings.xml", &mut |out| {
        let items = (0..ITEMS).map(|item| format!("IT{item:05}"));
        let texts =
            HEADER.map(str::to_owned).into_iter().chain(items).chain((0..SITES).map(|site| format!("SITE{site:03}")));
        write!(
            out,
            r#"<?xml version="1.0" encoding="UTF-8"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">"#
        )?;
        for text in texts {
            write!(out, "<si><t>{text}</t></si>")?;
        }
        Ok(write!(out, "</sst>")?)
    })?;
    part("xl/worksheets/sheet1.xml", &mut sheet)?;
    zip.finish()?.flush()?;
    Ok(path)
}

fn sheet(out: &mut dyn std::io::Write) -> Result<()> {
    write!(
        out,
        r#"<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">"#
    )?;
    for (at, column) in ('A'..='E').enumerate() {
        write!(out, r#"<c r="{column}1" t="s"><v>{at}</v></c>"#)?;
    }
    write!(out, "</row>")?;
    let mut row = String::new();
    for (n, Sale { day, item, site, quantity, cents }) in sales(ROWS).enumerate() {
        let r = n + 2;
        let serial = i64::from(chrono::Datelike::num_days_from_ce(&day)) - 719_163 + EXCEL_EPOCH;
        let (sku, site) = (HEADER.len() + item, HEADER.len() + ITEMS + site);
        row.clear();
        write!(
            row,
            r#"<row r="{r}"><c r="A{r}" s="1"><v>{serial}</v></c><c r="B{r}" t="s"><v>{sku}</v></c><c r="C{r}" t="s"><v>{site}</v></c><c r="D{r}"><v>{quantity}</v></c><c r="E{r}"><v>{}</v></c></row>"#,
            f64::from(cents) / 100.0
        )?;
        out.write_all(row.as_bytes())?;
    }
    Ok(write!(out, "</sheetData></worksheet>")?)
}
