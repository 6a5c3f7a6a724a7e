//! Files that are refused as a whole: each with one sentence that says what is wrong and what would be right.

use std::path::Path;
use std::time::{Duration, Instant};

use pipeline::extract::{ExtractError, ExtractOptions, Kind, open};

use crate::files::{HEADER, line, made, workbook, zipped};

/// The refusal of a file, checked to be one line that names the file.
fn refusal(path: &Path) -> String {
    let error = open(path, &ExtractOptions::default()).map(|_| ()).unwrap_err();
    let sentence = error.to_string();
    let name = path.file_name().unwrap().to_string_lossy();
    assert!(sentence.starts_with(&*name), "does not begin with the file: {sentence}");
    assert!(!sentence.contains('\n'), "more than one line: {sentence}");
    sentence
}

#[test]
fn a_missing_file_is_refused() {
    assert_eq!(refusal(Path::new("/nowhere/compras.xlsx")), "compras.xlsx does not exist: check the path");
}

#[test]
fn a_directory_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    assert!(refusal(directory.path()).contains("is a directory"));
}

#[test]
fn an_empty_file_is_refused() {
    assert!(refusal(&made("vazio.xlsx", b"").path).contains("is empty"));
}

#[cfg(unix)]
#[test]
fn a_device_is_refused_before_it_is_opened() {
    assert!(refusal(Path::new("/dev/zero")).contains("not a regular file"));
}

#[test]
fn a_gigabyte_of_garbage_is_refused_after_its_head() {
    let heads: [(&str, &[u8]); 4] = [
        ("zeros.xlsx", b"\0\0\0\0"),
        ("zip.xlsx", b"PK\x03\x04"),
        ("texto.csv", b"a;b;c\n1;2;3\n"),
        ("bin.dat", b"\x7FELF\x02\x01"),
    ];
    for (name, head) in heads {
        let file = made(name, head);
        std::fs::OpenOptions::new().write(true).open(&file.path).unwrap().set_len(1 << 30).unwrap();
        let begin = Instant::now();
        let sentence = refusal(&file.path);
        assert!(begin.elapsed() < Duration::from_secs(2), "{name} took {:?}: {sentence}", begin.elapsed());
    }
}

#[test]
fn a_password_protected_workbook_is_refused() {
    let mut ole = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    ole.resize(70_000, 0);
    let mark: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    ole.extend_from_slice(&mark);
    ole.resize(100_000, 0);
    let sentence = refusal(&made("segredo.xlsx", &ole).path);
    assert_eq!(sentence, "segredo.xlsx is password-protected: save it without a password and import it again");
}

#[test]
fn other_formats_are_named() {
    let cases: [(&str, &[u8], &str); 5] = [
        ("nota.xlsx", b"%PDF-1.7 ...", "PDF"),
        ("pagina.xls", b"\xEF\xBB\xBF  <html><table></table></html>", "HTML"),
        ("dados.csv.gz", b"\x1F\x8B\x08\x00abc", "gzip"),
        ("dados.parquet", b"PAR1abcdPAR1", "not a valid Parquet file"),
        ("foto.xlsx", b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", "neither a workbook nor text"),
    ];
    for (name, content, word) in cases {
        let sentence = refusal(&made(name, content).path);
        assert!(sentence.contains(word), "{sentence}");
    }
    let zips: [(&str, Vec<u8>, &str); 3] = [
        ("texto.docx", zipped(&[("word/document.xml", b"<w/>")]), "without a workbook"),
        ("tabela.ods", zipped(&[("mimetype", b"x"), ("content.xml", b"<o/>")]), "not a spreadsheet"),
        ("binario.xlsb", zipped(&[("xl/workbook.bin", b"x")]), ".xlsb"),
    ];
    for (name, content, word) in zips {
        let sentence = refusal(&made(name, &content).path);
        assert!(sentence.contains(word), "{sentence}");
    }
}

#[test]
fn the_extension_does_not_decide() {
    let file = made("compras.csv", &crate::files::purchases(&[line(&[])]));
    assert_eq!(crate::files::opened(&file.path).kind, Kind::Purchases);
}

#[test]
fn a_wrong_sheet_is_refused_with_the_sheets_found_and_the_columns_missing() {
    let mut header = HEADER.to_vec();
    header[5] = "QTD TOTAL";
    header[9] = "DATA";
    let file = made("estoque.xlsx", &workbook(&[("RESUMO", vec![vec!["a", "b"]]), ("COMPRAS", vec![vec![], header])]));
    let sentence = refusal(&file.path);
    for word in ["'RESUMO', 'COMPRAS'", "sheet 'COMPRAS', line 2", "lacks QUANTIDADE, DATA SOLICITADO"] {
        assert!(sentence.contains(word), "{word} is not in: {sentence}");
    }
}

#[test]
fn a_workbook_without_any_known_column_says_what_a_right_one_has() {
    let file = made("outro.xlsx", &workbook(&[("Plan1", vec![vec!["x", "y"], vec!["n:1", "n:2"]])]));
    let sentence = refusal(&file.path);
    assert!(sentence.contains("hold no known header") && sentence.contains("DEPÓSITO"), "{sentence}");
}

#[test]
fn a_column_that_appears_twice_is_refused() {
    let mut header = HEADER.to_vec();
    header.push("Quantidade");
    let error = open(&made("x.xlsx", &workbook(&[("A", vec![header])])).path, &ExtractOptions::default()).unwrap_err();
    assert!(matches!(error, ExtractError::AmbiguousColumn { .. }), "{error}");
}

#[test]
fn a_wanted_kind_that_is_not_there_is_refused() {
    let file = made("compras.xlsx", &crate::files::purchases(&[line(&[])]));
    let want = |kind| ExtractOptions { kind: Some(kind), ..ExtractOptions::default() };
    assert!(matches!(open(&file.path, &want(Kind::Inventory)), Err(ExtractError::NoHeader { .. })));
    // A purchasing workbook holds demand and orders.
    assert_eq!(open(&file.path, &want(Kind::Demand)).unwrap().kind, Kind::Purchases);
}

#[test]
fn sheets_of_different_kinds_need_a_choice() {
    let demand = vec![vec!["date", "sku", "quantity"], vec!["2025-01-01", "1", "n:1"]];
    let items = vec![vec!["sku", "name", "unit"], vec!["1", "A", "UN"]];
    let file = made("tudo.xlsx", &workbook(&[("demanda", demand), ("itens", items)]));
    let error = open(&file.path, &ExtractOptions::default()).unwrap_err();
    assert!(error.to_string().contains("items, demand"), "{error}");
    let options = ExtractOptions { kind: Some(Kind::Items), ..ExtractOptions::default() };
    assert_eq!(open(&file.path, &options).unwrap().headers().len(), 1);
}
