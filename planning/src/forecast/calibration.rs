//! What past forecasts teach about the next: at which nominal level a class's quantile has to be read so that the share
//! of actual demands above it is the promised one.
//!
//! The method is recalibration of the probability integral transform (Kuleshov, Fenner and Ermon 2018; Gneiting and others 2007),
//! made for discrete demand. For a level `t`, a reading `r` keeps both published inequalities when
//! `share(F(y-) >= r) <= 1 - t` and `share(F(y) >= r) >= 1 - t`; these hold between two bounds, and the reading is the
//! point of that interval nearest to `t`: what is right already is left alone.
//!
//! Shares are pooled over series by level, class, treatment and lead, because one sparse series has too few. Only folds that
//! ended before a forecast's origin may be added before it. Counts are whole numbers (halved from fold to fold) in fixed bins, so pooling is
//! exact, independent of order, and as large for ten series as for ten million.

use super::class::DemandClass;
use super::cumulative::{CUMULATIVE_LEVELS, KNOTS};
use super::quantiles::LEVELS;
use super::series::{Frequency, LevelGroup};

const BINS: usize = 2000;
/// No reading above this: beyond it the distribution is all assumption.
const HIGHEST: f64 = 0.9995;
/// Forecast paths that weigh as much as what is believed without them.
const ENOUGH: f64 = 100.0;
/// What the experience of a fold is worth one fold later.
const KEPT: f64 = 0.5;
/// Classes, each once for series with models of their own and once for allocated ones.
const KINDS: usize = 2 * DemandClass::ALL.len();
const GROUPS: usize = LevelGroup::ALL * KINDS;

/// Which forecasts share their experience. Levels never do: a total that sells every day and ten thousand sites that hardly
/// ever do may fall into one class, and the many would decide the band of the one.
pub(crate) fn group(level: LevelGroup, class: DemandClass, allocated: bool) -> usize {
    level as usize * KINDS + 2 * class.index() + usize::from(allocated)
}

/// A transform's bin.
pub(crate) fn bin(value: f64) -> u16 {
    ((value * BINS as f64) as usize).min(BINS) as u16
}

/// Counted transforms of one pool.
#[derive(Debug, Clone)]
struct Counts {
    below: Vec<f64>,
    at: Vec<f64>,
    paths: f64,
    total: f64,
}

impl Counts {
    fn new() -> Self {
        Self { below: vec![0.0; BINS + 1], at: vec![0.0; BINS + 1], paths: 0.0, total: 0.0 }
    }

    fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.below.iter_mut().zip(&other.below).chain(self.at.iter_mut().zip(&other.at)) {
            *mine += theirs;
        }
        self.paths += other.paths;
        self.total += other.total;
    }

    /// The readings for these levels, drawn towards `others` where there is little to go by: series of one fold share its
    /// surprises, so few of them prove little.
    fn readings<const N: usize>(&self, levels: &[f64; N], others: &[f64; N]) -> [f64; N] {
        let weight = self.paths / (self.paths + ENOUGH);
        std::array::from_fn(|at| {
            let own = if self.total > 0.0 { self.reading(levels[at]) } else { others[at] };
            others[at] + weight * (own - others[at])
        })
    }

    /// The reading for level `t`.
    fn reading(&self, t: f64) -> f64 {
        let n = self.total;
        // Split conformal's finite-sample correction, where the pool is large enough to afford it.
        let allowed = if (n + 1.0) * (1.0 - t) >= 1.0 { ((n + 1.0) * (1.0 - t) - 1.0).max(0.0) } else { n * (1.0 - t) };
        let lowest = first_at_most(&self.below, allowed);
        let highest = last_at_least(&self.at, n * (1.0 - t));
        t.min(highest).max(lowest).min(HIGHEST)
    }
}

/// The smallest reading with at most `allowed` counted values at or above it.
fn first_at_most(counts: &[f64], allowed: f64) -> f64 {
    let mut above = 0.0;
    for (bin, count) in counts.iter().enumerate().rev() {
        above += count;
        if above > allowed {
            return (bin + 1) as f64 / BINS as f64;
        }
    }
    0.0
}

/// The largest reading with at least `wanted` counted values at or above it.
fn last_at_least(counts: &[f64], wanted: f64) -> f64 {
    let mut above = 0.0;
    for (bin, count) in counts.iter().enumerate().rev() {
        above += count;
        if above >= wanted {
            return bin as f64 / BINS as f64;
        }
    }
    0.0
}

