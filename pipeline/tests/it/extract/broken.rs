//! A corpus of broken inputs, made on the spot. Each ends in rejects or in one clear error; none in a panic, a hang, or half a result.

use std::time::{Duration, Instant};

use pipeline::extract::{ExtractOptions, open};
use pipeline::transform::{Outcome, transform};

use crate::files::{GOOD, HEADER, line, made, options, purchases, sheet_xml, workbook, workbook_parts, zip_parts};

/// Reads a file to its end. `Err` is the refusal.
fn read(name: &str, content: &[u8]) -> Result<Outcome, String> {
    let begin = Instant::now();
    let file = made(name, content);
    let result = open(&file.path, &ExtractOptions::default()).and_then(|mut source| {
        let tables = source.read()?;
        Ok(transform(&source.file.name, &tables, &options()))
    });
    assert!(begin.elapsed() < Duration::from_secs(20), "{name} took {:?}", begin.elapsed());
    let result = result.map_err(|error| error.to_string());
    match &result {
        Ok(outcome) => {
            let rows = outcome.lines.len()
                + outcome.demand.len()
                + outcome.items.len() * usize::from(outcome.lines.is_empty());
            assert!(outcome.accepted() as usize <= rows, "{name}: counts do not add up");
        }
        Err(sentence) => assert!(sentence.contains(name) && !sentence.contains('\n'), "{sentence}"),
    }
    result
}

fn one(cells: Vec<&'static str>) -> Vec<u8> {
    purchases(&[line(&[]), cells])
}

fn sheet_of(xml: String) -> Vec<u8> {
    zip_parts(&workbook_parts(&[("COMPRAS", xml)], false))
}

#[test]
fn a_truncated_workbook_is_refused_wherever_it_was_cut() {
    let whole = purchases(&[line(&[]), line(&[(1, "2")])]);
    for length in (1..whole.len()).step_by(7) {
        assert!(read("cortado.xlsx", &whole[..length]).is_err(), "cut at {length}");
    }
}

#[test]
fn a_workbook_with_damaged_bytes_never_ends_in_a_panic() {
    let whole = purchases(&[line(&[]), line(&[(1, "2")])]);
    for at in (0..whole.len()).step_by(3) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        let _ = read("estragado.xlsx", &bytes);
    }
}

#[test]
fn damaged_sheet_markup_never_ends_in_a_panic() {
    let xml = sheet_xml(&[HEADER.to_vec(), line(&[]), line(&[(1, "2")])]).into_bytes();
    // Fixed steps through positions and bytes: the same damage in every run.
    for step in 0..600 {
        let mut bytes = xml.clone();
        let at = (step * 7919) % bytes.len();
        bytes[at] = b"<>\"/&='\0A9\xFF"[step % 11];
        let mut parts = workbook_parts(&[("COMPRAS", String::new())], false);
        parts.last_mut().unwrap().1 = bytes;
        let _ = read("marcas.xlsx", &zip_parts(&parts));
    }
}

