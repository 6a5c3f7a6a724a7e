//! What a history says about the distribution around any mean: how demand spreads, and how far its level wanders.

use super::model::ModelName;
use super::models::{Start, season_indices};
use super::series::Frequency;
use super::sizes::Sizes;
use super::window::Window;

/// Days after which a sparse demand counts half: sizes change slowly, and there are few.
const SPARSE_HALF_LIFE: usize = 730;
/// The same for dense demand, where recent days are plenty.
const DENSE_HALF_LIFE: usize = 180;
/// Smoothing weight of the level that dense demand is measured against, and the observations that this level rests on.
const DENSE_ALPHA: f64 = 0.1;
const DENSE_MEMORY: f64 = (2.0 - DENSE_ALPHA) / DENSE_ALPHA;
/// Steps with demand that the errors of one lead must rest on; else those of a nearer lead stand in.
const FEWEST: usize = 20;

pub(crate) struct Spread {
    /// One for all leads, or one per lead bucket from the nearest on; none without demand.
    pub(crate) sizes: Vec<Sizes>,
    /// Dense demand: probability of demand at each step of the season, the first for the first step ahead. Empty for sparse
    /// demand, whose probability the mean decides.
    pub(crate) occurrence: Vec<f64>,
    /// Squared relative standard error of the level, common to all leads of one future.
    pub(crate) uncertainty: f64,
}

/// The sizes that belong to a lead.
pub(crate) fn at_lead(sizes: &[Sizes], frequency: Frequency, lead: usize) -> Option<&Sizes> {
    sizes.get(frequency.bucket(lead)).or(sizes.last())
}

impl Spread {
    /// Sizes of the demands with recency weights.
    pub(crate) fn sparse(window: &Window<'_>) -> Self {
        let decay = decay(window.steps(SPARSE_HALF_LIFE));
        let mut weight = 1.0;
        let mut pairs = Vec::new();
        for (quantity, censored) in window.quantities.iter().zip(window.censored.iter()).rev() {
            if *quantity > 0.0 && !censored {
                pairs.push((*quantity, weight));
            }
            weight *= decay;
        }
        let sizes = Sizes::new(pairs);
        // Relative variance of one demand and of whether it comes.
        let uncertainty =
            sizes.as_ref().map_or(0.0, |sizes| ((1.0 + sizes.variation) / sizes.count.max(1.0)).clamp(0.0, 1.0));
        Self { sizes: sizes.into_iter().collect(), occurrence: Vec::new(), uncertainty }
    }

    /// Sizes relative to a slow level, as it was known one lead before, times the season's index; and how often there is
    /// demand at each step of the season. So the errors of far leads hold what the level did in between.
    pub(crate) fn dense(window: &Window<'_>, horizon: usize) -> Self {
        let season = if ModelName::seasonal(window) { window.season() } else { 1 };
        let indices = season_indices(window, season);
        let occurrence = occurrence(window, season);
        let floor = 0.25 * window.mean();
        let mut level = Start::Mean.level(&window.observed);
        // The level before each step.
        let mut levels = Vec::with_capacity(window.len());
        for (at, (quantity, censored)) in window.quantities.iter().zip(window.censored.iter()).enumerate() {
            levels.push(level);
            if !censored {
                level += DENSE_ALPHA * (quantity / indices[at % season].max(0.2) - level);
            }
        }
        let decay = decay(window.steps(DENSE_HALF_LIFE));
        let errors = |gap: usize| -> Vec<(f64, f64)> {
            let mut weight = 1.0;
            let mut pairs = Vec::with_capacity(window.len());
            for at in (gap..window.len()).rev() {
                let quantity = window.quantities[at];
                if !window.censored[at] && quantity > 0.0 {
                    let base = (levels[at - gap] * indices[at % season].max(0.2)).max(floor) / occurrence[at % season];
                    pairs.push((quantity / base, weight));
                }
                weight *= decay;
            }
            pairs
        };
        let mut sizes: Vec<Sizes> = Vec::with_capacity(Frequency::BUCKETS);
        for bucket in 0..=window.frequency.bucket(horizon.max(1)) {
            let gap = window.frequency.typical(bucket);
            let pairs = errors(window.steps_of_leads(gap) - 1);
            if bucket > 0 && (pairs.len() < FEWEST || 2 * gap > window.len()) {
                break;
            }
            sizes.extend(Sizes::new(pairs));
        }
        let usual = occurrence.iter().sum::<f64>() / season as f64;
        let relative = |sizes: &Sizes| (1.0 + sizes.variation) / usual - 1.0;
        let uncertainty = sizes.first().zip(sizes.last()).map_or(0.0, |(near, far)| {
            // What far errors have more than near ones is the level's doing.
            let wandered = relative(far) - relative(near);
            wandered.max(relative(near) / DENSE_MEMORY).clamp(0.0, 1.0)
        });
        let ahead = (0..season).map(|lead| occurrence[(window.len() + lead) % season]).collect();
        Self { sizes, occurrence: ahead, uncertainty }
    }
}

/// Share of steps with demand at each step of the season, drawn towards the whole history's by four observations; recent
/// steps count more, as for sizes.
fn occurrence(window: &Window<'_>, season: usize) -> Vec<f64> {
    let decay = decay(window.steps(DENSE_HALF_LIFE));
    let (mut with, mut all) = (vec![0.0; season], vec![0.0; season]);
    let mut weight = 1.0;
    for at in (0..window.len()).rev() {
        if !window.censored[at] {
            with[at % season] += weight * f64::from(u8::from(window.quantities[at] > 0.0));
            all[at % season] += weight;
        }
        weight *= decay;
    }
    let usual = with.iter().sum::<f64>() / all.iter().sum::<f64>().max(f64::MIN_POSITIVE);
    // Something divides by it.
    with.iter().zip(&all).map(|(with, all)| ((with + 4.0 * usual) / (all + 4.0)).clamp(1e-3, 1.0)).collect()
}

fn decay(half_life: usize) -> f64 {
    0.5_f64.powf(1.0 / half_life as f64)
}
