//! The demo company: that it repeats and has its size; `books` that it balances, `patterns` what its demand shows,
//! `failures` what goes wrong in it, `rehearsal` how its days are lived again.

mod books;
mod failures;
mod patterns;
mod rehearsal;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::NaiveDate;
use pipeline::demo::rows::{InventoryRow, ItemKind, SupplierType};
use pipeline::demo::{DemoCompany, DemoOptions, generate};
use rust_decimal::Decimal;

fn until() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
}

/// The default company, made once: several tests read it.
static COMPANY: LazyLock<DemoCompany> = LazyLock::new(|| generate(&DemoOptions::new(until())));

fn small(seed: u64) -> DemoOptions {
    DemoOptions { items: 30, sites: 5, days: 200, until: until(), seed }
}

/// SKU and site.
type Cell<'a> = (&'a str, &'a str);

fn inventory_of_cells() -> BTreeMap<Cell<'static>, Vec<&'static InventoryRow>> {
    let mut cells: BTreeMap<Cell<'_>, Vec<&InventoryRow>> = BTreeMap::new();
    for row in &COMPANY.inventory {
        cells.entry((&row.sku, &row.site_code)).or_default().push(row);
    }
    cells
}

#[test]
fn the_same_seed_makes_the_same_company() {
    let first = generate(&small(7));
    assert!(first == generate(&small(7)));
    let other = generate(&small(8));
    assert!(first.demand != other.demand && first.orders != other.orders && first.inventory != other.inventory);
}

#[test]
fn the_company_is_the_same_on_every_platform() {
    // Written down from one run: a change of these figures is a change of everybody's demo.
    let company = generate(&small(7));
    let demand: Decimal = company.demand.iter().map(|row| row.quantity).sum();
    let stock: Decimal = company.inventory.iter().map(|row| row.on_hand).sum();
    let paid: Decimal = company.orders.iter().map(|row| row.quantity * row.unit_price).sum();
    let counts = (company.demand.len(), company.inventory.len(), company.orders.len());
    assert_eq!(counts, (3_984, 12_998, 328));
    assert_eq!(
        (demand, stock, paid),
        (Decimal::new(8_540_575, 2), Decimal::new(424_910_025, 2), Decimal::new(133_402_094, 2))
    );
}

#[test]
fn the_default_company_has_the_promised_size() {
    assert_eq!((COMPANY.items.len(), COMPANY.sites.len()), (300, 12));
    assert_eq!(COMPANY.items.iter().filter(|item| item.kind == ItemKind::Service).count(), 12);
    assert!((150_000..400_000).contains(&COMPANY.demand.len()));
    assert!((300_000..550_000).contains(&COMPANY.inventory.len()));
    assert!((8_000..60_000).contains(&COMPANY.orders.len()));
    assert!(COMPANY.regions.len() >= 6);
    for kind in [SupplierType::Domestic, SupplierType::Import, SupplierType::Hybrid] {
        assert!(COMPANY.suppliers.iter().any(|supplier| supplier.r#type == kind));
    }
}

#[test]
fn empty_and_tiny_companies_are_made_without_complaint() {
    for (items, sites, days) in [(0, 0, 0), (5, 0, 30), (0, 3, 30), (1, 1, 1), (60, 2, 3), (700, 2, 40)] {
        let company = generate(&DemoOptions { items, sites, days, until: until(), seed: 3 });
        assert_eq!((company.items.len(), company.sites.len()), (items, sites));
        assert!(company.orders.iter().all(|order| order.order_date <= until()));
    }
}
