//! The Theta method: Assimakopoulos and Nikolopoulos (2000), "The theta model", IJF 16, in the state-space form STM of
//! Fiorucci and others (2016), "Models for optimising the theta method", IJF 32.
//!
//! With the line `A + B t` through the history, the one-step forecast is
//! `l + (A (1-alpha)^(t-1) + B (1 - (1-alpha)^t) / alpha) / 2`, where `l` is smoothed from the values; each further step
//! adds `B / 2`. Demand is seasonally adjusted first, by the drawn-in indices of `seasonal_ses`.

use super::season_indices;
use crate::forecast::model::{FittedModel, Model, ModelName};
use crate::forecast::window::Window;

/// Weights tried in each round of the search, and the rounds.
const LANES: usize = 8;
const ROUNDS: usize = 3;
/// Errors that do not count.
const SETTLING: usize = 3;

/// Level and weight with the least squared one-step error; a set `fixed` is taken instead.
#[derive(Debug, Clone, Copy)]
pub struct Theta {
    /// Bounds of the weight.
    pub bounds: (f64, f64),
    /// First level and weight.
    pub fixed: Option<(f64, f64)>,
    /// Whether to adjust for the season.
    pub seasonal: bool,
}

impl Default for Theta {
    fn default() -> Self {
        Self { bounds: (0.01, 0.99), fixed: None, seasonal: true }
    }
}

/// The forecast of lead 1 before the season, what each lead adds, and the season from lead 1 on.
#[derive(Debug, Clone, PartialEq)]
pub struct FittedTheta {
    first: f64,
    step: f64,
    cycle: Vec<f64>,
}

impl Model for Theta {
    type Fitted = FittedTheta;

    fn fit(&self, window: &Window<'_>) -> FittedTheta {
        let season = if self.seasonal { window.season() } else { 1 };
        let indices = season_indices(window, season);
        let values: Vec<f64> = window
            .quantities
            .iter()
            .zip(window.censored.iter())
            .enumerate()
            .filter(|(_, (_, censored))| !**censored)
            .map(|(at, (quantity, _))| quantity / indices[at % season].max(0.2))
            .collect();
        let (intercept, slope) = line(&values);
        let (start, alpha) = self.fixed.unwrap_or_else(|| self.search(&values, intercept, slope));
        let level = values.iter().fold(start, |level, value| level + alpha * (value - level));
        let faded = (1.0 - alpha).powf(values.len() as f64);
        let lag = (1.0 - (1.0 - alpha) * faded) / alpha;
        FittedTheta {
            first: level + f64::midpoint(intercept * faded, slope * lag),
            step: slope / 2.0,
            cycle: (0..season).map(|lead| indices[(window.len() + lead) % season]).collect(),
        }
    }
}

impl Theta {
    /// The best first level and weight: a grid of weights, narrowed about its best; the level of each is least squares'.
    fn search(&self, values: &[f64], intercept: f64, slope: f64) -> (f64, f64) {
        let (mut low, mut high) = self.bounds;
        let mut best = (f64::INFINITY, 0.0, f64::midpoint(low, high));
        for _ in 0..ROUNDS {
            // The ends are tried too: the best weight of noise is the least.
            let width = (high - low) / (LANES - 1) as f64;
            let alphas: [f64; LANES] = std::array::from_fn(|lane| low + width * lane as f64);
            for (found, alpha) in squared_errors(values, alphas, intercept, slope).into_iter().zip(alphas) {
                if found.0 < best.0 {
                    best = (found.0, found.1, alpha);
                }
            }
            (low, high) = ((best.2 - width).max(self.bounds.0), (best.2 + width).min(self.bounds.1));
        }
        (best.1, best.2)
    }
}

/// For each weight the least sum of squared one-step errors and the first level that reaches it.
fn squared_errors(values: &[f64], alphas: [f64; LANES], intercept: f64, slope: f64) -> [(f64, f64); LANES] {
    let mut levels = [0.0; LANES];
    let mut fading = [1.0; LANES];
    let (mut squares, mut cross, mut weights) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
    for (at, value) in values.iter().enumerate() {
        // The first errors tell more of the start than of the weight.
        let counted = if at < SETTLING { 0.0 } else { 1.0 };
        for lane in 0..LANES {
            let alpha = alphas[lane];
            let fade = fading[lane];
            let rest = fade * (1.0 - alpha);
            let error = value - levels[lane] - f64::midpoint(intercept * fade, slope * (1.0 - rest) / alpha);
            squares[lane] += counted * error * error;
            cross[lane] += counted * error * fade;
            weights[lane] += counted * fade * fade;
            levels[lane] += alpha * (value - levels[lane]);
            fading[lane] = rest;
        }
    }
    std::array::from_fn(|lane| {
        let start = if weights[lane] > 0.0 { cross[lane] / weights[lane] } else { 0.0 };
        (squares[lane] - start * cross[lane], start)
    })
}

/// Intercept and slope of the least-squares line through the values at 1, 2, ...
fn line(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n.max(1.0);
    if n < 2.0 {
        return (mean, 0.0);
    }
    let middle = f64::midpoint(n, 1.0);
    let cross: f64 = values.iter().enumerate().map(|(at, value)| ((at + 1) as f64 - middle) * (value - mean)).sum();
    let slope = cross / (n * (n * n - 1.0) / 12.0);
    (mean - slope * middle, slope)
}

impl FittedModel for FittedTheta {
    fn name(&self) -> ModelName {
        ModelName::Theta
    }

    fn mean(&self, lead: usize) -> f64 {
        let mean = (self.first + self.step * (lead - 1) as f64) * self.cycle[(lead - 1) % self.cycle.len()];
        if mean.is_finite() { mean.max(0.0) } else { 0.0 }
    }
}
