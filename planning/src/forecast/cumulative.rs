//! Demand over many days: what a reorder point is a quantile of.
//!
//! It is simulated as a whole and calibrated as a whole. Adding the daily quantiles up would be wrong twice: the sum of
//! quantiles is no quantile, and days of one future err together.

use serde::{Deserialize, Serialize};

use super::normal;
use super::predictive::Predictive;
use super::quantiles::{LEVELS, Quantiles, whole};

/// Levels that cumulative demand is kept at: the published ones and those that service levels ask for.
pub const CUMULATIVE_LEVELS: [f64; 11] = [0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99, 0.995];
/// Days after which it is kept; between them it is interpolated.
pub const KNOTS: [usize; 14] = [1, 2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 75, 90, 120];

/// How many of [`KNOTS`] a horizon reaches.
pub(crate) fn knots(horizon: usize) -> &'static [usize] {
    &KNOTS[..KNOTS.partition_point(|knot| *knot <= horizon)]
}

/// The distribution of one amount of demand: its mean and quantiles at [`CUMULATIVE_LEVELS`], in units.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct DemandDistribution {
    pub mean: f64,
    pub quantiles: [f64; 11],
}

impl DemandDistribution {
    /// The demand not exceeded with probability `t`: linear between the levels, from zero below the lowest,
    /// exponential above the highest with the slope of the last two.
    pub fn quantile(&self, t: f64) -> f64 {
        let t = t.clamp(0.0, 0.99999);
        let next = CUMULATIVE_LEVELS.partition_point(|level| *level < t);
        if next == CUMULATIVE_LEVELS.len() {
            return self.quantiles[10] + self.slope() * (0.005 / (1.0 - t)).ln();
        }
        let (t0, q0) = if next == 0 { (0.0, 0.0) } else { (CUMULATIVE_LEVELS[next - 1], self.quantiles[next - 1]) };
        q0 + (self.quantiles[next] - q0) * (t - t0) / (CUMULATIVE_LEVELS[next] - t0)
    }

    /// Probability of at most `x`: the inverse of [`Self::quantile`].
    pub fn probability(&self, x: f64) -> f64 {
        if x < 0.0 {
            return 0.0;
        }
        let next = self.quantiles.partition_point(|q| *q <= x);
        if next == self.quantiles.len() {
            let slope = self.slope();
            return if slope > 0.0 { 1.0 - 0.005 * (-(x - self.quantiles[10]) / slope).exp() } else { 1.0 };
        }
        let (t0, q0) = if next == 0 { (0.0, 0.0) } else { (CUMULATIVE_LEVELS[next - 1], self.quantiles[next - 1]) };
        t0 + (CUMULATIVE_LEVELS[next] - t0) * (x - q0) / (self.quantiles[next] - q0)
    }

    /// Mean of what exceeds `available`: the demand that would go unmet, by the midpoint rule over 1,000 levels.
    pub fn expected_shortage(&self, available: f64) -> f64 {
        (0..1000).map(|at| (self.quantile((f64::from(at) + 0.5) / 1000.0) - available).max(0.0)).sum::<f64>() / 1000.0
    }

    /// The seven published quantiles.
    pub fn published(&self) -> Quantiles {
        Quantiles::new(LEVELS.map(|level| self.quantile(level)), false)
    }

    fn slope(&self) -> f64 {
        // Between 0.975 and 0.995 an exponential tail falls by ln(0.025 / 0.005).
        (self.quantiles[10] - self.quantiles[8]) / 5.0_f64.ln()
    }
}

/// The distribution of demand from the first step ahead up to each of `days`. Small enough to be stored with a forecast.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct CumulativeDemand {
    /// Steps from the origin, ascending: some of [`KNOTS`].
    pub days: Vec<usize>,
    /// One distribution per entry of `days`.
    pub demand: Vec<DemandDistribution>,
}

impl CumulativeDemand {
    /// Whether demand comes in whole units: the distribution has no others.
    pub fn is_whole(&self) -> bool {
        self.demand.iter().all(|at| at.quantiles.iter().all(|quantile| quantile.fract().abs() < 1e-9))
    }

    /// Demand over the first `days` steps: interpolated between the stored ones and, beyond the last, grown with the mean
    /// in proportion to time and the spread to its square root.
    pub fn over(&self, days: usize) -> DemandDistribution {
        let (Some(last), Some(furthest)) = (self.days.last(), self.demand.last()) else {
            return DemandDistribution::default();
        };
        if days == 0 {
            return DemandDistribution::default();
        }
        if days > *last {
            let ratio = days as f64 / *last as f64;
            let mean = furthest.mean * ratio;
            let quantiles = furthest.quantiles.map(|q| (mean + (q - furthest.mean) * ratio.sqrt()).max(0.0));
            return DemandDistribution { mean, quantiles };
        }
        let next = self.days.partition_point(|knot| *knot < days);
        let before = if next == 0 { DemandDistribution::default() } else { self.demand[next - 1] };
        let from = if next == 0 { 0 } else { self.days[next - 1] };
        let share = (days - from) as f64 / (self.days[next] - from) as f64;
        let after = self.demand[next];
        let between = |a: f64, b: f64| a + (b - a) * share;
        DemandDistribution {
            mean: between(before.mean, after.mean),
            quantiles: std::array::from_fn(|at| between(before.quantiles[at], after.quantiles[at])),
        }
    }

