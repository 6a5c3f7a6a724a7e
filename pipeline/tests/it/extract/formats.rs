//! The same table in every format: what other programs write comes out as the same rows.

use std::path::{Path, PathBuf};

use pipeline::extract::{Cell, ExtractOptions, Field, Format, Kind, open};
use pipeline::transform::DemandRow;

use crate::files::{day, imported, made, opened, options};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

fn values(row: &DemandRow) -> (String, String, String, String, Option<String>, bool) {
    let cost = row.unit_cost.map(|cost| cost.to_string());
    (row.date.to_string(), row.sku.clone(), row.site_code.clone(), row.quantity.to_string(), cost, row.stocked_out)
}

#[test]
fn one_table_is_the_same_rows_in_every_format() {
    let csv = "date;sku;site;quantity;unit_cost;stocked_out\n2025-01-02;010825;TORRE AÇU;12,5;3,40;false\n\
               2025-01-03;010825;TORRE AÇU;0;;true\n31/01/2025;77;TWBA001;1.234,5678;0,58;false\n";
    let csv = made("demand.csv", csv.as_bytes());
    let wanted = imported(&csv.path, &options());
    assert!(wanted.rejects.is_empty(), "{:?}", wanted.rejects);
    let wanted: Vec<_> = wanted.demand.iter().map(values).collect();
    assert_eq!(wanted.len(), 3);
    for (name, format) in
        [("demand.xls", Format::Xls), ("demand.ods", Format::Ods), ("demand.parquet", Format::Parquet)]
    {
        let source = opened(&fixture(name));
        assert_eq!((source.format, source.kind, source.headers().len()), (format, Kind::Demand, 1), "{name}");
        let outcome = imported(&fixture(name), &options());
        assert!(outcome.rejects.is_empty(), "{name}: {:?}", outcome.rejects);
        assert_eq!(outcome.demand.iter().map(values).collect::<Vec<_>>(), wanted, "{name}");
    }
}

#[test]
fn rows_of_old_and_open_workbooks_know_their_sheet_and_line() {
    for (name, header, column) in [("demand.xls", 4, 1), ("demand.ods", 3, 2)] {
        let mut source = opened(&fixture(name));
        assert_eq!(
            (source.headers()[0].line, source.headers()[0].sheet.as_deref()),
            (header, Some("DEMANDA")),
            "{name}"
        );
        assert_eq!(source.headers()[0].index(Field::Date), Some(column), "{name}");
        let rows: Vec<_> = source.rows(0).unwrap().map(Result::unwrap).collect();
        assert_eq!(rows[0].line, header + 1, "{name}");
        assert_eq!(rows[0].cells[column], Cell::Date(day("2025-01-02")), "{name}");
        assert_eq!(rows[0].cells[column + 1], Cell::Text("010825".into()), "{name}");
    }
}

#[test]
fn what_the_offline_pipeline_computes_is_recognised_and_read() {
    let mut source = opened(&fixture("forecasts.parquet"));
    assert_eq!((source.kind, source.format), (Kind::Forecasts, Format::Parquet));
    let table = source.read().unwrap().remove(0);
    let cell = |row: usize, field| &table.rows[row].cells[table.header.index(field).unwrap()];
    assert_eq!(table.rows.len(), 3);
    assert_eq!(cell(0, Field::Date), &Cell::Date(day("2025-02-01")));
    assert_eq!(cell(0, Field::Origin), &Cell::Date(day("2025-01-31")));
    assert_eq!(cell(1, Field::Lead), &Cell::Number(2.0));
    assert_eq!(cell(0, Field::Mean), &Cell::Number(4.25));
    assert_eq!(cell(1, Field::Quantile(900)), &Cell::Number(10.0));
    // An absent quantile stays absent.
    assert!(cell(1, Field::Quantile(975)).is_empty());
    assert_eq!(table.header.index(Field::Quantile(250)), None);
    assert_eq!(cell(2, Field::Model), &Cell::Text("TSB".into()));

    let mut source = opened(&fixture("features.parquet"));
    assert_eq!(source.kind, Kind::Features);
    let table = source.read().unwrap().remove(0);
    let others: Vec<&str> = table.header.others().iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(others, ["lag_7", "is_holiday", "season"]);
    let feature = |row: usize, at: usize| &table.rows[row].cells[table.header.others()[at].0];
    assert_eq!((feature(0, 0), feature(1, 1)), (&Cell::Number(3.0), &Cell::Bool(true)));
    assert_eq!(feature(1, 2), &Cell::Text("rain".into()));
    assert!(feature(1, 0).is_empty());
}

#[test]
fn what_was_computed_is_not_taken_for_what_was_observed() {
    let options = ExtractOptions { kind: Some(Kind::Demand), ..ExtractOptions::default() };
    for name in ["forecasts.parquet", "features.parquet"] {
        assert!(open(&fixture(name), &options).is_err(), "{name}");
    }
}

#[test]
fn a_workbook_with_macros_is_read_like_one_without() {
    let file = made("compras.xlsm", &crate::files::purchases(&[crate::files::line(&[])]));
    assert_eq!(opened(&file.path).format, Format::Xlsx);
}

#[test]
fn every_kind_has_a_layout_and_a_name_of_its_own() {
    for kind in Kind::ALL {
        assert_eq!(kind.layout().kind, kind);
        assert_eq!(Kind::named(kind.as_str()), Some(kind));
        let header: Vec<&str> = kind.layout().columns.iter().map(|column| column.names[0]).collect();
        let file = made("x.csv", (header.join(";") + "\n").as_bytes());
        assert_eq!(opened(&file.path).kind, kind, "{}", kind.as_str());
    }
}
