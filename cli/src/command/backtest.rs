//! `corrente backtest`: what forecasts would have been worth, on a file of any series or on the database's own.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Result, bail};
use clap::ValueEnum;
use pipeline::jobs::{BacktestOptions, BacktestReport, BacktestStep, backtest_database, backtest_file};

use crate::context::Context;
use crate::jobs;
use crate::output::{Output, Progress};

/// What to measure.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// A CSV with the columns `unique_id`, ds and y; without it, the database's own daily series
    ///
    /// One row per series and step. A step without a row has no demand, an empty y is unknown demand, and every series
    /// goes on to the file's last date.
    #[arg(long, value_name = "FILE")]
    pub input: Option<PathBuf>,
    /// The step of the file's series
    #[arg(long, value_enum, default_value = "day", requires = "input")]
    freq: Step,
    /// Steps ahead [default: 90 days, 13 weeks, 6 months]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=365))]
    horizon: Option<u16>,
    /// Origins to forecast from, a horizon apart
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=24))]
    folds: u8,
    /// Same data and seed, same figures
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print one JSON object, last
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Step {
    Day,
    Week,
    Month,
}

impl Arguments {
    fn options(&self) -> BacktestOptions {
        let (step, usual) = match self.freq {
            Step::Day => (BacktestStep::Day, 90),
            Step::Week => (BacktestStep::Week, 13),
            Step::Month => (BacktestStep::Month, 6),
        };
        let horizon = usize::from(self.horizon.unwrap_or(usual));
        BacktestOptions { step, horizon, folds: usize::from(self.folds), seed: self.seed }
    }
}

/// Measures on `file`, meant from this process's directory; no database is opened.
pub async fn on_file(arguments: &Arguments, file: &Path, out: &Arc<dyn Output>) -> Result<u8> {
    let progress = Progress::new(Arc::clone(out));
    let (file, options, telling) = (file.to_owned(), arguments.options(), progress.clone());
    // All cores are busy for long; the runtime's own threads must not be.
    let done = tokio::task::spawn_blocking(move || {
        backtest_file(&file, &options, move |done, all| telling.count(done, all, "series"))
    })
    .await?;
    progress.finish();
    tell(&done?, arguments, out.as_ref())
}

/// Measures on the database's own series.
pub async fn run(context: &Context, arguments: &Arguments) -> Result<u8> {
    jobs::may_forecast(&context.config)?;
    let progress = context.progress();
    let telling = progress.clone();
    let done = backtest_database(&context.db, &arguments.options(), move |done, all| {
        telling.count(done, all, "series");
    })
    .await;
    progress.finish();
    tell(&done?, arguments, context.out.as_ref())
}

fn tell(report: &BacktestReport, arguments: &Arguments, out: &dyn Output) -> Result<u8> {
    let options = arguments.options();
    if !report.is_measured() {
        bail!(
            "none of the {} series is long enough for a fold of {} steps; give a shorter --horizon or more history",
            report.series(),
            options.horizon
        );
    }
    let figure = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.3}"));
    // Beside a JSON object, words are for people only.
    let say = |line: String| if arguments.json { out.err(&line) } else { out.out(&line) };
    say(format!("{:<16} {:>8} {:>8} {:>8} {:>8} {:>10} {:>8}", "", "RMSSE", "MASE", "WAPE", "bias", "pinball", "80 %"));
    for (name, metrics) in report.rows() {
        let [rmsse, mase, wape, bias] = [metrics.rmsse, metrics.mase, metrics.wape, metrics.bias].map(figure);
        let (pinball, inside) = (figure(metrics.pinball), figure(metrics.coverage80));
        say(format!("{name:<16} {rmsse:>8} {mase:>8} {wape:>8} {bias:>8} {pinball:>10} {inside:>8}"));
    }
    if arguments.json {
        out.out(&report.json().to_string());
    }
    Ok(0)
}
