//! The history of demand on a regular grid, and its name.

use std::fmt;

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::week::{Demanded, Week};
use super::window::Window;

/// The grid's step. Corrente plans by day; weeks and months serve `backtest` on other people's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Frequency {
    #[default]
    Day,
    Week,
    Month,
}

impl Frequency {
    /// Steps in one season: the week for days, the year for weeks and months.
    pub fn season(self) -> usize {
        match self {
            Self::Day => 7,
            Self::Week => 52,
            Self::Month => 12,
        }
    }

    /// The number of steps that cover `days`, at least one.
    pub fn steps(self, days: usize) -> usize {
        match self {
            Self::Day => days,
            Self::Week => days.div_ceil(7),
            Self::Month => days.div_ceil(30),
        }
        .max(1)
    }

    /// Leads whose forecasts are judged together: which of the [`Self::BUCKETS`] a lead belongs to.
    pub fn bucket(self, lead: usize) -> usize {
        self.bucket_ends().iter().take_while(|end| lead > **end).count()
    }

    /// First and last lead of a bucket; the last bucket has no end.
    pub fn bucket_leads(self, bucket: usize) -> (usize, Option<usize>) {
        let ends = self.bucket_ends();
        (if bucket == 0 { 1 } else { ends[bucket - 1] + 1 }, ends.get(bucket).copied())
    }

    pub const BUCKETS: usize = 4;

    fn bucket_ends(self) -> [usize; 3] {
        match self {
            Self::Day => [7, 30, 60],
            Self::Week | Self::Month => [1, 3, 6],
        }
    }

    /// A lead that stands for its bucket.
    pub(crate) fn typical(self, bucket: usize) -> usize {
        let leads = match self {
            Self::Day => [4, 18, 45, 80],
            Self::Week | Self::Month => [1, 2, 5, 9],
        };
        leads[bucket.min(Self::BUCKETS - 1)]
    }

    /// Fewest training steps of a backtest's fold.
    pub(crate) fn shortest_training(self) -> usize {
        match self {
            Self::Day => 14,
            Self::Week => 8,
            Self::Month => 4,
        }
    }

    /// The date `steps` after `date`; the last representable date when there is none.
    pub fn advance(self, date: NaiveDate, steps: usize) -> NaiveDate {
        let moved = match self {
            Self::Day => date.checked_add_days(Days::new(steps as u64)),
            Self::Week => date.checked_add_days(Days::new(7 * steps as u64)),
            Self::Month => date.checked_add_months(Months::new(steps as u32)),
        };
        moved.unwrap_or(NaiveDate::MAX)
    }
}

/// Demand per step from `start` on, zero filled.
///
/// A step is *censored* when the item was out of stock: its demand is missing, not zero, whatever its quantity says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DemandSeries {
    pub start: NaiveDate,
    /// Units per step, finite and never negative.
    pub quantities: Vec<f64>,
    /// As long as `quantities`.
    pub censored: Vec<bool>,
}

impl DemandSeries {
    /// Beyond `NUMERIC(18,4)`; keeps every square and sum of squares finite.
    const MOST: f64 = 1e14;
    /// Far below the four decimals that are stored; keeps every quotient finite.
    const LEAST: f64 = 1e-9;

    /// A series of what was given: a value that is no quantity (negative, NaN, infinite) becomes a censored step,
    /// and a `censored` shorter than the quantities counts as `false`.
    pub fn new(start: NaiveDate, mut quantities: Vec<f64>, mut censored: Vec<bool>) -> Self {
        censored.resize(quantities.len(), false);
        for (quantity, missing) in quantities.iter_mut().zip(&mut censored) {
            if !quantity.is_finite() || *quantity < 0.0 {
                *quantity = 0.0;
                *missing = true;
            } else if *quantity < Self::LEAST {
                *quantity = 0.0;
            } else {
                *quantity = quantity.min(Self::MOST);
            }
        }
        Self { start, quantities, censored }
    }

