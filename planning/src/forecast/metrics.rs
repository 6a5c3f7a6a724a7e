//! How good a forecast was: point metrics, pinball loss, coverage, and calibration quantile by quantile.
//!
//! Errors are `actual - forecast`; bias is `sum(forecast - actual) / sum(actual)`, so a positive one means too much.
//! RMSSE and MASE are scaled by the one-step naive error of the *training* part (Hyndman and Koehler 2006; M5 2022).
//! A metric whose denominator is zero is `None`, never zero and never infinite.

use serde::{Deserialize, Serialize};

use super::quantiles::LEVELS;

/// One-step naive errors of a training part, the yardsticks of the scaled metrics.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// Mean squared difference of neighbours; `None` when nothing ever changed.
    pub squared: Option<f64>,
    /// Mean absolute difference of neighbours, at least a tenth of the mean demand: a nearly constant history would
    /// otherwise turn a harmless error into a huge MASE.
    pub absolute: Option<f64>,
}

impl Scale {
    /// From the observed training steps.
    pub fn of(observed: &[f64]) -> Self {
        if observed.len() < 2 {
            return Self { squared: None, absolute: None };
        }
        let n = (observed.len() - 1) as f64;
        let (squares, sum) =
            observed.windows(2).fold((0.0, 0.0), |(s, a), w| (s + (w[1] - w[0]).powi(2), a + (w[1] - w[0]).abs()));
        let mean = observed.iter().sum::<f64>() / observed.len() as f64;
        let positive = |x: f64| (x > 0.0).then_some(x);
        Self { squared: positive(squares / n), absolute: positive((sum / n).max(0.1 * mean)) }
    }
}

/// Pinball loss of the quantile `q` at level `t` (Koenker and Bassett 1978).
pub fn pinball(t: f64, q: f64, y: f64) -> f64 {
    if y >= q { t * (y - q) } else { (1.0 - t) * (q - y) }
}

/// Shares of actual demands beyond a quantile. Calibrated: `above <= 1 - t + 0.02` and `at_or_above >= 1 - t - 0.02`.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Calibration {
    pub above: f64,
    pub at_or_above: f64,
}

/// The published measures of a set of forecasts.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Metrics {
    pub rmsse: Option<f64>,
    pub mase: Option<f64>,
    pub wape: Option<f64>,
    pub bias: Option<f64>,
    /// Mean over leads and the seven levels, in units of demand.
    pub pinball: Option<f64>,
    pub coverage80: Option<f64>,
    pub coverage95: Option<f64>,
    /// The coverage that the same bands would have if the distribution they were read from were true: more than 0.8 where
    /// single values carry probability.
    pub ideal80: Option<f64>,
    pub ideal95: Option<f64>,
    /// Per level of [`LEVELS`].
    pub calibration: Option<[Calibration; 7]>,
    /// Folds that were measured.
    pub folds: usize,
    /// Steps that were measured.
    pub observations: usize,
}

impl Metrics {
    /// The mean over series of each metric where it exists; calibration and coverage weigh every observation alike.
    pub fn mean_of<'a>(all: impl IntoIterator<Item = &'a Self>) -> Self {
        let all: Vec<&Self> = all.into_iter().collect();
        let plain = |get: fn(&Self) -> Option<f64>| mean(all.iter().filter_map(|m| get(m).map(|v| (v, 1.0))));
        let weighed =
            |get: fn(&Self) -> Option<f64>| mean(all.iter().filter_map(|m| get(m).map(|v| (v, m.observations as f64))));
        let calibrated: Vec<_> = all.iter().filter_map(|m| m.calibration.map(|c| (c, m.observations as f64))).collect();
        let share = |at: usize, get: fn(&Calibration) -> f64| mean(calibrated.iter().map(|(c, n)| (get(&c[at]), *n)));
        Self {
            rmsse: plain(|m| m.rmsse),
            mase: plain(|m| m.mase),
            wape: plain(|m| m.wape),
            bias: plain(|m| m.bias),
            pinball: plain(|m| m.pinball),
            coverage80: weighed(|m| m.coverage80),
            coverage95: weighed(|m| m.coverage95),
            ideal80: weighed(|m| m.ideal80),
            ideal95: weighed(|m| m.ideal95),
            calibration: (!calibrated.is_empty()).then(|| {
                std::array::from_fn(|at| Calibration {
                    above: share(at, |c| c.above).unwrap_or(0.0),
                    at_or_above: share(at, |c| c.at_or_above).unwrap_or(0.0),
                })
            }),
            folds: all.iter().map(|m| m.folds).sum(),
            observations: all.iter().map(|m| m.observations).sum(),
        }
    }
}

