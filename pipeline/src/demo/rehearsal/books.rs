//! What the company knows on a morning: everything until yesterday, nothing of today.

use chrono::{Days, NaiveDate};
use planning::abc::AbcClass;
use planning::forecast::DemandSeries;
use planning::policy::{OpenOrder, Receipt};

/// The books on the morning of [`Self::today`].
pub struct Books<'a> {
    pub today: NaiveDate,
    /// Days since the rehearsal began.
    pub day: usize,
    /// The shelves that exist today, those of one item side by side.
    pub shelves: Vec<ShelfBook<'a>>,
    /// Every line received so far.
    pub receipts: &'a [Receipt],
}

/// One item at one site.
pub struct ShelfBook<'a> {
    /// Its place among all shelves, the same every day.
    pub shelf: usize,
    pub item: usize,
    pub site: usize,
    pub name: &'a str,
    pub site_name: &'a str,
    pub family: &'a str,
    /// By value, of the year before the rehearsal began.
    pub abc: AbcClass,
    pub criticality: u8,
    pub unit_cost: f64,
    pub min_quantity: f64,
    pub max_quantity: f64,
    pub pack: f64,
    /// Whether the item is counted in whole units.
    pub whole: bool,
    /// Whether the item is still on the list.
    pub active: bool,
    pub on_hand: f64,
    pub open: Vec<OpenOrder>,
    /// Units given out a day, until yesterday.
    pub given_out: &'a [f64],
    /// Whether the shelf was empty in the evening.
    pub stocked_out: &'a [bool],
}

impl ShelfBook<'_> {
    pub fn on_order(&self) -> f64 {
        self.open.iter().map(|order| order.quantity).sum()
    }

    /// Whether the shelf is looked at on this morning, one in `review_days`: all sites of an item on the same one.
    pub fn due(&self, day: usize, review_days: usize) -> bool {
        self.active && day % review_days == self.item % review_days
    }

    /// Its demand from the first day with any; `None` without any.
    pub fn series(&self, today: NaiveDate) -> Option<DemandSeries> {
        let first = self.given_out.iter().position(|quantity| *quantity > 0.0)?;
        let days = self.given_out.len() - first;
        let start = today.checked_sub_days(Days::new(days as u64))?;
        Some(DemandSeries::new(start, self.given_out[first..].to_vec(), self.stocked_out[first..].to_vec()))
    }

    /// What one use took in the trailing year: the lower median of the days with any.
    pub fn usual_use(&self) -> Option<f64> {
        let year = self.given_out.len().saturating_sub(365);
        let mut uses: Vec<f64> = self.given_out[year..].iter().copied().filter(|quantity| *quantity > 0.0).collect();
        let middle = uses.len().checked_sub(1)? / 2;
        Some(*uses.select_nth_unstable_by(middle, f64::total_cmp).1)
    }

    /// Days since something was last given out.
    pub fn days_since_demand(&self) -> Option<u32> {
        let back = self.given_out.iter().rev().position(|quantity| *quantity > 0.0)?;
        u32::try_from(back + 1).ok()
    }
}
