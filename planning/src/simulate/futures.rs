//! Futures of demand drawn from a stored forecast, which tells each day apart and all days together.

use crate::forecast::cumulative::CumulativeDemand;
use crate::forecast::normal;
use crate::forecast::quantiles::{LEVELS, whole};
use crate::split_mix::SplitMix;

/// Equally likely values that stand for a day's distribution.
const VALUES: usize = 256;
/// Days after the forecast's horizon repeat so many of its last days: whole weeks.
const REPEATED: usize = 28;
/// Points of the midpoint rule for a variance.
const POINTS: usize = 400;
/// The days whose common spread tells how much the days of one future err together.
const TOGETHER: usize = 30;

/// The forecast of one day: its mean, and its quantiles at [`LEVELS`] as far as they are known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DailyDemand {
    pub mean: f64,
    pub quantiles: [Option<f64>; 7],
}

/// A day as it is drawn from.
struct Day {
    values: Vec<f64>,
    /// Share of the draws that count: quantiles that promise more than the mean are thinned.
    kept: f64,
    /// What the mean promises beyond the quantiles comes as one more event of this probability and size.
    rare: (f64, f64),
}

/// What futures are drawn from.
pub(super) struct Futures {
    days: Vec<Day>,
    integer: bool,
    /// Standard deviation of the logarithm of a future's level.
    deviation: f64,
}

impl Futures {
    pub(super) fn new(days: &[DailyDemand], demand: &CumulativeDemand, integer: bool) -> Self {
        let days: Vec<Day> = days.iter().map(|day| Day::new(day, integer)).collect();
        let reach = days.len().min(TOGETHER).min(demand.days.last().copied().unwrap_or(0));
        let alone: f64 = days[..reach].iter().map(Day::variance).sum();
        let together = demand.over(reach);
        let mean: f64 = days[..reach].iter().map(Day::mean).sum();
        let points = (0..POINTS).map(|at| together.quantile((at as f64 + 0.5) / POINTS as f64));
        let centre = points.clone().sum::<f64>() / POINTS as f64;
        let variance = points.map(|value| (value - centre).powi(2)).sum::<f64>() / POINTS as f64;
        let beyond = if mean > 0.0 { ((variance - alone) / (mean * mean)).max(0.0) } else { 0.0 };
        Self { days, integer, deviation: (1.0 + beyond).ln().sqrt() }
    }

    /// The level of the future at this share of all: its days have that many times their mean. Levels have mean one.
    pub(super) fn level(&self, share: f64) -> f64 {
        (self.deviation * normal::quantile(share) - self.deviation * self.deviation / 2.0).exp()
    }

    /// What is wanted on a day of a future, in units.
    pub(super) fn draw(&self, day: usize, level: f64, random: &mut SplitMix) -> f64 {
        let all = self.days.len();
        let repeated = REPEATED.min(all / 7 * 7).max(all.min(1));
        let at = if day < all || all == 0 { day } else { all - repeated + (day - all) % repeated };
        let Some(day) = self.days.get(at) else { return 0.0 };
        let mut wanted = 0.0;
        if random.unit() < day.kept {
            wanted += day.values[random.below(VALUES)];
        }
        if random.unit() < day.rare.0 {
            wanted += day.rare.1;
        }
        let wanted = wanted * level;
        if !self.integer {
            return wanted;
        }
        // Rounded up as often as its fraction says, so that the mean stays.
        let floor = wanted.floor();
        floor + f64::from(u8::from(random.unit() < wanted - floor))
    }
}

impl Day {
    fn new(day: &DailyDemand, integer: bool) -> Self {
        let mean = if day.mean.is_finite() { day.mean.max(0.0) } else { 0.0 };
        // Known quantiles only; below the lowest demand falls to zero, above the highest it stays.
        let known: Vec<(f64, f64)> = LEVELS.into_iter().zip(day.quantiles).filter_map(|(t, q)| Some((t, q?))).collect();
        let value = |u: f64| -> f64 {
            let next = known.partition_point(|(t, _)| *t < u);
            match (next.checked_sub(1).map(|before| known[before]), known.get(next)) {
                (Some((t0, q0)), Some((t1, q1))) => q0 + (q1 - q0) * (u - t0) / (t1 - t0),
                (None, Some((t1, q1))) => q1 * u / t1,
                (Some((_, highest)), None) => highest,
                (None, None) => 0.0,
            }
        };
        let values: Vec<f64> = (0..VALUES)
            .map(|at| value((at as f64 + 0.5) / VALUES as f64))
            .map(|value| if integer { whole(value) } else { value.max(0.0) })
            .collect();
        let told = values.iter().sum::<f64>() / VALUES as f64;
        let kept = if told > mean { mean / told } else { 1.0 };
        let missing = (mean - told).max(0.0);
        let size = values[VALUES - 1].max(if integer { 1.0 } else { mean }).max(missing);
        let rare = if missing > 0.0 { (missing / size, size) } else { (0.0, 0.0) };
        Self { values, kept, rare }
    }

    fn mean(&self) -> f64 {
        self.kept * self.values.iter().sum::<f64>() / VALUES as f64 + self.rare.0 * self.rare.1
    }

    fn variance(&self) -> f64 {
        let (mut mean, mut square) = (0.0, 0.0);
        for value in &self.values {
            mean += value / VALUES as f64;
            square += value * value / VALUES as f64;
        }
        let body = self.kept * square - (self.kept * mean).powi(2);
        let (p, size) = self.rare;
        body + p * (1.0 - p) * size * size
    }
}
