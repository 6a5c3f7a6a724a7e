//! Croston's method with the correction of Syntetos and Boylan.
//!
//! Croston (1972), "Forecasting and stock control for intermittent demands": sizes and intervals are smoothed apart.
//! Syntetos and Boylan (2005), "The accuracy of intermittent demand estimates", IJF 21: the quotient is biased upwards by
//! about `1/(1 - alpha/2)`, which the factor `1 - alpha/2` takes back.

use super::{Flat, Start};
use crate::forecast::model::{Model, ModelName};
use crate::forecast::smoothing;
use crate::forecast::window::Window;

/// `(1 - alpha/2) * smoothed size / smoothed interval`.
#[derive(Debug, Clone, Copy)]
pub struct CrostonSba {
    pub alpha: f64,
    pub start: Start,
}

impl Default for CrostonSba {
    fn default() -> Self {
        Self { alpha: 0.1, start: Start::Mean }
    }
}

impl Model for CrostonSba {
    type Fitted = Flat;

    fn fit(&self, window: &Window<'_>) -> Flat {
        let (sizes, gaps) = sizes_and_intervals(&window.observed);
        let size = smoothing::level(&sizes, self.alpha, self.start);
        let gap = smoothing::level(&gaps, self.alpha, self.start).max(1.0);
        Flat::new(ModelName::CrostonSba, (1.0 - self.alpha / 2.0) * size / gap)
    }
}

/// The non-zero values and the steps since the one before each (for the first, its position from 1).
pub(super) fn sizes_and_intervals(values: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let mut before = -1.0;
    values
        .iter()
        .enumerate()
        .filter(|(_, value)| **value > 0.0)
        .map(|(at, value)| {
            let gap = at as f64 - before;
            before = at as f64;
            (*value, gap)
        })
        .unzip()
}
