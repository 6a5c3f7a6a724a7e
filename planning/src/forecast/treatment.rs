//! How a window is forecast once that is decided: by a model of its own, or by a share of its parent's.

use super::model::{FittedModel, ModelName};
use super::models::Combination;
use super::predictive::Predictive;
use super::window::Window;

/// How a window is to be forecast.
pub(crate) enum Treatment<'a> {
    Own(ModelName),
    /// By share of this parent's window.
    Share {
        parent: Window<'a>,
        model: ModelName,
        share: f64,
    },
}

fn means_of(fitted: &dyn FittedModel, horizon: usize) -> Vec<f64> {
    (1..=horizon).map(|lead| fitted.mean(lead)).collect()
}

/// Every candidate's means. The combination is made of its members' rows instead of being fitted again.
pub(crate) fn candidates(window: &Window<'_>, horizon: usize) -> Vec<(ModelName, Vec<f64>)> {
    let mut rows: Vec<(ModelName, Vec<f64>)> = Vec::new();
    for name in ModelName::candidates(window) {
        if *name == ModelName::Combination {
            continue;
        }
        if window.demand_steps() == 0 {
            // Every one of them says so.
            rows.push((*name, vec![0.0; horizon]));
            continue;
        }
        let fitted = name.fit(window);
        rows.push((fitted.name(), means_of(&*fitted, horizon)));
    }
    let members = Combination::members(window);
    let combined = (0..horizon)
        .map(|lead| {
            let mut means: Vec<f64> =
                rows.iter().filter(|(name, _)| members.contains(name)).map(|(_, row)| row[lead]).collect();
            Combination::of(&mut means)
        })
        .collect();
    rows.push((ModelName::Combination, combined));
    rows
}

/// Fits what the treatment says and puts the window's distribution around it.
pub(crate) fn predict(window: &Window<'_>, treatment: &Treatment<'_>, horizon: usize, integer: bool) -> Predictive {
    match treatment {
        Treatment::Own(name) => {
            let fitted = name.fit(window);
            Predictive::new(window, fitted.name(), means_of(&*fitted, horizon), integer)
        }
        Treatment::Share { parent, model, share } => {
            let mut means = means_of(&*model.fit(parent), horizon);
            for mean in &mut means {
                *mean *= share;
            }
            Predictive::allocated(window, parent, means, integer)
        }
    }
}
