//! The distribution of demand around a model's mean: whether there is demand, and how much.
//!
//! Every step ahead is zero with probability `1 - p` and otherwise a scaled draw from the sizes seen so far. Sparse demand
//! carries a changing mean in `p` (more or fewer demands of the usual sizes), dense demand in the scale (as many demands,
//! of larger or smaller size); either way the mean is the model's. Nothing here is fitted to look calibrated: that is
//! measured, in `calibration`.

use super::model::ModelName;
use super::normal;
use super::quantiles::whole;
use super::series::Frequency;
use super::sizes::Sizes;
use super::spread::{Spread, at_lead};
use super::window::Window;
use crate::split_mix::SplitMix;

/// Entries of the table that simulation draws sizes from.
const TABLE: usize = 256;

/// The uncalibrated distribution of demand at every lead, and the process that connects them.
#[derive(Debug, Clone)]
pub struct Predictive {
    model: ModelName,
    means: Vec<f64>,
    /// Sizes of demand, by how far ahead where that is known: one per lead bucket, or one for all.
    sizes: Vec<Sizes>,
    frequency: Frequency,
    /// Per lead: probability of demand and scale of its size.
    steps: Vec<(f64, f64)>,
    dense: bool,
    integer: bool,
    /// Squared relative standard error of the level, common to all leads of one future.
    uncertainty: f64,
}

impl Predictive {
    /// The distribution around `means` (one per lead), as the window's history spreads.
    pub fn new(window: &Window<'_>, model: ModelName, means: Vec<f64>, integer: bool) -> Self {
        let spread = if ModelName::dense(window) { Spread::dense(window, means.len()) } else { Spread::sparse(window) };
        Self::with(window, model, means, spread, 1.0, integer)
    }

    /// The distribution of a member that gets its group's means by share: the group's sizes, scaled by what the member's
    /// own few demands say about its usual size.
    pub fn allocated(member: &Window<'_>, group: &Window<'_>, means: Vec<f64>, integer: bool) -> Self {
        let mut spread = Spread::sparse(group);
        let own = member.demand_steps() as f64;
        let usual = member.observed.iter().sum::<f64>() / own.max(1.0);
        let scale = spread.sizes.first().map_or(1.0, |sizes| (usual / sizes.mean * own + 1.0) / (own + 1.0));
        let relative = spread.sizes.first().map_or(0.0, |sizes| 1.0 + sizes.variation);
        spread.uncertainty = spread.uncertainty.max((relative / (own + 1.0)).min(1.0));
        Self::with(group, ModelName::Allocated, means, spread, scale.clamp(0.01, 1.0), integer)
    }

    fn with(window: &Window<'_>, model: ModelName, means: Vec<f64>, spread: Spread, scale: f64, integer: bool) -> Self {
        let Spread { sizes, occurrence, uncertainty } = spread;
        let dense = !occurrence.is_empty();
        let frequency = window.frequency;
        let phase = |lead: usize| {
            let step = window.grid.open_lead(lead).filter(|_| dense);
            step.map(|step| occurrence[(step - 1) % occurrence.len()])
        };
        let steps = (1..=means.len())
            .map(|lead| step(means[lead - 1], at_lead(&sizes, frequency, lead), phase(lead), scale))
            .collect();
        Self { model, means, sizes, frequency, steps, dense, integer, uncertainty }
    }

    /// The model whose means these are.
    pub fn model(&self) -> ModelName {
        self.model
    }

    pub fn horizon(&self) -> usize {
        self.means.len()
    }

    /// Mean demand of the step at `lead` (from 1).
    pub fn mean(&self, lead: usize) -> f64 {
        self.means[lead - 1]
    }

    /// The demand at `lead` that is not exceeded with probability `t`.
    pub fn quantile(&self, lead: usize, t: f64) -> f64 {
        let (p, scale) = self.steps[lead - 1];
        let Some(sizes) = at_lead(&self.sizes, self.frequency, lead) else { return 0.0 };
        let u = (t - (1.0 - p)) / p;
        if p <= 0.0 || scale <= 0.0 || u <= 0.0 {
            return 0.0;
        }
        let value = sizes.quantile(u.min(1.0 - 1e-9)) * scale;
        if self.integer { whole(value) } else { value }
    }

