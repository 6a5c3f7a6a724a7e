//! Reading workbooks: where the header is, which sheets count, and what a cell becomes.

use pipeline::extract::{Cell, ExtractOptions, Field, Kind};

use crate::files::{HEADER, day, fixture, line, made, opened, sheet_xml, workbook, workbook_parts, zip_parts};

#[test]
fn the_fixture_is_recognised_by_its_header() {
    let mut source = opened(&fixture());
    assert_eq!(source.kind, Kind::Purchases);
    assert_eq!(source.file.name, "purchases.xlsx");
    assert_eq!(source.file.sha256.len(), 64);
    let header = &source.headers()[0];
    assert_eq!((header.sheet.as_deref(), header.line), (Some("CUSTO DE MATERIAL E SERVIÇOS"), 1));
    assert_eq!(header.label(Field::Supplier), "NOME FORNEC.");
    let rows = source.rows(0).unwrap().collect::<Result<Vec<_>, _>>().unwrap();
    assert_eq!(rows.len(), 50);
    assert_eq!(rows[0].line, 2);
    assert_eq!(rows[0].cells[1], Cell::Text("010825".into()));
    assert_eq!(rows[0].cells[8], Cell::Number(90_001.0));
    assert_eq!(rows[0].cells[9], Cell::Date(day("2024-11-04")));
}

#[test]
fn a_header_may_stand_below_a_title_and_blank_rows_are_passed_over() {
    let rows = vec![vec!["RELATÓRIO DE COMPRAS"], vec![], HEADER.to_vec(), line(&[]), vec!["  "], line(&[(1, "2")])];
    let mut source = opened(&made("x.xlsx", &workbook(&[("A", rows)])).path);
    assert_eq!(source.headers()[0].line, 3);
    let lines: Vec<u64> = source.rows(0).unwrap().map(|row| row.unwrap().line).collect();
    assert_eq!(lines, [4, 6]);
}

#[test]
fn a_header_is_not_looked_for_below_row_twenty() {
    let mut rows = vec![vec!["título"]; 20];
    rows.push(HEADER.to_vec());
    let file = made("x.xlsx", &workbook(&[("A", rows.clone())]));
    assert!(pipeline::extract::open(&file.path, &ExtractOptions::default()).is_err());
    rows.remove(0);
    assert_eq!(opened(&made("x.xlsx", &workbook(&[("A", rows)])).path).headers()[0].line, 20);
}

#[test]
fn headers_are_compared_without_case_accents_and_punctuation() {
    let lower: Vec<String> = HEADER.iter().map(|name| pipeline::transform::fold(name).replace('.', " ")).collect();
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    let source = opened(&made("x.xlsx", &workbook(&[("A", vec![lower])])).path);
    assert_eq!(source.headers()[0].label(Field::Unit), "u m");
}

#[test]
fn every_visible_sheet_of_the_kind_is_read() {
    let month = |sku| vec![HEADER.to_vec(), line(&[(1, sku)])];
    let mut source =
        opened(&made("x.xlsx", &workbook(&[("JAN", month("1")), ("NOTAS", vec![]), ("FEV", month("2"))])).path);
    let tables = source.read().unwrap();
    let sheets: Vec<_> = tables.iter().map(|table| table.rows[0].sheet.clone().unwrap()).collect();
    assert_eq!(sheets, ["JAN", "FEV"]);
}

#[test]
fn a_number_shown_with_leading_zeros_keeps_them() {
    let rows = vec![HEADER.to_vec(), line(&[(1, "p:10825")]), line(&[(1, "n:10825")])];
    let mut source = opened(&made("x.xlsx", &workbook(&[("A", rows)])).path);
    let skus: Vec<String> = source.rows(0).unwrap().map(|row| row.unwrap().cells[1].display()).collect();
    assert_eq!(skus, ["010825", "10825"]);
}

#[test]
fn serial_numbers_follow_the_workbooks_date_system() {
    let sheet = || ("A", sheet_xml(&[HEADER.to_vec(), line(&[(9, "d:45000"), (10, "n:45000")])]));
    for (date_1904, expected) in [(false, "2023-03-15"), (true, "2027-03-16")] {
        let file = made("x.xlsx", &zip_parts(&workbook_parts(&[sheet()], date_1904)));
        let mut source = opened(&file.path);
        let tables = source.read().unwrap();
        assert_eq!(tables[0].rows[0].cells[9], Cell::Date(day(expected)));
        // A serial number in a cell that is not formatted as a date is read in the same system.
        let mut options = crate::files::options();
        options.today = day("2030-01-01");
        let outcome = pipeline::transform::transform("x.xlsx", &tables, &options);
        assert_eq!(outcome.lines[0].ordered, Some(day(expected)));
    }
}

#[test]
fn the_checksum_is_of_the_content() {
    let (one, same) = (
        made("a.xlsx", &crate::files::purchases(&[line(&[])])),
        made("b.xlsx", &crate::files::purchases(&[line(&[])])),
    );
    let other = made("a.xlsx", &crate::files::purchases(&[line(&[(1, "2")])]));
    let sum = |file: &crate::files::Made| opened(&file.path).file.sha256;
    assert_eq!(sum(&one), sum(&same));
    assert_ne!(sum(&one), sum(&other));
}
