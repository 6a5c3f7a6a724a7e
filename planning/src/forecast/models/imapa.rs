//! IMAPA: Petropoulos and Kourentzes (2015), "Forecast combinations for intermittent demand", JORS 66.
//!
//! The mean of ADIDA's forecast over every block length from one step to the mean interval between demands.

use super::{Flat, Start, adida};
use crate::forecast::model::{Model, ModelName};
use crate::forecast::window::Window;

/// SES over blocks of each length, its weight optimised in `bounds`.
#[derive(Debug, Clone, Copy)]
pub struct Imapa {
    pub bounds: (f64, f64),
    pub start: Start,
}

impl Default for Imapa {
    fn default() -> Self {
        Self { bounds: (0.1, 0.3), start: Start::Mean }
    }
}

impl Model for Imapa {
    type Fitted = Flat;

    fn fit(&self, window: &Window<'_>) -> Flat {
        let longest = adida::mean_interval(&window.observed);
        let sum: f64 =
            (1..=longest).map(|block| adida::per_step(&window.observed, block, self.bounds, self.start)).sum();
        Flat::new(ModelName::Imapa, sum / longest as f64)
    }
}
