//! Other companies' layouts through a mapping file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pipeline::extract::{Bound, Cell, ExtractOptions, Field, Kind, Mapping, open};
use pipeline::transform::{Outcome, transform};
use tempfile::TempDir;

use crate::files::{day, options};

pub const REGION: &str = "region_id,name,state,economic_zone\n1,Bahia,BA,Nordeste\n2,Sergipe,SE,Nordeste\n";
pub const SITE: &str = "site_id,site_code,name,type,region_id,latitude,longitude,active\n\
    7,TWBA001,Torre Açu,TOWER,1,-12.97,-38.5,1\n8,CD-01,Central,DC,2,\\N,\\N,1\n";
pub const SUPPLIER: &str = "supplier_id,name,type\n3,ELETRO LTDA,DOMESTIC\n";
pub const ITEM: &str =
    "item_id,sku,name,unit,family,criticality,unit_cost\n11,010825,CONEXÃO,UN,ELÉTRICA,7,3.40\n12,77,CABO,M,,\\N,\\N\n";
pub const DEMAND: &str = "demand_id,full_date,item_id,site_id,quantity,unit_cost,stockout_flag\n\
    1,2025-01-02,11,7,12.5,3.40,0\n2,2025-01-03,12,8,4,\\N,1\n3,2025-01-03,99,7,4,1,0\n4,2025-01-04,11,55,4,1,0\n\
    5,2025-01-05,11,\\N,2,1,0\n";

/// The mapping that ships.
pub fn star() -> Mapping {
    Mapping::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("mappings/star-schema.toml")).unwrap()
}

/// A directory with these files.
pub fn dump(files: &[(&str, &str)]) -> (TempDir, Vec<PathBuf>) {
    let directory = tempfile::tempdir().unwrap();
    let paths = files.iter().map(|(name, content)| {
        let path = directory.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    });
    let paths = paths.collect();
    (directory, paths)
}

fn read(bound: &Bound, path: &Path) -> Outcome {
    let how = ExtractOptions { mapping: Some(Arc::new(bound.clone())), ..ExtractOptions::default() };
    let mut source = open(path, &how).unwrap();
    let tables = source.read().unwrap();
    transform(&source.file.name, &tables, &options())
}

fn whole() -> [(&'static str, &'static str); 5] {
    [
        ("fact_demand_daily.csv", DEMAND),
        ("dim_item.csv", ITEM),
        ("dim_site.csv", SITE),
        ("dim_region.csv", REGION),
        ("dim_supplier.csv", SUPPLIER),
    ]
}

#[test]
fn a_star_schema_is_read_whatever_the_order_of_its_files() {
    let (_directory, mut files) = dump(&whole());
    for turn in 0..files.len() {
        files.rotate_left(1);
        let bound = star().bind(&files);
        let kinds: Vec<&str> = bound.files().iter().map(|file| file.file_stem().unwrap().to_str().unwrap()).collect();
        assert_eq!(kinds, ["dim_region", "dim_site", "dim_supplier", "dim_item", "fact_demand_daily"], "turn {turn}");
        let demand = read(&bound, bound.files().last().unwrap());
        let row = &demand.demand[0];
        assert_eq!((row.sku.as_str(), row.site_code.as_str(), row.date), ("010825", "twba001", day("2025-01-02")));
        assert_eq!((row.quantity.to_string(), row.stocked_out), ("12.5".into(), false));
        let row = &demand.demand[1];
        assert_eq!(
            (row.sku.as_str(), row.site_code.as_str(), row.stocked_out, row.unit_cost),
            ("77", "cd-01", true, None)
        );
    }
}

#[test]
fn a_number_that_no_dimension_has_is_rejected_and_never_taken_for_a_code() {
    let (_directory, files) = dump(&whole());
    let bound = star().bind(&files);
    let outcome = read(&bound, &files[0]);
    let rejects: Vec<_> = outcome
        .rejects
        .iter()
        .map(|r| (r.line, r.reason.as_str(), r.column.as_deref().unwrap(), r.value.as_str(), r.expected.as_str()))
        .collect();
    assert_eq!(
        rejects,
        [
            (4, "UNKNOWN_REFERENCE", "item_id", "99", "a row with this item_id in dim_item.csv"),
            (5, "UNKNOWN_REFERENCE", "site_id", "55", "a row with this site_id in dim_site.csv"),
        ]
    );
    // No site at all is no dangling reference.
    assert_eq!(outcome.demand[2].site_code, "UNASSIGNED");
}

