//! The tables that are recognised, by the names in their header row.
//!
//! Names are compared folded and without punctuation, so `U.M.`, `um` and `U M` are one name. The first name of a column is
//! the one that messages and documentation use. `order` of the layouts is the order of preference when two match equally well.

pub use super::field::Field;
use crate::transform::fold;

/// What a table holds. The names are those of `corrente import --kind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Purchase lines that are demand and orders at once: what was requested, and what was bought for it.
    Purchases,
    Items,
    Demand,
    Inventory,
    Orders,
    Indicators,
    /// Places, by their own code.
    Sites,
    Suppliers,
    Regions,
    /// What the offline pipeline computed; recognised here, loaded by another command.
    Forecasts,
    /// Forecasts in the shape that older pipelines wrote: a row a day and horizon, with one band.
    OlderForecasts,
    Features,
    /// Key figures by day.
    Kpis,
}

impl Kind {
    /// Every kind, in the order in which they refer to each other: what is referred to comes first.
    pub const ALL: [Self; 13] = [
        Self::Regions,
        Self::Sites,
        Self::Suppliers,
        Self::Items,
        Self::Indicators,
        Self::Purchases,
        Self::Orders,
        Self::Demand,
        Self::Inventory,
        Self::Forecasts,
        Self::OlderForecasts,
        Self::Features,
        Self::Kpis,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Purchases => "purchases",
            Self::Items => "items",
            Self::Demand => "demand",
            Self::Inventory => "inventory",
            Self::Orders => "orders",
            Self::Indicators => "indicators",
            Self::Sites => "sites",
            Self::Suppliers => "suppliers",
            Self::Regions => "regions",
            Self::Forecasts => "forecasts",
            Self::OlderForecasts => "older-forecasts",
            Self::Features => "features",
            Self::Kpis => "kpis",
        }
    }

    /// The kind of this name, as `--kind` and mapping files write it.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Whether rows of this kind are computed, not observed: they come with a run and its backtest, or not at all.
    pub fn is_computed(self) -> bool {
        matches!(self, Self::Forecasts | Self::OlderForecasts | Self::Features | Self::Kpis)
    }

    pub fn layout(self) -> &'static Layout {
        // Every kind has its entry; a test goes through all.
        LAYOUTS.iter().find(|layout| layout.kind == self).unwrap_or(&LAYOUTS[0])
    }

    /// Whether a table of kind `found` answers a wish for `self`: a purchasing workbook holds both demand and orders.
    pub(super) fn accepts(self, found: Self) -> bool {
        self == found || (found == Self::Purchases && matches!(self, Self::Demand | Self::Orders))
    }
}

/// One column of a layout: its meaning, the names it goes by, and whether a table without it is another table.
pub struct Column {
    pub field: Field,
    pub names: &'static [&'static str],
    pub required: bool,
}

/// The columns of one kind of table.
pub struct Layout {
    pub kind: Kind,
    /// How a message calls such a table.
    pub title: &'static str,
    pub columns: &'static [Column],
}

const fn must(field: Field, names: &'static [&'static str]) -> Column {
    Column { field, names, required: true }
}
const fn may(field: Field, names: &'static [&'static str]) -> Column {
    Column { field, names, required: false }
}

