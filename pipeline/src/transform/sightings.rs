//! Which days of which series have been seen, in a bit a day: memory grows with the series of a file, not with its rows.

use std::collections::HashMap;

use chrono::{Datelike as _, NaiveDate};
use foldhash::fast::RandomState;

/// The days of many series.
#[derive(Debug, Default)]
pub(super) struct Sightings {
    series: HashMap<(u32, u32), Days, RandomState>,
}

/// The days of one series: 64 to a word, from the word of its first day to that of its last.
#[derive(Debug, Default)]
struct Days {
    first: i32,
    words: Vec<u64>,
}

impl Sightings {
    /// Notes a day; `false` when it was noted before.
    pub fn first(&mut self, item: u32, site: u32, day: NaiveDate) -> bool {
        self.series.entry((item, site)).or_default().first(day.num_days_from_ce())
    }
}

impl Days {
    fn first(&mut self, day: i32) -> bool {
        let (word, bit) = (day.div_euclid(64), day.rem_euclid(64));
        if self.words.is_empty() {
            self.first = word;
        }
        if word < self.first {
            let missing = (self.first - word) as usize;
            self.words.splice(0..0, std::iter::repeat_n(0, missing));
            self.first = word;
        }
        let at = (word - self.first) as usize;
        if at >= self.words.len() {
            // Not `resize`, which doubles: most series end soon after the last day seen.
            self.words.reserve_exact(at + 1 - self.words.len());
            self.words.resize(at + 1, 0);
        }
        let mask = 1 << bit;
        let new = self.words[at] & mask == 0;
        self.words[at] |= mask;
        new
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_day_is_new_exactly_once_in_whatever_order_days_come() {
        let (mut sightings, mut oracle) = (Sightings::default(), HashSet::new());
        let mut state: u64 = 7;
        for _ in 0..20_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let (item, site, day) = ((state >> 60) as u32, (state >> 58 & 3) as u32, (state >> 40 & 1023) as i32);
            let date = NaiveDate::from_num_days_from_ce_opt(730_000 + day).unwrap();
            assert_eq!(sightings.first(item, site, date), oracle.insert((item, site, day)), "{item} {site} {day}");
        }
    }
}
