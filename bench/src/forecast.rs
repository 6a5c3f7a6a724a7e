//! Series a second of the whole forecast: selection by backtest, bands, calibration.

use std::sync::atomic::AtomicBool;
use std::time::Instant;

use anyhow::Result;
use chrono::NaiveDate;
use planning::forecast::{Control, DemandSeries, Options, SeriesInput, SeriesKey, forecast_all};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use crate::table::{Goal, Row, print};

const DAYS: usize = 730;

/// How much to forecast.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Series of two years each
    #[arg(long, default_value = "2000")]
    series: i64,
    /// Make all series alike, from dense (0) to sparse (5), instead of a mixture
    #[arg(long, value_parser = clap::value_parser!(i64).range(0..6))]
    kind: Option<i64>,
}

/// Measures with the default horizon and folds.
pub fn run(arguments: &Arguments) -> Result<()> {
    let inputs: Vec<SeriesInput> =
        (0..arguments.series).map(|n| arguments.kind.map_or(n, |kind| 6 * n + kind)).map(synthetic).collect();
    let started = Instant::now();
    let control = Control { progress: &|_, _| {}, cancelled: &AtomicBool::new(false) };
    let run = forecast_all(&inputs, &Options::default(), control)?;
    let rate = inputs.len() as f64 / started.elapsed().as_secs_f64();
    let row = |what: &str, figure: f64, unit, goal| Row { what: what.into(), figure, unit, goal };
    let mut rows = vec![row("forecast, 90 days ahead, backtest included", rate, "series/s", Goal::AtLeast(500.0))];
    let selected = &run.summary.selected;
    for (what, figure) in [
        ("selected: RMSSE", selected.rmsse),
        ("selected: pinball loss", selected.pinball),
        ("selected: coverage of the 80 % band", selected.coverage80),
        ("what an ideal 80 % band covers here", selected.ideal80),
    ] {
        rows.extend(figure.map(|figure| row(what, figure, "", Goal::None)));
    }
    print("Forecast", &rows);
    Ok(())
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
