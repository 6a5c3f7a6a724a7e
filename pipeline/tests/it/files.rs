//! Files for tests: the fixture, the real workbook where it is present, and files made on the spot.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use pipeline::extract::{ExtractOptions, Source, open};
use pipeline::transform::{Outcome, TransformOptions, transform};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;

pub fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/purchases.xlsx")
}

/// The real workbook beside the repository; `None`, with a printed line, where it is not there.
pub fn real_workbook() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/suprimentos.xlsx");
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: the real workbook is not at ../shared/data/suprimentos.xlsx");
    None
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The import day of all tests: after the fixture and the real workbook end.
pub fn today() -> NaiveDate {
    day("2025-12-31")
}

pub fn options() -> TransformOptions {
    TransformOptions::new(today())
}

pub fn opened(path: &Path) -> Source {
    open(path, &ExtractOptions::default()).unwrap()
}

/// Everything that happens to a file before the database.
pub fn imported(path: &Path, options: &TransformOptions) -> Outcome {
    let mut source = opened(path);
    let tables = source.read().unwrap();
    transform(&source.file.name, &tables, options)
}

/// A directory with one file in it.
pub struct Made {
    _directory: TempDir,
    pub path: PathBuf,
}

pub fn made(name: &str, content: &[u8]) -> Made {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(name);
    std::fs::write(&path, content).unwrap();
    Made { _directory: directory, path }
}

/// A zip archive with these parts.
pub fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub const HEADER: [&str; 11] = [
    "DEPÓSITO",
    "PRODUTO/SERVIÇO",
    "MATERIAL",
    "FAMÍLIA",
    "NOME FORNEC.",
    "QUANTIDADE",
    "U.M.",
    "DATA REQUISITADA",
    "SOLICITAÇÃO",
    "DATA SOLICITADO",
    "DATA DE COMPRA",
];

/// A line that is right in every way; 45,000 is 2023-03-15 as a serial number.
pub const GOOD: [&str; 11] =
    ["TORRE 1", "010825", "CONEXÃO", "MATERIAL", "LOJA", "n:5", "UN", "N/A", "n:90001", "d:45000", "d:45002"];

/// The good line with some cells written differently.
pub fn line(changes: &[(usize, &'static str)]) -> Vec<&'static str> {
    let mut cells = GOOD.to_vec();
    for (index, value) in changes {
        cells[*index] = value;
    }
    cells
}

/// A sheet's XML. Cells are text, or `n:` a number, `d:` a date's serial number, `e:` an error, `p:` a number shown with six
/// digits, or empty.
pub fn sheet_xml(rows: &[Vec<&str>]) -> String {
    let mut xml =
        String::from(r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#);
    for (row, cells) in rows.iter().enumerate() {
        write!(xml, r#"<row r="{}">"#, row + 1).unwrap();
        for (column, cell) in cells.iter().enumerate() {
            let at = format!("{}{}", char::from(b'A' + u8::try_from(column).unwrap()), row + 1);
            let escaped = cell.replace('&', "&amp;").replace('<', "&lt;");
            let cell = match cell.split_once(':') {
                Some(("n", value)) => format!(r#"<c r="{at}"><v>{value}</v></c>"#),
                Some(("d", value)) => format!(r#"<c r="{at}" s="1"><v>{value}</v></c>"#),
                Some(("p", value)) => format!(r#"<c r="{at}" s="2"><v>{value}</v></c>"#),
                Some(("e", value)) => format!(r#"<c r="{at}" t="e"><v>{value}</v></c>"#),
                _ if cell.is_empty() => String::new(),
                _ => format!(r#"<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{escaped}</t></is></c>"#),
            };
            xml.push_str(&cell);
        }
        xml += "</row>";
    }
    xml + "</sheetData></worksheet>"
}

const RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">"#;
const SHEET_TYPE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet";

/// The parts of a workbook around given sheet XML.
pub fn workbook_parts(sheets: &[(&str, String)], date_1904: bool) -> Vec<(String, Vec<u8>)> {
    let (mut list, mut relations) = (String::new(), String::new());
    for (index, (name, _)) in sheets.iter().enumerate() {
        let id = index + 1;
        write!(list, r#"<sheet name="{name}" sheetId="{id}" r:id="rId{id}"/>"#).unwrap();
        write!(relations, r#"<Relationship Id="rId{id}" Type="{SHEET_TYPE}" Target="worksheets/sheet{id}.xml"/>"#)
            .unwrap();
    }
    let properties = if date_1904 { r#"<workbookPr date1904="1"/>"# } else { "" };
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let r = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let workbook = format!(r#"<workbook xmlns="{main}" xmlns:r="{r}">{properties}<sheets>{list}</sheets></workbook>"#);
    let styles = format!(
        r#"<styleSheet xmlns="{main}"><numFmts count="1"><numFmt numFmtId="170" formatCode="000000"/></numFmts><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="170" applyNumberFormat="1"/></cellXfs></styleSheet>"#
    );
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument";
    let root =
        format!(r#"{RELATIONS}<Relationship Id="rId1" Type="{office}" Target="xl/workbook.xml"/></Relationships>"#);
    let mut parts = vec![
        ("_rels/.rels".to_owned(), root.into_bytes()),
        ("xl/workbook.xml".to_owned(), workbook.into_bytes()),
        ("xl/_rels/workbook.xml.rels".to_owned(), format!("{RELATIONS}{relations}</Relationships>").into_bytes()),
        ("xl/styles.xml".to_owned(), styles.into_bytes()),
    ];
    for (index, (_, xml)) in sheets.iter().enumerate() {
        parts.push((format!("xl/worksheets/sheet{}.xml", index + 1), xml.clone().into_bytes()));
    }
    parts
}

pub fn zip_parts(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect();
    zipped(&parts)
}

/// A workbook with sheets of rows; see [`sheet_xml`] for the cells.
pub fn workbook(sheets: &[(&str, Vec<Vec<&str>>)]) -> Vec<u8> {
    let sheets: Vec<_> = sheets.iter().map(|(name, rows)| (*name, sheet_xml(rows))).collect();
    zip_parts(&workbook_parts(&sheets, false))
}

/// A workbook with the purchasing header and these lines below it.
pub fn purchases(lines: &[Vec<&str>]) -> Vec<u8> {
    let rows = std::iter::once(HEADER.to_vec()).chain(lines.iter().cloned()).collect();
    workbook(&[("COMPRAS", rows)])
}

/// What becomes of these purchase lines.
pub fn outcome(lines: &[Vec<&str>]) -> Outcome {
    outcome_with(lines, &options())
}

pub fn outcome_with(lines: &[Vec<&str>], options: &TransformOptions) -> Outcome {
    imported(&made("compras.xlsx", &purchases(lines)).path, options)
}
