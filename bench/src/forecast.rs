//! Series a second of the whole forecast: selection by backtest, bands, calibration; and what it is worth on sparse demand.

use std::sync::atomic::AtomicBool;
use std::time::Instant;

use anyhow::Result;
use chrono::NaiveDate;
use planning::forecast::{
    Control, DemandSeries, Frequency, LEVELS, ModelName, Options, Run, SeriesInput, SeriesKey, forecast_into,
};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use crate::table::{Goal, Row, print};

/// The generator of planning's own tests: what they hold is what is printed here.
#[path = "../../planning/tests/it/forecast/parts.rs"]
mod parts;

const DAYS: usize = 730;
const PARTS: usize = 2_500;

/// How much to forecast.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Series of two years each
    #[arg(long, default_value = "2000")]
    series: i64,
    /// Make all series alike, from dense (0) to sparse (5), instead of a mixture
    #[arg(long, value_parser = clap::value_parser!(i64).range(0..6))]
    kind: Option<i64>,
    /// Seed of the spare parts
    #[arg(long, default_value = "21")]
    seed: u64,
}

/// Measures with the default horizon and folds.
pub fn run(arguments: &Arguments) -> Result<()> {
    let inputs: Vec<SeriesInput> =
        (0..arguments.series).map(|n| arguments.kind.map_or(n, |kind| 6 * n + kind)).map(synthetic).collect();
    let row = |what: &str, figure: f64, unit, goal| Row { what: what.into(), figure, unit, goal };
    let before = resident();
    let started = Instant::now();
    let run = forecast(&inputs, &Options::default())?;
    let rate = inputs.len() as f64 / started.elapsed().as_secs_f64();
    let mut rows = vec![row("forecast, 90 days ahead, backtest included", rate, "series/s", Goal::AtLeast(500.0))];
    // What a run keeps of a series; the series themselves were there before.
    if let (Some(before), Some(after)) = (before, resident()) {
        let kept = after.saturating_sub(before) as f64 / inputs.len() as f64;
        rows.push(row("memory kept of each series", kept, "kB", Goal::None));
    }
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
    sparse(arguments.seed)
}

/// Forecasts everything and keeps nothing but the measures.
fn forecast(inputs: &[SeriesInput], options: &Options) -> Result<Run> {
    let control = Control { progress: &|_, _| {}, cancelled: &AtomicBool::new(false) };
    Ok(forecast_into(inputs, options, control, &mut drop)?)
}

/// Spare parts by month, made anew: selection and bands against what each method alone would have reached.
fn sparse(seed: u64) -> Result<()> {
    let start = NaiveDate::from_ymd_opt(2020, 1, 1).unwrap_or_default();
    let parts = parts::spare_parts(seed, PARTS).into_iter().enumerate();
    let inputs: Vec<SeriesInput> = parts
        .map(|(at, part)| SeriesInput {
            key: SeriesKey::Item(at as i64),
            series: DemandSeries::new(start, part, Vec::new()),
        })
        .collect();
    let options = Options { horizon: 6, frequency: Frequency::Month, ..Options::default() };
    let summary = forecast(&inputs, &options)?.summary;
    let rmsse = summary.selected.rmsse.unwrap_or(f64::INFINITY);
    let naive = summary.methods.get(&ModelName::SeasonalNaive).copied().unwrap_or_default();
    let best = summary.methods.values().filter_map(|method| method.rmsse).fold(f64::INFINITY, f64::min);
    let lost = summary.selected.pinball.unwrap_or(f64::INFINITY) / naive.pinball.unwrap_or_default();
    // How far the worst quantile of any class is beyond its promise; the classes' own sampling error is within 0.02.
    let judged = summary.classes.values().filter(|metrics| metrics.observations > 400);
    let beyond = judged.filter_map(|metrics| metrics.calibration).flat_map(|shares| {
        LEVELS.into_iter().zip(shares).map(|(t, share)| (share.above - 1.0 + t).max(1.0 - t - share.at_or_above))
    });
    let row = |what: &str, figure, goal| Row { what: what.into(), figure, unit: "", goal };
    print(
        "Sparse monthly demand",
        &[
            row("RMSSE over the best single method's in hindsight", rmsse / best, Goal::AtMost(1.01)),
            row("RMSSE over seasonal naive's", rmsse / naive.rmsse.unwrap_or_default(), Goal::AtMost(0.8)),
            row("pinball loss over the season's empirical quantiles'", lost, Goal::AtMost(0.95)),
            row("furthest any quantile of any class is off", beyond.fold(0.0, f64::max), Goal::AtMost(0.02)),
        ],
    );
    Ok(())
}

/// Resident memory in kB, where the system tells.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.trim().parse().ok())
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
