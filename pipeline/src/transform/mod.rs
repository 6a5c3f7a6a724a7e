//! From raw rows to rows that can be stored. Pure: no file, no database, no clock; today's date is an argument.
//!
//! Lives here: every rule about a value. Never here: an error. Like a parser that recovers, [`transform`] cannot fail: what it
//! could not read comes back as a [`Reject`] with file, sheet, line, column, the value read and what would be right, and what it
//! kept in spite of a doubt comes back as a [`Flag`].
//!
//! Start at [`transform`]; the rules of the purchasing workbook are in `purchases`, those of the plain tables in `tables`.
//! What was computed elsewhere has rules of its own, in [`computed`].
//! Demand and stock can be longer than memory: [`Facts`] judges them one row at a time, by the same rules.

// A reject carries all that a person needs to correct its line; there is one per bad line, so its size does not matter.
#![allow(clippy::result_large_err)]

pub mod computed;
mod facts;
mod fold;
mod natural_key;
mod places;
mod purchases;
mod read;
mod reason;
mod row;
mod sightings;
mod tables;
mod unit;
mod written;

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::extract::{Kind, Table};

pub use facts::{FactRow, FactValues, Facts, Judged};
pub use fold::{fold, slug};
pub use reason::{Flag, FlagReason, Reject, RejectReason};
pub use row::{
    DemandRow, IndicatorRow, InventoryRow, ItemKind, ItemRow, OrderStatus, PlaceRow, PurchaseLine, RegionRow, SiteRow,
    SourceRef, SupplierRow, UNASSIGNED, VendorRow,
};
pub use unit::normalise_unit;

/// What the rules need to know besides the rows.
#[derive(Clone, Debug)]
pub struct TransformOptions {
    /// The day of the import; facts after it are rejected (`FUTURE_DATE`).
    pub today: NaiveDate,
    /// Keep lines that are exact copies of another line, instead of rejecting all but the first.
    pub keep_duplicates: bool,
    /// Units of items that are already stored, by item code. They win over the unit that is most frequent in the file, so that
    /// a later file in boxes cannot turn a history in pieces into boxes.
    pub known_units: HashMap<String, String>,
    /// Facts and orders of items that are not among `known_units` are rejected (`UNKNOWN_ITEM`).
    pub only_known_items: bool,
}

impl TransformOptions {
    pub fn new(today: NaiveDate) -> Self {
        Self { today, keep_duplicates: false, known_units: HashMap::new(), only_known_items: false }
    }

    /// Whether facts of this item may be stored.
    fn knows(&self, sku: &str) -> bool {
        !self.only_known_items || self.known_units.contains_key(sku)
    }
}

/// Everything that a file said. `read = rows of its kind + rejects`, always: a line has at most one reject.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// The kind of the tables; `None` when there was no table.
    pub kind: Option<Kind>,
    /// Lines that were not blank, below the headers.
    pub read: u64,
    /// Lines of a purchasing workbook or an orders table.
    pub lines: Vec<PurchaseLine>,
    pub demand: Vec<DemandRow>,
    pub inventory: Vec<InventoryRow>,
    pub indicators: Vec<IndicatorRow>,
    pub regions: Vec<RegionRow>,
    pub places: Vec<PlaceRow>,
    pub vendors: Vec<VendorRow>,
    /// For an items table its rows; for purchases, the items that any readable line names, ordered by code.
    pub items: Vec<ItemRow>,
    /// Sites that rows refer to, ordered by code; includes [`UNASSIGNED`] when a row has no site.
    pub sites: Vec<SiteRow>,
    /// Suppliers that rows refer to, ordered by code.
    pub suppliers: Vec<SupplierRow>,
    pub rejects: Vec<Reject>,
    pub flags: Vec<Flag>,
}

impl Outcome {
    /// How many source lines became rows.
    pub fn accepted(&self) -> u64 {
        self.read - self.rejects.len() as u64
    }

    /// How many accepted source lines carry at least one flag.
    pub fn flagged(&self) -> u64 {
        let mut lines: Vec<_> = self.flags.iter().map(|flag| (flag.sheet.as_deref(), flag.line)).collect();
        lines.sort_unstable();
        lines.dedup();
        lines.len() as u64
    }
}

/// Applies the rules of the tables' kind to their rows.
///
/// `file` is the name that rejects carry. The tables are all of one kind, as `extract` makes sure.
pub fn transform(file: &str, tables: &[Table], options: &TransformOptions) -> Outcome {
    match tables.first().map(|table| table.header.kind) {
        None => Outcome::default(),
        Some(Kind::Purchases) => purchases::purchases(file, tables, options),
        Some(kind) => tables::tables(kind, file, tables, options),
    }
}
