//! The distribution of demand around a model's mean: whether there is demand, and how much.
//!
//! Every step ahead is zero with probability `1 - p` and otherwise a scaled draw from the sizes seen so far. Sparse demand
//! carries a changing mean in `p` (more or fewer demands of the usual sizes), dense demand in the scale (as many demands,
//! of larger or smaller size); either way the mean is the model's. Nothing here is fitted to look calibrated: that is
//! measured, in `calibration`.

use super::model::ModelName;
use super::models::Start;
use super::normal;
use super::quantiles::whole;
use super::series::Window;
use super::sizes::Sizes;

/// Days after which a sparse demand counts half: sizes change slowly, and there are few.
const SPARSE_HALF_LIFE: usize = 730;
/// The same for dense demand, where recent days are plenty.
const DENSE_HALF_LIFE: usize = 180;
/// Smoothing weight of the level that dense demand is measured against, and the observations that this level rests on.
const DENSE_ALPHA: f64 = 0.1;
const DENSE_MEMORY: f64 = (2.0 - DENSE_ALPHA) / DENSE_ALPHA;
/// Entries of the table that simulation draws sizes from.
const TABLE: usize = 256;

/// The uncalibrated distribution of demand at every lead, and the process that connects them.
#[derive(Debug, Clone)]
pub struct Predictive {
    model: ModelName,
    means: Vec<f64>,
    sizes: Option<Sizes>,
    /// Per lead: probability of demand and scale of its size.
    steps: Vec<(f64, f64)>,
    dense: bool,
    integer: bool,
    /// Squared relative standard error of the level, common to all leads of one future.
    uncertainty: f64,
}

impl Predictive {
    /// The distribution around `means` (one per lead), as the window's history spreads.
    pub fn new(window: &Window<'_>, model: ModelName, means: Vec<f64>, integer: bool) -> Self {
        let spread = if ModelName::dense(window) { dense(window) } else { sparse(window) };
        Self::with(model, means, spread, 1.0, integer)
    }

    /// The distribution of a member that gets its group's means by share: the group's sizes, scaled by what the member's
    /// own few demands say about its usual size.
    pub fn allocated(member: &Window<'_>, group: &Window<'_>, means: Vec<f64>, integer: bool) -> Self {
        let mut spread = sparse(group);
        let own = member.demand_steps() as f64;
        let usual = member.observed.iter().sum::<f64>() / own.max(1.0);
        let scale = spread.sizes.as_ref().map_or(1.0, |sizes| (usual / sizes.mean * own + 1.0) / (own + 1.0));
        spread.memory = spread.memory.min(own + 1.0);
        Self::with(ModelName::Allocated, means, spread, scale.clamp(0.01, 1.0), integer)
    }

    fn with(model: ModelName, means: Vec<f64>, spread: Spread, scale: f64, integer: bool) -> Self {
        let Spread { sizes, occurrence, memory } = spread;
        let dense = !occurrence.is_empty();
        let phase = |at: usize| {
            if dense { Some(occurrence[at % occurrence.len()]) } else { None }
        };
        let steps = means.iter().enumerate().map(|(at, mean)| step(*mean, sizes.as_ref(), phase(at), scale)).collect();
        let uncertainty = sizes.as_ref().map_or(0.0, |sizes| {
            // Relative variance of one step's demand (dense) or of one demand and whether it comes (sparse).
            let usual = occurrence.iter().sum::<f64>() / occurrence.len() as f64;
            let relative = if dense { (1.0 + sizes.variation) / usual - 1.0 } else { 1.0 + sizes.variation };
            (relative / memory.max(1.0)).clamp(0.0, 1.0)
        });
        Self { model, means, sizes, steps, dense, integer, uncertainty }
    }

    /// The model whose means these are.
    pub fn model(&self) -> ModelName {
        self.model
    }

    pub fn horizon(&self) -> usize {
        self.means.len()
    }