    /// From simulated futures of a distribution, read at the levels that `readings` names for each knot.
    pub(crate) fn simulated(
        predictive: &Predictive,
        paths: usize,
        seed: u64,
        readings: impl Fn(usize) -> [f64; 11],
    ) -> Self {
        let reached = knots(predictive.horizon());
        let samples = predictive.simulate(reached, paths, seed);
        let mut demand: Vec<DemandDistribution> = Vec::with_capacity(reached.len());
        for (knot, (days, sorted)) in reached.iter().zip(samples).enumerate() {
            let mean = (1..=*days).map(|lead| predictive.mean(lead)).sum();
            let mut next = Sample::new(sorted).distribution(mean, &readings(knot), predictive.integer());
            // More days never want less, though neighbouring knots are calibrated apart.
            if let Some(before) = demand.last() {
                next.quantiles = std::array::from_fn(|level| next.quantiles[level].max(before.quantiles[level]));
            }
            demand.push(next);
        }
        Self { days: reached.to_vec(), demand }
    }

    /// From daily forecasts alone, for forecasts that were made elsewhere: means add, and so do variances, multiplied by
    /// `dispersion` (1 for independent days; 2 is prudent); the sum is taken as gamma distributed.
    ///
    /// Each day is `(mean, quantiles at LEVELS)`. Cruder than what the engine simulates: prefer the stored one.
    pub fn from_daily(days: &[(f64, [f64; 7])], dispersion: f64) -> Self {
        let reached = knots(days.len()).to_vec();
        let (mut mean, mut variance) = (0.0, 0.0);
        let sums: Vec<(f64, f64)> = days
            .iter()
            .map(|(day, quantiles)| {
                mean += day;
                variance += dispersion * spread(*day, quantiles);
                (mean, variance)
            })
            .collect();
        let demand = reached
            .iter()
            .map(|knot| {
                let (mean, variance) = sums[knot - 1];
                DemandDistribution {
                    mean,
                    quantiles: CUMULATIVE_LEVELS.map(|t| normal::gamma_quantile(t, mean, variance)),
                }
            })
            .collect();
        Self { days: reached, demand }
    }
}

/// Variance of a day from its mean and seven quantiles: seven slices at their quantiles, and what the mean still lacks
/// put above the highest, where sparse demand hides.
fn spread(mean: f64, quantiles: &[f64; 7]) -> f64 {
    const SLICES: [f64; 7] = [0.0625, 0.1125, 0.2, 0.25, 0.2, 0.1125, 0.05];
    const TOP: f64 = 0.0125;
    let body: f64 = SLICES.iter().zip(quantiles).map(|(w, q)| w * q).sum();
    let top = ((mean - body) / TOP).max(quantiles[6]);
    let squares: f64 = SLICES.iter().zip(quantiles).map(|(w, q)| w * (q - mean).powi(2)).sum();
    squares + TOP * (top - mean).powi(2)
}

/// Simulated sums of one number of days, with an exponential tail beyond the last ten of them
/// (peaks over threshold: Balkema and de Haan 1974, Pickands 1975, with shape zero).
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    sorted: Vec<f64>,
    tail_from: usize,
    slope: f64,
}

impl Sample {
    pub(crate) fn new(sorted: Vec<f64>) -> Self {
        let tail_from = sorted.len().saturating_sub(10);
        let threshold = sorted.get(tail_from).copied().unwrap_or(0.0);
        let excess: f64 = sorted[tail_from..].iter().map(|x| x - threshold).sum();
        let slope = (excess / 10.0).max(0.05 * threshold);
        Self { sorted, tail_from, slope }
    }

    fn threshold(&self) -> f64 {
        self.sorted[self.tail_from]
    }

    fn tail(&self) -> f64 {
        (self.sorted.len() - self.tail_from) as f64 / self.sorted.len() as f64
    }

    pub(crate) fn quantile(&self, t: f64) -> f64 {
        let tail = self.tail();
        if 1.0 - t < tail {
            return self.threshold() + self.slope * (tail / (1.0 - t)).ln();
        }
        let rank = (t * self.sorted.len() as f64).ceil() as usize;
        self.sorted[rank.clamp(1, self.sorted.len()) - 1].min(self.threshold())
    }

    /// P(sum < x) and P(sum <= x); for whole demand everything that rounds to a value counts as it.
    pub(crate) fn transform(&self, x: f64, integer: bool) -> (f64, f64) {
        let half = if integer { 0.5 } else { 0.0 };
        let below = if x <= 0.0 { 0.0 } else { self.share(x - half, !integer) };
        (below, self.share(x + half, false).max(below))
    }

    fn share(&self, x: f64, strictly: bool) -> f64 {
        if x > self.threshold() {
            return if self.slope > 0.0 {
                1.0 - self.tail() * (-(x - self.threshold()) / self.slope).exp()
            } else {
                1.0
            };
        }
        let reached =
            self.sorted[..self.tail_from].partition_point(|value| if strictly { *value < x } else { *value <= x });
        reached as f64 / self.sorted.len() as f64
    }

    /// The distribution at these nominal levels.
    pub(crate) fn distribution(&self, mean: f64, readings: &[f64; 11], integer: bool) -> DemandDistribution {
        let mut least = 0.0_f64;
        let quantiles = readings.map(|t| {
            let value = self.quantile(t);
            least = least.max(if integer { whole(value) } else { value });
            least
        });
        DemandDistribution { mean, quantiles }
    }
}
