//! Simple exponential smoothing: Brown (1956), as in Hyndman and Athanasopoulos, "Forecasting: principles and practice", 8.1.

use super::{Flat, Start};
use crate::forecast::model::{Model, ModelName};
use crate::forecast::smoothing;
use crate::forecast::window::Window;

/// The weight is the one in `bounds` with the least squared one-step error; equal bounds fix it.
#[derive(Debug, Clone, Copy)]
pub struct Ses {
    pub bounds: (f64, f64),
    pub start: Start,
}

impl Default for Ses {
    fn default() -> Self {
        Self { bounds: (0.01, 0.99), start: Start::Mean }
    }
}

impl Model for Ses {
    type Fitted = Flat;

    fn fit(&self, window: &Window<'_>) -> Flat {
        let alpha = smoothing::best_alpha(&window.observed, self.bounds.0, self.bounds.1, self.start);
        Flat::new(ModelName::Ses, smoothing::level(&window.observed, alpha, self.start))
    }
}