    /// Mean demand of the step at `lead` (from 1).
    pub fn mean(&self, lead: usize) -> f64 {
        self.means[lead - 1]
    }

    /// The demand at `lead` that is not exceeded with probability `t`.
    pub fn quantile(&self, lead: usize, t: f64) -> f64 {
        let (p, scale) = self.steps[lead - 1];
        let Some(sizes) = &self.sizes else { return 0.0 };
        let u = (t - (1.0 - p)) / p;
        if p <= 0.0 || scale <= 0.0 || u <= 0.0 {
            return 0.0;
        }
        let value = sizes.quantile(u.min(1.0 - 1e-9)) * scale;
        if self.integer { whole(value) } else { value }
    }

    /// Probability of less than `y` and of at most `y` at `lead`: the two ends of the probability integral transform,
    /// which fall apart where a single value has probability (Czado, Gneiting and Held 2009).
    pub fn transform(&self, lead: usize, y: f64) -> (f64, f64) {
        let (p, scale) = self.steps[lead - 1];
        let Some(sizes) = self.sizes.as_ref().filter(|_| p > 0.0 && scale > 0.0) else {
            return (if y > 0.0 { 1.0 } else { 0.0 }, 1.0);
        };
        let outer = |inner: f64| 1.0 - p * (1.0 - inner);
        if self.integer {
            // A whole value stands for everything that rounds to it.
            let at = outer(sizes.cdf((y + 0.5) / scale));
            let below = if y > 0.0 { outer(sizes.cdf((y - 0.5) / scale)) } else { 0.0 };
            (below, at)
        } else {
            let below = if y > 0.0 { outer(sizes.cdf_below(y / scale)) } else { 0.0 };
            (below, outer(sizes.cdf(y / scale)))
        }
    }

    /// Whether two leads have the same distribution, so that the second needs no new work.
    pub(crate) fn same(&self, lead: usize, other: usize) -> bool {
        self.steps[lead - 1] == self.steps[other - 1]
    }

    pub(crate) fn integer(&self) -> bool {
        self.integer
    }

    /// Sorted cumulative demand at each of `knots` (steps, ascending) over `paths` simulated futures.
    ///
    /// One future has one level, drawn from a lognormal distribution by stratum, so that weeks of one future are
    /// too high or too low together; its steps are then independent. Same seed, same futures.
    pub fn simulate(&self, knots: &[usize], paths: usize, seed: u64) -> Vec<Vec<f64>> {
        let mut sums = vec![Vec::with_capacity(paths); knots.len()];
        let Some(sizes) = &self.sizes else {
            return vec![vec![0.0; paths]; knots.len()];
        };
        let table: Vec<f64> = (0..TABLE).map(|at| sizes.quantile((at as f64 + 0.5) / TABLE as f64)).collect();
        let mut random = SplitMix(seed);
        let deviation = (1.0 + self.uncertainty).ln().sqrt();
        for path in 0..paths {
            let z = normal::quantile((path as f64 + 0.5) / paths as f64);
            let level = (deviation * z - deviation * deviation / 2.0).exp();
            let mut sum = 0.0;
            let mut knot = 0;
            for (at, (p, scale)) in self.steps.iter().enumerate() {
                let (p, scale) = if self.dense {
                    (*p, scale * level)
                } else if p * level <= 1.0 {
                    (p * level, *scale)
                } else {
                    (1.0, scale * p * level)
                };
                let bits = random.next();
                if ((bits >> 32) as f64) < p * 4_294_967_296.0 {
                    let size = table[(bits as usize) % TABLE] * scale;
                    // Rounding like `whole`, by a conversion that needs no call.
                    sum += if self.integer { (size + 0.499_999_999) as u64 as f64 } else { size };
                }
                if knots.get(knot) == Some(&(at + 1)) {
                    sums[knot].push(sum);
                    knot += 1;
                }
            }
        }
        for sums in &mut sums {
            sums.sort_unstable_by(f64::total_cmp);
        }
        sums
    }
}

