//! From days to runs: each day of a series once, in order.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::forecasts::Day;
use crate::transform::reason::{Reject, RejectReason};

/// What makes one run another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RunKey {
    pub origin: NaiveDate,
    pub computed: Option<NaiveDate>,
    /// How far an older forecast looks, where several of one day were given; else 0.
    pub horizon: u16,
}

/// A day of a series.
#[derive(Debug, Clone, PartialEq)]
pub struct GivenDay {
    /// An index into [`Ended::series`](super::Ended::series).
    pub series: u32,
    pub target: NaiveDate,
    /// 1 for the origin itself.
    pub lead: i16,
    pub mean: f64,
    /// At the stored levels; what was not given is `None`.
    pub quantiles: [Option<f64>; 7],
    /// An index into [`Ended::models`](super::Ended::models).
    pub model: u32,
}

/// A run as it was given.
#[derive(Debug, Clone, PartialEq)]
pub struct GivenRun {
    /// The first day forecast.
    pub origin: NaiveDate,
    /// The furthest lead, in days.
    pub horizon: i16,
    /// By series and day.
    pub days: Vec<GivenDay>,
    /// How many lines of each file are in it.
    pub lines: BTreeMap<u16, u64>,
}

/// Sorts days into runs; a line that says again what another said, or says otherwise, is rejected.
pub(super) fn of(
    mut days: Vec<Day>,
    files: &[(String, [String; 2])],
    rejects: &mut Vec<(u16, Reject)>,
) -> Vec<GivenRun> {
    days.sort_by_key(|day| (day.run, day.series, day.target, day.file, day.line));
    let mut runs = Vec::new();
    for days in days.chunk_by(|one, next| one.run == next.run) {
        let mut run = GivenRun { origin: days[0].run.origin, horizon: 0, days: Vec::new(), lines: BTreeMap::new() };
        for same in days.chunk_by(|one, next| (one.series, one.target) == (next.series, next.target)) {
            let mut day = same[0].clone();
            *run.lines.entry(day.file).or_default() += 1;
            for other in &same[1..] {
                match merge(&day, other) {
                    Ok(quantiles) => {
                        day.quantiles = quantiles;
                        *run.lines.entry(other.file).or_default() += 1;
                    }
                    Err((reason, expected)) => {
                        rejects.push((other.file, again(&same[0], other, reason, expected, files)));
                    }
                }
            }
            let lead = (day.target - run.origin).num_days() + 1;
            let lead = i16::try_from(lead).unwrap_or(i16::MAX);
            run.horizon = run.horizon.max(lead);
            run.days.push(GivenDay {
                series: day.series,
                target: day.target,
                lead,
                mean: day.mean,
                quantiles: day.quantiles.map(|value| (!value.is_nan()).then_some(value)),
                model: day.model,
            });
        }
        runs.push(run);
    }
    runs
}

type Wrong = (RejectReason, &'static str);

/// The quantiles of both lines of one day: two bands of different levels around one mean are one forecast.
fn merge(day: &Day, other: &Day) -> Result<[f64; 7], Wrong> {
    let conflict = (
        RejectReason::ConflictingLine,
        "one line a series and day, or one a band around the same mean: correct or remove one of the two",
    );
    let same = |one: f64, two: f64| one.total_cmp(&two).is_eq() || (one.is_nan() && two.is_nan());
    if !same(day.mean, other.mean) || day.model != other.model {
        return Err(conflict);
    }
    let mut merged = day.quantiles;
    let mut news = false;
    for (value, given) in merged.iter_mut().zip(other.quantiles) {
        if value.is_nan() && !given.is_nan() {
            *value = given;
            news = true;
        } else if !given.is_nan() && !same(*value, given) {
            return Err(conflict);
        }
    }
    if !news {
        return Err((RejectReason::DuplicateLine, "each line once"));
    }
    let given: Vec<f64> = merged.iter().copied().filter(|value| !value.is_nan()).collect();
    if given.windows(2).any(|pair| pair[1] < pair[0]) {
        return Err((RejectReason::CrossingQuantiles, "a band of a higher level around that of a lower one"));
    }
    Ok(merged)
}

fn again(first: &Day, other: &Day, reason: RejectReason, expected: &str, files: &[(String, [String; 2])]) -> Reject {
    let name = |day: &Day| files.get(day.file as usize).map_or("", |(name, _)| name.as_str());
    let of = if first.file == other.file { String::new() } else { format!(" of {}", name(first)) };
    Reject {
        file: name(other).into(),
        sheet: None,
        line: other.line,
        column: None,
        value: format!("same series and day as line {}{of}", first.line),
        reason,
        expected: expected.into(),
    }
}
