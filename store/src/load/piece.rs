//! Rows on their way to the database: encoded where they are read, in pieces small enough to be many and large enough
//! to be worth a statement.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use chrono::NaiveDate;
use entity::words::RejectSeverity;

use super::binary::Rows;
use super::fact::{Day, Fact, FactRow, FactValues};
use super::known::Known;
use super::rows::OrderLine;
use super::stack::{Stack, Stacks};
use crate::import_runs::NewReject;
use crate::partitions::month_of;

/// A month's rows are sent when they have grown to this.
const PIECE: usize = 768 * 1024;
/// All months together hold no more than this: a file in the order of items touches every month at once.
const HELD: usize = 24 * 1024 * 1024;

/// What a piece is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// Facts of one month.
    Month(Fact, NaiveDate),
    /// Weeks of a new month, as far as they lie in it, and how often the month has been handed out by now.
    Weeks(NaiveDate, u32),
    /// How many facts of a month came that are there already, all and the same.
    Unchanged(Fact, NaiveDate),
    /// What a month of demand holds as it has come: in which part, and the digest of that. No rows of their own.
    Content(NaiveDate, u32, [u8; 32]),
    /// No row of this month has come for long, so that it is likely to be complete. No rows of its own.
    Over(NaiveDate),
    /// Facts whose key stood in the source before.
    Again(Fact),
    /// Refused and flagged lines.
    Rejects,
    /// Order lines.
    Orders,
    /// What was computed elsewhere, by the table it lands in.
    Computed(&'static str),
}

/// Encoded rows for one place.
#[derive(Debug)]
pub struct Piece {
    pub(super) target: Target,
    pub(super) rows: u64,
    pub(super) bytes: Vec<u8>,
}

/// What the collecting of rows hands out: a piece, or a month of demand that has yet to be put in order and encoded, which is
/// work that another thread may do.
#[derive(Debug)]
pub enum Parcel {
    Piece(Piece),
    Month(Stack),
}

impl From<Piece> for Parcel {
    fn from(piece: Piece) -> Self {
        Self::Piece(piece)
    }
}

impl Parcel {
    /// Sends the pieces that it is made of, one by one as they are ready.
    pub fn unpack<E>(self, mut send: impl FnMut(Piece) -> Result<(), E>) -> Result<(), E> {
        match self {
            Self::Piece(piece) => send(piece),
            Self::Month(stack) => stack.unpack(&mut send),
        }
    }

    /// The pieces that it is made of.
    pub(super) fn pieces(self) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let Ok(()) = self.unpack(|piece| {
            pieces.push(piece);
            Ok::<_, Infallible>(())
        });
        pieces
    }
}

/// Collects rows and hands them out.
#[derive(Debug)]
pub struct Pieces {
    months: BTreeMap<(Fact, NaiveDate), Rows>,
    held: usize,
    /// Demand.
    stacks: Stacks,
    again: BTreeMap<Fact, Rows>,
    rejects: Rows,
    orders: Rows,
}

const REJECT_COLUMNS: i16 = 7;
const ORDER_COLUMNS: i16 = 18;

pub(super) fn width(fact: Fact) -> i16 {
    fact.columns().count() as i16
}

impl Pieces {
    /// For a load that found these partitions.
    pub(super) fn beside(present: &BTreeSet<String>, known: Known) -> Self {
        Self {
            months: BTreeMap::new(),
            held: 0,
            stacks: Stacks::beside(present, known),
            again: BTreeMap::new(),
            rejects: Rows::new(REJECT_COLUMNS),
            orders: Rows::new(ORDER_COLUMNS),
        }
    }

    /// Holds at most so many rows of new months before the fullest of them is handed out.
    #[must_use]
    pub fn holding(mut self, rows: usize) -> Self {
        self.stacks.most = rows;
        self
    }

    /// Adds a fact; what is full comes back.
    pub fn fact(&mut self, row: &FactRow) -> Option<Parcel> {
        let FactRow { item_id, site_id, full_date, values } = *row;
        match values {
            FactValues::Demand { quantity, unit_cost, stocked_out } => {
                let day = Day { item_id, site_id, full_date, quantity, unit_cost, stocked_out };
                self.stacks.add(day).map(Parcel::Month)
            }
            FactValues::Inventory { .. } => self.month(row).map(Parcel::Piece),
        }
    }

    fn month(&mut self, row: &FactRow) -> Option<Piece> {
        let fact = row.values.fact();
        let key = (fact, month_of(row.full_date));
        let rows = self.months.entry(key).or_insert_with(|| Rows::new(width(fact)));
        let before = rows.len();
        row.write(rows.row());
        self.held += rows.len() - before;
        if rows.len() >= PIECE {
            return self.take_month(key);
        }
        if self.held < HELD {
            return None;
        }
        let largest = self.months.iter().max_by_key(|(_, rows)| rows.len()).map(|(key, _)| *key)?;
        self.take_month(largest)
    }