#[test]
fn values_of_the_wrong_type_are_rejected_with_their_line() {
    let cases: [(&str, Vec<&'static str>, &str); 22] = [
        ("text for a quantity", line(&[(5, "muitos")]), "NOT_A_NUMBER"),
        ("NaN", line(&[(5, "NaN")]), "NOT_A_NUMBER"),
        ("1e400 as text", line(&[(5, "1e400")]), "NOT_A_NUMBER"),
        ("1e400", line(&[(5, "n:1e400")]), "NOT_A_NUMBER"),
        ("1e300", line(&[(5, "n:1e300")]), "NUMBER_TOO_LARGE"),
        ("fifteen digits", line(&[(5, "n:123456789012345")]), "NUMBER_TOO_LARGE"),
        ("a negative quantity", line(&[(5, "n:-1")]), "NEGATIVE_QUANTITY"),
        ("an error value", line(&[(5, "e:#DIV/0!")]), "NOT_A_NUMBER"),
        ("a missing quantity", line(&[(5, "e:#N/A")]), "MISSING_KEY"),
        ("a formula for a code", line(&[(1, "=cmd|' /C calc'!A0")]), "INVALID_KEY"),
        ("a missing code", line(&[(1, "")]), "MISSING_KEY"),
        ("a code of 10,000 letters", line(&[(1, Box::leak("X".repeat(10_000).into_boxed_str()))]), "INVALID_KEY"),
        ("a date for a code", line(&[(1, "d:45000")]), "INVALID_KEY"),
        ("no unit", line(&[(6, "")]), "UNKNOWN_UNIT"),
        ("a sentence for a unit", line(&[(6, "caixa com dez")]), "UNKNOWN_UNIT"),
        ("1900", line(&[(9, "d:1")]), "IMPOSSIBLE_DATE"),
        ("29 February 1900", line(&[(9, "d:60")]), "IMPOSSIBLE_DATE"),
        ("9999", line(&[(9, "d:2958465")]), "FUTURE_DATE"),
        ("past 9999", line(&[(9, "d:2958466")]), "IMPOSSIBLE_DATE"),
        ("2099", line(&[(10, "31/12/2099")]), "FUTURE_DATE"),
        ("30 February", line(&[(9, "30/02/2025")]), "IMPOSSIBLE_DATE"),
        ("a negative serial", line(&[(9, "d:-5")]), "IMPOSSIBLE_DATE"),
    ];
    for (what, cells, reason) in cases {
        let outcome = read("valores.xlsx", &one(cells)).unwrap();
        assert_eq!(outcome.lines.len(), 1, "{what}");
        let reject = &outcome.rejects[0];
        assert_eq!((reject.reason.as_str(), reject.line), (reason, 3), "{what}");
        assert_eq!(reject.sheet.as_deref(), Some("COMPRAS"));
        assert!(!reject.expected.is_empty() && reject.value.chars().count() <= 200, "{what}");
    }
}

#[test]
fn formulas_in_names_stay_text() {
    let outcome = read("formula.xlsx", &one(line(&[(2, "=HYPERLINK(1)"), (4, "@SUM(A1)")]))).unwrap();
    let strange = outcome.lines.iter().find(|line| line.source.line == 3).unwrap();
    assert_eq!(strange.supplier.as_deref(), Some("@SUM(A1)"));
}

#[test]
fn control_characters_never_reach_a_row() {
    let csv = b"site,sku,name,family,supplier,quantity,unit,request_no,requested,ordered\n\
        A,1,NO\x01ME,F,L\x02,1,UN,9,2025-01-02,2025-01-02\n\
        A,2\x003,N,F,L,1,UN,9,2025-01-02,2025-01-02\n";
    // NUL within the head makes it a binary file; further down it is a bad value.
    assert!(read("nul.csv", csv).unwrap_err().contains("neither a workbook nor text"));
    let mut late = csv[..csv.len() - 49].to_vec();
    late.truncate(csv.iter().position(|b| *b == b'\n').unwrap() + 1);
    while late.len() < 70_000 {
        late.extend_from_slice(b"A,1,NOME,F,L,1,UN,9,2025-01-02,2025-01-02\n");
    }
    late.extend_from_slice(
        b"A\0B,1,NO\0ME,F,L\0X,7,UN,9,2025-01-02,2025-01-02\nA,2\x003,N,F,L,1,UN,9,2025-01-02,2025-01-02\n",
    );
    let outcome = read("nul.csv", &late).unwrap();
    let line = outcome.lines.iter().find(|line| line.quantity == 7.into()).unwrap();
    assert_eq!((line.site_name.as_str(), line.supplier.as_deref()), ("A B", Some("L X")));
    assert!(
        outcome.rejects.iter().any(|reject| reject.reason.as_str() == "INVALID_KEY" && !reject.value.contains('\0'))
    );
    let texts = outcome.items.iter().flat_map(|item| [&item.sku, &item.name, &item.search_folded]);
    assert!(texts.into_iter().all(|text| !text.contains(char::is_control)));
}

#[test]
fn merged_cells_leave_their_other_lines_without_a_value() {
    let xml = sheet_xml(&[HEADER.to_vec(), line(&[]), line(&[(1, ""), (2, "")])])
        .replace("</sheetData>", r#"</sheetData><mergeCells count="1"><mergeCell ref="B2:B3"/></mergeCells>"#);
    let outcome = read("mesclado.xlsx", &sheet_of(xml)).unwrap();
    assert_eq!(outcome.rejects[0].reason.as_str(), "MISSING_KEY");
}

#[test]
fn a_zip_bomb_is_refused_before_it_is_unpacked_into_memory() {
    let mut parts = workbook_parts(&[("COMPRAS", String::new())], false);
    parts.last_mut().unwrap().1 = vec![b' '; 64 << 20];
    assert!(read("bomba.xlsx", &zip_parts(&parts)).unwrap_err().contains("times its size"));
}

#[test]
fn a_zip_that_lies_about_its_sizes_is_refused() {
    let xml = sheet_xml(&[HEADER.to_vec(), line(&[])]);
    let length = u32::try_from(xml.len()).unwrap().to_le_bytes();
    let mut bytes = sheet_of(xml);
    let mut changed = 0;
    for at in 0..bytes.len() - 4 {
        if bytes[at..at + 4] == length {
            bytes[at..at + 4].copy_from_slice(&10_u32.to_le_bytes());
            changed += 1;
        }
    }
    assert!(changed > 0);
    assert!(read("mentira.xlsx", &bytes).unwrap_err().contains("damaged"));
}

#[test]
fn a_count_that_would_reserve_all_memory_is_refused() {
    let strings = br#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" uniqueCount="99999999999999"><si><t>a</t></si></sst>"#;
    let mut parts = workbook_parts(&[("COMPRAS", sheet_xml(&[HEADER.to_vec()]))], false);
    parts.push(("xl/sharedStrings.xml".into(), strings.to_vec()));
    assert!(read("contagem.xlsx", &zip_parts(&parts)).unwrap_err().contains("99999999999999"));
}

#[test]
fn a_shared_text_that_does_not_exist_is_no_panic() {
    let xml = sheet_xml(&[HEADER.to_vec(), line(&[])]).replace(
        "<c r=\"B2\" t=\"inlineStr\"><is><t xml:space=\"preserve\">010825</t></is></c>",
        "<c r=\"B2\" t=\"s\"><v>77</v></c>",
    );
    assert!(xml.contains("t=\"s\""));
    let _ = read("texto.xlsx", &sheet_of(xml));
}

#[test]
fn cells_far_to_the_right_or_out_of_range_are_refused() {
    for at in ["XFD2", "XFE2", "ZZZZZZZZZ2", "A99999999999", "A0", "2", "A"] {
        let xml = sheet_xml(&[HEADER.to_vec(), line(&[])]).replace("r=\"K2\"", &format!("r=\"{at}\""));
        let result = read("longe.xlsx", &sheet_of(xml));
        if at == "XFD2" {
            assert!(result.unwrap_err().contains("column 16384"));
        }
    }
}

#[test]
fn a_workbook_without_sheets_or_relations_is_refused() {
    for missing in ["xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml", "xl/workbook.xml"] {
        let mut parts = workbook_parts(&[("COMPRAS", sheet_xml(&[HEADER.to_vec(), GOOD.to_vec()]))], false);
        parts.retain(|(name, _)| name != missing);
        assert!(read("faltando.xlsx", &zip_parts(&parts)).is_err(), "{missing}");
    }
    assert!(read("vazio.xlsx", &workbook(&[])).is_err());
}

#[test]
fn broken_tables_of_text_end_in_rejects_or_a_refusal() {
    let header = "date,sku,quantity\n";
    for (what, body, rejects) in [
        ("missing cells", "2025-01-02,1\n", 1),
        ("too many cells", "2025-01-02,1,2,3,4\n", 0),
        ("an open quote at the end", "2025-01-02,\"1,2\n", 1),
        ("only delimiters", ",,,\n,,\n", 0),
        ("another header", "date,sku,quantity\n", 1),
        ("no line end", "2025-01-02,1,2", 0),
        ("old Mac line ends", "2025-01-02,1,2\r2025-01-03,1,2\r", 0),
        ("the future", "2099-01-01,1,2\n", 1),
        ("infinity", "2025-01-02,1,inf\n", 1),
        ("the same day twice", "2025-01-02,1,2\n2025-01-02,1,2\n2025-01-02,1,3\n", 2),
    ] {
        let outcome = read("tabela.csv", format!("{header}{body}").as_bytes()).unwrap();
        assert_eq!(outcome.rejects.len(), rejects, "{what}: {:?}", outcome.rejects);
    }
}
