//! Random draws that are the same on every platform.
//!
//! `ChaCha8` is portable, but the standard library's `exp` and `ln` differ in their last bit between systems, and one
//! bit is enough to turn one order into another. So only `+ - * /` and `sqrt`, which IEEE 754 fixes, are used here.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// What a stream of draws is for. Each subject and index has its own stream, so that one more tower
/// does not change the towers before it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Subject {
    Places = 1,
    Suppliers,
    Items,
    Weather,
    Assortment,
    Demand,
    Replenishment,
    Rehearsal,
}

/// One stream of draws.
pub(super) struct Draw(ChaCha8Rng);

impl Draw {
    pub(super) fn new(seed: u64, subject: Subject, index: usize) -> Self {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_stream(((subject as u64) << 48) | index as u64);
        Self(generator)
    }

    /// Uniform in `[0, 1)`, with 53 bits.
    pub(super) fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Uniform between two numbers.
    pub(super) fn range(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Uniform integer, both ends included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + (self.unit() * (high - low + 1) as f64) as i64
    }

    /// Uniform position in a list of this length; 0 of an empty one.
    pub(super) fn position(&mut self, length: usize) -> usize {
        (self.unit() * length as f64) as usize
    }

    /// True with probability `p`.
    pub(super) fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// Poisson count with this mean, by inversion; a large mean is the sum of its halves.
    pub(super) fn poisson(&mut self, mean: f64) -> i64 {
        if mean > 30.0 {
            return self.poisson(mean / 2.0) + self.poisson(mean / 2.0);
        }
        let target = self.unit();
        let mut probability = exp_of_minus(mean.max(0.0));
        let mut below = probability;
        let mut count = 0_i32;
        while target > below && count < 200 {
            count += 1;
            probability *= mean / f64::from(count);
            below += probability;
        }
        i64::from(count)
    }

    /// Geometric count of at least 1 with this mean, by inversion; its CV2 is `(mean - 1) / mean`.
    pub(super) fn geometric(&mut self, mean: f64) -> i64 {
        let stop = 1.0 / mean.max(1.0);
        let target = self.unit();
        let mut probability = stop;
        let mut below = probability;
        let mut count = 1;
        while target > below && count < 2_000 {
            count += 1;
            probability *= 1.0 - stop;
            below += probability;
        }
        count
    }
}

/// `e^-x` for `0 <= x <= 30`: eight Taylor terms of `x / 64`, squared six times.
fn exp_of_minus(x: f64) -> f64 {
    let small = -x / 64.0;
    let mut term = 1.0;
    let mut sum = 1.0;
    for n in 1..=10 {
        term *= small / f64::from(n);
        sum += term;
    }
    for _ in 0..6 {
        sum *= sum;
    }
    sum
}
