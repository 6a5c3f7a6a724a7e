//! Times `forecast_all` on synthetic series and prints what its backtest measured.
//!
//! `cargo run -p planning --example speed -- COUNT [FILE.csv or -] [day|month] [KIND 0-5]`; the file has columns key, step,
//! quantity (steps from 0; a key is ITEM or ITEM/SITE); KIND makes all synthetic series alike, from dense to sparse.
#![allow(clippy::print_stdout)] // A program for a terminal.
#![allow(clippy::needless_for_each, clippy::cast_possible_wrap)] // A few thousand series at most.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use chrono::NaiveDate;
use planning::forecast::{Control, DemandSeries, Frequency, Metrics, Options, SeriesInput, SeriesKey, forecast_all};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

const DAYS: usize = 730;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let count: i64 = arguments.get(1).and_then(|n| n.parse().ok()).unwrap_or(1000);
    let monthly = arguments.get(3).is_some_and(|f| f == "month");
    let inputs = match arguments.get(2).filter(|f| *f != "-") {
        Some(file) => from_file(file),
        None => (0..count)
            .map(|n| arguments.get(4).and_then(|k| k.parse::<i64>().ok()).map_or(n, |k| 6 * n + k))
            .map(synthetic)
            .collect(),
    };
    let options = if monthly {
        Options { horizon: 6, folds: 3, seed: 1, frequency: Frequency::Month }
    } else {
        Options::default()
    };
    let begin = Instant::now();
    let run = forecast_all(&inputs, &options, Control { progress: &|_, _| {}, cancelled: &AtomicBool::new(false) });
    let seconds = begin.elapsed().as_secs_f64();
    let Ok(run) = run else { return };
    println!("{} series, {:.1} s, {:.0} series/s", inputs.len(), seconds, inputs.len() as f64 / seconds);
    println!("{:?}", run.summary.models);
    show("SELECTED", &run.summary.selected);
    for (name, metrics) in &run.summary.methods {
        show(name.as_str(), metrics);
    }
    for (class, metrics) in &run.summary.classes {
        show(class.as_str(), metrics);
    }
    for row in &run.accuracy {
        show(&format!("{} {}-", row.class, row.lead_from), &row.metrics);
    }
}

fn show(name: &str, m: &Metrics) {
    let f = |v: Option<f64>| v.map_or("-".to_owned(), |v| format!("{v:.4}"));
    println!(
        "{name:20} rmsse {} mase {} wape {} bias {} pinball {} c80 {} (ideal {}) c95 {} ({}) n {}",
        f(m.rmsse),
        f(m.mase),
        f(m.wape),
        f(m.bias),
        f(m.pinball),
        f(m.coverage80),
        f(m.ideal80),
        f(m.coverage95),
        f(m.ideal95),
        m.observations
    );
    if let Some(calibration) = m.calibration {
        let bad = |(c, t): (&planning::forecast::metrics::Calibration, &f64)| {
            let mark = if c.above > 1.0 - t + 0.02 || c.at_or_above < 1.0 - t - 0.02 { "!" } else { "" };
            format!("{t}: {:.3}/{:.3}{mark}", c.above, c.at_or_above)
        };
        let text: Vec<String> = calibration.iter().zip(&planning::forecast::LEVELS).map(bad).collect();
        println!("{:20} {}", "", text.join("  "));
    }
}

/// Two years of one kind of demand, with a working week and a slow drift.
fn synthetic(n: i64) -> SeriesInput {
    let mut rng = ChaCha8Rng::seed_from_u64(n as u64);
    let probability = [0.95, 0.9, 0.3, 0.12, 0.05, 0.02][(n % 6) as usize];
    let spread = [0.3, 1.0, 0.3, 1.2, 0.6, 1.0][(n % 6) as usize];
    let size = 3.0 + 20.0 * rng.random::<f64>();
    let drift = rng.random_range(-0.4..0.4);
    let quantities = (0..DAYS)
        .map(|day| {
            let week = if day % 7 >= 5 { 0.4 } else { 1.2 };
            let trend = 1.0 + drift * day as f64 / DAYS as f64;
            if rng.random::<f64>() > probability * f64::min(week, 1.0 / probability) * trend.min(1.0) {
                return 0.0;
            }
            // The product of uniforms is a simple right-skewed size.
            let noise = (spread * (rng.random::<f64>() + rng.random::<f64>() + rng.random::<f64>() - 1.5) * 1.5).exp();
            (size * noise).round().max(1.0)
        })
        .collect();
    let start = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap_or_default();
    SeriesInput { key: SeriesKey::Item(n), series: DemandSeries::new(start, quantities, Vec::new()) }
}

fn from_file(file: &str) -> Vec<SeriesInput> {
    let mut by_key: BTreeMap<String, Vec<(usize, f64)>> = BTreeMap::new();
    let text = std::fs::read_to_string(file).unwrap_or_default();
    for line in text.lines().skip(1) {
        let mut parts = line.rsplitn(3, ',');
        let (quantity, step, key) = (parts.next(), parts.next(), parts.next());
        if let (Some(Ok(quantity)), Some(Ok(step)), Some(key)) = (quantity.map(str::parse), step.map(str::parse), key) {
            by_key.entry(key.to_owned()).or_default().push((step, quantity));
        }
    }
    let end = by_key.values().flatten().map(|p| p.0).max().unwrap_or(0);
    let day = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap_or_default();
    by_key
        .into_iter()
        .map(|(name, points)| {
            let first = points.iter().map(|p| p.0).min().unwrap_or(0);
            let mut quantities = vec![0.0; end + 1 - first];
            points.iter().for_each(|(at, quantity)| quantities[at - first] += quantity);
            let mut ids = name.split('/').filter_map(|part| part.parse().ok());
            let key = match (name.contains('/'), ids.next(), ids.next()) {
                (true, Some(item), Some(site)) => SeriesKey::ItemSite { item, site },
                (false, Some(item), _) => SeriesKey::Item(item),
                _ => SeriesKey::Named(name),
            };
            SeriesInput { key, series: DemandSeries::new(Frequency::Day.advance(day, first), quantities, Vec::new()) }
        })
        .collect()
}
