//! Rolling-origin backtest: what would have been forecast then, with what was known then, against what came.
//!
//! Folds are as long as the horizon and do not overlap, the newest ends where the data end. Everything a fold uses (model
//! weights, the choice of model, the calibration of its quantiles) comes from steps before its origin and from folds that
//! ended by then. Some folds older than the asked ones are run where history allows, to learn from; they are not reported.

use serde::{Deserialize, Serialize};

use super::calibration::{Experience, bin};
use super::class::DemandClass;
use super::cumulative::{Sample, knots};
use super::metrics::{Metrics, Points, Scale, Tally};
use super::model::ModelName;
use super::predictive::Predictive;
use super::quantiles::{LEVELS, Quantiles};
use super::series::{DemandSeries, Frequency, LevelGroup};

/// Fewest steps of a shortened fold.
const SHORTEST_FOLD: usize = 7;

/// What the backtest of one series measured. All `None` when the series was too short for a fold.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Backtest {
    #[serde(flatten)]
    pub metrics: Metrics,
}

/// Accuracy of a run for one class and one range of leads, over all its series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassLeadAccuracy {
    pub class: DemandClass,
    pub lead_from: usize,
    /// `None`: to the horizon.
    pub lead_to: Option<usize>,
    pub metrics: Metrics,
}

/// A stretch of a series that is forecast as if it were still to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fold {
    /// Index of the first step forecast; the model sees the steps before it.
    pub origin: usize,
    /// Steps forecast.
    pub length: usize,
}

impl Fold {
    /// The fold `back` folds before the end (1 is the newest) of a series of `len` steps, if there is history for it.
    /// A series too short for one whole fold gets one of half of what it can spare.
    pub fn of(len: usize, horizon: usize, back: usize, frequency: Frequency) -> Option<Self> {
        let training = frequency.shortest_training();
        let whole = (horizon * back + training <= len).then(|| Self { origin: len - horizon * back, length: horizon });
        let spare = len.saturating_sub(training) / 2;
        whole.or_else(|| {
            (back == 1 && spare >= SHORTEST_FOLD.min(horizon) && spare < horizon)
                .then(|| Self { origin: len - spare, length: spare })
        })
    }

    /// The leads of the fold with an actual demand that is known, and that demand.
    pub(crate) fn actuals(self, series: &DemandSeries) -> impl Iterator<Item = (usize, f64)> {
        (1..=self.length)
            .map(move |lead| (lead, self.origin + lead - 1))
            .filter(|(_, at)| !series.censored[*at])
            .map(|(lead, at)| (lead, series.quantities[at]))
    }
}

/// What one fold of one series showed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outcome {
    pub(crate) class: Option<DemandClass>,
    /// Root mean squared error of every candidate that may be chosen.
    pub(crate) errors: Vec<(ModelName, f64)>,
    pub(crate) methods: Vec<(ModelName, Points)>,
    pub(crate) experience: Experience,
    /// The selected forecast, whole and by lead bucket.
    pub(crate) selected: Tally,
    pub(crate) buckets: [Tally; Frequency::BUCKETS],
}

impl Outcome {
    /// Holds every candidate's means against what came.
    pub(crate) fn compare(
        &mut self,
        means: &[(ModelName, Vec<f64>)],
        naive: &[[f64; 7]],
        fold: Fold,
        series: &DemandSeries,
        scale: Scale,
    ) {
        for (name, means) in means {
            let mut points = Points::default();
            points.count(fold.actuals(series).map(|(lead, y)| (means[lead - 1], y)), scale);
            if *name == ModelName::SeasonalNaive {
                // The benchmark's band: past values of the same season step.
                fold.actuals(series).for_each(|(lead, y)| points.loss(&naive[lead - 1], y));
            }
            self.methods.push((*name, points));
        }
    }

