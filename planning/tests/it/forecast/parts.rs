//! Made-up demand for spare parts, like that of a car maker's warehouse: monthly, whole, about three months of four empty.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Four years and a quarter.
pub const MONTHS: usize = 51;

/// Parts of one warehouse; another seed, another warehouse.
///
/// Orders come at a rate that wanders, mostly sinks as the car ages, and rises a little each winter; one order in a month
/// or several, of a size that belongs to the part. One part in twenty moves fast, one in thirty is given up on the way.
pub fn spare_parts(seed: u64, count: usize) -> Vec<Vec<f64>> {
    (0..count).map(|part| spare_part(&mut ChaCha8Rng::seed_from_u64(seed << 32 | part as u64))).collect()
}

fn spare_part(rng: &mut ChaCha8Rng) -> Vec<f64> {
    let fast = rng.random::<f64>() < 0.05;
    let mut rate = if fast { 1.0 + 7.0 * rng.random::<f64>() } else { (-1.7 + 0.95 * normal(rng)).exp() };
    let slope = -0.008 + 0.012 * normal(rng);
    let pack = [1.0, 1.0, 1.0, 1.0, 2.0, 5.0][rng.random_range(0..6)];
    // Share of a pack's successors: a mean of one to three packs an order.
    let more = 0.65 * rng.random::<f64>();
    let end = if rng.random::<f64>() < 0.033 { rng.random_range(10..MONTHS) } else { MONTHS };
    (0..MONTHS)
        .map(|month| {
            rate *= (slope + 0.07 * normal(rng)).exp();
            let winter = 1.0 + 0.12 * (std::f64::consts::TAU * month as f64 / 12.0).cos();
            let orders = if month < end { poisson(rng, rate * winter) } else { 0 };
            (0..orders).map(|_| pack * f64::from(1 + geometric(rng, more))).sum()
        })
        .collect()
}

/// Box and Muller (1958).
fn normal(rng: &mut impl Rng) -> f64 {
    (-2.0 * (1.0 - rng.random::<f64>()).ln()).sqrt() * (std::f64::consts::TAU * rng.random::<f64>()).cos()
}

/// Knuth's product of uniforms: rates here are small.
fn poisson(rng: &mut impl Rng, rate: f64) -> u32 {
    let floor = (-rate).exp();
    let mut product = rng.random::<f64>();
    let mut count = 0;
    while product > floor {
        product *= rng.random::<f64>();
        count += 1;
    }
    count
}

/// Successes before the first failure.
fn geometric(rng: &mut impl Rng, share: f64) -> u32 {
    let mut count = 0;
    while rng.random::<f64>() < share {
        count += 1;
    }
    count
}