    /// Adds a fact whose key stood on an earlier line. The first stays; whether this one says the same is for the
    /// database to find out.
    pub fn again(&mut self, row: &FactRow, sheet: Option<&str>, line: u64) -> Option<Piece> {
        let fact = row.values.fact();
        let rows = self.again.entry(fact).or_insert_with(|| Rows::new(width(fact) + 2));
        row.write(rows.row().text(sheet).bigint(line as i64));
        full(rows, width(fact) + 2, Target::Again(fact))
    }

    /// Adds a refused or flagged line.
    pub fn reject(&mut self, reject: &NewReject) -> Option<Piece> {
        let severity = match reject.severity {
            RejectSeverity::Reject => "REJECT",
            RejectSeverity::Flag => "FLAG",
        };
        let rows = self.rejects.row().text(Some(severity)).text(reject.sheet.as_deref()).bigint(reject.line);
        rows.text(reject.column_name.as_deref()).text(Some(&reject.reason));
        rows.text(reject.value.as_deref()).text(reject.expected.as_deref());
        full(&mut self.rejects, REJECT_COLUMNS, Target::Rejects)
    }

    /// Adds an order line.
    pub fn order(&mut self, l: &OrderLine) -> Option<Piece> {
        let rows = self.orders.row().text(Some(&l.sku)).text(Some(&l.order_id)).integer(Some(l.line_no));
        rows.date(Some(l.order_date)).text(Some(&l.site_code)).text(l.supplier_code.as_deref());
        rows.numeric(Some(l.quantity)).text(l.unit.as_deref()).numeric(l.unit_price).text(Some(l.status.as_str()));
        rows.date(l.requested_date).date(l.purchased_date).date(l.expected_delivery).date(l.actual_delivery);
        rows.boolean(l.counts_as_demand).text(Some(&l.flags.join(",")));
        rows.text(l.source_sheet.as_deref()).integer(l.source_line);
        full(&mut self.orders, ORDER_COLUMNS, Target::Orders)
    }

    /// Everything that is left.
    pub fn rest(mut self) -> impl Iterator<Item = Parcel> {
        let mut left = Vec::new();
        while let Some(key) = self.months.keys().next().copied() {
            left.extend(self.take_month(key));
        }
        for (fact, rows) in self.again {
            left.push(Piece::of(rows, Target::Again(fact)));
        }
        left.push(Piece::of(self.rejects, Target::Rejects));
        left.push(Piece::of(self.orders, Target::Orders));
        let months = self.stacks.rest().into_iter().map(Parcel::Month);
        months.chain(left.into_iter().filter(|piece| piece.rows > 0).map(Parcel::Piece))
    }

    fn take_month(&mut self, key: (Fact, NaiveDate)) -> Option<Piece> {
        let rows = self.months.remove(&key)?;
        self.held = self.held.saturating_sub(rows.len());
        Some(Piece::of(rows, Target::Month(key.0, key.1)))
    }
}

pub(super) fn full(rows: &mut Rows, columns: i16, target: Target) -> Option<Piece> {
    (rows.len() >= PIECE).then(|| Piece::of(std::mem::replace(rows, Rows::new(columns)), target))
}

impl Piece {
    pub(super) fn of(rows: Rows, target: Target) -> Self {
        Self { target, rows: rows.count(), bytes: rows.finish() }
    }

    /// Without the rows themselves.
    pub(super) fn told(target: Target, rows: u64) -> Self {
        Self { target, rows, bytes: Vec::new() }
    }
}

impl FactRow {
    /// A day's demand.
    pub fn demand(key: (i64, i64, NaiveDate), row: &super::rows::Demand) -> Self {
        let (item_id, site_id, full_date) = key;
        let values =
            FactValues::Demand { quantity: row.quantity, unit_cost: row.unit_cost, stocked_out: row.stocked_out };
        Self { item_id, site_id, full_date, values }
    }

    /// A day's stock.
    pub fn inventory(key: (i64, i64, NaiveDate), row: &super::rows::Inventory) -> Self {
        let (item_id, site_id, full_date) = key;
        let values = FactValues::Inventory {
            on_hand: row.on_hand,
            on_order: row.on_order,
            safety_stock: row.safety_stock,
            reorder_point: row.reorder_point,
            days_of_cover: row.days_of_cover,
        };
        Self { item_id, site_id, full_date, values }
    }
}
