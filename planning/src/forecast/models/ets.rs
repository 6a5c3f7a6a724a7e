//! Exponential smoothing with additive errors: ETS(A,Ad,N), ETS(A,N,A) and ETS(A,Ad,A).
//!
//! The innovation form of Hyndman, Koehler, Ord and Snyder (2008), "Forecasting with exponential smoothing", 2.5:
//! `e = y - l - phi b - s`, `l' = l + phi b + alpha e`, `b' = phi b + beta e`, `s' = s + gamma e`.
//! Weights are the best of a grid by squared one-step error over the last year; a finer search changes forecasts of
//! daily demand less than the next day's demand does.

use crate::forecast::model::{FittedModel, Model, ModelName};
use crate::forecast::window::Window;

const ALPHAS: [f64; 6] = [0.01, 0.03, 0.07, 0.15, 0.3, 0.5];
const GAMMAS: [f64; 5] = [0.001, 0.02, 0.05, 0.1, 0.2];
/// Shares of alpha.
const BETAS: [f64; 3] = [0.01, 0.05, 0.15];
/// Steps that a start without a season is the mean of.
const START: usize = 28;
const PHIS: [f64; 3] = [0.9, 0.95, 0.98];

#[derive(Debug, Clone, Copy)]
pub struct Ets {
    pub damped_trend: bool,
    pub seasonal: bool,
}

/// Smoothing weights; `beta` and `gamma` as they stand in the recursion.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    pub alpha: f64,
    pub beta: f64,
    pub gamma: f64,
    pub phi: f64,
}

/// The states after the last step: `season[0]` belongs to lead 1.
#[derive(Debug, Clone, PartialEq)]
pub struct FittedEts {
    name: ModelName,
    level: f64,
    trend: f64,
    phi: f64,
    season: Vec<f64>,
}

impl Model for Ets {
    type Fitted = FittedEts;

    fn fit(&self, window: &Window<'_>) -> FittedEts {
        let season = if self.seasonal { window.season() } else { 1 };
        let from = window.len().saturating_sub((52 * 7).max(10 * season));
        let quantities = &window.quantities[from..];
        let censored = &window.censored[from..];
        let begin = start(quantities, censored, season);
        let cost = |weights: &Weights| {
            let mut states = begin.clone();
            states.run(quantities, censored, *weights)
        };
        let gammas = if self.seasonal { &GAMMAS[..] } else { &[0.0] };
        let flat = ALPHAS
            .iter()
            .flat_map(|alpha| gammas.iter().map(|gamma| Weights { alpha: *alpha, beta: 0.0, gamma: *gamma, phi: 0.0 }));
        let mut weights = least(flat, cost);
        if self.damped_trend {
            // Around the best without a trend: its season, and its weight of the level or a neighbouring one.
            let Weights { alpha: near, gamma, .. } = weights;
            let alphas = ALPHAS.iter().filter(|alpha| (0.3..3.5).contains(&(**alpha / near)));
            let damped = alphas.flat_map(|alpha| {
                BETAS.iter().flat_map(move |beta| {
                    PHIS.iter().map(move |phi| Weights { alpha: *alpha, beta: alpha * beta, gamma, phi: *phi })
                })
            });
            weights = least(damped, cost);
        }
        let mut states = begin;
        states.run(quantities, censored, weights);
        let name = match (self.damped_trend, self.seasonal) {
            (_, false) => ModelName::EtsAadn,
            (true, true) => ModelName::EtsAada,
            (false, true) => ModelName::EtsAna,
        };
        states.fitted(name, quantities.len(), weights.phi)
    }
}

fn least(weights: impl Iterator<Item = Weights>, cost: impl Fn(&Weights) -> f64) -> Weights {
    let start = (f64::INFINITY, Weights { alpha: 0.1, beta: 0.0, gamma: 0.05, phi: 0.0 });
    weights.map(|w| (cost(&w), w)).fold(start, |best, next| if next.0 < best.0 { next } else { best }).1
}

/// Level, trend and one seasonal state per step of the season, addressed by position modulo the season.
#[derive(Debug, Clone)]
pub struct States {
    pub level: f64,
    pub trend: f64,
    pub season: Vec<f64>,
}

impl States {
    /// Runs the recursion over the steps and answers the sum of squared one-step errors; censored steps only pass time.
    pub fn run(&mut self, quantities: &[f64], censored: &[bool], w: Weights) -> f64 {
        let mut sum = 0.0;
        let mut phase = 0;
        for (quantity, censored) in quantities.iter().zip(censored) {
            let drift = w.phi * self.trend;
            let error = if *censored { 0.0 } else { quantity - self.level - drift - self.season[phase] };
            sum += error * error;
            self.level += drift + w.alpha * error;
            self.trend = drift + w.beta * error;
            self.season[phase] += w.gamma * error;
            phase = if phase + 1 == self.season.len() { 0 } else { phase + 1 };
        }
        sum
    }

    /// The model that forecasts from these states, which have seen `steps`.
    pub fn fitted(self, name: ModelName, steps: usize, phi: f64) -> FittedEts {
        let mut season = self.season;
        let turn = steps % season.len();
        season.rotate_left(turn);
        FittedEts { name, level: self.level, trend: self.trend, phi, season }
    }
}

/// Starting states: the mean of the first four seasons (or [`START`] steps) and the mean of each season step about it; no trend.
fn start(quantities: &[f64], censored: &[bool], season: usize) -> States {
    let head = quantities.len().min((4 * season).max(START));
    let (mut sums, mut counts) = (vec![0.0; season], vec![0.0; season]);
    for at in 0..head {
        if !censored[at] {
            sums[at % season] += quantities[at];
            counts[at % season] += 1.0;
        }
    }
    let seen: f64 = counts.iter().sum();
    let level = if seen > 0.0 { sums.iter().sum::<f64>() / seen } else { 0.0 };
    let season =
        sums.iter().zip(&counts).map(|(sum, count)| if *count > 0.0 { sum / count - level } else { 0.0 }).collect();
    States { level, trend: 0.0, season }
}

impl FittedModel for FittedEts {
    fn name(&self) -> ModelName {
        self.name
    }

    fn mean(&self, lead: usize) -> f64 {
        // phi + phi^2 + ... + phi^lead, in closed form.
        let damped =
            if self.phi > 0.0 { self.phi * (1.0 - self.phi.powf(lead as f64)) / (1.0 - self.phi) } else { 0.0 };
        let mean = self.level + damped * self.trend + self.season[(lead - 1) % self.season.len()];
        if mean.is_finite() { mean.max(0.0) } else { 0.0 }
    }
}
