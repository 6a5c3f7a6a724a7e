//! The median of several methods: Petropoulos and Svetunkov (2020), "A simple combination of univariate models", IJF 36.
//!
//! The median, because one method can be badly wrong where the others are not: Croston's never notices that demand has
//! ended after two orders in a week.

use crate::forecast::model::{FittedModel, Model, ModelName};
use crate::forecast::window::Window;

#[derive(Debug, Clone, Copy)]
pub struct Combination;

pub struct FittedCombination {
    members: Vec<Box<dyn FittedModel>>,
}

impl Combination {
    /// The methods that are averaged on this window: those that know its kind of demand.
    pub fn members(window: &Window<'_>) -> &'static [ModelName] {
        match (ModelName::dense(window), ModelName::seasonal(window)) {
            (true, true) => &[ModelName::SeasonalSes, ModelName::EtsAna, ModelName::EtsAada],
            (true, false) => &[ModelName::Ses, ModelName::Theta, ModelName::EtsAadn],
            (false, _) => &[ModelName::HistoricMean, ModelName::SeasonalSes, ModelName::Tsb, ModelName::Imapa],
        }
    }
}

impl Combination {
    /// The median of the members' means of one step; zero without members.
    pub fn of(means: &mut [f64]) -> f64 {
        means.sort_unstable_by(f64::total_cmp);
        let middle = means.len() / 2;
        match means.len() {
            0 => 0.0,
            odd if odd % 2 == 1 => means[middle],
            _ => f64::midpoint(means[middle - 1], means[middle]),
        }
    }
}

impl Model for Combination {
    type Fitted = FittedCombination;

    fn fit(&self, window: &Window<'_>) -> FittedCombination {
        FittedCombination { members: Self::members(window).iter().map(|name| name.fit_steps(window)).collect() }
    }
}

impl FittedModel for FittedCombination {
    fn name(&self) -> ModelName {
        ModelName::Combination
    }

    fn mean(&self, lead: usize) -> f64 {
        Combination::of(&mut self.members.iter().map(|member| member.mean(lead)).collect::<Vec<_>>())
    }
}
