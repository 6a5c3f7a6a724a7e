//! The mean of everything observed: hard to beat where nothing changes, and what the labelled fallbacks use.

use super::Flat;
use crate::forecast::model::{Model, ModelName};
use crate::forecast::window::Window;

/// The mean of the observed steps, reported as `label` (itself or one of the fallbacks).
#[derive(Debug, Clone, Copy)]
pub struct HistoricMean {
    pub label: ModelName,
}

impl Default for HistoricMean {
    fn default() -> Self {
        Self { label: ModelName::HistoricMean }
    }
}

impl Model for HistoricMean {
    type Fitted = Flat;

    fn fit(&self, window: &Window<'_>) -> Flat {
        Flat::new(self.label, window.mean())
    }
}
