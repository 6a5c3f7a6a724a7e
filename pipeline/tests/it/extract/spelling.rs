//! How a text file writes its numbers, days and letters: found by samples, and said by the caller where samples cannot tell.

use std::fmt::Write as _;

use pipeline::extract::{DateOrder, DecimalMark, ExtractOptions, TextEncoding, delimiter_named, open};
use pipeline::transform::{Outcome, transform};

use crate::files::{made, opened, options};

fn read(text: &[u8], how: &ExtractOptions) -> Outcome {
    let file = made("x.csv", text);
    let mut source = open(&file.path, how).unwrap();
    let tables = source.read().unwrap();
    transform("x.csv", &tables, &options())
}

fn demand(rows: &str) -> Vec<u8> {
    format!("date;sku;quantity\n{rows}").into_bytes()
}

fn quantities(outcome: &Outcome) -> Vec<String> {
    outcome.demand.iter().map(|row| row.quantity.to_string()).collect()
}

fn days(outcome: &Outcome) -> Vec<String> {
    outcome.demand.iter().map(|row| row.date.to_string()).collect()
}

#[test]
fn the_decimal_mark_is_the_one_that_the_numbers_show() {
    let default = ExtractOptions::default();
    let comma = read(&demand("2025-01-02;1;1,5\n2025-01-03;1;1.234\n2025-01-04;1;1.234,5\n"), &default);
    assert_eq!(quantities(&comma), ["1.5", "1234", "1234.5"]);
    let point = read(&demand("2025-01-02;1;1.5\n2025-01-03;1;1.234\n2025-01-04;1;1,234.5\n"), &default);
    assert_eq!(quantities(&point), ["1.5", "1.234", "1234.5"]);
}

#[test]
fn numbers_that_contradict_each_other_are_judged_one_by_one() {
    let outcome = read(&demand("2025-01-02;1;1,5\n2025-01-03;1;1.5\n2025-01-04;1;1.234\n"), &ExtractOptions::default());
    assert_eq!(quantities(&outcome), ["1.5", "1.5"]);
    assert_eq!(outcome.rejects[0].reason.as_str(), "AMBIGUOUS_NUMBER");
}

#[test]
fn numbers_that_show_nothing_are_not_guessed() {
    let outcome = read(&demand("2025-01-02;1;1.234\n2025-01-03;1;12\n"), &ExtractOptions::default());
    assert_eq!(outcome.rejects[0].reason.as_str(), "AMBIGUOUS_NUMBER");
    for (decimal, quantity) in [(DecimalMark::Comma, "1234"), (DecimalMark::Point, "1.234")] {
        let how = ExtractOptions { decimal: Some(decimal), ..ExtractOptions::default() };
        assert_eq!(quantities(&read(&demand("2025-01-02;1;1.234\n"), &how)), [quantity]);
    }
}

#[test]
fn the_order_of_a_day_is_the_one_that_the_days_show() {
    let default = ExtractOptions::default();
    let outcome = read(&demand("02/03/2025;1;1\n25/03/2025;1;1\n"), &default);
    assert_eq!(days(&outcome), ["2025-03-02", "2025-03-25"]);
    let outcome = read(&demand("02/03/2025;1;1\n03/25/2025;1;1\n2025-04-05;1;1\n"), &default);
    assert_eq!(days(&outcome), ["2025-02-03", "2025-03-25", "2025-04-05"]);
    // Both at once is a fault of the file: it stays day first, and the other days are refused.
    let outcome = read(&demand("25/03/2025;1;1\n03/26/2025;1;1\n"), &default);
    assert_eq!((days(&outcome), outcome.rejects[0].reason.as_str()), (vec!["2025-03-25".into()], "IMPOSSIBLE_DATE"));
}