/// Every layout. The purchasing workbook has Portuguese names first, because that is how its users know them.
pub const LAYOUTS: &[Layout] = &[
    Layout {
        kind: Kind::Purchases,
        title: "a purchasing workbook",
        columns: &[
            must(Field::Site, &["DEPÓSITO", "site"]),
            must(Field::Sku, &["PRODUTO/SERVIÇO", "sku"]),
            must(Field::Name, &["MATERIAL", "name"]),
            must(Field::Family, &["FAMÍLIA", "family"]),
            must(Field::Supplier, &["NOME FORNEC.", "supplier"]),
            must(Field::Quantity, &["QUANTIDADE", "quantity"]),
            must(Field::Unit, &["U.M.", "unit"]),
            may(Field::NeededBy, &["DATA REQUISITADA", "needed_by"]),
            must(Field::RequestNo, &["SOLICITAÇÃO", "request_no"]),
            must(Field::Requested, &["DATA SOLICITADO", "requested"]),
            must(Field::Ordered, &["DATA DE COMPRA", "ordered"]),
        ],
    },
    Layout {
        kind: Kind::Orders,
        title: "an orders table",
        columns: &[
            must(Field::RequestNo, &["order_id"]),
            may(Field::LineNo, &["line"]),
            must(Field::Sku, &["sku"]),
            may(Field::Site, &["site"]),
            may(Field::Supplier, &["supplier"]),
            must(Field::Quantity, &["quantity"]),
            may(Field::Unit, &["unit"]),
            may(Field::UnitPrice, &["unit_price"]),
            may(Field::Status, &["status"]),
            may(Field::Requested, &["requested"]),
            must(Field::Ordered, &["ordered"]),
            may(Field::NeededBy, &["expected", "needed_by"]),
            may(Field::Delivered, &["delivered"]),
        ],
    },
    Layout {
        kind: Kind::Inventory,
        title: "an inventory table",
        columns: &[
            must(Field::Date, &["date"]),
            must(Field::Sku, &["sku"]),
            may(Field::Site, &["site"]),
            must(Field::OnHand, &["on_hand"]),
            may(Field::OnOrder, &["on_order"]),
            may(Field::SafetyStock, &["safety_stock"]),
            may(Field::ReorderPoint, &["reorder_point"]),
        ],
    },
    Layout {
        kind: Kind::Demand,
        title: "a demand table",
        columns: &[
            must(Field::Date, &["date"]),
            must(Field::Sku, &["sku"]),
            may(Field::Site, &["site"]),
            must(Field::Quantity, &["quantity"]),
            may(Field::UnitCost, &["unit_cost"]),
            may(Field::StockedOut, &["stocked_out"]),
        ],
    },
    Layout {
        kind: Kind::Items,
        title: "an items table",
        columns: &[
            must(Field::Sku, &["sku"]),
            must(Field::Name, &["name"]),
            may(Field::ItemKind, &["kind"]),
            may(Field::Family, &["family"]),
            may(Field::Category, &["category"]),
            may(Field::Subcategory, &["subcategory"]),
            must(Field::Unit, &["unit"]),
            may(Field::Criticality, &["criticality"]),
            may(Field::UnitCost, &["unit_cost"]),
            may(Field::MinOrder, &["min_order_quantity"]),
            may(Field::MaxOrder, &["max_order_quantity"]),
            may(Field::Pack, &["pack_size"]),
        ],
    },
    Layout {
        kind: Kind::Indicators,
        title: "an indicators table",
        columns: &[must(Field::Date, &["date"]), must(Field::Code, &["code"]), must(Field::Value, &["value"])],
    },
    Layout {
        kind: Kind::Sites,
        title: "a sites table",
        columns: &[
            must(Field::Site, &["site_code"]),
            must(Field::Name, &["name"]),
            may(Field::SiteType, &["type"]),
            may(Field::Region, &["region"]),
            may(Field::Latitude, &["latitude"]),
            may(Field::Longitude, &["longitude"]),
        ],
    },
    Layout {
        kind: Kind::Suppliers,
        title: "a suppliers table",
        columns: &[
            must(Field::Supplier, &["supplier_code"]),
            must(Field::Name, &["name"]),
            may(Field::SupplierType, &["type"]),
        ],
    },
    Layout {
        kind: Kind::Regions,
        title: "a regions table",
        columns: &[
            must(Field::Region, &["region_code"]),
            must(Field::Name, &["name"]),
            may(Field::State, &["state"]),
            may(Field::EconomicZone, &["economic_zone"]),
        ],
    },
    Layout {
        kind: Kind::Forecasts,
        title: "a forecasts table",
        columns: &[
            may(Field::Level, &["level"]),
            may(Field::Member, &["member"]),
            may(Field::Sku, &["sku"]),
            may(Field::Site, &["site"]),
            must(Field::Date, &["target_date"]),
            must(Field::Origin, &["origin"]),
            may(Field::Lead, &["lead"]),
            must(Field::Mean, &["mean"]),
            may(Field::Quantile(25), &["p025", "q0.025"]),
            may(Field::Quantile(100), &["p10", "q0.1"]),
            may(Field::Quantile(250), &["p25", "q0.25"]),
            may(Field::Quantile(500), &["p50", "q0.5"]),
            may(Field::Quantile(750), &["p75", "q0.75"]),
            may(Field::Quantile(900), &["p90", "q0.9"]),
            may(Field::Quantile(975), &["p975", "q0.975"]),
            may(Field::Model, &["model"]),
        ],
    },
    Layout {
        kind: Kind::OlderForecasts,
        title: "an older forecasts table",
        columns: &[
            must(Field::Date, &["full_date"]),
            must(Field::Sku, &["item_id"]),
            must(Field::Site, &["site_id"]),
            must(Field::Horizon, &["horizon_days"]),
            must(Field::Mean, &["yhat"]),
            may(Field::Lower, &["yhat_lower"]),
            may(Field::Upper, &["yhat_upper"]),
            may(Field::Confidence, &["confidence_level"]),
            may(Field::Model, &["model_tag"]),
            may(Field::ComputedAt, &["computed_at"]),
        ],
    },
    Layout {
        kind: Kind::Kpis,
        title: "a table of key figures",
        columns: &[
            must(Field::Date, &["full_date", "date"]),
            must(Field::Dimension, &["dimension"]),
            may(Field::Member, &["member"]),
            may(Field::Figure(0), &["total_demand"]),
            may(Field::Figure(1), &["demand_value"]),
            may(Field::Figure(2), &["stockout_rate"]),
            may(Field::Figure(3), &["fill_rate"]),
            may(Field::Figure(4), &["delayed_orders_rate"]),
            may(Field::Figure(5), &["a_class_share"]),
            may(Field::Figure(6), &["forecast_wape"]),
            may(Field::Figure(7), &["forecast_mape"]),
            may(Field::Figure(8), &["inventory_value"]),
            may(Field::Figure(9), &["carrying_cost"]),
            may(Field::Figure(10), &["turnover"]),
            may(Field::Figure(11), &["days_of_cover"]),
            may(Field::Figure(12), &["decision_minutes"]),
        ],
    },
    Layout {
        kind: Kind::Features,
        title: "a features table",
        columns: &[
            must(Field::Sku, &["sku"]),
            may(Field::Site, &["site"]),
            must(Field::Date, &["date"]),
            must(Field::SchemaVersion, &["schema_version"]),
            may(Field::Features, &["features"]),
        ],
    },
];

/// A header name reduced to what identifies it: folded letters and digits.
pub(super) fn identity(name: &str) -> String {
    fold(name).chars().filter(|c| c.is_alphanumeric()).collect()
}

impl Column {
    pub(super) fn is_called(&self, identity_of_cell: &str) -> bool {
        self.names.iter().any(|name| identity(name) == identity_of_cell)
    }
}
