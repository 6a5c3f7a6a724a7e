//! What a load brings, in natural codes; the merge finds the ids.

use chrono::NaiveDate;
use entity::words::{ItemKind, OrderStatus, SiteType, SupplierType};
use rust_decimal::Decimal;
use serde::Serialize;

use crate::audit::NewEntry;
use crate::import_runs::NewReject;

/// A day of `core.dim_calendar`.
#[derive(Debug, Clone, Serialize)]
pub struct CalendarDay {
    pub full_date: NaiveDate,
    pub year: i16,
    pub quarter: i16,
    pub month: i16,
    pub iso_year: i16,
    pub iso_week: i16,
    pub weekday: i16,
    pub is_weekend: bool,
    pub holiday: Option<String>,
    pub holiday_states: Option<Vec<String>>,
    pub fiscal_year: i16,
    pub fiscal_quarter: i16,
}

/// A region; `state` is the two-letter code.
#[derive(Debug, Clone, Serialize)]
pub struct Region {
    pub code: String,
    pub name: String,
    pub name_folded: String,
    pub state: Option<String>,
    pub economic_zone: Option<String>,
}

/// A site; what is `None` keeps what is stored.
#[derive(Debug, Clone, Serialize)]
pub struct Site {
    pub code: String,
    pub name: String,
    pub name_folded: String,
    /// A new site without one is a tower.
    pub r#type: Option<SiteType>,
    pub region_code: Option<String>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
}

/// A supplier; its measures are computed from orders, not loaded.
#[derive(Debug, Clone, Serialize)]
pub struct Supplier {
    pub code: String,
    pub name: String,
    pub name_folded: String,
    /// A new supplier without one is domestic.
    pub r#type: Option<SupplierType>,
}

/// An item; what is `None` keeps what is stored. The unit of a stored item never changes here.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Item {
    pub sku: String,
    pub name: String,
    pub name_folded: String,
    pub search_folded: String,
    pub description: Option<String>,
    pub kind: Option<ItemKind>,
    pub family: Option<String>,
    pub category: Option<String>,
    pub subcategory: Option<String>,
    pub unit: String,
    pub criticality: Option<i16>,
    pub unit_cost: Option<Decimal>,
    pub min_order_quantity: Option<Decimal>,
    pub max_order_quantity: Option<Decimal>,
    pub pack_size: Option<Decimal>,
    pub active: Option<bool>,
    pub attributes: Option<serde_json::Value>,
}

/// A line of a purchase file or a replenishment order.
#[derive(Debug, Clone)]
pub struct OrderLine {
    pub sku: String,
    pub order_id: String,
    pub line_no: i32,
    pub order_date: NaiveDate,
    pub site_code: String,
    pub supplier_code: Option<String>,
    pub quantity: Decimal,
    pub unit: Option<String>,
    pub unit_price: Option<Decimal>,
    pub status: OrderStatus,
    pub requested_date: Option<NaiveDate>,
    pub purchased_date: Option<NaiveDate>,
    pub expected_delivery: Option<NaiveDate>,
    pub actual_delivery: Option<NaiveDate>,
    /// Lines of a purchase file are demand on their `order_date`; replenishment orders are not.
    pub counts_as_demand: bool,
    pub flags: Vec<String>,
    pub source_sheet: Option<String>,
    pub source_line: Option<i32>,
}

/// A day's demand of an item at a site.
#[derive(Debug, Clone)]
pub struct Demand {
    pub sku: String,
    pub site_code: String,
    pub full_date: NaiveDate,
    pub quantity: Decimal,
    pub unit_cost: Option<Decimal>,
    pub stocked_out: bool,
}

/// The stock of an item at a site at the end of a day.
#[derive(Debug, Clone)]
pub struct Inventory {
    pub sku: String,
    pub site_code: String,
    pub full_date: NaiveDate,
    pub on_hand: Decimal,
    pub on_order: Option<Decimal>,
    pub safety_stock: Option<Decimal>,
    pub reorder_point: Option<Decimal>,
    pub days_of_cover: Option<f64>,
}

/// One value of an outside series.
#[derive(Debug, Clone, Serialize)]
pub struct Indicator {
    pub full_date: NaiveDate,
    pub code: String,
    pub value: f64,
}

/// Everything one file, or one demo, brings. It is merged in one transaction: all of it or nothing.
#[derive(Debug, Clone, Default)]
pub struct Load {
    /// Whose order lines these are: a file replaces its own lines, never another's.
    pub source_file: String,
    pub calendar: Vec<CalendarDay>,
    pub regions: Vec<Region>,
    pub sites: Vec<Site>,
    pub suppliers: Vec<Supplier>,
    pub items: Vec<Item>,
    pub orders: Vec<OrderLine>,
    pub demand: Vec<Demand>,
    pub inventory: Vec<Inventory>,
    pub indicators: Vec<Indicator>,
    /// Refused and flagged lines; what lands in pieces brings its own.
    pub rejects: Vec<NewReject>,
    /// Written in the same transaction, such as the mark of the demo.
    pub settings: Vec<(String, serde_json::Value)>,
    /// How many lines the source had; the facts themselves where it has none.
    pub read: Option<u64>,
    /// The run to close in the same transaction.
    pub run: Option<i64>,
    /// Chained to the audit log in the same transaction; the counts are added to its details.
    pub audit: Option<NewEntry>,
}

/// What a merge did. Counts are of source lines, one row of the facts each (items where there are no facts):
/// `read = changed + unchanged + rejected`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Merged {
    pub read: u64,
    /// Lines whose rows are new or different.
    pub changed: u64,
    /// Lines whose rows were there already, exactly so.
    pub unchanged: u64,
    pub rejected: u64,
    /// Lines taken with a doubt; a subset of changed and unchanged.
    pub flagged: u64,
    /// Rows of the same source that were stored and are no longer in it.
    pub removed: u64,
    /// How many lines were refused for each reason, most first.
    pub refusals: Vec<(String, u64)>,
    /// How many lines carry each flag, most first.
    pub flags: Vec<(String, u64)>,
    /// The first refused lines.
    pub rejects: Vec<NewReject>,
    /// The tables whose statistics are old now; for `settle`.
    pub(super) touched: Vec<String>,
}