fn mean(values: impl Iterator<Item = (f64, f64)>) -> Option<f64> {
    let (sum, weight) = values.fold((0.0, 0.0), |(s, n), (value, w)| (s + value * w, n + w));
    (weight > 0.0).then(|| sum / weight)
}

/// Sums of which [`Metrics`] are made; sums of parts merge to the sum of the whole.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tally {
    folds: usize,
    observations: usize,
    rmsse: (f64, usize),
    mase: (f64, usize),
    absolute: f64,
    surplus: f64,
    actual: f64,
    pinball: (f64, usize),
    bands: usize,
    above: [usize; 7],
    at_or_above: [usize; 7],
    inside: [usize; 2],
    ideal: [f64; 2],
}

impl Tally {
    /// Counts the points of one fold: pairs of forecast mean and actual.
    pub(crate) fn points(&mut self, pairs: impl Iterator<Item = (f64, f64)>, scale: Scale) {
        let (mut n, mut squares, mut absolute) = (0, 0.0, 0.0);
        for (forecast, actual) in pairs {
            n += 1;
            squares += (actual - forecast).powi(2);
            absolute += (actual - forecast).abs();
            self.surplus += forecast - actual;
            self.actual += actual;
        }
        if n == 0 {
            return;
        }
        self.folds += 1;
        self.observations += n;
        self.absolute += absolute;
        if let Some(naive) = scale.squared {
            self.rmsse = (self.rmsse.0 + (squares / n as f64 / naive).sqrt(), self.rmsse.1 + 1);
        }
        if let Some(naive) = scale.absolute {
            self.mase = (self.mase.0 + absolute / n as f64 / naive, self.mase.1 + 1);
        }
    }

    /// Counts the loss of one step's quantiles.
    pub(crate) fn loss(&mut self, quantiles: &[f64; 7], actual: f64) {
        let loss: f64 = LEVELS.iter().zip(quantiles).map(|(t, q)| pinball(*t, *q, actual)).sum();
        self.pinball = (self.pinball.0 + loss / LEVELS.len() as f64, self.pinball.1 + 1);
    }

    /// Counts where one step's actual fell; `ideal` are the probabilities of its 80 % and 95 % bands.
    pub(crate) fn band(&mut self, quantiles: &[f64; 7], actual: f64, ideal: [f64; 2]) {
        self.loss(quantiles, actual);
        self.bands += 1;
        for (at, quantile) in quantiles.iter().enumerate() {
            self.above[at] += usize::from(actual > *quantile);
            self.at_or_above[at] += usize::from(actual >= *quantile);
        }
        for (at, (low, high)) in [(1, 5), (0, 6)].into_iter().enumerate() {
            self.inside[at] += usize::from(actual >= quantiles[low] && actual <= quantiles[high]);
            self.ideal[at] += ideal[at];
        }
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.folds += other.folds;
        self.observations += other.observations;
        self.rmsse = (self.rmsse.0 + other.rmsse.0, self.rmsse.1 + other.rmsse.1);
        self.mase = (self.mase.0 + other.mase.0, self.mase.1 + other.mase.1);
        self.absolute += other.absolute;
        self.surplus += other.surplus;
        self.actual += other.actual;
        self.pinball = (self.pinball.0 + other.pinball.0, self.pinball.1 + other.pinball.1);
        self.bands += other.bands;
        for at in 0..LEVELS.len() {
            self.above[at] += other.above[at];
            self.at_or_above[at] += other.at_or_above[at];
        }
        for at in 0..2 {
            self.inside[at] += other.inside[at];
            self.ideal[at] += other.ideal[at];
        }
    }

    pub(crate) fn metrics(&self) -> Metrics {
        let over = |sum: f64, n: f64| (n > 0.0).then(|| sum / n);
        let band = |count: f64| over(count, self.bands as f64);
        Metrics {
            rmsse: over(self.rmsse.0, self.rmsse.1 as f64),
            mase: over(self.mase.0, self.mase.1 as f64),
            wape: over(self.absolute, self.actual),
            bias: over(self.surplus, self.actual),
            pinball: over(self.pinball.0, self.pinball.1 as f64),
            coverage80: band(self.inside[0] as f64),
            coverage95: band(self.inside[1] as f64),
            ideal80: band(self.ideal[0]),
            ideal95: band(self.ideal[1]),
            calibration: (self.bands > 0).then(|| {
                std::array::from_fn(|at| Calibration {
                    above: self.above[at] as f64 / self.bands as f64,
                    at_or_above: self.at_or_above[at] as f64 / self.bands as f64,
                })
            }),
            folds: self.folds,
            observations: self.observations,
        }
    }
}
