//! Demand, held until a month is complete. A new month is put in the order of its key, so that its index is built from sorted
//! rows, and its weeks are added up, so that the database need not read the month again. A month that is known to be stored as
//! it comes is not sent at all.
//!
//! A week's cell is one item at one site in one week, as far as the week lies in the month. Sums are whole ten-thousandths,
//! so they are the very numbers that the database would have found.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike as _, Days, NaiveDate};
use rust_decimal::Decimal;

use super::binary::{Rows, ten_thousandths};
use super::fact::{Day, Fact};
use super::known::{Content, Known};
use super::piece::{Piece, Target, full, width};
use crate::partitions::{Partitioned, month_of};

/// Rows held at a time, about 32 MB; a file in the order of its days holds those of two months.
const HELD: usize = 500_000;
/// A month that so many rows have gone by, as a share of those that may be held, is taken for complete. That is a guess, and
/// costs only time where it is wrong.
const OVER: usize = 20;
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
    fn add(&mut self, day: &Day) {
        let quantity = ten_thousandths(day.quantity);
        self.quantity += quantity;
        if let Some(cost) = day.unit_cost {
            *self.cost.get_or_insert(0) += product(quantity, cost);
        }
        self.demand_days += i16::from(quantity > 0);
        self.stocked_out_days += i16::from(day.stocked_out);
    }
}

/// The rows that are held.
#[derive(Debug)]
pub(super) struct Stacks {
    /// Months that were there when the load began.
    present: BTreeSet<NaiveDate>,
    /// Those of them whose content is known.
    known: Known,
    months: BTreeMap<NaiveDate, Growing>,
    /// How many may be held.
    pub(super) most: usize,
    held: usize,
    /// How many have come.
    come: usize,
    /// How often a month has been handed out.
    handed: BTreeMap<NaiveDate, u32>,
}

/// A month that rows are added to.
#[derive(Debug, Default)]
struct Growing {
    rows: Vec<Day>,
    /// How many rows of any month had come with its last one.
    last: usize,
}

/// A month of demand, or a part of one, on its way.
#[derive(Debug)]
pub struct Stack {
    month: NaiveDate,
    rows: Vec<Day>,
    /// How often the month has been handed out by now.
    part: u32,
    /// Whether the month was not there when the load began.
    new: bool,
    /// What the month is known to hold.
    known: Option<Content>,
    /// Whether the month is taken for complete.
    over: bool,
}

impl Stacks {
    pub(super) fn beside(present: &BTreeSet<String>, known: Known) -> Self {
        let present = present.iter().filter_map(|name| Partitioned::DemandDaily.month(name)).collect();
        let (months, handed) = (BTreeMap::new(), BTreeMap::new());
        Self { present, known, months, most: HELD, held: 0, come: 0, handed }
    }

    /// Adds a row; the fullest month comes back when too many are held.
    pub(super) fn add(&mut self, day: Day) -> Option<Stack> {
        self.come += 1;
        self.held += 1;
        let month = self.months.entry(month_of(day.full_date)).or_default();
        month.rows.push(day);
        month.last = self.come;
        if self.held <= self.most {
            return None;
        }
        let fullest = self.months.iter().rev().max_by_key(|(_, growing)| growing.rows.len());
        let (month, last) = fullest.map(|(month, growing)| (*month, growing.last))?;
        self.hand_out(month, self.come - last >= self.most / OVER)
    }

    /// Everything that is left.
    pub(super) fn rest(&mut self) -> Vec<Stack> {
        let months: Vec<_> = self.months.keys().copied().collect();
        months.into_iter().filter_map(|month| self.hand_out(month, true)).collect()
    }

    fn hand_out(&mut self, month: NaiveDate, over: bool) -> Option<Stack> {
        let Growing { rows, .. } = self.months.remove(&month)?;
        self.held -= rows.len();
        let part = self.handed.entry(month).or_default();
        *part += 1;
        let known = self.known.get(&month).filter(|_| *part == 1).cloned();
        Some(Stack { month, rows, part: *part, new: !self.present.contains(&month), known, over })
    }
}

impl Stack {
    /// Sends the rows in the order of the key, the weeks of a new month, and what the month holds; of a month that is as it is
    /// stored, only how many they are.
    pub(super) fn unpack<E>(mut self, send: &mut impl FnMut(Piece) -> Result<(), E>) -> Result<(), E> {
        // Files come as runs in some order already, which a stable sort merges.
        self.rows.sort_by_key(|day| (day.item_id, day.site_id, day.full_date));
        let content = Content::of(&self.rows);
        if self.known.as_ref() == Some(&content) {
            return send(Piece::told(Target::Unchanged(Fact::Demand, self.month), content.rows));
        }
        let facts = (width(Fact::Demand), Target::Month(Fact::Demand, self.month));
        let weeks = (WEEK_COLUMNS, Target::Weeks(self.month, self.part));
        let mut days = Rows::new(facts.0);
        let mut cells = Rows::new(weeks.0);
        for cell in self.rows.chunk_by(|one, next| key(one) == key(next)) {
            let mut sums = Sums::default();
            for day in cell {
                day.write(days.row());
                sums.add(day);
                full(&mut days, facts.0, facts.1).map_or(Ok(()), &mut *send)?;
            }
            if self.new {
                let (item, site, monday) = key(&cell[0]);
                let row = cells.row().date(Some(self.month)).bigint(item).bigint(site).date(Some(monday));
                row.scaled(Some(sums.quantity)).scaled(sums.cost).smallint(sums.demand_days);
                row.smallint(sums.stocked_out_days);
                full(&mut cells, weeks.0, weeks.1).map_or(Ok(()), &mut *send)?;
            }
        }
        send(Piece::of(days, facts.1))?;
        if self.new {
            send(Piece::of(cells, weeks.1))?;
        }
        send(Piece::told(Target::Content(self.month, self.part, content.digest), content.rows))?;
        if self.over { send(Piece::told(Target::Over(self.month), 0)) } else { Ok(()) }
    }
}

/// Item, site and week.
fn key(day: &Day) -> (i64, i64, NaiveDate) {
    let monday = day.full_date - Days::new(u64::from(day.full_date.weekday().num_days_from_monday()));
    (day.item_id, day.site_id, monday)
}

/// `quantity` (in ten-thousandths) times `cost`, as `numeric(18, 4)` has it: half away from zero.
fn product(quantity: i128, cost: Decimal) -> i128 {
    let exact = quantity * ten_thousandths(cost);
    (exact + exact.signum() * PRODUCT / 2) / PRODUCT
}
