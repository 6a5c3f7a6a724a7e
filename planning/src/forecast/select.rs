//! Which model a series gets: the one whose past forecasts, its own and its class's, were best.
//!
//! A model's score in a fold is its root mean squared error over the mean of all candidates' (so 1 is average, whatever
//! the units). Three folds of one sparse series are mostly luck, so the series' own scores are averaged with the class's mean
//! score, which counts as [`PRIOR`] folds: empirical Bayes, the plain kind.

use super::class::DemandClass;
use super::model::ModelName;
use super::series::LevelGroup;

/// Folds that the class's experience is worth.
const PRIOR: f64 = 3.0;

/// Sums of scores per candidate.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Scores([(f64, u32); ModelName::CANDIDATES]);

impl Scores {
    /// Adds one fold's root mean squared errors.
    pub(crate) fn add(&mut self, errors: &[(ModelName, f64)]) {
        let average = errors.iter().map(|e| e.1).sum::<f64>() / errors.len().max(1) as f64;
        for (name, error) in errors {
            let slot = &mut self.0[name.index()];
            slot.0 += if average > 0.0 { error / average } else { 1.0 };
            slot.1 += 1;
        }
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine = (mine.0 + theirs.0, mine.1 + theirs.1);
        }
    }
}

/// The classes' experience, and how a choice follows from it and a series' own.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scoreboard {
    classes: [[Scores; DemandClass::ALL.len()]; LevelGroup::ALL],
}

impl Scoreboard {
    pub(crate) fn add(&mut self, level: LevelGroup, class: DemandClass, errors: &[(ModelName, f64)]) {
        self.classes[level as usize][class.index()].add(errors);
    }

    /// The candidate with the least shrunken score; the first of equals.
    pub(crate) fn choose(
        &self,
        level: LevelGroup,
        class: DemandClass,
        own: &Scores,
        candidates: &[ModelName],
    ) -> ModelName {
        let score = |name: ModelName| {
            let (sum, n) = own.0[name.index()];
            let (class_sum, class_n) = self.classes[level as usize][class.index()].0[name.index()];
            // Without any experience the combination is the safest bet (see its file).
            let default = if name == ModelName::Combination { 0.95 } else { 1.0 };
            let prior = if class_n > 0 { class_sum / f64::from(class_n) } else { default };
            (sum + PRIOR * prior) / (f64::from(n) + PRIOR)
        };
        candidates.iter().copied().min_by(|a, b| score(*a).total_cmp(&score(*b))).unwrap_or(ModelName::HistoricMean)
    }
}
