//! The data behind the figures of how good a run was: what its bands covered, by how far ahead they looked.

use super::health::ascending;
use crate::graphql::queries::forecasts::ForecastAccuracy;
use crate::i18n::{Lang, fill};

/// What the 80 % band covered in a range of leads, over all classes of demand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coverage {
    pub from: i32,
    pub to: Option<i32>,
    /// Share of actuals inside the band.
    pub measured: Option<f64>,
    /// What a true band would have covered.
    pub ideal: Option<f64>,
}

impl Coverage {
    /// Ranges of leads, the nearest first; classes weigh by how many days of them were measured.
    pub fn of(rows: &[ForecastAccuracy]) -> Vec<Self> {
        let mut ranges: Vec<(i32, Option<i32>)> = Vec::new();
        for row in rows {
            if !ranges.contains(&(row.lead_from, row.lead_to)) {
                ranges.push((row.lead_from, row.lead_to));
            }
        }
        let order = ascending(&ranges.iter().map(|(from, _)| f64::from(*from)).collect::<Vec<_>>());
        let coverages = order.iter().map(|at| {
            let range = ranges[*at];
            let inside = || rows.iter().filter(move |row| (row.lead_from, row.lead_to) == range);
            Self {
                from: range.0,
                to: range.1,
                measured: weighted(inside().map(|row| (row.coverage80, row.observations))),
                ideal: weighted(inside().map(|row| (row.ideal80, row.observations))),
            }
        });
        coverages.collect()
    }
}

/// The mean of what is known.
fn weighted(values: impl Iterator<Item = (Option<f64>, i32)>) -> Option<f64> {
    let known = values.filter_map(|(value, weight)| value.map(|value| (value, f64::from(weight))));
    let (sum, weights) = known.fold((0.0, 0.0), |(sum, all), (value, weight)| (sum + value * weight, all + weight));
    (weights > 0.0).then(|| sum / weights)
}

/// A range of leads in words.
pub fn leads(lang: Lang, from: i32, to: Option<i32>) -> String {
    let texts = lang.texts();
    match to {
        Some(to) => fill(texts.leads_between, &[&from.to_string(), &to.to_string()]),
        None => fill(texts.leads_from, &[&from.to_string()]),
    }
}

/// In how many rows the error was smaller than the naive forecast's, and of how many that is known.
pub fn beating_naive(rows: &[ForecastAccuracy]) -> (usize, usize) {
    let known = || rows.iter().filter_map(|row| row.rmsse);
    (known().filter(|error| *error < 1.0).count(), known().count())
}
