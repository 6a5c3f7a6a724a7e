//! The data behind a demand chart and behind the table under it, so that the two cannot disagree.

use std::collections::BTreeMap;

use crate::day::Day;
use crate::graphql::queries::dashboard::{Band as WireBand, DemandGroupSeries, Forecast};
use crate::graphql::queries::enums::Granularity;
use crate::graphql::queries::material::{DemandSeries, ItemForecast};

/// Lower and upper edge of a band, one of each per day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Edges {
    pub lower: Vec<f64>,
    pub upper: Vec<f64>,
}

impl Edges {
    /// The edges of a day, cut at zero: demand cannot be negative, and stacked areas break there.
    pub fn at(&self, index: usize) -> Option<(f64, f64)> {
        let (lower, upper) = (self.lower.get(index)?.max(0.0), self.upper.get(index)?.max(0.0));
        Some((lower.min(upper), upper))
    }
}

impl From<&WireBand> for Edges {
    fn from(band: &WireBand) -> Self {
        Self { lower: band.lower.clone(), upper: band.upper.clone() }
    }
}

/// A forecast: means, and the bands that hold 80 % (`wide`) and 50 % (`narrow`) of outcomes where there are any.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fan {
    pub dates: Vec<Day>,
    pub means: Vec<f64>,
    pub wide: Option<Edges>,
    pub narrow: Option<Edges>,
}

impl From<&Forecast> for Fan {
    fn from(forecast: &Forecast) -> Self {
        Self {
            dates: forecast.dates.clone(),
            means: forecast.means.clone(),
            wide: forecast.band80.as_ref().map(Edges::from),
            narrow: forecast.band50.as_ref().map(Edges::from),
        }
    }
}

impl From<&ItemForecast> for Fan {
    fn from(forecast: &ItemForecast) -> Self {
        Self {
            dates: forecast.dates.clone(),
            means: forecast.means.clone(),
            wide: forecast.band80.as_ref().map(Edges::from),
            narrow: forecast.band50.as_ref().map(Edges::from),
        }
    }
}

impl Fan {
    /// The first so many days.
    #[must_use]
    pub fn first(mut self, days: usize) -> Self {
        self.dates.truncate(days);
        self.means.truncate(days);
        self
    }

    /// The fan at a bucket width. Daily quantiles do not add up, so a wider bucket has the sum of its means and no band,
    /// and a bucket that the forecast covers only in part is left out: half a week beside whole ones would look like a fall.
    #[must_use]
    pub fn bucketed(&self, granularity: Granularity) -> Self {
        if granularity == Granularity::Day {
            return self.clone();
        }
        let mut buckets: BTreeMap<Day, (i32, f64)> = BTreeMap::new();
        for (day, mean) in self.dates.iter().zip(&self.means) {
            let (days, sum) = buckets.entry(bucket_of(*day, granularity).0).or_default();
            *days += 1;
            *sum += mean;
        }
        buckets.retain(|start, (days, _)| {
            let (first, last) = bucket_of(*start, granularity);
            *days == last.since(first) + 1
        });
        Self {
            dates: buckets.keys().copied().collect(),
            means: buckets.values().map(|(_, sum)| *sum).collect(),
            wide: None,
            narrow: None,
        }
    }
}

/// First and last day of the bucket that holds a day.
pub fn bucket_of(day: Day, granularity: Granularity) -> (Day, Day) {
    let (year, month, _) = day.parts();
    // The first day of a month of this year, which every calendar has.
    let first = |month: u32| Day::new(year, month, 1).unwrap_or(day);
    match granularity {
        Granularity::Day => (day, day),
        Granularity::Week => (day.week_start(), day.week_start().plus(6)),
        Granularity::Month => (day.month_start(), day.month_end()),
        Granularity::Quarter => (first((month - 1) / 3 * 3 + 1), first((month - 1) / 3 * 3 + 3).month_end()),
        Granularity::Year => (first(1), first(12).month_end()),
    }
}

/// One day or bucket: what happened, what is expected, and between which edges.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    pub date: Day,
    pub actual: Option<f64>,
    pub stocked_out: bool,
    pub mean: Option<f64>,
    pub wide: Option<(f64, f64)>,
    pub narrow: Option<(f64, f64)>,
}

/// History and forecast on one axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlook {
    pub granularity: Granularity,
    pub rows: Vec<Row>,
    /// The company's today, when it falls on the axis.
    pub today: Option<Day>,
}

impl Outlook {
    /// The whole company's demand (the one group of an ungrouped aggregate) with its forecast.
    pub fn of_company(
        demand: &[DemandGroupSeries],
        forecast: Option<&Forecast>,
        granularity: Granularity,
        today: Option<Day>,
    ) -> Self {
        let history = demand.first().map(|group| group.dates.iter().copied().zip(group.quantities.iter().copied()));
        Self::new(
            history.into_iter().flatten().map(|(date, quantity)| (date, quantity, false)),
            forecast.map(Fan::from),
            granularity,
            today,
        )
    }

    /// One material's demand with its forecast.
    pub fn of_material(
        demand: &DemandSeries,
        forecast: Option<&ItemForecast>,
        granularity: Granularity,
        today: Option<Day>,
    ) -> Self {
        let history = demand.points.iter().map(|point| (point.date, point.quantity, point.stocked_out));
        Self::new(history, forecast.map(Fan::from), granularity, today)
    }

    /// Joins history and fan.
    pub fn new(
        history: impl IntoIterator<Item = (Day, f64, bool)>,
        fan: Option<Fan>,
        granularity: Granularity,
        today: Option<Day>,
    ) -> Self {
        let mut rows: BTreeMap<Day, Row> = BTreeMap::new();
        let empty = |date| Row { date, actual: None, stocked_out: false, mean: None, wide: None, narrow: None };
        for (date, quantity, stocked_out) in history {
            let row = rows.entry(date).or_insert_with(|| empty(date));
            row.actual = Some(quantity);
            row.stocked_out = stocked_out;
        }
        if let Some(fan) = fan.map(|fan| fan.bucketed(granularity)) {
            let edge = |edges: &Option<Edges>, index: usize| edges.as_ref().and_then(|edges| edges.at(index));
            for (index, (date, mean)) in fan.dates.iter().zip(&fan.means).enumerate() {
                let row = rows.entry(*date).or_insert_with(|| empty(*date));
                row.mean = Some(mean.max(0.0));
                row.wide = edge(&fan.wide, index);
                row.narrow = edge(&fan.narrow, index);
            }
        }
        Self { granularity, rows: rows.into_values().collect(), today }
    }

    /// Whether nothing at all was demanded; a forecast may still be there.
    pub fn has_no_demand(&self) -> bool {
        self.rows.iter().all(|row| row.actual.is_none_or(|quantity| quantity == 0.0))
    }

    /// Whether any row has an expected value.
    pub fn has_forecast(&self) -> bool {
        self.rows.iter().any(|row| row.mean.is_some())
    }

    /// The sum of what happened.
    pub fn total_actual(&self) -> f64 {
        self.rows.iter().filter_map(|row| row.actual).sum()
    }

    /// The sum of the means, which unlike quantiles do add up.
    pub fn total_mean(&self) -> f64 {
        self.rows.iter().filter_map(|row| row.mean).sum()
    }
}
