//! The weekdays on which nothing is ever asked for.
//!
//! A company that does not order at weekends has no demand then by rule, not by chance. Such days are taken off the grid
//! before anything is learnt: five days of seven would otherwise look like demand that comes in three days of four, and
//! no band could be right on both kinds of day. The forecast of a closed day is zero with certainty.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

/// A weekday with less than this share of an even week's demand days is closed ...
const CLOSED: f64 = 0.02;
/// ... once this many demand days were seen: a weekday open like the others would then be missed by a chance of `e^-10`.
const EVIDENCE: u64 = 70;

/// Days with demand per weekday, from Monday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Demanded(pub(crate) [u64; 7]);

impl Demanded {
    fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    fn rare(&self, weekday: usize) -> bool {
        self.0[weekday] as f64 <= CLOSED * self.total() as f64 / 7.0
    }
}

/// Which weekdays are closed, from Monday; none by default and never all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Week {
    closed: [bool; 7],
}

impl Week {
    /// What these counts prove.
    pub(crate) fn of(days: &Demanded) -> Self {
        let proven = days.total() >= EVIDENCE;
        Self { closed: std::array::from_fn(|weekday| proven && days.rare(weekday)) }
    }

    /// The week of one series: closed days of everybody or of its own, but none on which it had demand.
    pub(crate) fn of_series(self, own: &Demanded) -> Self {
        let proven = Self::of(own);
        let closed = std::array::from_fn(|at| (self.closed[at] || proven.closed[at]) && own.rare(at));
        // A series whose every demand fell on closed days has a week of its own.
        if closed == [true; 7] { Self::default() } else { Self { closed } }
    }

    pub fn is_closed(&self, weekday: usize) -> bool {
        self.closed[weekday % 7]
    }

    /// Open days of a week.
    pub fn open(&self) -> usize {
        self.closed.iter().filter(|closed| !**closed).count()
    }
}

/// Demand days of a whole run by date, so that the week known at any origin can be told.
#[derive(Debug, Clone, Default)]
pub(crate) struct Weeks(BTreeMap<NaiveDate, Demanded>);

impl Weeks {
    /// From series with demand on these dates; only sums are kept.
    pub(crate) fn new(dates: impl Iterator<Item = NaiveDate>) -> Self {
        let mut days: BTreeMap<NaiveDate, Demanded> = BTreeMap::new();
        for date in dates {
            days.entry(date).or_default().0[date.weekday().num_days_from_monday() as usize] += 1;
        }
        let mut sum = Demanded::default();
        for counts in days.values_mut() {
            for (total, count) in sum.0.iter_mut().zip(counts.0) {
                *total += count;
            }
            *counts = sum;
        }
        Self(days)
    }

    /// The week that the dates before `origin` prove.
    pub(crate) fn before(&self, origin: NaiveDate) -> Week {
        self.0.range(..origin).next_back().map_or_else(Week::default, |(_, days)| Week::of(days))
    }
}
