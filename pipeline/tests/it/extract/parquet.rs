//! Parquet: every type that a column may have, streamed.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryArray, BooleanArray, Date32Array, Date64Array, Decimal128Array, Float32Array, Float64Array,
    Int16Array, Int64Array, LargeStringArray, RecordBatch, StringArray, StringViewArray, TimestampMicrosecondArray,
    TimestampNanosecondArray, UInt64Array,
};
use arrow::datatypes::Int8Type;
use parquet::arrow::ArrowWriter;
use pipeline::extract::{Cell, ExtractOptions, Field, open};

use crate::files::{day, imported, made, opened, options};

/// A Parquet file with these columns.
pub fn file_of(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    let columns = columns.into_iter().map(|(name, column)| (name, column, true));
    let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

pub fn text(values: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

/// What one value becomes, in the column of the quantity.
fn cell(column: ArrayRef) -> Cell {
    let bytes = file_of(vec![("date", text(&["2025-01-02"])), ("sku", text(&["1"])), ("quantity", column)]);
    let file = made("x.parquet", &bytes);
    let mut source = opened(&file.path);
    let table = source.read().unwrap().remove(0);
    table.rows[0].cells[table.header.index(Field::Quantity).unwrap()].clone()
}

#[test]
fn each_type_becomes_the_cell_that_says_the_same() {
    let dictionary: arrow::array::DictionaryArray<Int8Type> = vec!["TORRE"].into_iter().collect();
    let decimal = |value, scale| Decimal128Array::from(vec![value]).with_precision_and_scale(38, scale).unwrap();
    let utc = |micros| TimestampMicrosecondArray::from(vec![micros]);
    // 2025-03-07T01:30:00Z, which is still the sixth in Bahia.
    let night = 1_741_311_000_000_000_i64;
    let exact = |text: &str| Cell::Decimal(text.parse().unwrap());
    let cases: Vec<(ArrayRef, Cell)> = vec![
        (Arc::new(BooleanArray::from(vec![true])), Cell::Bool(true)),
        (Arc::new(Int16Array::from(vec![-3])), Cell::Number(-3.0)),
        (Arc::new(Int64Array::from(vec![9_007_199_254_740_993])), exact("9007199254740993")),
        (Arc::new(UInt64Array::from(vec![u64::MAX])), exact("18446744073709551615")),
        (Arc::new(Float32Array::from(vec![0.1])), Cell::Number(0.1)),
        (Arc::new(Float64Array::from(vec![1e300])), Cell::Number(1e300)),
        (text(&["Ã"]), Cell::Text("Ã".into())),
        (text(&[""]), Cell::Empty),
        (Arc::new(LargeStringArray::from(vec!["a"])), Cell::Text("a".into())),
        (Arc::new(StringViewArray::from(vec!["b"])), Cell::Text("b".into())),
        (Arc::new(BinaryArray::from(vec![&b"c"[..]])), Cell::Text("c".into())),
        (Arc::new(BinaryArray::from(vec![&b"\xFF"[..]])), Cell::Error("1 bytes that are no text".into())),
        (Arc::new(dictionary), Cell::Text("TORRE".into())),
        (Arc::new(Date32Array::from(vec![20_154])), Cell::Date(day("2025-03-07"))),
        (Arc::new(Date32Array::from(vec![-1])), Cell::Date(day("1969-12-31"))),
        (Arc::new(Date64Array::from(vec![20_154 * 86_400_000])), Cell::Date(day("2025-03-07"))),
        (Arc::new(utc(night)), Cell::Date(day("2025-03-07"))),
        (Arc::new(utc(night).with_timezone("UTC")), Cell::Date(day("2025-03-07"))),
        (Arc::new(utc(night).with_timezone("America/Bahia")), Cell::Date(day("2025-03-06"))),
        (Arc::new(utc(night).with_timezone("-03:00")), Cell::Date(day("2025-03-06"))),
        (Arc::new(TimestampNanosecondArray::from(vec![night * 1_000])), Cell::Date(day("2025-03-07"))),
        (Arc::new(decimal(12_345, 2)), exact("123.45")),
        (Arc::new(Int64Array::from(vec![None::<i64>])), Cell::Empty),
        (Arc::new(arrow::array::NullArray::new(1)), Cell::Empty),
    ];
    for (column, wanted) in cases {
        let kind = column.data_type().clone();
        assert_eq!(cell(column), wanted, "{kind}");
    }
}

#[test]
fn a_decimal_keeps_every_digit() {
    let quantity = Decimal128Array::from(vec![123_456_789_012_345_678_i128]).with_precision_and_scale(18, 4).unwrap();
    let columns = vec![
        ("date", Arc::new(Date32Array::from(vec![20_089])) as ArrayRef),
        ("sku", text(&["010825"])),
        ("quantity", Arc::new(quantity) as ArrayRef),
    ];
    let outcome = imported(&made("x.parquet", &file_of(columns)).path, &options());
    assert_eq!(outcome.demand[0].quantity.to_string(), "12345678901234.5678");
}

#[test]
fn columns_that_nobody_needs_may_be_of_any_type() {
    let nested: ArrayRef =
        Arc::new(arrow::array::ListArray::from_iter_primitive::<arrow::datatypes::Int32Type, _, _>(vec![Some(vec![
            Some(1),
            Some(2),
        ])]));
    let bytes = file_of(vec![
        ("notes", nested.clone()),
        ("date", text(&["2025-01-02"])),
        ("sku", text(&["1"])),
        ("quantity", text(&["2.5"])),
    ]);
    let outcome = imported(&made("x.parquet", &bytes).path, &options());
    assert_eq!(outcome.demand[0].quantity.to_string(), "2.5");
    let bytes = file_of(vec![("date", text(&["2025-01-02"])), ("sku", text(&["1"])), ("quantity", nested)]);
    let error = open(&made("x.parquet", &bytes).path, &ExtractOptions::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "x.parquet has a column quantity of lists: write it as text, a number, a date, a timestamp, or true and false"
    );
}

#[test]
fn many_batches_and_row_groups_are_read_in_order_with_their_numbers() {
    let rows = 20_000_i64;
    let quantities: ArrayRef = Arc::new(Int64Array::from_iter_values(0..rows));
    let days: ArrayRef = Arc::new(Date32Array::from_iter_values((0..rows).map(|_| 20_000)));
    let skus: ArrayRef = Arc::new(StringArray::from_iter_values((0..rows).map(|row| row.to_string())));
    let batch = RecordBatch::try_from_iter(vec![("date", days), ("sku", skus), ("quantity", quantities)]).unwrap();
    let mut bytes = Vec::new();
    let groups =
        parquet::file::properties::WriterProperties::builder().set_max_row_group_row_count(Some(7_000)).build();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(groups)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let file = made("x.parquet", &bytes);
    let mut source = opened(&file.path);
    let mut expected = 0;
    for row in source.rows(0).unwrap() {
        let row = row.unwrap();
        assert_eq!((row.line, &row.cells[2]), (expected + 1, &Cell::Number(expected as f64)));
        expected += 1;
    }
    assert_eq!(expected, 20_000);
}

#[test]
fn a_wrong_table_is_refused_by_its_columns() {
    let bytes = file_of(vec![("date", text(&["2025-01-02"])), ("sku", text(&["1"])), ("menge", text(&["1"]))]);
    let error = open(&made("x.parquet", &bytes).path, &ExtractOptions::default()).unwrap_err().to_string();
    assert!(error.contains("at its column names, which lacks"), "{error}");
}