    /// Probability of less than `y` and of at most `y` at `lead`: the two ends of the probability integral transform,
    /// which fall apart where a single value has probability (Czado, Gneiting and Held 2009).
    pub fn transform(&self, lead: usize, y: f64) -> (f64, f64) {
        let (p, scale) = self.steps[lead - 1];
        let Some(sizes) = at_lead(&self.sizes, self.frequency, lead).filter(|_| p > 0.0 && scale > 0.0) else {
            return (if y > 0.0 { 1.0 } else { 0.0 }, 1.0);
        };
        let outer = |inner: f64| 1.0 - p * (1.0 - inner);
        if self.integer {
            // A whole value stands for everything that rounds to it.
            let at = outer(sizes.cdf((y + 0.5) / scale));
            let below = if y > 0.0 { outer(sizes.cdf((y - 0.5) / scale)) } else { 0.0 };
            (below, at)
        } else {
            let below = if y > 0.0 { outer(sizes.cdf_below(y / scale)) } else { 0.0 };
            (below, outer(sizes.cdf(y / scale)))
        }
    }

    /// Whether two leads have the same distribution, so that the second needs no new work.
    pub(crate) fn same(&self, lead: usize, other: usize) -> bool {
        self.steps[lead - 1] == self.steps[other - 1] && self.frequency.bucket(lead) == self.frequency.bucket(other)
    }

    pub(crate) fn integer(&self) -> bool {
        self.integer
    }

    /// Sorted cumulative demand at each of `knots` (steps, ascending) over `paths` simulated futures.
    ///
    /// One future has one level, drawn from a lognormal distribution by stratum, so that weeks of one future are
    /// too high or too low together; its steps are then independent. Same seed, same futures.
    pub fn simulate(&self, knots: &[usize], paths: usize, seed: u64) -> Vec<Vec<f64>> {
        let mut sums = vec![Vec::with_capacity(paths); knots.len()];
        let Some(sizes) = self.sizes.first() else {
            return vec![vec![0.0; paths]; knots.len()];
        };
        // One future's steps err together by `uncertainty`; what is left to each is the spread of the nearest lead.
        let table: Vec<f64> = (0..TABLE).map(|at| sizes.quantile((at as f64 + 0.5) / TABLE as f64)).collect();
        let mut random = SplitMix::new(seed);
        let deviation = (1.0 + self.uncertainty).ln().sqrt();
        for path in 0..paths {
            let z = normal::quantile((path as f64 + 0.5) / paths as f64);
            let level = (deviation * z - deviation * deviation / 2.0).exp();
            let mut sum = 0.0;
            let mut knot = 0;
            for (at, (p, scale)) in self.steps.iter().enumerate() {
                let (p, scale) = if self.dense {
                    (*p, scale * level)
                } else if p * level <= 1.0 {
                    (p * level, *scale)
                } else {
                    (1.0, scale * p * level)
                };
                let bits = random.next();
                if ((bits >> 32) as f64) < p * 4_294_967_296.0 {
                    let size = table[(bits as usize) % TABLE] * scale;
                    // Rounding like `whole`, by a conversion that needs no call.
                    sum += if self.integer { (size + 0.499_999_999) as u64 as f64 } else { size };
                }
                if knots.get(knot) == Some(&(at + 1)) {
                    sums[knot].push(sum);
                    knot += 1;
                }
            }
        }
        for sums in &mut sums {
            sums.sort_unstable_by(f64::total_cmp);
        }
        sums
    }
}

/// Probability and scale that give this mean.
fn step(mean: f64, sizes: Option<&Sizes>, dense: Option<f64>, scale: f64) -> (f64, f64) {
    let Some(sizes) = sizes else {
        return (0.0, 1.0);
    };
    if mean <= 0.0 {
        return (0.0, scale);
    }
    if let Some(p) = dense {
        return (p, mean / (p * sizes.mean));
    }
    let p = mean / (sizes.mean * scale);
    if p <= 1.0 { (p, scale) } else { (1.0, mean / sizes.mean) }
}
