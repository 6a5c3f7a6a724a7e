//! Broken Parquet files for the corpus.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Date32Array, Float64Array, Int64Array, ListArray, StringArray, StructArray};
use arrow::datatypes::{DataType, Field, Int32Type};

use super::corpus::End::{Refused, Taken};
use super::corpus::{Broken, broken};
use super::parquet::{file_of, text};

/// A demand table with this column of quantities, one row a day.
fn demand(quantity: ArrayRef) -> Vec<u8> {
    let rows = i32::try_from(quantity.len()).unwrap();
    let days: ArrayRef = Arc::new(Date32Array::from_iter_values((0..rows).map(|row| 20_089 + row)));
    let skus: ArrayRef = Arc::new(StringArray::from_iter_values((0..rows).map(|_| "010825")));
    file_of(vec![("date", days), ("sku", skus), ("quantity", quantity)])
}

pub fn parquet() -> Vec<Broken> {
    let whole = demand(Arc::new(Int64Array::from_iter_values(0..200)));
    let footer = whole.len() - 8;
    let length = u32::from_le_bytes(whole[footer..footer + 4].try_into().unwrap()) as usize;
    let pages = whole.len() - 8 - length;
    let with = |at: usize, bytes: &[u8]| {
        let mut copy = whole.clone();
        copy[at..at + bytes.len()].copy_from_slice(bytes);
        copy
    };
    let mut overwritten = whole.clone();
    overwritten[8..pages].fill(0xAA);
    let mut headless = whole.clone();
    headless.drain(4..pages);
    let list: ArrayRef = Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>(vec![Some(vec![Some(1)])]));
    let part = Arc::new(Field::new("value", DataType::Int64, true));
    let record: ArrayRef = Arc::new(StructArray::from(vec![(part, Arc::new(Int64Array::from(vec![1])) as ArrayRef)]));
    let odd = Float64Array::from(vec![f64::NAN, f64::INFINITY, -1.0, 1e300, 2.5]);
    let far = file_of(vec![
        ("date", Arc::new(Date32Array::from(vec![i32::MAX, i32::MIN, 2_932_896, -25_567])) as ArrayRef),
        ("sku", text(&["1", "2", "3", "4"])),
        ("quantity", text(&["1", "1", "1", "1"])),
    ]);
    let name = "demanda.parquet";
    vec![
        broken("lists for quantities", name, demand(list), Refused(&["quantity of lists"])),
        broken("records for quantities", name, demand(record), Refused(&["quantity of records"])),
        broken("words for quantities", name, demand(text(&["muitos", "2"])), Taken(1, &["NOT_A_NUMBER"])),
        broken(
            "numbers that are none",
            name,
            demand(Arc::new(odd)),
            Taken(1, &["NOT_A_NUMBER", "NOT_A_NUMBER", "NEGATIVE_QUANTITY", "NUMBER_TOO_LARGE"]),
        ),
        broken(
            "days outside the calendar",
            name,
            far,
            Taken(0, &["IMPOSSIBLE_DATE", "IMPOSSIBLE_DATE", "FUTURE_DATE", "IMPOSSIBLE_DATE"]),
        ),
        broken("no rows", name, demand(Arc::new(Int64Array::from(Vec::<i64>::new()))), Taken(0, &[])),
        broken("a footer cut off", name, &whole[..whole.len() - 20], Refused(&["not a valid Parquet file"])),
        broken("only the first mark", name, b"PAR1", Refused(&["not a valid Parquet file"])),
        broken(
            "a footer longer than the file",
            name,
            with(footer, &[0xFF, 0xFF, 0xFF, 0x7F]),
            Refused(&["not a valid"]),
        ),
        broken("a footer of garbage", name, with(pages + 4, &[0xFF; 40]), Refused(&["not a valid"])),
        broken("pages overwritten", name, overwritten, Refused(&["damaged"])),
        broken("pages taken out", name, headless, Refused(&["damaged"])),
        broken("an encrypted footer", name, [b"PARE", &whole[4..footer + 4], b"PARE"].concat(), Refused(&["password"])),
        broken("a table of something else", name, file_of(vec![("a", text(&["1"]))]), Refused(&["no table"])),
    ]
}
