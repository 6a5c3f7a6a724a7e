//! Reading CSV: delimiter, encoding and quotes, streamed.

use pipeline::extract::{Cell, ExtractError, ExtractOptions, Kind, open};

use crate::files::{imported, made, opened, options};

const DEMAND: &str = "date,sku,site,quantity\n2025-01-02,010825,TORRE Ã,1.5\n";

#[test]
fn every_kind_is_recognised_by_its_header() {
    for (header, kind) in [
        ("date,sku,quantity", Kind::Demand),
        ("date;sku;site;on_hand", Kind::Inventory),
        ("order_id\tsku\tquantity\tordered", Kind::Orders),
        ("sku|name|unit", Kind::Items),
        ("date,code,value", Kind::Indicators),
        ("site,sku,name,family,supplier,quantity,unit,request_no,requested,ordered", Kind::Purchases),
    ] {
        assert_eq!(opened(&made("x.csv", format!("{header}\n").as_bytes()).path).kind, kind, "{header}");
    }
}

#[test]
fn encodings_are_found_by_looking() {
    let utf16: Vec<u8> = std::iter::once(0xFEFF).chain(DEMAND.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let latin1: Vec<u8> = DEMAND.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    for (name, bytes) in [
        ("utf-8", DEMAND.as_bytes().to_vec()),
        ("utf-8 with a mark", [b"\xEF\xBB\xBF", DEMAND.as_bytes()].concat()),
        ("utf-16", utf16),
        ("latin-1", latin1),
    ] {
        let file = made("x.csv", &bytes);
        let mut source = opened(&file.path);
        let row = source.rows(0).unwrap().next().unwrap().unwrap();
        assert_eq!(row.cells[2], Cell::Text("TORRE Ã".into()), "{name}");
        assert_eq!(row.line, 2, "{name}");
    }
}

#[test]
fn mixed_encodings_are_refused_with_the_line() {
    let bytes = [DEMAND.as_bytes(), b"2025-01-03,010825,TORRE \xC3,2\n"].concat();
    let error = open(&made("x.csv", &bytes).path, &ExtractOptions::default()).unwrap_err();
    assert!(matches!(error, ExtractError::MixedEncodings { line: 3, .. }), "{error}");
}

#[test]
fn a_character_cut_by_a_buffer_is_still_one_character() {
    // 256 KiB is a buffer's size; an odd first line puts a two-byte character across its end.
    let mut text = String::from("date,sku,site,quantity\n");
    while text.len() < 600_000 {
        text += "2025-01-02,010825,ÃÃÃÃÃÃÃÃÃÃÃÃÃÃÃÃÃ,1\n";
    }
    let file = made("x.csv", text.as_bytes());
    let mut source = opened(&file.path);
    assert!(source.rows(0).unwrap().all(|row| row.unwrap().cells[2] == Cell::Text("Ã".repeat(17).into())));
}

#[test]
fn quotes_may_hold_delimiters_and_line_ends() {
    let text = "date;sku;site;quantity\r\n2025-01-02;1;\"A;B\nC\";2\r\n2025-01-03;1;D;3\r\n";
    let file = made("x.csv", text.as_bytes());
    let mut source = opened(&file.path);
    let rows = source.rows(0).unwrap().collect::<Result<Vec<_>, _>>().unwrap();
    assert_eq!(rows[0].cells[2], Cell::Text("A;B\nC".into()));
    assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 4]);
}

#[test]
fn lines_are_counted_as_an_editor_shows_them() {
    for end in ["\n", "\r\n", "\r"] {
        let text = ["", "date,sku,quantity", "", "", "2025-01-02,1,1", ",,", "2025-01-03,1,1"].join(end);
        let file = made("x.csv", text.as_bytes());
        let mut source = opened(&file.path);
        assert_eq!(source.headers()[0].line, 2, "{end:?}");
        let lines: Vec<u64> = source.rows(0).unwrap().map(|row| row.unwrap().line).collect();
        assert_eq!(lines, [5, 7], "{end:?}");
    }
}

#[test]
fn with_commas_between_cells_a_point_marks_decimals() {
    let outcome = imported(&made("x.csv", b"date,sku,quantity\n2025-01-02,1,1.234\n").path, &options());
    assert_eq!(outcome.demand[0].quantity.to_string(), "1.234");
    let outcome =
        imported(&made("x.csv", b"date;sku;quantity\n2025-01-02;1;15\n2025-01-03;1;1.234\n").path, &options());
    assert_eq!(outcome.demand[0].quantity.to_string(), "15");
    assert_eq!(outcome.rejects[0].reason.as_str(), "AMBIGUOUS_NUMBER");
}

#[test]
fn a_quote_that_is_never_closed_does_not_swallow_the_file() {
    let mut text = String::from("date,sku,quantity\n2025-01-02,\"1,1\n");
    while text.len() < 9 * 1024 * 1024 {
        text += "2025-01-02,010825,1                                              \n";
    }
    let file = made("x.csv", text.as_bytes());
    let mut source = opened(&file.path);
    let error = source.read().unwrap_err();
    assert!(error.to_string().contains("quotation mark"), "{error}");
}

#[test]
fn a_hundred_thousand_columns_are_refused() {
    let file = made("x.csv", format!("date,sku,quantity{}\n", ",x".repeat(100_000)).as_bytes());
    let error = open(&file.path, &ExtractOptions::default()).unwrap_err();
    assert!(error.to_string().contains("100003 columns"), "{error}");
    let file = made("x.csv", format!("date,sku,quantity\n2025-01-01,1,1{}\n", ",x".repeat(100_000)).as_bytes());
    assert!(open(&file.path, &ExtractOptions::default()).is_err());
    let rows = "2025-01-01,1,1\n".repeat(30);
    let file = made("x.csv", format!("date,sku,quantity\n{rows}2025-01-01,1,1{}\n", ",x".repeat(100_000)).as_bytes());
    assert!(opened(&file.path).read().unwrap_err().to_string().contains("line 32"));
}
