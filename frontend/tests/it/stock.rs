use frontend::charts::health::{Cover, Health};
use frontend::charts::stock::{cover, matrix, values};
use frontend::graphql::queries::enums::{AbcClass, XyzClass};
use frontend::graphql::queries::inventory::{ItemStock, Lasting};

use crate::charts::look;

fn item(sku: &str, classes: Option<(AbcClass, XyzClass)>, stock: Option<(f64, Option<f64>)>) -> ItemStock {
    ItemStock {
        sku: sku.to_owned(),
        name: format!("Material {sku}"),
        unit: "UN".to_owned(),
        abc_class: classes.map(|(abc, _)| abc),
        xyz_class: classes.map(|(_, xyz)| xyz),
        stock: stock.map(|(on_hand, days_of_cover)| Lasting { on_hand, days_of_cover }),
    }
}

fn items() -> Vec<ItemStock> {
    let (ax, ay, cz) = ((AbcClass::A, XyzClass::X), (AbcClass::A, XyzClass::Y), (AbcClass::C, XyzClass::Z));
    vec![
        item("out", Some(ax), Some((0.0, Some(0.0)))),
        item("week", Some(ax), Some((7.0, Some(7.9)))),
        item("eighth", Some(ax), Some((8.0, Some(8.0)))),
        item("month", Some(ay), Some((30.0, Some(30.0)))),
        item("ages", Some(cz), Some((500.0, Some(4000.0)))),
        item("idle", None, Some((3.0, None))),
        item("unknown", Some(cz), None),
    ]
}

#[test]
fn materials_are_counted_once_by_how_long_they_last() {
    let health = Health::of(&items());
    let count = |cover| health.covers.iter().find(|(name, _)| *name == cover).map(|(_, count)| *count);
    assert_eq!(count(Cover::Out), Some(1));
    assert_eq!(count(Cover::Days(0, 7)), Some(1), "7.9 days are seven whole ones");
    assert_eq!(count(Cover::Days(8, 14)), Some(1));
    assert_eq!(count(Cover::Days(15, 30)), Some(1));
    assert_eq!(count(Cover::Longer), Some(1));
    assert_eq!(count(Cover::NoDemand), Some(1));
    assert_eq!(health.covers.iter().map(|(_, count)| count).sum::<usize>(), 6, "all whose stock is known");
}

#[test]
fn lists_begin_with_the_extremes_and_leave_out_what_nobody_asks_for() {
    let health = Health::of(&items());
    let skus = |items: &[ItemStock]| items.iter().map(|item| item.sku.clone()).collect::<Vec<_>>();
    assert_eq!(skus(&health.shortest), ["out", "week", "eighth", "month", "ages"]);
    assert_eq!(skus(&health.longest), ["ages", "month", "eighth", "week", "out"]);
    assert!(health.has_stock());
    assert!(!Health::of(&items()[6..]).has_stock());
}

#[test]
fn a_class_has_its_number_of_materials_and_their_median_cover() {
    let health = Health::of(&items());
    assert_eq!(health.cells.len(), 9);
    let cell = health.cells.iter().find(|cell| (cell.abc, cell.xyz) == (AbcClass::A, XyzClass::X));
    assert_eq!(cell.map(|cell| (cell.count, cell.median_cover)), Some((3, Some(7.9))));
    assert_eq!(health.cells.iter().map(|cell| cell.count).sum::<usize>(), 6, "idle has no class");
}

#[test]
fn the_charts_of_the_stock_are_as_they_were() {
    let health = Health::of(&items());
    let drawn = cover(&health.covers, &look());
    insta::assert_json_snapshot!("cover", serde_json::to_value(&drawn.chart).unwrap());
    insta::assert_debug_snapshot!("cover_tips", drawn.tips);
    let drawn = matrix(&health.cells, &look());
    insta::assert_json_snapshot!("matrix", serde_json::to_value(&drawn.chart).unwrap());
    insta::assert_debug_snapshot!("matrix_tips", drawn.tips);
    let families = [("FERRO E AÇO".to_owned(), 12_345.6), ("ELÉTRICO".to_owned(), 99.0)];
    let drawn = values(&families, "BRL", &look());
    insta::assert_json_snapshot!("values", serde_json::to_value(&drawn.chart).unwrap());
    insta::assert_debug_snapshot!("values_tips", drawn.tips);
}
