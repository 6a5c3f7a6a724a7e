//! The data behind a comparison of forecasts and behind the table under it, so that the two cannot disagree.

use super::outlook::Fan;
use crate::day::Day;
use crate::graphql::queries::enums::Granularity;
use crate::graphql::queries::exploration::Explored;
use crate::state::comparison::MOST;

/// A forecast to compare: what it is called, the place of its colour, and its fan.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    pub name: String,
    pub place: usize,
    pub fan: Fan,
}

/// One forecast on the axis of all of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    pub name: String,
    pub place: usize,
    /// The mean of its means over what is shown: what it is divided by when it is normalised.
    pub level: f64,
    pub means: Vec<Option<f64>>,
    /// The band that holds 80 % of outcomes, lower edge first.
    pub bands: Vec<Option<(f64, f64)>>,
}

/// Forecasts on one axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    pub granularity: Granularity,
    pub normalised: bool,
    /// What is measured, where it is something else than what is expected.
    pub measure: Option<&'static str>,
    pub dates: Vec<Day>,
    pub curves: Vec<Curve>,
}

impl Comparison {
    /// Puts the first `horizon` days of each forecast on one axis, in whole buckets. Normalised, each is divided by its own
    /// mean level, and so are the edges of its band, because a quantile of a part of something is that part of the quantile; a
    /// forecast of nothing has no level and is left empty.
    pub fn new(sources: Vec<Source>, horizon: u16, granularity: Granularity, normalised: bool) -> Self {
        let cut = |source: Source| {
            let fan = source.fan.first(horizon.into()).bucketed(granularity);
            (source.name, source.place, fan)
        };
        let sources: Vec<_> = sources.into_iter().map(cut).collect();
        let dates = axis(sources.iter().map(|(_, _, fan)| fan), granularity);
        let curves =
            sources.into_iter().map(|(name, place, fan)| curve(name, place, &fan, &dates, normalised)).collect();
        Self { granularity, normalised, measure: None, dates, curves }
    }

    /// What was demanded, by groups, on the axis of their buckets.
    pub fn of_groups(groups: &[Explored], granularity: Granularity, measure: &'static str) -> Self {
        let dates = groups.first().map(|group| group.dates.clone()).unwrap_or_default();
        let curve = |(place, group): (usize, &Explored)| {
            let means = group.measures.first().map(|measure| measure.values.clone()).unwrap_or_default();
            let bands = vec![None; means.len()];
            Curve { name: group.name(), place, level: 1.0, means, bands }
        };
        let curves = groups.iter().take(MOST).enumerate().map(curve).collect();
        Self { granularity, normalised: false, measure: Some(measure), dates, curves }
    }

    /// Whether any of them has a band.
    pub fn has_band(&self) -> bool {
        self.curves.iter().any(Curve::has_band)
    }
}

impl Curve {
    /// Whether there is a band on any day.
    pub fn has_band(&self) -> bool {
        self.bands.iter().any(Option::is_some)
    }

    /// Whether nothing at all is expected.
    pub fn is_nothing(&self) -> bool {
        self.level <= 0.0
    }
}

/// Every bucket from the first to the last of any of them.
fn axis<'a>(fans: impl Iterator<Item = &'a Fan> + Clone, granularity: Granularity) -> Vec<Day> {
    let first = fans.clone().filter_map(|fan| fan.dates.first()).min();
    let last = fans.filter_map(|fan| fan.dates.last()).max();
    let (Some(first), Some(last)) = (first, last) else { return Vec::new() };
    let step = if granularity == Granularity::Week { 7 } else { 1 };
    (0..=last.since(*first) / step).map(|steps| first.plus(steps * step)).collect()
}

fn curve(name: String, place: usize, fan: &Fan, dates: &[Day], normalised: bool) -> Curve {
    let expected = |mean: &f64| mean.max(0.0);
    let level = fan.means.iter().map(expected).sum::<f64>() / (fan.means.len().max(1) as f64);
    let scale = match (normalised, level > 0.0) {
        (false, _) => Some(1.0),
        (true, true) => Some(level),
        (true, false) => None,
    };
    let places: Vec<_> = dates.iter().map(|day| fan.dates.iter().position(|other| other == day)).collect();
    let means = places.iter().map(|at| Some(expected(fan.means.get((*at)?)?) / scale?));
    let bands = places.iter().map(|at| {
        let (lower, upper) = fan.wide.as_ref()?.at((*at)?)?;
        Some((lower / scale?, upper / scale?))
    });
    Curve { name, place, level, means: means.collect(), bands: bands.collect() }
}
