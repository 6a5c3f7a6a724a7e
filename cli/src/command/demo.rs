//! `corrente demo`: the company that does not exist.

use anyhow::Result;
use chrono::{Days, NaiveDate};
use pipeline::demo::DemoOptions;

use crate::context::Context;

/// The size and the end of the company.
#[derive(Debug, Default, clap::Args)]
pub struct Arguments {
    /// Materials and services [default: 300]
    #[arg(long)]
    items: Option<usize>,
    /// Towers and warehouses [default: 12]
    #[arg(long)]
    sites: Option<usize>,
    /// Length of the history [default: 730]
    #[arg(long)]
    days: Option<u32>,
    /// The last day with data, as 2026-01-31 [default: yesterday]
    #[arg(long)]
    until: Option<NaiveDate>,
    /// Another seed, another company [default: 1]
    #[arg(long)]
    seed: Option<u64>,
}

/// Loads the company; refuses a database that holds anything else.
pub async fn run(context: &Context, arguments: Arguments) -> Result<u8> {
    let until =
        arguments.until.or_else(|| context.today().checked_sub_days(Days::new(1))).unwrap_or_else(|| context.today());
    let mut options = DemoOptions::new(until);
    options.items = arguments.items.unwrap_or(options.items);
    options.sites = arguments.sites.unwrap_or(options.sites);
    options.days = arguments.days.unwrap_or(options.days);
    options.seed = arguments.seed.unwrap_or(options.seed);

    let progress = context.progress();
    let telling = progress.clone();
    let report =
        pipeline::load::load_demo(&context.db, &options, context.now(), move |line: &str| telling.say(line)).await;
    progress.finish();
    let report = report?;
    let done = if report.unchanged { "is there already, unchanged" } else { "loaded" };
    context.say(format!(
        "demo company {done}, until {until}: {} items, {} sites, {} demand rows, {} stock rows, {} order lines ({:.1} s)",
        report.items, report.sites, report.demand_rows, report.inventory_rows, report.order_lines, report.seconds
    ));
    Ok(0)
}