/// The transforms of one forecast path against what happened.
#[derive(Debug, Clone, Default)]
pub(crate) struct Experience {
    pub(crate) group: usize,
    /// Lead bucket and the two bins of each step.
    pub(crate) steps: Vec<(u8, u16, u16)>,
    /// Knot and the two bins of each cumulative sum.
    pub(crate) sums: Vec<(u8, u16, u16)>,
}

/// Everything learnt so far.
#[derive(Debug, Clone)]
pub(crate) struct Calibration {
    steps: Vec<Counts>,
    sums: Vec<Counts>,
}

impl Calibration {
    pub(crate) fn new() -> Self {
        Self {
            steps: vec![Counts::new(); GROUPS * Frequency::BUCKETS],
            sums: vec![Counts::new(); GROUPS * KNOTS.len()],
        }
    }

    pub(crate) fn add(&mut self, path: &Experience) {
        let mut seen = [false; Frequency::BUCKETS];
        for (bucket, below, at) in &path.steps {
            let counts = &mut self.steps[path.group * Frequency::BUCKETS + *bucket as usize];
            counts.below[*below as usize] += 1.0;
            counts.at[*at as usize] += 1.0;
            counts.total += 1.0;
            if !std::mem::replace(&mut seen[*bucket as usize], true) {
                counts.paths += 1.0;
            }
        }
        for (knot, below, at) in &path.sums {
            let counts = &mut self.sums[path.group * KNOTS.len() + *knot as usize];
            counts.below[*below as usize] += 1.0;
            counts.at[*at as usize] += 1.0;
            counts.total += 1.0;
            counts.paths += 1.0;
        }
    }

    /// Lets a fold's time pass: demand changes, and what was learnt lately counts more.
    pub(crate) fn age(&mut self) {
        for counts in self.steps.iter_mut().chain(&mut self.sums).filter(|counts| counts.total > 0.0) {
            counts.below.iter_mut().chain(&mut counts.at).for_each(|count| *count *= KEPT);
            counts.paths *= KEPT;
            counts.total *= KEPT;
        }
    }

    /// The readings that follow from what was learnt.
    pub(crate) fn readings(&self) -> Readings {
        Readings {
            steps: read(&self.steps, Frequency::BUCKETS, &LEVELS),
            sums: read(&self.sums, KNOTS.len(), &CUMULATIVE_LEVELS),
        }
    }
}

/// Per group and column (bucket or knot): the group's own pool, leaning on its kin's where it is small, which lean on the
/// distribution's own word.
fn read<const N: usize>(pools: &[Counts], columns: usize, levels: &[f64; N]) -> Vec<[f64; N]> {
    let mut readings = Vec::with_capacity(pools.len());
    for level in pools.chunks(KINDS * columns) {
        let wide: Vec<[f64; N]> = (0..level.len())
            .map(|at| {
                let mut all = Counts::new();
                let kin = |other: &usize| other % columns == at % columns && kin(other / columns) == kin(at / columns);
                (0..level.len()).filter(kin).for_each(|other| all.merge(&level[other]));
                all.readings(levels, levels)
            })
            .collect();
        readings.extend(level.iter().zip(&wide).map(|(pool, wide)| pool.readings(levels, wide)));
    }
    readings
}

/// Kinds of demand that are judged alike where one of them alone has too little to tell: often, and seldom.
fn kin(kind: usize) -> usize {
    match DemandClass::ALL[kind / 2] {
        DemandClass::Smooth | DemandClass::Erratic => kind % 2,
        DemandClass::Intermittent | DemandClass::Lumpy => 2 + kind % 2,
        _ => 4 + kind,
    }
}

/// The nominal levels to read distributions at, so that the named level comes true.
#[derive(Debug, Clone)]
pub(crate) struct Readings {
    steps: Vec<[f64; 7]>,
    sums: Vec<[f64; 11]>,
}

impl Readings {
    /// For the seven published levels.
    pub(crate) fn step(&self, group: usize, bucket: usize) -> &[f64; 7] {
        &self.steps[group * Frequency::BUCKETS + bucket]
    }

    /// For the levels of cumulative demand.
    pub(crate) fn sum(&self, group: usize, knot: usize) -> &[f64; 11] {
        &self.sums[group * KNOTS.len() + knot]
    }
}
