//! The plain facts, demand and stock, as one shape: a key of item, site and day, and the values that hang on it.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::binary::Rows;
use crate::Engine;
use crate::partitions::Partitioned;

/// A table of plain facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fact {
    Demand,
    Inventory,
}

/// The columns of the key, which every fact has.
pub(super) const KEY: [(&str, &str); 3] = [("item_id", "bigint"), ("site_id", "bigint"), ("full_date", "date")];

/// What a row of a fact says, by ids.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FactRow {
    pub item_id: i64,
    pub site_id: i64,
    pub full_date: NaiveDate,
    pub values: FactValues,
}

/// A day's demand for an item at a site: a [`FactRow`] in half the room.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Day {
    pub(super) item_id: i64,
    pub(super) site_id: i64,
    pub(super) full_date: NaiveDate,
    pub(super) quantity: Decimal,
    pub(super) unit_cost: Option<Decimal>,
    pub(super) stocked_out: bool,
}

/// The values of a fact.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FactValues {
    Demand {
        quantity: Decimal,
        unit_cost: Option<Decimal>,
        stocked_out: bool,
    },
    Inventory {
        on_hand: Decimal,
        on_order: Option<Decimal>,
        safety_stock: Option<Decimal>,
        reorder_point: Option<Decimal>,
        days_of_cover: Option<f64>,
    },
}

impl FactValues {
    /// Whose values these are.
    pub fn fact(&self) -> Fact {
        match self {
            Self::Demand { .. } => Fact::Demand,
            Self::Inventory { .. } => Fact::Inventory,
        }
    }
}

impl Day {
    pub(super) fn write(&self, rows: &mut Rows) {
        rows.bigint(self.item_id).bigint(self.site_id).date(Some(self.full_date));
        rows.numeric(Some(self.quantity)).numeric(self.unit_cost).boolean(self.stocked_out);
    }
}

impl FactRow {
    pub(super) fn write(&self, rows: &mut Rows) {
        let Self { item_id, site_id, full_date, values } = *self;
        match values {
            FactValues::Demand { quantity, unit_cost, stocked_out } => {
                Day { item_id, site_id, full_date, quantity, unit_cost, stocked_out }.write(rows);
            }
            FactValues::Inventory { on_hand, on_order, safety_stock, reorder_point, days_of_cover } => {
                rows.bigint(item_id).bigint(site_id).date(Some(full_date));
                rows.numeric(Some(on_hand)).numeric(on_order).numeric(safety_stock).numeric(reorder_point);
                rows.double(days_of_cover);
            }
        }
    }
}

impl Fact {
    pub(super) fn partitioned(self) -> Partitioned {
        match self {
            Self::Demand => Partitioned::DemandDaily,
            Self::Inventory => Partitioned::InventoryDaily,
        }
    }

    /// The values' columns.
    pub(super) fn values(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Demand => {
                &[("quantity", "numeric(18, 4)"), ("unit_cost", "numeric(18, 4)"), ("stocked_out", "boolean")]
            }
            Self::Inventory => &[
                ("on_hand", "numeric(18, 4)"),
                ("on_order", "numeric(18, 4)"),
                ("safety_stock", "numeric(18, 4)"),
                ("reorder_point", "numeric(18, 4)"),
                ("days_of_cover", "double precision"),
            ],
        }
    }

    /// Key and values.
    pub(super) fn columns(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        KEY.into_iter().chain(self.values().iter().copied())
    }

    /// The names of key and values, as an INSERT or a COPY lists them.
    pub(super) fn names(self) -> String {
        self.columns().map(|(name, _)| name).collect::<Vec<_>>().join(", ")
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Demand => "demand",
            Self::Inventory => "inventory",
        }
    }

    /// The partition of a month, with its schema.
    pub(super) fn partition(self, month: NaiveDate) -> String {
        format!("{}.{}", self.partitioned().table().0, self.partitioned().partition(month))
    }

    /// Where rows of a month wait that cannot go into their partition at once. On a native server it is a table of the
    /// load's own transaction, and not a temporary one, because only of that can several workers read at a time.
    pub(super) fn aside(self, engine: Engine, month: NaiveDate) -> String {
        let schema = match engine {
            Engine::Native => "staging",
            Engine::Embedded => "pg_temp",
        };
        format!("{schema}.landed_{}_{}", self.word(), month.format("%Y_%m"))
    }

    /// A statement that makes a table of key and values, without any index.
    pub(super) fn make(self, engine: Engine, table: &str) -> String {
        let unlogged = if engine == Engine::Native { "UNLOGGED " } else { "" };
        let columns: Vec<String> = self.columns().map(|(name, kind)| format!("{name} {kind}")).collect();
        format!("CREATE {unlogged}TABLE {table} ({})", columns.join(", "))
    }
}