#[test]
fn days_that_show_nothing_are_day_first_unless_the_caller_knows_better() {
    let text = demand("02/03/2025;1;1\n");
    let order = |order| ExtractOptions { date_order: Some(order), ..ExtractOptions::default() };
    assert_eq!(days(&read(&text, &ExtractOptions::default())), ["2025-03-02"]);
    assert_eq!(days(&read(&text, &order(DateOrder::MonthFirst))), ["2025-02-03"]);
    assert_eq!(read(&text, &order(DateOrder::Iso)).rejects[0].reason.as_str(), "IMPOSSIBLE_DATE");
}

#[test]
fn a_long_file_is_looked_at_further_down_too() {
    // In the order of its days: the first megabyte is all of the first twelve days of a month.
    let mut text = String::from("date;sku;quantity\n");
    let mut item = 0;
    while text.len() < 3 << 20 {
        item += 1;
        writeln!(text, "02/01/2025;item number {item} of many;1").unwrap();
    }
    for item in 0..20_000 {
        writeln!(text, "02/25/2025;item number {item} of many;1").unwrap();
    }
    let file = made("x.csv", text.as_bytes());
    assert_eq!(opened(&file.path).headers()[0].date_order, DateOrder::MonthFirst);
}

#[test]
fn the_delimiter_can_be_said() {
    let text = b"date:sku:quantity\n2025-01-02:1:2\n";
    let file = made("x.csv", text);
    assert!(open(&file.path, &ExtractOptions::default()).is_err());
    let how = ExtractOptions { delimiter: Some(b':'), ..ExtractOptions::default() };
    assert_eq!(quantities(&read(text, &how)), ["2"]);
}

#[test]
fn the_encoding_can_be_said() {
    // By chance well-formed UTF-8: Ã followed by a sign.
    let text = "date;sku;site;quantity\n2025-01-02;1;\u{c3}\u{a3}o;2\n";
    let latin1: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let site = |outcome: &Outcome| outcome.sites[0].name.clone();
    assert_eq!(site(&read(&latin1, &ExtractOptions::default())), "ão");
    let how = |encoding| ExtractOptions { encoding: Some(encoding), ..ExtractOptions::default() };
    assert_eq!(site(&read(&latin1, &how(TextEncoding::Windows1252))), "Ã£o");

    let wide: Vec<u8> = "date;sku;quantity\n2025-01-02;1;2\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert!(open(&made("x.csv", &wide).path, &ExtractOptions::default()).is_err());
    assert_eq!(quantities(&read(&wide, &how(TextEncoding::Utf16Be))), ["2"]);

    let file = made("x.csv", b"date;sku;quantity\n2025-01-02;1;2\n2025-01-03;\xE7;2\n");
    let refusal = open(&file.path, &how(TextEncoding::Utf8)).unwrap_err().to_string();
    assert!(refusal.contains("is not UTF-8 (line 3)"), "{refusal}");
}

#[test]
fn what_can_be_said_is_checked() {
    assert_eq!(delimiter_named("tab"), Ok(b'\t'));
    assert_eq!(delimiter_named("\\t"), Ok(b'\t'));
    assert_eq!(delimiter_named(";"), Ok(b';'));
    for wrong in ["", "ab", "a", "\"", "."] {
        assert!(delimiter_named(wrong).unwrap_err().contains("semicolon"), "{wrong}");
    }
    assert_eq!("latin-1".parse(), Ok(TextEncoding::Windows1252));
    assert!("ebcdic".parse::<TextEncoding>().unwrap_err().contains("utf-16le"));
    assert!("dmy".parse::<DateOrder>().unwrap_err().contains("day-first"));
    assert!("x".parse::<DecimalMark>().unwrap_err().contains("comma"));
}

#[test]
fn days_and_numbers_that_a_workbook_writes_as_text_are_looked_at_too() {
    let rows = vec![vec!["date", "sku", "quantity"], vec!["03/25/2025", "1", "1,5"], vec!["02/03/2025", "1", "1.234"]];
    let file = made("x.xlsx", &crate::files::workbook(&[("A", rows)]));
    let outcome = crate::files::imported(&file.path, &options());
    assert_eq!(days(&outcome), ["2025-03-25", "2025-02-03"]);
    assert_eq!(quantities(&outcome), ["1.5", "1234"]);
}
