//! Buckets of days, and which rows answer for a range cut into them.

use chrono::{Datelike as _, Days, Months, NaiveDate};

/// How days are put into buckets; a bucket is named by its first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Granularity {
    #[default]
    Day,
    /// ISO weeks, from Monday.
    Week,
    Month,
    Quarter,
    Year,
}

impl Granularity {
    /// The first day of the bucket that `day` lies in.
    pub fn start(self, day: NaiveDate) -> NaiveDate {
        let in_month = |month: u32| NaiveDate::from_ymd_opt(day.year(), month, 1).unwrap_or(day);
        match self {
            Self::Day => day,
            Self::Week => day - Days::new(u64::from(day.weekday().num_days_from_monday())),
            Self::Month => in_month(day.month()),
            Self::Quarter => in_month((day.month0() / 3) * 3 + 1),
            Self::Year => in_month(1),
        }
    }

    /// The first day of the bucket after the one that starts on `start`.
    pub fn next(self, start: NaiveDate) -> NaiveDate {
        match self {
            Self::Day => start + Days::new(1),
            Self::Week => start + Days::new(7),
            Self::Month => start + Months::new(1),
            Self::Quarter => start + Months::new(3),
            Self::Year => start + Months::new(12),
        }
    }

    /// The buckets from the one of `from` to the one of `to`, both included.
    pub fn buckets(self, from: NaiveDate, to: NaiveDate) -> Vec<NaiveDate> {
        let mut buckets = Vec::new();
        let mut start = self.start(from);
        while start <= to {
            buckets.push(start);
            start = self.next(start);
        }
        buckets
    }

    /// The rollup whose buckets make up these.
    pub(crate) fn grain(self) -> Grain {
        match self {
            Self::Day => Grain::Day,
            Self::Week => Grain::Week,
            Self::Month | Self::Quarter | Self::Year => Grain::Month,
        }
    }
}

/// What a stored row sums over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Grain {
    Day,
    Week,
    Month,
}

/// Days before anything and after everything, for open ends.
pub(crate) const EARLIEST: NaiveDate = NaiveDate::from_ymd_opt(1900, 1, 1).expect("a date");
pub(crate) const LATEST: NaiveDate = NaiveDate::from_ymd_opt(2999, 12, 31).expect("a date");

/// Which rows answer for a range: whole buckets from a rollup, cut edges from the facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cover {
    /// The rollup; [`Grain::Day`] takes everything from the facts.
    pub grain: Grain,
    /// Whole buckets starting in `[whole_from, whole_to)`; empty when equal.
    pub whole_from: NaiveDate,
    pub whole_to: NaiveDate,
    /// Days of the facts in `[head_from, head_to)` and `[tail_from, tail_to)`; empty when equal.
    pub head: (NaiveDate, NaiveDate),
    pub tail: (NaiveDate, NaiveDate),
}

impl Cover {
    /// Covers the days from `from` to `to`, both included; an open end takes every stored row on its side.
    pub fn new(granularity: Granularity, from: Option<NaiveDate>, to: Option<NaiveDate>) -> Self {
        let start = from.unwrap_or(EARLIEST).clamp(EARLIEST, LATEST);
        let end = to.map_or(LATEST, |to| to.clamp(EARLIEST, LATEST) + Days::new(1)).max(start);
        let step = match granularity.grain() {
            Grain::Day => {
                return Self {
                    grain: Grain::Day,
                    whole_from: start,
                    whole_to: start,
                    head: (start, end),
                    tail: (end, end),
                };
            }
            Grain::Week => Granularity::Week,
            Grain::Month => Granularity::Month,
        };
        let floor = step.start(start);
        let whole_from = if floor == start { start } else { step.next(floor) };
        let whole_to = if to.is_none() { end } else { step.start(end) };
        let grain = granularity.grain();
        if whole_from >= whole_to {
            // No bucket lies whole inside the range.
            return Self { grain, whole_from: start, whole_to: start, head: (start, end), tail: (end, end) };
        }
        Self { grain, whole_from, whole_to, head: (start, whole_from), tail: (whole_to, end) }
    }

    /// The first day covered.
    pub fn start(&self) -> NaiveDate {
        self.head.0
    }

    /// The day after the last one covered.
    pub fn end(&self) -> NaiveDate {
        self.tail.1
    }

    /// The same days, all of them from the facts.
    pub fn of_days(self) -> Self {
        let (start, end) = (self.start(), self.end());
        Self { whole_from: start, whole_to: start, head: (start, end), tail: (end, end), ..self }
    }
}
