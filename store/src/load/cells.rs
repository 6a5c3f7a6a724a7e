//! Rollups of what is being landed, added up where the rows are read: a month that is new gets its weeks and its total from
//! here, and the database need not read the month again.
//!
//! A cell is one item at one site in one week, as far as the week lies in the month. Sums are whole ten-thousandths, so they
//! are the very numbers that the database would have found.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{Datelike as _, Days, NaiveDate};
use foldhash::fast::RandomState;
use rust_decimal::Decimal;

use super::binary::{Rows, ten_thousandths};
use super::fact::{FactRow, FactValues};
use super::piece::{PIECE, Piece, Target};
use crate::partitions::{Partitioned, month_of};

/// Cells held at a time, about 100 bytes each; a file in the order of its days holds those of two months.
const HELD: usize = 400_000;
/// Item, site, bucket, quantity, cost, days with demand, days out of stock.
const COLUMNS: i16 = 7;
/// Decimals of a product of two numbers of four decimals, beyond the four that are kept.
const PRODUCT: i128 = 10_000;

/// Where a row of a rollup is on its way to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Rollup {
    /// Weeks, as far as they lie in the month.
    Weeks,
    /// The month itself.
    Month,
}

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
    fn add(&mut self, other: &Self) {
        self.quantity += other.quantity;
        if let Some(cost) = other.cost {
            *self.cost.get_or_insert(0) += cost;
        }
        self.demand_days += other.demand_days;
        self.stocked_out_days += other.stocked_out_days;
    }
}

/// The cells of one month, by item, site and the week's number within the month.
type Month = HashMap<(i64, i64, u8), Sums, RandomState>;

/// The cells of the months that are new.
#[derive(Debug, Default)]
pub(super) struct Cells {
    /// Months that were there when the load began.
    present: BTreeSet<NaiveDate>,
    months: BTreeMap<NaiveDate, Month>,
    /// How many may be held.
    pub(super) most: usize,
    held: usize,
    /// How often a month has been handed out.
    handed: HashMap<NaiveDate, u32>,
}

impl Cells {
    pub(super) fn beside(present: &BTreeSet<String>) -> Self {
        let present = present.iter().filter_map(|name| Partitioned::DemandDaily.month(name)).collect();
        Self { present, most: HELD, ..Self::default() }
    }

    /// Adds a row; the oldest month comes back when too many are held.
    pub(super) fn add(&mut self, row: &FactRow) -> Vec<Piece> {
        let FactValues::Demand { quantity, unit_cost, stocked_out } = row.values else { return Vec::new() };
        let month = month_of(row.full_date);
        if self.present.contains(&month) {
            return Vec::new();
        }
        let week = ((row.full_date.day0() + month.weekday().num_days_from_monday()) / 7) as u8;
        let cells = self.months.entry(month).or_default();
        let before = cells.len();
        let quantity = ten_thousandths(quantity);
        cells.entry((row.item_id, row.site_id, week)).or_default().add(&Sums {
            quantity,
            cost: unit_cost.map(|cost| product(quantity, cost)),
            demand_days: i16::from(quantity > 0),
            stocked_out_days: i16::from(stocked_out),
        });
        self.held += cells.len() - before;
        if self.held > self.most { self.oldest() } else { Vec::new() }
    }

    /// Everything that is left.
    pub(super) fn rest(mut self) -> Vec<Piece> {
        let mut pieces = Vec::new();
        while !self.months.is_empty() {
            pieces.extend(self.oldest());
        }
        pieces
    }

    /// Hands out the oldest month, in the order of the key.
    fn oldest(&mut self) -> Vec<Piece> {
        let Some((month, cells)) = self.months.pop_first() else { return Vec::new() };
        self.held -= cells.len();
        let time = self.handed.entry(month).or_default();
        *time += 1;
        let (mut weeks, mut whole) = (Out::new(Rollup::Weeks, month, *time), Out::new(Rollup::Month, month, *time));
        let mut cells: Vec<_> = cells.into_iter().collect();
        cells.sort_unstable_by_key(|(key, _)| *key);
        let monday = month - Days::new(u64::from(month.weekday().num_days_from_monday()));
        for series in cells.chunk_by(|((item, site, _), _), ((i, s, _), _)| item == i && site == s) {
            let (item, site, _) = series[0].0;
            let mut sum = Sums::default();
            for ((.., week), sums) in series {
                weeks.row(item, site, monday + Days::new(7 * u64::from(*week)), sums);
                sum.add(sums);
            }
            whole.row(item, site, month, &sum);
        }
        weeks.pieces.extend(whole.end());
        weeks.end()
    }
}

/// `quantity` (in ten-thousandths) times `cost`, as `numeric(18, 4)` has it: half away from zero.
fn product(quantity: i128, cost: Decimal) -> i128 {
    let exact = quantity * ten_thousandths(cost);
    (exact + exact.signum() * PRODUCT / 2) / PRODUCT
}

/// Rows of a rollup, cut into pieces.
struct Out {
    target: Target,
    rows: Rows,
    pieces: Vec<Piece>,
}

impl Out {
    fn new(rollup: Rollup, month: NaiveDate, time: u32) -> Self {
        Self { target: Target::Cells(rollup, month, time), rows: Rows::new(COLUMNS), pieces: Vec::new() }
    }

    fn row(&mut self, item: i64, site: i64, bucket: NaiveDate, sums: &Sums) {
        let row = self.rows.row().bigint(item).bigint(site).date(Some(bucket));
        row.scaled(Some(sums.quantity)).scaled(sums.cost).smallint(sums.demand_days).smallint(sums.stocked_out_days);
        if self.rows.len() >= PIECE {
            self.cut();
        }
    }

    fn cut(&mut self) {
        let rows = std::mem::replace(&mut self.rows, Rows::new(COLUMNS));
        self.pieces.push(Piece::of(rows, self.target));
    }

    fn end(mut self) -> Vec<Piece> {
        if self.rows.count() > 0 {
            self.cut();
        }
        self.pieces
    }
}