    /// Scores the candidates for the choice among them: by root mean squared error, of a total by that of its weeks as
    /// well. Nobody buys a total by the day, and a model too low for months must not win by missing every peak alike.
    pub(crate) fn score(
        &mut self,
        means: &[(ModelName, Vec<f64>)],
        fold: Fold,
        series: &DemandSeries,
        level: LevelGroup,
        frequency: Frequency,
    ) {
        let week = frequency.steps(7);
        let blocks: &[usize] = if level == LevelGroup::Totals && week > 1 { &[1, week] } else { &[1] };
        for (name, means) in means {
            let error = |block: &usize| {
                let mut errors = vec![0.0; fold.length.div_ceil(*block)];
                fold.actuals(series).for_each(|(lead, y)| errors[(lead - 1) / block] += y - means[lead - 1]);
                (errors.iter().map(|error| error * error).sum::<f64>() / errors.len() as f64).sqrt() / *block as f64
            };
            if fold.actuals(series).next().is_some() {
                self.errors.push((*name, blocks.iter().map(error).sum()));
            }
        }
    }

    /// Judges the selected distribution: its means, its calibrated quantiles, and its transforms for later calibration.
    pub(crate) fn judge(
        &mut self,
        predictive: &Predictive,
        readings: impl Fn(usize) -> [f64; 7],
        fold: Fold,
        series: &DemandSeries,
        scale: Scale,
        frequency: Frequency,
    ) {
        self.selected.points.count(fold.actuals(series).map(|(lead, y)| (predictive.mean(lead), y)), scale);
        for (bucket, tally) in self.buckets.iter_mut().enumerate() {
            let inside = fold.actuals(series).filter(|(lead, _)| frequency.bucket(*lead) == bucket);
            tally.points.count(inside.map(|(lead, y)| (predictive.mean(lead), y)), scale);
        }
        let mut known: Option<(usize, [f64; 7], [f64; 2])> = None;
        for (lead, y) in fold.actuals(series) {
            let bucket = frequency.bucket(lead);
            let fresh = known.filter(|(other, ..)| frequency.bucket(*other) == bucket && predictive.same(lead, *other));
            let (_, quantiles, ideal) = fresh.unwrap_or_else(|| {
                let quantiles = calibrated(predictive, lead, &readings(bucket)).values();
                let mass = |low: usize, high: usize| {
                    predictive.transform(lead, quantiles[high]).1 - predictive.transform(lead, quantiles[low]).0
                };
                (lead, quantiles, [mass(1, 5), mass(0, 6)])
            });
            known = Some((lead, quantiles, ideal));
            self.selected.band(&quantiles, y, ideal);
            self.buckets[bucket].band(&quantiles, y, ideal);
            let (below, at) = predictive.transform(lead, y);
            self.experience.steps.push((bucket as u8, bin(below), bin(at)));
        }
    }

    /// Compares simulated sums with what came; a sum with an unknown day in it says nothing.
    pub(crate) fn judge_sums(
        &mut self,
        predictive: &Predictive,
        paths: usize,
        seed: u64,
        fold: Fold,
        series: &DemandSeries,
    ) {
        let range = fold.origin..fold.origin + fold.length;
        let known = series.censored[range.clone()].iter().take_while(|censored| !**censored).count();
        let reached = knots(known);
        let samples = predictive.simulate(reached, paths, seed);
        for (at, (knot, sorted)) in reached.iter().zip(samples).enumerate() {
            let actual: f64 = series.quantities[range.start..range.start + knot].iter().sum();
            let (below, up_to) = Sample::new(sorted).transform(actual, predictive.integer());
            self.experience.sums.push((at as u8, bin(below), bin(up_to)));
        }
    }
}

/// The seven quantiles at `lead`, read at calibrated levels.
pub(crate) fn calibrated(predictive: &Predictive, lead: usize, readings: &[f64; 7]) -> Quantiles {
    debug_assert_eq!(readings.len(), LEVELS.len());
    Quantiles::new(readings.map(|t| predictive.quantile(lead, t)), predictive.integer())
}
