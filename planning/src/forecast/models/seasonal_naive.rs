//! Seasonal naive: the last observed value of the same season step (for days, the same weekday).

use crate::forecast::model::{FittedModel, Model, ModelName};
use crate::forecast::quantiles::LEVELS;
use crate::forecast::window::Window;

/// The benchmark that every other method has to beat.
#[derive(Debug, Clone, Copy)]
pub struct SeasonalNaive;

/// One value per step of the season, the first for lead 1.
#[derive(Debug, Clone, PartialEq)]
pub struct FittedSeasonalNaive {
    cycle: Vec<f64>,
}

impl Model for SeasonalNaive {
    type Fitted = FittedSeasonalNaive;

    fn fit(&self, window: &Window<'_>) -> FittedSeasonalNaive {
        let season = window.season();
        // Without a season of history it is the plain naive forecast.
        let newest = window.observed.last().copied().unwrap_or(0.0);
        let last = |lead: usize| {
            // The steps one, two, ... seasons before the target; censored ones are passed over.
            (1..)
                .map_while(|back| (window.len() + lead).checked_sub(back * season + 1))
                .find(|at| *at < window.len() && !window.censored[*at])
                .map_or(newest, |at| window.quantities[at])
        };
        FittedSeasonalNaive { cycle: (1..=season).map(last).collect() }
    }
}

impl FittedModel for FittedSeasonalNaive {
    fn name(&self) -> ModelName {
        ModelName::SeasonalNaive
    }

    fn mean(&self, lead: usize) -> f64 {
        self.cycle[(lead - 1) % self.cycle.len()]
    }
}

/// The empirical quantiles of past values of the same season step at the published levels, for leads 1 to `horizon`: what a
/// seasonal naive forecast can honestly say about its spread, and the loss that other bands have to beat.
pub fn seasonal_quantiles(window: &Window<'_>, horizon: usize) -> Vec<[f64; 7]> {
    let season = window.season();
    let cycle: Vec<[f64; 7]> = (0..season)
        .map(|lead| {
            let phase = (window.len() + lead) % season;
            let mut past: Vec<f64> = (phase..window.len())
                .step_by(season)
                .filter(|at| !window.censored[*at])
                .map(|at| window.quantities[at])
                .collect();
            past.sort_unstable_by(f64::total_cmp);
            LEVELS.map(|t| past.get(((t * past.len() as f64).ceil() as usize).max(1) - 1).copied().unwrap_or(0.0))
        })
        .collect();
    (1..=horizon).map(|lead| window.grid.open_lead(lead).map_or([0.0; 7], |step| cycle[(step - 1) % season])).collect()
}
