//! Sums over the days that end on a day, from values that were counted day by day.

use chrono::NaiveDate;

/// Running sums over a stretch of days; a window costs one subtraction.
#[derive(Debug, Clone)]
pub(super) struct Daily {
    first: NaiveDate,
    /// Sum and number of values before each day.
    before: Vec<(f64, u32)>,
}

impl Daily {
    /// From values of days between `first` and `last`; others are left out, as are `None`s.
    pub fn new(first: NaiveDate, last: NaiveDate, values: impl IntoIterator<Item = (NaiveDate, Option<f64>)>) -> Self {
        let days = (last - first).num_days().max(0) as usize + 1;
        let mut before = vec![(0.0, 0); days + 1];
        for (day, value) in values {
            let place = usize::try_from((day - first).num_days()).ok().filter(|place| *place < days);
            if let (Some(place), Some(value)) = (place, value) {
                before[place + 1].0 += value;
                before[place + 1].1 += 1;
            }
        }
        for place in 1..before.len() {
            before[place].0 += before[place - 1].0;
            before[place].1 += before[place - 1].1;
        }
        Self { first, before }
    }

    /// The sum over the `days` days that end on `day`; `None` where none of them has a value.
    pub fn sum(&self, day: NaiveDate, days: i64) -> Option<f64> {
        let place = |days: i64| usize::try_from(days.max(0)).unwrap_or(0).min(self.before.len() - 1);
        let end = (day - self.first).num_days() + 1;
        let ((until, seen), (before, known)) = (self.before[place(end)], self.before[place(end - days)]);
        (seen > known).then_some(until - before)
    }

    /// The mean over the days that have a value.
    pub fn mean(&self, day: NaiveDate, days: i64) -> Option<f64> {
        let place = |days: i64| usize::try_from(days.max(0)).unwrap_or(0).min(self.before.len() - 1);
        let end = (day - self.first).num_days() + 1;
        let seen = self.before[place(end)].1 - self.before[place(end - days)].1;
        self.sum(day, days).map(|sum| sum / f64::from(seen))
    }
}
