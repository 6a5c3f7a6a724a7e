//! The rows of a demo company: plain values named like the columns of `core`, with natural codes instead of ids.
//!
//! Codes of facts are shared strings (`Arc<str>`), because a company has a million facts and a few hundred codes.

use std::sync::Arc;

use chrono::NaiveDate;
pub use entity::words::{ItemKind, OrderStatus, SiteType, SupplierType};
use rust_decimal::Decimal;

/// A state in which the company has sites.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionRow {
    pub code: String,
    pub name: String,
    pub state: String,
    pub economic_zone: String,
}

/// A place that keeps stock; coordinates in degrees.
#[derive(Debug, Clone, PartialEq)]
pub struct SiteRow {
    pub code: Arc<str>,
    pub name: String,
    pub r#type: SiteType,
    pub region_code: String,
    pub latitude: f64,
    pub longitude: f64,
    pub active: bool,
}

/// A supplier. The four measures are not chosen but computed from the company's own order lines,
/// see `suppliers::measure`.
#[derive(Debug, Clone, PartialEq)]
pub struct SupplierRow {
    pub code: Arc<str>,
    pub name: String,
    pub r#type: SupplierType,
    pub lead_time_median_days: Option<f64>,
    pub lead_time_p90_days: Option<f64>,
    pub on_time_rate: Option<f64>,
    pub reliability: Option<f64>,
    pub active: bool,
}

/// A material or a service.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemRow {
    pub sku: Arc<str>,
    pub name: String,
    pub description: Option<String>,
    pub kind: ItemKind,
    pub family: String,
    pub category: String,
    pub subcategory: String,
    pub unit: &'static str,
    /// 0 to 10.
    pub criticality: i16,
    pub unit_cost: Option<Decimal>,
    pub min_order_quantity: Option<Decimal>,
    pub max_order_quantity: Option<Decimal>,
    pub pack_size: Option<Decimal>,
    pub active: bool,
    pub attributes: serde_json::Value,
}

/// One day of one item at one site. Only days with demand or with an empty shelf have a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemandRow {
    pub sku: Arc<str>,
    pub site_code: Arc<str>,
    pub full_date: NaiveDate,
    /// What was served, not what was wanted: on a stocked-out day it is censored.
    pub quantity: Decimal,
    pub unit_cost: Option<Decimal>,
    /// The shelf was empty when the day ended.
    pub stocked_out: bool,
}

/// The shelf at the end of one day.
#[derive(Debug, Clone, PartialEq)]
pub struct InventoryRow {
    pub sku: Arc<str>,
    pub site_code: Arc<str>,
    pub full_date: NaiveDate,
    pub on_hand: Decimal,
    /// Sum of the order lines open at the end of the day, see [`OrderRow::is_open_on`].
    pub on_order: Decimal,
    pub safety_stock: Decimal,
    pub reorder_point: Decimal,
    /// On hand divided by the mean daily demand of the last 90 days (or since the item came, from 28 days on);
    /// `None` while that is zero or unknown.
    pub days_of_cover: Option<f64>,
}

/// One line of a replenishment order; it never counts as demand. Only services are bought and consumed at once,
/// and their demand has rows of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderRow {
    pub sku: Arc<str>,
    pub order_id: Arc<str>,
    pub line_no: i32,
    pub order_date: NaiveDate,
    pub site_code: Arc<str>,
    pub supplier_code: Arc<str>,
    pub quantity: Decimal,
    pub unit: &'static str,
    pub unit_price: Decimal,
    pub status: OrderStatus,
    pub requested_date: NaiveDate,
    pub purchased_date: NaiveDate,
    pub expected_delivery: NaiveDate,
    pub actual_delivery: Option<NaiveDate>,
}

impl OrderRow {
    /// Whether the line is on order at the end of `day`: ordered, and neither received nor given up.
    pub fn is_open_on(&self, day: NaiveDate) -> bool {
        let closed = match self.status {
            OrderStatus::Received => self.actual_delivery,
            OrderStatus::Cancelled => Some(self.expected_delivery),
            OrderStatus::Placed | OrderStatus::Delayed => None,
        };
        self.order_date <= day && closed.is_none_or(|closed| day < closed)
    }
}

/// One value of an outside series, such as a month's rain.
#[derive(Debug, Clone, PartialEq)]
pub struct IndicatorRow {
    pub full_date: NaiveDate,
    pub code: String,
    pub value: f64,
}
