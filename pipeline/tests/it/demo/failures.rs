//! What goes wrong: empty shelves, late orders, shelves too full, and the suppliers' records.

use std::collections::HashSet;

use chrono::{Days, NaiveDate};
use pipeline::demo::rows::{InventoryRow, OrderStatus, SupplierType};
use pipeline::demo::{DAILY_INVENTORY_DAYS, DemoCompany, DemoOptions, generate};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::{COMPANY, until};

/// The last day's inventory of items that are still bought.
fn shelves_now() -> Vec<&'static InventoryRow> {
    let active: HashSet<&str> = COMPANY.items.iter().filter(|item| item.active).map(|item| &*item.sku).collect();
    COMPANY.inventory.iter().filter(|row| row.full_date == until() && active.contains(&*row.sku)).collect()
}

#[test]
fn an_order_status_agrees_with_its_dates() {
    for row in &COMPANY.orders {
        match row.status {
            OrderStatus::Received => assert!(row.actual_delivery.is_some()),
            OrderStatus::Placed => {
                assert!(row.actual_delivery.is_none() && row.expected_delivery > until());
            }
            OrderStatus::Delayed | OrderStatus::Cancelled => {
                assert!(row.actual_delivery.is_none() && row.expected_delivery <= until());
            }
        }
    }
}

#[test]
fn a_stocked_out_day_has_an_empty_shelf_and_a_demand_row() {
    let empty: HashSet<_> = COMPANY
        .inventory
        .iter()
        .filter(|row| row.on_hand.is_zero())
        .map(|row| (&row.sku, &row.site_code, row.full_date))
        .collect();
    let daily_from = until() - Days::new(u64::from(DAILY_INVENTORY_DAYS) - 1);
    let flagged = COMPANY.demand.iter().filter(|row| row.stocked_out && row.full_date >= daily_from);
    let mut count = 0;
    for row in flagged {
        assert!(empty.contains(&(&row.sku, &row.site_code, row.full_date)));
        count += 1;
    }
    assert!(count > 1_000, "{count}");
    // A row without demand is there for its flag alone.
    assert!(COMPANY.demand.iter().all(|row| row.stocked_out || row.quantity > Decimal::ZERO));
    assert!(COMPANY.demand.iter().any(|row| row.stocked_out && row.quantity.is_zero()));
}

/// Share of shelves that are empty at the end of the days that `keep` keeps.
fn empty_share(company: &DemoCompany, keep: impl Fn(NaiveDate) -> bool) -> f64 {
    let shelves: Vec<_> = company.inventory.iter().filter(|row| keep(row.full_date)).collect();
    shelves.iter().filter(|row| row.on_hand.is_zero()).count() as f64 / shelves.len() as f64
}

#[test]
fn shelves_are_empty_as_often_as_promised() {
    let today = empty_share(&COMPANY, |day| day == until());
    assert!((0.02..=0.06).contains(&today), "{today}");
    let quarter = empty_share(&COMPANY, |day| day > until() - Days::new(90));
    assert!((0.02..=0.06).contains(&quarter), "{quarter}");
    // The promise holds for a company that ends after the rains as well.
    let march = NaiveDate::from_ymd_opt(2027, 3, 22).unwrap();
    let quarter = empty_share(&generate(&DemoOptions::new(march)), |day| day > march - Days::new(90));
    assert!((0.02..=0.06).contains(&quarter), "{quarter}");
}

#[test]
fn some_orders_are_late_and_some_never_come() {
    let month = until() - Days::new(29)..=until();
    let due: Vec<_> = COMPANY.orders.iter().filter(|row| month.contains(&row.expected_delivery)).collect();
    let late = due.iter().filter(|row| row.actual_delivery.is_none_or(|day| day > row.expected_delivery)).count();
    let rate = late as f64 / due.len() as f64;
    assert!((0.05..=0.20).contains(&rate), "{rate}");
    let count = |status| COMPANY.orders.iter().filter(|row| row.status == status).count();
    assert!(count(OrderStatus::Delayed) >= 10 && count(OrderStatus::Placed) >= 100);
    assert!(count(OrderStatus::Cancelled) >= 20);
}

#[test]
fn the_last_day_has_something_for_every_page() {
    let now = shelves_now();
    let total = now.len() as f64;
    let share = |count: usize| count as f64 / total;
    let position_low = share(now.iter().filter(|row| row.on_hand + row.on_order <= row.reorder_point).count());
    let low = share(now.iter().filter(|row| row.on_hand <= row.reorder_point).count());
    let over = share(now.iter().filter(|row| row.days_of_cover.is_some_and(|days| days > 180.0)).count());
    let dead = share(now.iter().filter(|row| row.days_of_cover.is_none() && row.on_hand > Decimal::ZERO).count());
    assert!((0.02..0.25).contains(&position_low), "{position_low}");
    assert!((0.15..0.60).contains(&low), "{low}");
    assert!((0.03..0.40).contains(&over), "{over}");
    assert!((0.02..0.20).contains(&dead), "{dead}");
}

#[test]
fn days_of_cover_recompute_by_hand() {
    let row = shelves_now().into_iter().find(|row| row.days_of_cover.is_some_and(|days| days > 1.0)).unwrap();
    let trailing: Decimal = COMPANY
        .demand
        .iter()
        .filter(|demand| demand.sku == row.sku && demand.site_code == row.site_code)
        .filter(|demand| demand.full_date > until() - Days::new(90))
        .map(|demand| demand.quantity)
        .sum();
    let expected = (row.on_hand * Decimal::from(90) / trailing).to_f64().unwrap();
    assert!((row.days_of_cover.unwrap() - expected).abs() < 1e-9);
}

#[test]
fn a_supplier_is_measured_by_its_own_lines() {
    for supplier in &COMPANY.suppliers {
        let mut lead: Vec<i64> = COMPANY
            .orders
            .iter()
            .filter(|row| row.supplier_code == supplier.code)
            .filter_map(|row| Some((row.actual_delivery? - row.order_date).num_days()))
            .collect();
        lead.sort_unstable();
        assert_eq!(supplier.lead_time_median_days, Some(lead[(lead.len() - 1) / 2] as f64), "{}", supplier.code);
        let (on_time, reliable) = (supplier.on_time_rate.unwrap(), supplier.reliability.unwrap());
        assert!(0.4 < reliable && reliable <= on_time && on_time <= 1.0, "{} {on_time} {reliable}", supplier.code);
    }
    let median = |kind| {
        let of: Vec<f64> =
            COMPANY.suppliers.iter().filter(|s| s.r#type == kind).filter_map(|s| s.lead_time_median_days).collect();
        of.iter().sum::<f64>() / of.len() as f64
    };
    assert!(median(SupplierType::Import) > 2.0 * median(SupplierType::Domestic));
}