/// `SplitMix64` (Steele, Lea and Flood 2014): one future needs ninety draws of 64 bits, and nobody attacks them.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

/// Probability and scale that give this mean.
fn step(mean: f64, sizes: Option<&Sizes>, dense: Option<f64>, scale: f64) -> (f64, f64) {
    let Some(sizes) = sizes else {
        return (0.0, 1.0);
    };
    if mean <= 0.0 {
        return (0.0, scale);
    }
    if let Some(p) = dense {
        return (p, mean / (p * sizes.mean));
    }
    let p = mean / (sizes.mean * scale);
    if p <= 1.0 { (p, scale) } else { (1.0, mean / sizes.mean) }
}

/// What a history says about the distribution around any mean.
struct Spread {
    sizes: Option<Sizes>,
    /// Dense demand: probability of demand at each step of the season, the first for lead 1. Empty for sparse demand, whose
    /// probability the mean decides.
    occurrence: Vec<f64>,
    /// Observations that the level rests on.
    memory: f64,
}

/// Sizes of the demands with recency weights.
fn sparse(window: &Window<'_>) -> Spread {
    let decay = decay(window.frequency.steps(SPARSE_HALF_LIFE));
    let mut weight = 1.0;
    let mut pairs = Vec::new();
    for (quantity, censored) in window.quantities.iter().zip(window.censored).rev() {
        if *quantity > 0.0 && !censored {
            pairs.push((*quantity, weight));
        }
        weight *= decay;
    }
    let sizes = Sizes::new(pairs);
    let memory = sizes.as_ref().map_or(1.0, |sizes| sizes.count);
    Spread { sizes, occurrence: Vec::new(), memory }
}

/// Sizes relative to a slow level times the season's index, and how often there is demand at each step of the season.
fn dense(window: &Window<'_>) -> Spread {
    let season = window.frequency.season();
    let indices = super::models::season_indices(window, season);
    let occurrence = occurrence(window, season);
    let floor = 0.25 * window.mean();
    let mut level = Start::Mean.level(&window.observed);
    let mut bases = Vec::with_capacity(window.len());
    for (at, (quantity, censored)) in window.quantities.iter().zip(window.censored).enumerate() {
        let index = indices[at % season].max(0.2);
        bases.push((level * index).max(floor) / occurrence[at % season]);
        if !censored {
            level += DENSE_ALPHA * (quantity / index - level);
        }
    }
    let decay = decay(window.frequency.steps(DENSE_HALF_LIFE));
    let mut weight = 1.0;
    let mut pairs = Vec::with_capacity(window.len());
    for ((quantity, censored), base) in window.quantities.iter().zip(window.censored).zip(bases).rev() {
        if !censored && *quantity > 0.0 {
            pairs.push((quantity / base, weight));
        }
        weight *= decay;
    }
    let ahead = (0..season).map(|lead| occurrence[(window.len() + lead) % season]).collect();
    Spread { sizes: Sizes::new(pairs), occurrence: ahead, memory: DENSE_MEMORY }
}

/// Share of steps with demand at each step of the season, drawn towards the whole history's by four observations.
fn occurrence(window: &Window<'_>, season: usize) -> Vec<f64> {
    let usual = window.demand_steps() as f64 / window.observed.len().max(1) as f64;
    let mut counts = vec![(4.0 * usual, 4.0); season];
    for (at, (quantity, censored)) in window.quantities.iter().zip(window.censored).enumerate() {
        if !censored {
            counts[at % season].0 += f64::from(u8::from(*quantity > 0.0));
            counts[at % season].1 += 1.0;
        }
    }
    counts.into_iter().map(|(with, all)| with / all).collect()
}

fn decay(half_life: usize) -> f64 {
    0.5_f64.powf(1.0 / half_life as f64)
}