    /// The demand of an item's sites together, which all end on the same day; `None` without any. A step is missing only
    /// where at least half of the sites were out of stock: one empty tower store says little about the item.
    pub fn sum<'s>(sites: impl Iterator<Item = &'s Self> + Clone) -> Option<Self> {
        let longest = sites.clone().max_by_key(|series| series.len())?;
        let steps = longest.len();
        let (mut quantities, mut out, mut known) = (vec![0.0; steps], vec![0_usize; steps], vec![0_usize; steps]);
        for series in sites {
            let offset = steps - series.len();
            for (at, (quantity, missing)) in series.quantities.iter().zip(&series.censored).enumerate() {
                quantities[offset + at] += quantity;
                out[offset + at] += usize::from(*missing);
                known[offset + at] += 1;
            }
        }
        let censored = out.iter().zip(&known).map(|(out, known)| *out > 0 && 2 * out >= *known).collect();
        Some(Self::new(longest.start, quantities, censored))
    }

    pub fn len(&self) -> usize {
        self.quantities.len()
    }

    pub fn is_empty(&self) -> bool {
        self.quantities.is_empty()
    }

    /// Whether every quantity is a whole number, so that its quantiles must be too.
    pub fn is_integer(&self) -> bool {
        self.quantities.iter().all(|q| (q - q.round()).abs() < 1e-9)
    }

    /// What a model may see at `origin`: the steps before it and nothing else.
    pub fn window(&self, origin: usize, frequency: Frequency) -> Window<'_> {
        Window::new(&self.quantities[..origin], &self.censored[..origin], frequency)
    }

    /// The same without the days on which `usual` (the week of everybody) or this history itself shows that nothing is
    /// ever asked for.
    pub fn open_window(&self, origin: usize, frequency: Frequency, usual: &Week) -> Window<'_> {
        let window = self.window(origin, frequency);
        if frequency != Frequency::Day {
            return window;
        }
        let first = self.weekday();
        let mut days = Demanded::default();
        for (at, quantity) in self.quantities[..origin].iter().enumerate() {
            days.0[(first + at) % 7] += u64::from(*quantity > 0.0 && !self.censored[at]);
        }
        window.on(usual.of_series(&days), first)
    }

    /// Weekday of the first step; Monday is 0.
    pub(crate) fn weekday(&self) -> usize {
        self.start.weekday().num_days_from_monday() as usize
    }
}

/// Which series this is: its level and member.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum SeriesKey {
    ItemSite {
        item: i64,
        site: i64,
    },
    Item(i64),
    Family(String),
    Region(i64),
    All,
    /// A series of a file that knows no levels, by its own identifier.
    Named(String),
}

impl SeriesKey {
    /// The level's name in tables and in the graph.
    pub fn level(&self) -> &'static str {
        match self {
            Self::ItemSite { .. } => "ITEM_SITE",
            Self::Item(_) => "ITEM",
            Self::Family(_) => "FAMILY",
            Self::Region(_) => "REGION",
            Self::All => "ALL",
            Self::Named(_) => "NAMED",
        }
    }

    pub(crate) fn group(&self) -> LevelGroup {
        match self {
            Self::ItemSite { .. } => LevelGroup::ItemSites,
            Self::Item(_) | Self::Named(_) => LevelGroup::Items,
            Self::Family(_) | Self::Region(_) | Self::All => LevelGroup::Totals,
        }
    }

    /// The series whose forecast is shared out when this one is too sparse for its own.
    pub fn parent(&self) -> Option<Self> {
        match self {
            Self::ItemSite { item, .. } => Some(Self::Item(*item)),
            _ => None,
        }
    }

    /// FNV-1a of the printed key: a stable stream number for the seeded simulation.
    pub(crate) fn stream(&self) -> u64 {
        self.to_string()
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    }
}

/// Levels that learn from one another: in the choice of models and in bands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LevelGroup {
    Totals,
    Items,
    ItemSites,
}

impl LevelGroup {
    pub(crate) const ALL: usize = 3;
}

impl fmt::Display for SeriesKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ItemSite { item, site } => write!(f, "ITEM_SITE/{item}/{site}"),
            Self::Item(item) => write!(f, "ITEM/{item}"),
            Self::Family(name) => write!(f, "FAMILY/{name}"),
            Self::Region(region) => write!(f, "REGION/{region}"),
            Self::All => write!(f, "ALL"),
            Self::Named(name) => write!(f, "NAMED/{name}"),
        }
    }
}

/// One series to forecast. Keys are unique within a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SeriesInput {
    pub key: SeriesKey,
    pub series: DemandSeries,
}
