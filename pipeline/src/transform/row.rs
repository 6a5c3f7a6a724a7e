//! The rows that `transform` gives to `load`. Quantities and money have at most four decimals.

use chrono::NaiveDate;
pub use entity::words::{ItemKind, OrderStatus, SiteType, SupplierType};
use rust_decimal::Decimal;

use super::reason::FlagReason;

/// The site code of lines that name no site.
pub const UNASSIGNED: &str = "UNASSIGNED";

/// Where in its file a row came from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceRef {
    pub sheet: Option<String>,
    /// As the user sees it, from 1.
    pub line: u64,
}

/// A line of a purchasing workbook or of an orders table. Its natural key is (`sku`, `order_id`, `line_no`, `order_date`).
#[derive(Clone, Debug, PartialEq)]
pub struct PurchaseLine {
    pub source: SourceRef,
    /// The item code as text; leading zeros belong to it.
    pub sku: String,
    pub item_name: String,
    pub family: Option<String>,
    pub kind: ItemKind,
    /// The unit of `quantity`, in the house spelling; not always the item's (see `UNIT_CONFLICT`).
    pub unit: String,
    pub supplier: Option<String>,
    pub supplier_code: Option<String>,
    pub site_code: String,
    pub site_name: String,
    /// Zero or more, in `unit`.
    pub quantity: Decimal,
    /// Price of one `unit`, in the company's currency.
    pub unit_price: Option<Decimal>,
    pub status: OrderStatus,
    /// The day the need was written down, as the file says it.
    pub requested: Option<NaiveDate>,
    /// The day by which it was wanted, or promised (orders).
    pub needed_by: Option<NaiveDate>,
    /// The day of the purchase.
    pub ordered: Option<NaiveDate>,
    pub delivered: Option<NaiveDate>,
    /// The request number as the file writes it.
    pub request_no: Option<String>,
    /// The request number, or `unnumbered-<day>-<site>` where there is none.
    pub order_id: String,
    /// See `natural_key`; positive.
    pub line_no: i32,
    /// The day the line counts for: requested, else bought.
    pub order_date: NaiveDate,
    /// Whether the quantity is part of the item's demand on `order_date`.
    pub counts_as_demand: bool,
    pub flags: Vec<FlagReason>,
}

/// What is known of an item. From purchases only the first fields are; the rest comes from an items table.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ItemRow {
    pub sku: String,
    pub name: String,
    pub name_folded: String,
    /// Folded code and name, what accent-blind search reads.
    pub search_folded: String,
    pub kind: ItemKind,
    pub family: Option<String>,
    pub category: Option<String>,
    pub subcategory: Option<String>,
    pub unit: String,
    /// 0 (nobody would notice) to 10 (the tower goes dark).
    pub criticality: Option<i16>,
    pub unit_cost: Option<Decimal>,
    pub min_order_quantity: Option<Decimal>,
    pub max_order_quantity: Option<Decimal>,
    pub pack_size: Option<Decimal>,
}

impl ItemRow {
    pub(super) fn named(sku: &str, name: &str, unit: &str) -> Self {
        Self {
            sku: sku.into(),
            name: name.into(),
            name_folded: super::fold(name),
            search_folded: super::fold(&format!("{sku} {name}")),
            unit: unit.into(),
            ..Self::default()
        }
    }
}

/// A site that rows refer to; its code is derived from its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteRow {
    pub code: String,
    pub name: String,
    pub name_folded: String,
}

/// A supplier that rows refer to; its code is derived from its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SupplierRow {
    pub code: String,
    pub name: String,
    pub name_folded: String,
}

/// A row of a regions table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegionRow {
    pub code: String,
    pub name: String,
    pub name_folded: String,
    /// Two letters.
    pub state: Option<String>,
    pub economic_zone: Option<String>,
}

/// A row of a sites table; what is `None` keeps what is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct PlaceRow {
    pub code: String,
    pub name: String,
    pub name_folded: String,
    pub kind: Option<SiteType>,
    /// The code of a region.
    pub region: Option<String>,
    /// Degrees, north positive.
    pub latitude: Option<f64>,
    /// Degrees, east positive.
    pub longitude: Option<f64>,
}

/// A row of a suppliers table; what is `None` keeps what is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VendorRow {
    pub code: String,
    pub name: String,
    pub name_folded: String,
    pub kind: Option<SupplierType>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct DemandRow {
    pub source: SourceRef,
    pub sku: String,
    pub site_code: String,
    pub date: NaiveDate,
    /// Zero or more, in the item's unit.
    pub quantity: Decimal,
    pub unit_cost: Option<Decimal>,
    pub stocked_out: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct InventoryRow {
    pub source: SourceRef,
    pub sku: String,
    pub site_code: String,
    pub date: NaiveDate,
    /// Zero or more, in the item's unit, at the end of the day.
    pub on_hand: Decimal,
    pub on_order: Option<Decimal>,
    pub safety_stock: Option<Decimal>,
    pub reorder_point: Option<Decimal>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct IndicatorRow {
    pub source: SourceRef,
    pub date: NaiveDate,
    pub code: String,
    pub value: f64,
}