#[test]
fn the_dimensions_become_regions_sites_suppliers_and_items() {
    let (_directory, files) = dump(&whole());
    let bound = star().bind(&files);
    let items = read(&bound, &files[1]);
    assert!(items.rejects.is_empty(), "{:?}", items.rejects);
    assert_eq!((items.items[0].sku.as_str(), items.items[0].criticality), ("010825", Some(7)));
    assert_eq!((items.items[1].family.as_deref(), items.items[1].unit_cost), (None, None));
    let sites = read(&bound, &files[2]);
    assert!(sites.rejects.is_empty(), "{:?}", sites.rejects);
    assert_eq!(sites.places[0].region.as_deref(), Some("1"));
    assert_eq!((sites.places[1].code.as_str(), sites.places[1].latitude), ("cd-01", None));
    assert_eq!(sites.places[1].kind.map(|kind| kind.to_string()), Some("DISTRIBUTION_CENTER".into()));
    let regions = read(&bound, &files[3]);
    assert_eq!((regions.regions[0].code.as_str(), regions.regions[0].state.as_deref()), ("1", Some("BA")));
    assert_eq!(read(&bound, &files[4]).vendors[0].name, "ELETRO LTDA");
}

#[test]
fn a_dimension_may_be_in_several_files_and_in_any_format() {
    let item = crate::files::workbook(&[(
        "item",
        vec![vec!["item_id", "sku", "name", "unit"], vec!["n:12", "77", "CABO", "M"]],
    )]);
    let (directory, mut files) = dump(&[
        ("fact_demand_daily_2025.csv", "full_date,item_id,site_id,quantity\n2025-01-02,11,7,1\n2025-01-02,12,7,1\n"),
        ("dim_item_a.csv", "item_id,sku,name,unit\n11,010825,CONEXÃO,UN\n"),
        ("dim_site.csv", SITE),
    ]);
    let second = directory.path().join("dim_item_b.xlsx");
    std::fs::write(&second, item).unwrap();
    files.push(second);
    let outcome = read(&star().bind(&files), &files[0]);
    assert_eq!(outcome.demand.iter().map(|row| row.sku.as_str()).collect::<Vec<_>>(), ["010825", "77"]);
}

#[test]
fn a_mapping_can_leave_files_alone() {
    let (_directory, files) = dump(&[("dim_calendar.csv", "x\n"), ("dim_region.csv", REGION)]);
    let bound = star().bind(&files);
    assert_eq!((bound.files(), bound.skipped()), (&files[1..], &files[..1]));
}

const EVERYTHING: &str = r#"
[[table]]
name = "stock"
file = "estoque_??.txt"
kind = "inventory"
header = ["dia", "cod", "saldo", "tipo", "obs"]
delimiter = "pipe"
decimal = "comma"
date_format = "%d.%m.%y"
encoding = "latin-1"
null = ["?"]
[table.columns]
date = "dia"
sku = "cod"
on_hand = "saldo"
[table.constants]
site = "CENTRAL"
safety_stock = 5
[table.values.sku]
"CX" = "010825"
"#;

#[test]
fn constants_words_days_and_columns_without_a_header_are_mapped() {
    let mapping = Mapping::parse("m.toml", EVERYTHING).unwrap();
    let (_directory, files) =
        dump(&[("estoque_01.txt", "31.12.24|CX|1.234,5|a|x\n01.01.25|77|?|b\n\n2.1.25|78|3\n?|?|?\n1/2/25|79|3\n")]);
    let bound = mapping.bind(&files);
    let how = ExtractOptions { mapping: Some(Arc::new(bound.clone())), ..ExtractOptions::default() };
    let mut source = open(&files[0], &how).unwrap();
    assert_eq!((source.kind, source.headers()[0].line), (Kind::Inventory, 0));
    let table = source.read().unwrap().remove(0);
    let site = table.header.index(Field::Site).unwrap();
    assert!(table.rows.iter().all(|row| row.cells[site] == Cell::Text("CENTRAL".into())));
    let outcome = read(&bound, &files[0]);
    let rows: Vec<_> = outcome
        .inventory
        .iter()
        .map(|row| (row.source.line, row.date.to_string(), row.sku.as_str(), row.on_hand.to_string()))
        .collect();
    assert_eq!(rows, [(1, "2024-12-31".into(), "010825", "1234.5".into()), (4, "2025-01-02".into(), "78", "3".into())]);
    assert_eq!(outcome.inventory[0].safety_stock.map(|stock| stock.to_string()), Some("5".into()));
    let rejects: Vec<_> = outcome.rejects.iter().map(|r| (r.line, r.reason.as_str(), r.value.as_str())).collect();
    // A day in another form than the mapping says is not read in some other way.
    assert_eq!(rejects, [(2, "MISSING_KEY", ""), (6, "IMPOSSIBLE_DATE", "1/2/25")]);
}

#[test]
fn what_the_caller_says_counts_more_than_the_mapping() {
    let mapping = Mapping::parse("m.toml", EVERYTHING).unwrap();
    let (_directory, files) = dump(&[("estoque_01.txt", "31.12.24;77;1\n")]);
    let how = ExtractOptions {
        mapping: Some(Arc::new(mapping.bind(&files))),
        delimiter: Some(b';'),
        ..ExtractOptions::default()
    };
    let table = open(&files[0], &how).unwrap().read().unwrap().remove(0);
    assert_eq!(table.rows[0].cells[1], Cell::Text("77".into()));
}
