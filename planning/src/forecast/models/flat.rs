//! The fitted form of every method whose forecast is the same for all leads.

use crate::forecast::model::{FittedModel, ModelName};

/// One mean for every lead, under the name of the method that found it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Flat {
    name: ModelName,
    mean: f64,
}

impl Flat {
    pub(super) fn new(name: ModelName, mean: f64) -> Self {
        Self { name, mean: if mean.is_finite() { mean.max(0.0) } else { 0.0 } }
    }
}

impl FittedModel for Flat {
    fn name(&self) -> ModelName {
        self.name
    }

    fn mean(&self, _lead: usize) -> f64 {
        self.mean
    }
}
