//! Shared builders of series, and the parts in the crate's order.

mod bands;
mod class;
mod engine;
mod models;
mod parts;
mod properties;
mod sparse;

use std::sync::atomic::AtomicBool;

use chrono::NaiveDate;
use planning::forecast::{Control, DemandSeries, Options, Run, SeriesInput, SeriesKey, forecast_all};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

pub fn start() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, 1).unwrap()
}

pub fn series(quantities: Vec<f64>) -> DemandSeries {
    DemandSeries::new(start(), quantities, Vec::new())
}

/// Whole demands of mean size `size` with this probability a day, seeded.
pub fn random(seed: u64, days: usize, probability: f64, size: f64) -> Vec<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut draw = |_| {
        if rng.random::<f64>() < probability {
            (1.0 - 2.0 * size * rng.random::<f64>().ln() / 2.0).round()
        } else {
            0.0
        }
    };
    (0..days).map(&mut draw).collect()
}

/// Series of every density under their own keys.
pub fn mixed(count: i64, days: usize) -> Vec<SeriesInput> {
    let probability = |n: i64| [0.95, 0.4, 0.15, 0.05][(n % 4) as usize];
    (0..count)
        .map(|n| SeriesInput { key: SeriesKey::Item(n), series: series(random(n as u64, days, probability(n), 6.0)) })
        .collect()
}

pub fn run(inputs: &[SeriesInput], options: &Options) -> Run {
    forecast_all(inputs, options, Control { progress: &|_, _| {}, cancelled: &AtomicBool::new(false) }).unwrap()
}
