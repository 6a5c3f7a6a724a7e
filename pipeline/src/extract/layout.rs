//! The tables that are recognised, by the names in their header row.
//!
//! Names are compared folded and without punctuation, so `U.M.`, `um` and `U M` are one name. The first name of a column is
//! the one that messages and documentation use. `order` of the layouts is the order of preference when two match equally well.

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
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Purchases => "purchases",
            Self::Items => "items",
            Self::Demand => "demand",
            Self::Inventory => "inventory",
            Self::Orders => "orders",
            Self::Indicators => "indicators",
        }
    }

    /// Whether a table of kind `found` answers a wish for `self`: a purchasing workbook holds both demand and orders.
    pub(super) fn accepts(self, found: Self) -> bool {
        self == found || (found == Self::Purchases && matches!(self, Self::Demand | Self::Orders))
    }
}

/// What a column means, whatever it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    Sku,
    Name,
    ItemKind,
    Family,
    Category,
    Subcategory,
    Unit,
    Criticality,
    UnitCost,
    MinOrder,
    MaxOrder,
    Pack,
    Site,
    Supplier,
    Quantity,
    UnitPrice,
    Status,
    Date,
    Requested,
    NeededBy,
    Ordered,
    Delivered,
    RequestNo,
    LineNo,
    StockedOut,
    OnHand,
    OnOrder,
    SafetyStock,
    ReorderPoint,
    Code,
    Value,
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
