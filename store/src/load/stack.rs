//! Demand, held until a month is complete. A new month is handed out in the order of its key, so that its index is built from
//! sorted rows, and with its weeks added up, so that the database need not read the month again. A month that is known to be
//! stored as it comes is not handed out at all.
//!
//! A week's cell is one item at one site in one week, as far as the week lies in the month. Sums are whole ten-thousandths,
//! so they are the very numbers that the database would have found.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike as _, Days, NaiveDate};
use rust_decimal::Decimal;

use super::binary::{Rows, ten_thousandths};
use super::fact::{Fact, FactRow, FactValues};
use super::known::{Content, Known};
use super::piece::{PIECE, Piece, Target, width};
use crate::partitions::{Partitioned, month_of};

/// Rows held at a time, about 40 MB; a file in the order of its days holds those of two months.
const HELD: usize = 500_000;
/// Month, item, site, bucket, quantity, cost, days with demand, days out of stock.
const WEEK_COLUMNS: i16 = 8;
/// Decimals of a product of two numbers of four decimals, beyond the four that are kept.
const PRODUCT: i128 = 10_000;

/// What a cell sums to, in ten-thousandths and days.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    quantity: i128,
    /// `None` where no row had a cost, as a sum of nothing is.
    cost: Option<i128>,
    demand_days: i16,
    stocked_out_days: i16,
}

impl Sums {
    fn add(&mut self, values: FactValues) {
        let FactValues::Demand { quantity, unit_cost, stocked_out } = values else { return };
        let quantity = ten_thousandths(quantity);
        self.quantity += quantity;
        if let Some(cost) = unit_cost {
            *self.cost.get_or_insert(0) += product(quantity, cost);
        }
        self.demand_days += i16::from(quantity > 0);
        self.stocked_out_days += i16::from(stocked_out);
    }
}

/// The rows that are held.
#[derive(Debug)]
pub(super) struct Stacks {
    /// Months that were there when the load began.
    present: BTreeSet<NaiveDate>,
    /// Those of them whose content is known.
    known: Known,
    months: BTreeMap<NaiveDate, Vec<FactRow>>,
    /// How many may be held.
    pub(super) most: usize,
    held: usize,
    /// How often a month has been handed out.
    handed: BTreeMap<NaiveDate, u32>,
}

impl Stacks {
    pub(super) fn beside(present: &BTreeSet<String>, known: Known) -> Self {
        let present = present.iter().filter_map(|name| Partitioned::DemandDaily.month(name)).collect();
        Self { present, known, months: BTreeMap::new(), most: HELD, held: 0, handed: BTreeMap::new() }
    }

    /// Whether this row is held here.
    pub(super) fn takes(row: &FactRow) -> bool {
        row.values.fact() == Fact::Demand
    }

    /// Adds a row; the fullest month comes back when too many are held.
    pub(super) fn add(&mut self, row: FactRow) -> Vec<Piece> {
        self.months.entry(month_of(row.full_date)).or_default().push(row);
        self.held += 1;
        if self.held <= self.most {
            return Vec::new();
        }
        let fullest = self.months.iter().rev().max_by_key(|(_, rows)| rows.len()).map(|(month, _)| *month);
        fullest.map_or_else(Vec::new, |month| self.hand_out(month))
    }

    /// Everything that is left.
    pub(super) fn rest(mut self) -> Vec<Piece> {
        let months: Vec<_> = self.months.keys().copied().collect();
        months.into_iter().flat_map(|month| self.hand_out(month)).collect()
    }

    /// A month's rows in the order of the key, its weeks where it is new, and what it holds; of a month that is as it is
    /// stored, only how many they are.
    fn hand_out(&mut self, month: NaiveDate) -> Vec<Piece> {
        let mut rows = self.months.remove(&month).unwrap_or_default();
        self.held -= rows.len();
        // Files come as runs in some order already, which a stable sort merges.
        rows.sort_by_key(|row| (row.item_id, row.site_id, row.full_date));
        let mut facts = Out::new(Target::Month(Fact::Demand, month), width(Fact::Demand));
        let part = self.handed.entry(month).or_default();
        *part += 1;
        let content = Content::of(&rows);
        if *part == 1 && self.known.get(&month) == Some(&content) {
            return vec![Piece::told(Target::Unchanged(Fact::Demand, month), content.rows)];
        }
        let told = Piece::told(Target::Content(month, *part, content.digest), content.rows);
        if self.present.contains(&month) {
            for row in &rows {
                row.write(facts.rows.row());
                facts.cut_when_full();
            }
            facts.pieces.push(told);
            return facts.end();
        }
        let mut weeks = Out::new(Target::Weeks(month, *part), WEEK_COLUMNS);
        for cell in rows.chunk_by(|one, next| key(one) == key(next)) {
            let mut sums = Sums::default();
            for row in cell {
                row.write(facts.rows.row());
                sums.add(row.values);
                facts.cut_when_full();
            }
            let (item, site, monday) = key(&cell[0]);
            let row = weeks.rows.row().date(Some(month)).bigint(item).bigint(site).date(Some(monday));
            row.scaled(Some(sums.quantity)).scaled(sums.cost).smallint(sums.demand_days);
            row.smallint(sums.stocked_out_days);
            weeks.cut_when_full();
        }
        facts.pieces.extend(weeks.end());
        facts.pieces.push(told);
        facts.end()
    }
}

/// Item, site and week.
fn key(row: &FactRow) -> (i64, i64, NaiveDate) {
    let monday = row.full_date - Days::new(u64::from(row.full_date.weekday().num_days_from_monday()));
    (row.item_id, row.site_id, monday)
}

/// `quantity` (in ten-thousandths) times `cost`, as `numeric(18, 4)` has it: half away from zero.
fn product(quantity: i128, cost: Decimal) -> i128 {
    let exact = quantity * ten_thousandths(cost);
    (exact + exact.signum() * PRODUCT / 2) / PRODUCT
}

/// Rows for one place, cut into pieces.
struct Out {
    target: Target,
    columns: i16,
    rows: Rows,
    pieces: Vec<Piece>,
}

impl Out {
    fn new(target: Target, columns: i16) -> Self {
        Self { target, columns, rows: Rows::new(columns), pieces: Vec::new() }
    }

    fn cut_when_full(&mut self) {
        if self.rows.len() >= PIECE {
            let rows = std::mem::replace(&mut self.rows, Rows::new(self.columns));
            self.pieces.push(Piece::of(rows, self.target));
        }
    }

    fn end(mut self) -> Vec<Piece> {
        self.pieces.push(Piece::of(self.rows, self.target));
        self.pieces
    }
}
