//! Mapping files and mapped files that cannot be used: each with one sentence.

use std::sync::Arc;

use pipeline::extract::{ExtractOptions, Mapping, open};

use super::mapping::{DEMAND, ITEM, SITE, dump, star};

/// The refusal of a mapping file, checked to be one sentence that names file and line.
fn refusal(text: &str) -> String {
    let sentence = Mapping::parse("m.toml", text).unwrap_err().to_string();
    assert!(sentence.starts_with("the mapping m.toml, line ") && !sentence.contains('\n'), "{sentence}");
    sentence
}

const START: &str = "[[table]]\nname = \"a\"\nfile = \"a.csv\"\nkind = \"demand\"\n";
const GOOD: &str = "[table.columns]\ndate = \"d\"\nsku = \"s\"\nquantity = \"q\"\n";

#[test]
fn a_mapping_with_a_wrong_word_says_where_and_what_is_allowed() {
    let cases: Vec<(String, usize, &[&str])> = vec![
        ("[[table]\n".into(), 1, &[]),
        ("table = 3\n".into(), 1, &[]),
        (String::new(), 1, &["table"]),
        ("table = []\n".into(), 1, &["[[table]]"]),
        ("[[table]]\nfile = \"a\"\n".into(), 1, &["kind"]),
        (format!("{START}colums = 3\n{GOOD}"), 5, &["colums", "columns", "constants"]),
        (START.replace("demand", "demnad") + GOOD, 4, &["demnad", "inventory", "skip"]),
        (START.replace("demand", "forecasts") + GOOD, 4, &["forecasts", "inventory"]),
        (format!("{START}{GOOD}sitte = \"x\"\n"), 9, &["sitte", "site", "stocked_out"]),
        (format!("{START}[table.columns]\ndate = \"d\"\nsku = \"s\"\n"), 1, &["needs quantity"]),
        (format!("{START}{GOOD}site = 5\n"), 9, &["a column's name"]),
        (format!("{START}{GOOD}site = {{ column = \"x\", colour = 1 }}\n"), 9, &["column = ..."]),
        (format!("{START}{GOOD}site = {{ column = \"x\", table = \"b\" }}\n"), 9, &["by halves", "value"]),
        (format!("{START}{GOOD}site = {{ column = \"x\", table = \"b\", value = \"v\" }}\n"), 1, &["no table b", "a"]),
        (format!("{START}{GOOD}site = \"\"\n"), 9, &["needs the name"]),
        (format!("{START}{GOOD}[table.constants]\nsku = \"x\"\n"), 10, &["column and a constant"]),
        (format!("{START}{GOOD}[table.constants]\nsite = [1]\n"), 10, &["a text, a number"]),
        (format!("{START}{GOOD}[table.values.site]\na = \"b\"\n"), 9, &["values but no column"]),
        (format!("{START}delimiter = \"ab\"\n{GOOD}"), 5, &["semicolon"]),
        (format!("{START}decimal = \"x\"\n{GOOD}"), 5, &["point", "comma"]),
        (format!("{START}date_order = \"dmy\"\n{GOOD}"), 5, &["day-first"]),
        (format!("{START}encoding = \"ebcdic\"\n{GOOD}"), 5, &["windows-1252"]),
        (format!("{START}date_format = \"%d/%m\"\n{GOOD}"), 5, &["%d.%m.%Y"]),
        (format!("{START}date_format = \"%Q\"\n{GOOD}"), 5, &["%d.%m.%Y"]),
        (format!("{START}{GOOD}{START}{GOOD}"), 9, &["two tables are called a"]),
        (format!("{START}{GOOD}date = \"e\"\n"), 9, &[]),
        (
            "[[table]]\nfile = \"x\"\nkind = \"skip\"\n[table.columns]\nsku = \"a\"\n".into(),
            5,
            &["skip has no columns"],
        ),
    ];
    for (text, line, words) in cases {
        let sentence = refusal(&text);
        assert!(sentence.contains(&format!("line {line}:")), "{text}\n{sentence}");
        for word in words {
            assert!(sentence.contains(word), "{word} is not in: {sentence}");
        }
    }
}

#[test]
fn a_mapping_that_is_not_there_or_no_text_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("m.toml");
    assert!(Mapping::read(&path).unwrap_err().to_string().contains("check the path"));
    std::fs::write(&path, b"\xFF\xFE\x00").unwrap();
    assert!(Mapping::read(&path).unwrap_err().to_string().contains("UTF-8"));
}

/// The refusal of the first of these files under the mapping that ships.
fn refused(files: &[(&str, &str)]) -> String {
    let (_directory, files) = dump(files);
    let how = ExtractOptions { mapping: Some(Arc::new(star().bind(&files))), ..ExtractOptions::default() };
    open(&files[0], &how).unwrap_err().to_string()
}

#[test]
fn a_file_that_no_table_is_for_is_refused() {
    let sentence = refused(&[("fact_sales.csv", "x\n")]);
    assert!(sentence.starts_with("fact_sales.csv is not in the mapping star-schema.toml, which knows dim_region*"));
}

#[test]
fn a_column_that_is_missing_is_named_with_those_that_are_there() {
    let sentence = refused(&[("dim_item.csv", "item_id,sku,description_long\n1,2,3\n")]);
    assert_eq!(
        sentence,
        "dim_item.csv lacks name or item_name or description, unit or unit_measure or uom, which the mapping star-schema.toml names: \
         its header has item_id, sku, description_long"
    );
}

#[test]
fn a_dimension_that_was_not_given_is_asked_for() {
    let sentence = refused(&[("fact_demand_daily.csv", DEMAND), ("dim_item.csv", ITEM)]);
    assert_eq!(sentence, "fact_demand_daily.csv refers to site by site_id: name the file of site in the same command");
}

#[test]
fn a_dimension_that_cannot_be_read_is_told_by_the_facts_too() {
    let sentence = refused(&[("fact_demand_daily.csv", DEMAND), ("dim_item.csv", ""), ("dim_site.csv", SITE)]);
    assert!(sentence.contains("correct that file first (dim_item.csv is empty"), "{sentence}");
}

#[test]
fn a_key_that_means_two_things_is_refused() {
    let item = format!("{ITEM}11,999,OUTRO,UN,,,\n");
    let sentence = refused(&[("fact_demand_daily.csv", DEMAND), ("dim_item.csv", &item), ("dim_site.csv", SITE)]);
    assert!(sentence.contains("line 4") && sentence.contains("010825, 999"), "{sentence}");
}
