//! SES on seasonally adjusted demand, the season put back afterwards: classical multiplicative decomposition
//! (Hyndman and Athanasopoulos, 3.4) with indices drawn towards one.
//!
//! A sparse series tells little about its weekdays, so each index is averaged with [`PRIOR`] demands of no season at all;
//! with many demands the history decides, with few the method comes close to plain SES.

use super::Ses;
use crate::forecast::model::{FittedModel, Model, ModelName};
use crate::forecast::smoothing;
use crate::forecast::window::Window;

/// How many demands per season step the belief "no season" is worth.
const PRIOR: f64 = 4.0;
/// A step of the season with less than this share of the usual demand says nothing about the level.
const SILENT: f64 = 0.2;

#[derive(Debug, Clone, Copy)]
pub struct SeasonalSes;

/// A level and the index of each season step, the first for lead 1.
#[derive(Debug, Clone, PartialEq)]
pub struct FittedSeasonalSes {
    level: f64,
    cycle: Vec<f64>,
}

impl Model for SeasonalSes {
    type Fitted = FittedSeasonalSes;

    fn fit(&self, window: &Window<'_>) -> FittedSeasonalSes {
        let season = window.season();
        let indices = indices(window, season);
        let adjusted: Vec<f64> = window
            .quantities
            .iter()
            .zip(window.censored.iter())
            .enumerate()
            .filter(|(at, (_, censored))| !**censored && indices[at % season] >= SILENT)
            .map(|(at, (quantity, _))| quantity / indices[at % season])
            .collect();
        let settings = Ses::default();
        let alpha = smoothing::best_alpha(&adjusted, settings.bounds.0, settings.bounds.1, settings.start);
        let level = smoothing::level(&adjusted, alpha, settings.start);
        let cycle = (0..season).map(|lead| indices[(window.len() + lead) % season]).collect();
        FittedSeasonalSes { level, cycle }
    }
}

/// Demand of each season step relative to the mean, their mean being one; all one below two seasons of history.
pub(crate) fn indices(window: &Window<'_>, season: usize) -> Vec<f64> {
    let mean = window.mean();
    if window.len() < 2 * season || mean <= 0.0 {
        return vec![1.0; season];
    }
    let (mut sums, mut counts) = (vec![0.0; season], vec![0.0; season]);
    for (at, (quantity, censored)) in window.quantities.iter().zip(window.censored.iter()).enumerate() {
        if !censored {
            sums[at % season] += quantity;
            counts[at % season] += 1.0;
        }
    }
    let evidence = window.demand_steps() as f64 / season as f64;
    let raw = |at: usize| {
        if counts[at] > 0.0 { sums[at] / counts[at] / mean } else { 1.0 }
    };
    let drawn: Vec<f64> = (0..season).map(|at| (evidence * raw(at) + PRIOR) / (evidence + PRIOR)).collect();
    let middle = drawn.iter().sum::<f64>() / season as f64;
    drawn.into_iter().map(|index| index / middle).collect()
}

impl FittedModel for FittedSeasonalSes {
    fn name(&self) -> ModelName {
        ModelName::SeasonalSes
    }

    fn mean(&self, lead: usize) -> f64 {
        self.level * self.cycle[(lead - 1) % self.cycle.len()]
    }
}
