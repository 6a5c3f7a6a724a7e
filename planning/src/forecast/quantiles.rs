//! Seven quantiles that keep their promises: ordered, finite, never negative, whole where demand is whole.

use serde::{Deserialize, Serialize};

/// The published levels.
pub const LEVELS: [f64; 7] = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975];

/// Demand quantiles at [`LEVELS`], in units.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(from = "[f64; 7]", into = "[f64; 7]")]
pub struct Quantiles([f64; 7]);

impl Quantiles {
    /// Makes the promises true: what is no number or negative becomes zero, each value is at least the one before,
    /// and whole demand is rounded to the nearest unit.
    ///
    /// Rounding is right because the predictive distribution counts every value within half a unit as that unit, so
    /// the rounded value is the smallest whole number that reaches the level.
    pub fn new(values: [f64; 7], integer: bool) -> Self {
        let mut least = 0.0_f64;
        Self(values.map(|value| {
            let value = if value.is_finite() { value } else { 0.0 };
            let value = if integer { whole(value) } else { value };
            least = least.max(value);
            least
        }))
    }

    pub fn values(&self) -> [f64; 7] {
        self.0
    }

    /// The value at one of [`LEVELS`], by position.
    pub fn at(&self, index: usize) -> f64 {
        self.0[index]
    }
}

/// The smallest whole number `n` with `value <= n + 1/2`, at least zero.
pub(crate) fn whole(value: f64) -> f64 {
    (value - 0.5 - 1e-9).ceil().max(0.0)
}

impl From<[f64; 7]> for Quantiles {
    fn from(values: [f64; 7]) -> Self {
        Self::new(values, false)
    }
}

impl From<Quantiles> for [f64; 7] {
    fn from(quantiles: Quantiles) -> Self {
        quantiles.0
    }
}
