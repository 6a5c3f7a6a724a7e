//! The books: codes, dates and balances.

use std::collections::{HashMap, HashSet};

use chrono::{Days, NaiveDate};
use pipeline::demo::DAILY_INVENTORY_DAYS;
use rust_decimal::Decimal;

use super::{COMPANY, Cell, inventory_of_cells, until};

#[test]
fn codes_are_unique_and_references_exist() {
    let skus: HashSet<&str> = COMPANY.items.iter().map(|item| &*item.sku).collect();
    let names: HashSet<&str> = COMPANY.items.iter().map(|item| item.name.as_str()).collect();
    let sites: HashSet<&str> = COMPANY.sites.iter().map(|site| &*site.code).collect();
    let suppliers: HashSet<&str> = COMPANY.suppliers.iter().map(|supplier| &*supplier.code).collect();
    let supplier_names: HashSet<&str> = COMPANY.suppliers.iter().map(|supplier| supplier.name.as_str()).collect();
    let regions: HashSet<&str> = COMPANY.regions.iter().map(|region| region.code.as_str()).collect();
    assert_eq!((skus.len(), names.len(), sites.len()), (COMPANY.items.len(), COMPANY.items.len(), COMPANY.sites.len()));
    assert_eq!((suppliers.len(), supplier_names.len()), (COMPANY.suppliers.len(), COMPANY.suppliers.len()));
    assert!(skus.iter().any(|sku| sku.starts_with('0')));
    assert!(COMPANY.sites.iter().all(|site| regions.contains(site.region_code.as_str())));
    assert!(COMPANY.demand.iter().all(|row| skus.contains(&*row.sku) && sites.contains(&*row.site_code)));
    assert!(COMPANY.inventory.iter().all(|row| skus.contains(&*row.sku) && sites.contains(&*row.site_code)));
    assert!(COMPANY.orders.iter().all(|row| {
        skus.contains(&*row.sku) && sites.contains(&*row.site_code) && suppliers.contains(&*row.supplier_code)
    }));
}

#[test]
fn no_fact_appears_twice() {
    let demand: HashSet<_> = COMPANY.demand.iter().map(|row| (&row.sku, &row.site_code, row.full_date)).collect();
    assert_eq!(demand.len(), COMPANY.demand.len());
    let stock: HashSet<_> = COMPANY.inventory.iter().map(|row| (&row.sku, &row.site_code, row.full_date)).collect();
    assert_eq!(stock.len(), COMPANY.inventory.len());
    let lines: HashSet<_> = COMPANY.orders.iter().map(|row| (&row.order_id, row.line_no)).collect();
    assert_eq!(lines.len(), COMPANY.orders.len());
    let mut headers: HashMap<&str, (NaiveDate, &str, &str)> = HashMap::new();
    for row in &COMPANY.orders {
        let header = (row.order_date, &*row.site_code, &*row.supplier_code);
        assert_eq!(*headers.entry(&row.order_id).or_insert(header), header, "one order, one site and supplier");
    }
    assert!(headers.len() < COMPANY.orders.len(), "some orders have several lines");
}

#[test]
fn nothing_happens_before_the_first_day_or_after_the_last() {
    let history = until() - Days::new(729)..=until();
    assert!(COMPANY.demand.iter().all(|row| history.contains(&row.full_date)));
    assert!(COMPANY.inventory.iter().all(|row| history.contains(&row.full_date)));
    assert!(COMPANY.indicators.iter().all(|row| history.contains(&row.full_date)));
    for row in &COMPANY.orders {
        assert!(history.contains(&row.order_date));
        assert!(row.expected_delivery > row.order_date);
        assert!(row.actual_delivery.is_none_or(|day| day > row.order_date && day <= until()));
    }
    assert_eq!(COMPANY.demand.iter().map(|row| row.full_date).max(), Some(until()));
    assert_eq!(COMPANY.inventory.iter().map(|row| row.full_date).max(), Some(until()));
}

#[test]
fn stock_is_what_it_was_plus_receipts_minus_demand() {
    let mut changes: HashMap<Cell<'_>, Vec<(NaiveDate, Decimal)>> = HashMap::new();
    for row in &COMPANY.demand {
        let change = (row.full_date, -row.quantity);
        changes.entry((&row.sku, &row.site_code)).or_default().push(change);
    }
    for row in &COMPANY.orders {
        if let Some(day) = row.actual_delivery {
            let change = (day, row.quantity);
            changes.entry((&row.sku, &row.site_code)).or_default().push(change);
        }
    }
    let mut checked = 0;
    for (cell, rows) in inventory_of_cells() {
        let mut changes = changes.remove(&cell).unwrap_or_default();
        changes.sort_by_key(|(day, _)| *day);
        let mut after_first = changes.iter().skip_while(|(day, _)| *day <= rows[0].full_date).peekable();
        let mut balance = rows[0].on_hand;
        for row in &rows {
            while let Some((_, change)) = after_first.next_if(|(day, _)| *day <= row.full_date) {
                balance += change;
            }
            assert_eq!(row.on_hand, balance, "{cell:?} on {}", row.full_date);
            checked += 1;
        }
    }
    assert_eq!(checked, COMPANY.inventory.len());
    assert!(COMPANY.inventory.iter().all(|row| row.on_hand >= Decimal::ZERO));
    assert!(COMPANY.demand.iter().all(|row| row.quantity >= Decimal::ZERO));
}

#[test]
fn on_order_is_the_sum_of_open_lines() {
    let mut orders: HashMap<Cell<'_>, Vec<_>> = HashMap::new();
    for row in &COMPANY.orders {
        orders.entry((&row.sku, &row.site_code)).or_default().push(row);
    }
    for (cell, rows) in inventory_of_cells() {
        for row in &rows {
            let open = orders.get(&cell).map_or(&[][..], Vec::as_slice).iter();
            let sum: Decimal = open.filter(|order| order.is_open_on(row.full_date)).map(|order| order.quantity).sum();
            assert_eq!(row.on_order, sum, "{cell:?} on {}", row.full_date);
        }
    }
}

#[test]
fn inventory_is_daily_at_the_end_and_tells_every_change_before() {
    let daily_from = until() - Days::new(u64::from(DAILY_INVENTORY_DAYS) - 1);
    for (cell, rows) in inventory_of_cells() {
        let recent = rows.iter().filter(|row| row.full_date >= daily_from).count();
        let first = rows[0].full_date.max(daily_from);
        assert_eq!(recent, first.iter_days().take_while(|day| *day <= until()).count(), "{cell:?}");
        assert!(rows.windows(2).all(|pair| (pair[1].full_date - pair[0].full_date).num_days() <= 7), "{cell:?}");
    }
}

#[test]
fn orders_keep_to_packs_and_limits() {
    let items: HashMap<&str, _> = COMPANY.items.iter().map(|item| (&*item.sku, item)).collect();
    for row in &COMPANY.orders {
        let item = items[&*row.sku];
        assert!(item.pack_size.is_none_or(|pack| (row.quantity % pack).is_zero()));
        assert!(item.min_order_quantity.is_none_or(|min| row.quantity >= min));
        assert!(item.max_order_quantity.is_none_or(|max| row.quantity <= max));
        assert!(row.unit_price > Decimal::ZERO);
    }
}
