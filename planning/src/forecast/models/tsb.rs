//! Teunter, Syntetos and Babai (2011), "Intermittent demand: linking forecasting to inventory obsolescence", EJOR 214.
//!
//! The probability of demand is smoothed every step, the size at demands only; so the forecast sinks while nothing is wanted.

use super::{Flat, Start};
use crate::forecast::model::{Model, ModelName};
use crate::forecast::window::Window;

/// `smoothed probability * smoothed size`.
#[derive(Debug, Clone, Copy)]
pub struct Tsb {
    pub alpha_size: f64,
    /// Weights to try for the probability; the one with the least squared one-step error of the forecast is kept.
    pub alpha_probability: &'static [f64],
    pub start: Start,
}

impl Default for Tsb {
    fn default() -> Self {
        Self { alpha_size: 0.1, alpha_probability: &[0.005, 0.02, 0.06, 0.15], start: Start::Mean }
    }
}

impl Model for Tsb {
    type Fitted = Flat;

    fn fit(&self, window: &Window<'_>) -> Flat {
        let demand = window.demand_steps();
        if demand == 0 {
            return Flat::new(ModelName::Tsb, 0.0);
        }
        let probability = demand as f64 / window.observed.len() as f64;
        let size = window.observed.iter().sum::<f64>() / demand as f64;
        let runs = self.alpha_probability.iter().map(|alpha| self.run(&window.observed, *alpha, probability, size));
        let best = runs.min_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or((0.0, probability * size));
        Flat::new(ModelName::Tsb, best.1)
    }
}

impl Tsb {
    /// Squared one-step error and the last forecast, for one weight.
    fn run(&self, values: &[f64], alpha: f64, mean_probability: f64, mean_size: f64) -> (f64, f64) {
        let (mut probability, mut size) = match self.start {
            Start::Mean => (mean_probability, mean_size),
            Start::First => {
                let first = values.iter().find(|v| **v > 0.0).copied().unwrap_or(0.0);
                (if values[0] > 0.0 { 1.0 } else { 0.0 }, first)
            }
        };
        let mut error = 0.0;
        for value in values {
            error += (value - probability * size).powi(2);
            if *value > 0.0 {
                probability += alpha * (1.0 - probability);
                size += self.alpha_size * (value - size);
            } else {
                probability -= alpha * probability;
            }
        }
        (error, probability * size)
    }
}
