//! Which days a chart shows, in buckets of which width, and how far it looks ahead.

use super::{Pairs, UrlState};
use crate::charts::outlook::bucket_of;
use crate::day::Day;
use crate::graphql::queries::enums::Granularity;

/// The presets, in days.
pub const PRESETS: [u16; 4] = [30, 90, 180, 365];

/// The horizons a forecast may be asked for, in days.
pub const HORIZONS: [u16; 3] = [30, 60, 90];

/// The bucket widths a page offers.
pub const BUCKETS: [Granularity; 3] = [Granularity::Day, Granularity::Week, Granularity::Month];

/// A span of days: so many up to the company's today, or from one day to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// The last so many days with data.
    Last(u16),
    /// From the first to the second day, both included.
    Between(Day, Day),
}

impl Period {
    /// First and last day, given the company's today, which is the day after its newest data.
    pub fn bounds(self, today: Day) -> (Day, Day) {
        match self {
            Self::Last(days) => (today.plus(-i32::from(days)), today.plus(-1)),
            Self::Between(from, to) => (from, to),
        }
    }

    /// The bounds in buckets: the last days begin with a whole bucket, because a part of one beside whole ones looks like a
    /// rise; two days are taken as they were given.
    pub fn whole(self, today: Day, granularity: Granularity) -> (Day, Day) {
        let (from, to) = self.bounds(today);
        let widened = matches!(self, Self::Last(_)).then(|| bucket_of(from, granularity).0);
        (widened.unwrap_or(from), to)
    }

    /// The period of an address: two days in order, or so many back; `days` where it says neither.
    pub fn read(pairs: &Pairs, days: u16) -> Self {
        let day = |key| pairs.get(key).and_then(|text| text.parse::<Day>().ok());
        let last = pairs.get("period").and_then(|text| text.parse().ok()).filter(|days| (1..=1830).contains(days));
        match (day("from"), day("to")) {
            (Some(from), Some(to)) if from <= to => Self::Between(from, to),
            _ => Self::Last(last.unwrap_or(days)),
        }
    }

    /// Writes all but the last `plain` days.
    pub fn write(self, pairs: &mut Pairs, plain: u16) {
        match self {
            Self::Last(days) if days == plain => {}
            Self::Last(days) => pairs.push("period", days.to_string()),
            Self::Between(from, to) => {
                pairs.push("from", from.to_string());
                pairs.push("to", to.to_string());
            }
        }
    }
}

/// How many days back a series is shown unless told otherwise.
const DAYS: u16 = 90;

/// The state of a page with a time series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeriesState {
    pub period: Period,
    pub granularity: Granularity,
    /// Days ahead; `None` lets the page choose.
    pub horizon: Option<u16>,
    /// The id of the chosen site.
    pub site: Option<String>,
}

impl Default for SeriesState {
    fn default() -> Self {
        Self { period: Period::Last(DAYS), granularity: Granularity::Day, horizon: None, site: None }
    }
}

impl SeriesState {
    /// Days to look ahead: the chosen horizon, else about a third of what is shown behind.
    pub fn ahead(&self) -> u16 {
        self.horizon.unwrap_or(match self.period {
            Period::Last(days) if days >= 365 => 90,
            Period::Last(days) if days >= 180 => 60,
            _ => 30,
        })
    }
}

impl UrlState for SeriesState {
    fn read(pairs: &Pairs) -> Self {
        Self {
            period: Period::read(pairs, DAYS),
            granularity: pairs
                .get("by")
                .and_then(Granularity::of)
                .filter(|by| BUCKETS.contains(by))
                .unwrap_or(Granularity::Day),
            horizon: pairs.get("horizon").and_then(|text| text.parse().ok()).filter(|days| HORIZONS.contains(days)),
            site: pairs.get("site").filter(|id| !id.is_empty()).map(str::to_owned),
        }
    }

    fn write(&self, pairs: &mut Pairs) {
        self.period.write(pairs, DAYS);
        if self.granularity != Granularity::Day {
            pairs.push("by", self.granularity.word());
        }
        if let Some(days) = self.horizon {
            pairs.push("horizon", days.to_string());
        }
        if let Some(site) = &self.site {
            pairs.push("site", site.clone());
        }
    }
}
