//! A company that does not exist: regions, sites, suppliers, items, and two years of what happened to them.
//!
//! Here lives pure generation; nothing reads a clock or a database, and the same options give the same rows on every
//! platform. Demand is drawn first (`demand`), then a replenishment policy that sometimes fails is played against it
//! day by day (`replenish`), so stock-outs and late orders have a reason that the rows themselves show.
//! Over a quarter 2 to 6 % of the shelves are empty at night, more in a wet January than in August; one order line in
//! eight is late. Start at [`generate`].

mod catalog;
mod demand;
mod draw;
mod places;
mod products;
pub mod rehearsal;
mod replenish;
pub mod rows;
mod season;
mod shelf;
mod suppliers;

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{Days, NaiveDate};

use draw::{Draw, Subject};
use rows::{DemandRow, IndicatorRow, InventoryRow, ItemKind, ItemRow, OrderRow, RegionRow, SiteRow, SupplierRow};
use season::Season;

/// The size and the end of the company. No figure is refused: nothing of something gives empty lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoOptions {
    pub items: usize,
    pub sites: usize,
    /// Length of the history, `until` included.
    pub days: u32,
    /// The last day with data; the company's today is the day after.
    pub until: NaiveDate,
    pub seed: u64,
}

impl DemoOptions {
    /// The default company (300 items, 12 sites, two years) ending on `until`.
    pub fn new(until: NaiveDate) -> Self {
        Self { items: 300, sites: 12, days: 730, until, seed: 1 }
    }
}

/// Everything the company knows, in natural codes. Facts are sorted by SKU, site and date; order lines by order
/// date and number.
#[derive(Debug, Clone, PartialEq)]
pub struct DemoCompany {
    pub regions: Vec<RegionRow>,
    pub sites: Vec<SiteRow>,
    pub suppliers: Vec<SupplierRow>,
    pub items: Vec<ItemRow>,
    pub demand: Vec<DemandRow>,
    /// The last [`DAILY_INVENTORY_DAYS`] days have a row a day; before, only the days that tell something: the first,
    /// each Sunday, each receipt, and each day on which the shelf went empty or was filled again. The rows in
    /// between follow from demand, so they would only make the load longer.
    pub inventory: Vec<InventoryRow>,
    pub orders: Vec<OrderRow>,
    pub indicators: Vec<IndicatorRow>,
}

/// How many of the last days have an inventory row each.
pub const DAILY_INVENTORY_DAYS: u32 = 180;

/// Makes the company. Same options, same company.
pub fn generate(options: &DemoOptions) -> DemoCompany {
    let days = history(options);
    let places = places::make(options.sites, &mut Draw::new(options.seed, Subject::Places, 0));
    let season = Season::new(&days, &places, options.seed);
    let items = catalog::make(options.items, options.seed);
    let mut suppliers = suppliers::make(options.items, days.len(), options.seed);
    let cells = demand::assortment(&items, &places, days.len(), options.seed);

    let mut facts = replenish::Facts::default();
    for (index, cell) in cells.iter().enumerate() {
        let (item, place) = (&items[cell.item], &places[cell.place]);
        let wanted = demand::wanted(cell, item, place, &season, &mut Draw::new(options.seed, Subject::Demand, index));
        let mut draw = Draw::new(options.seed, Subject::Replenishment, index);
        let setting = replenish::Setting { item, place, season: &season, suppliers: &suppliers };
        match item.row.kind {
            ItemKind::Material => {
                replenish::keep_stock(&setting, cell, &wanted, &mut draw, &mut facts, |_, _| {});
            }
            ItemKind::Service => {
                replenish::buy_as_needed(&setting, &wanted, &mut draw, &mut facts);
            }
        }
    }
    number_orders(&mut facts.orders);
    suppliers::measure(&mut suppliers, &facts.orders, options.until);

    DemoCompany {
        regions: places::regions(&places),
        indicators: season.indicators(),
        sites: places.into_iter().map(|place| place.row).collect(),
        suppliers: suppliers.into_iter().map(|supplier| supplier.row).collect(),
        items: items.into_iter().map(|item| item.row).collect(),
        demand: facts.demand,
        inventory: facts.inventory,
        orders: facts.orders,
    }
}

/// The days of the history, oldest first; days before the calendar's own beginning do not exist.
fn history(options: &DemoOptions) -> Vec<NaiveDate> {
    (0..u64::from(options.days)).rev().filter_map(|back| options.until.checked_sub_days(Days::new(back))).collect()
}

/// Lines that one site sends to one supplier on one day are one order.
fn number_orders(orders: &mut [OrderRow]) {
    orders.sort_by(|a, b| {
        (a.order_date, &a.site_code, &a.supplier_code, &a.sku).cmp(&(
            b.order_date,
            &b.site_code,
            &b.supplier_code,
            &b.sku,
        ))
    });
    let mut of_day: HashMap<NaiveDate, usize> = HashMap::new();
    let mut current: Option<(NaiveDate, Arc<str>, Arc<str>)> = None;
    let (mut order_id, mut line_no): (Arc<str>, i32) = ("".into(), 0);
    for order in orders {
        let key = (order.order_date, order.site_code.clone(), order.supplier_code.clone());
        if current.as_ref() == Some(&key) {
            line_no += 1;
        } else {
            let number = of_day.entry(order.order_date).or_default();
            *number += 1;
            order_id = format!("PC-{}-{:03}", order.order_date.format("%Y%m%d"), *number).into();
            line_no = 1;
            current = Some(key);
        }
        order.order_id = order_id.clone();
        order.line_no = line_no;
    }
}
