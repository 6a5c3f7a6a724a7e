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
    pub fn mean_of(all: impl IntoIterator<Item = Self>) -> Self {
        let mut sums = Sums::default();
        for metrics in all {
            sums.add(&metrics);
        }
        sums.mean()
    }
}

/// Running means over series, so that none of them has to be kept.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    /// RMSSE, MASE, WAPE, bias, pinball; then coverages and ideals: sums and weights.
    plain: [(f64, f64); 9],
    calibration: [(f64, f64); 7],
    calibrated: f64,
    folds: usize,
    observations: usize,
}

impl Sums {
    fn add(&mut self, m: &Metrics) {
        let n = m.observations as f64;
        let values = [m.rmsse, m.mase, m.wape, m.bias, m.pinball, m.coverage80, m.coverage95, m.ideal80, m.ideal95];
        for (at, (sum, value)) in self.plain.iter_mut().zip(values).enumerate() {
            // Every series counts alike in the first five, every observation in the others.
            let weight = if at < 5 { 1.0 } else { n };
            if let Some(value) = value {
                *sum = (sum.0 + value * weight, sum.1 + weight);
            }
        }
        if let Some(calibration) = m.calibration {
            for (sum, share) in self.calibration.iter_mut().zip(calibration) {
                *sum = (sum.0 + share.above * n, sum.1 + share.at_or_above * n);
            }
            self.calibrated += n;
        }
        self.folds += m.folds;
        self.observations += m.observations;
    }

    fn mean(&self) -> Metrics {
        let [rmsse, mase, wape, bias, pinball, coverage80, coverage95, ideal80, ideal95] =
            self.plain.map(|(sum, weight)| (weight > 0.0).then(|| sum / weight));
        let all = self.calibrated;
        let share = |(above, at): (f64, f64)| Calibration { above: above / all, at_or_above: at / all };
        Metrics {
            rmsse,
            mase,
            wape,
            bias,
            pinball,
            coverage80,
            coverage95,
            ideal80,
            ideal95,
            calibration: (all > 0.0).then(|| self.calibration.map(share)),
            folds: self.folds,
            observations: self.observations,
        }
    }
}

/// Sums of which the metrics of means are made; sums of parts merge to the sum of the whole.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Points {
    folds: u32,
    observations: u32,
    rmsse: (f64, u32),
    mase: (f64, u32),
    absolute: f64,
    surplus: f64,
    actual: f64,
    pinball: (f64, u32),
}

impl Points {
    /// Counts one fold: pairs of forecast mean and actual.
    pub(crate) fn count(&mut self, pairs: impl Iterator<Item = (f64, f64)>, scale: Scale) {
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
            self.rmsse = (self.rmsse.0 + (squares / f64::from(n) / naive).sqrt(), self.rmsse.1 + 1);
        }
        if let Some(naive) = scale.absolute {
            self.mase = (self.mase.0 + absolute / f64::from(n) / naive, self.mase.1 + 1);
        }
    }

    /// Counts the loss of one step's quantiles.
    pub(crate) fn loss(&mut self, quantiles: &[f64; 7], actual: f64) {
        let loss: f64 = LEVELS.iter().zip(quantiles).map(|(t, q)| pinball(*t, *q, actual)).sum();
        self.pinball = (self.pinball.0 + loss / LEVELS.len() as f64, self.pinball.1 + 1);
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
    }

    pub(crate) fn metrics(&self) -> Metrics {
        let over = |sum: f64, n: f64| (n > 0.0).then(|| sum / n);
        Metrics {
            rmsse: over(self.rmsse.0, f64::from(self.rmsse.1)),
            mase: over(self.mase.0, f64::from(self.mase.1)),
            wape: over(self.absolute, self.actual),
            bias: over(self.surplus, self.actual),
            pinball: over(self.pinball.0, f64::from(self.pinball.1)),
            folds: self.folds as usize,
            observations: self.observations as usize,
            ..Metrics::default()
        }
    }
}

/// The sums of a forecast with quantiles.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tally {
    pub(crate) points: Points,
    bands: u32,
    above: [u32; 7],
    at_or_above: [u32; 7],
    inside: [u32; 2],
    ideal: [f64; 2],
}

impl Tally {
    /// Counts where one step's actual fell; `ideal` are the probabilities of its 80 % and 95 % bands.
    pub(crate) fn band(&mut self, quantiles: &[f64; 7], actual: f64, ideal: [f64; 2]) {
        self.points.loss(quantiles, actual);
        self.bands += 1;
        for (at, quantile) in quantiles.iter().enumerate() {
            self.above[at] += u32::from(actual > *quantile);
            self.at_or_above[at] += u32::from(actual >= *quantile);
        }
        for (at, (low, high)) in [(1, 5), (0, 6)].into_iter().enumerate() {
            self.inside[at] += u32::from(actual >= quantiles[low] && actual <= quantiles[high]);
            self.ideal[at] += ideal[at];
        }
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.points.merge(&other.points);
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
        let bands = f64::from(self.bands);
        let share = |count: f64| (bands > 0.0).then(|| count / bands);
        let calibration = std::array::from_fn(|at| Calibration {
            above: f64::from(self.above[at]) / bands,
            at_or_above: f64::from(self.at_or_above[at]) / bands,
        });
        Metrics {
            coverage80: share(f64::from(self.inside[0])),
            coverage95: share(f64::from(self.inside[1])),
            ideal80: share(self.ideal[0]),
            ideal95: share(self.ideal[1]),
            calibration: (self.bands > 0).then_some(calibration),
            ..self.points.metrics()
        }
    }
}
