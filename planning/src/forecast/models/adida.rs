//! ADIDA: Nikolopoulos and others (2011), "An aggregate-disaggregate intermittent demand approach", JORS 62.
//!
//! The history is summed into blocks as long as the mean interval between demands, so that most blocks have some;
//! the blocks are smoothed and the forecast is spread back evenly.

use super::{Flat, Start, croston};
use crate::forecast::model::{Model, ModelName};
use crate::forecast::smoothing;
use crate::forecast::window::Window;

/// SES over blocks, its weight optimised in `bounds`.
#[derive(Debug, Clone, Copy)]
pub struct Adida {
    pub bounds: (f64, f64),
    pub start: Start,
}

impl Default for Adida {
    fn default() -> Self {
        Self { bounds: (0.1, 0.3), start: Start::Mean }
    }
}

impl Model for Adida {
    type Fitted = Flat;

    fn fit(&self, window: &Window<'_>) -> Flat {
        let level = mean_interval(&window.observed);
        Flat::new(ModelName::Adida, per_step(&window.observed, level, self.bounds, self.start))
    }
}

/// The rounded mean interval between demands (ties to even, as the reference implementation), at least one step.
pub(super) fn mean_interval(values: &[f64]) -> usize {
    let (_, gaps) = croston::sizes_and_intervals(values);
    if gaps.is_empty() { 1 } else { ((gaps.iter().sum::<f64>() / gaps.len() as f64).round_ties_even() as usize).max(1) }
}

/// The forecast per step from blocks of `block` steps, the oldest incomplete block left out.
pub(super) fn per_step(values: &[f64], block: usize, bounds: (f64, f64), start: Start) -> f64 {
    let sums: Vec<f64> = values[values.len() % block..].chunks_exact(block).map(|chunk| chunk.iter().sum()).collect();
    let alpha = smoothing::best_alpha(&sums, bounds.0, bounds.1, start);
    smoothing::level(&sums, alpha, start) / block as f64
}
