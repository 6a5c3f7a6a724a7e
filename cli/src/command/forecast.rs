//! `corrente forecast`: every series, with its band, and the features of the same data.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::context::Context;
use crate::jobs::{self, Wanted};

/// How far to look, at what, and where to write it.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Days ahead
    #[arg(long, default_value_t = jobs::HORIZON, value_parser = clap::value_parser!(u16).range(1..=365))]
    horizon: u16,
    /// Only these items, by their codes; totals and all other items keep their forecasts
    #[arg(long, value_name = "SKU,...", value_delimiter = ',')]
    items: Option<Vec<String>>,
    /// Write forecasts.parquet and features.parquet there, too
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Forecasts, then recomputes what rests on forecasts.
pub async fn run(context: &Context, arguments: &Arguments) -> Result<u8> {
    jobs::may_forecast(&context.config)?;
    let items = arguments.items.as_ref().map(|items| -> Vec<String> {
        items.iter().map(|sku| sku.trim().to_owned()).filter(|sku| !sku.is_empty()).collect()
    });
    if items.as_ref().is_some_and(Vec::is_empty) {
        bail!("--items names no item; give codes separated by commas, or leave it out to forecast everything");
    }
    let out = arguments.out.as_ref().map(|directory| context.path(directory));
    let wanted = Wanted { horizon: arguments.horizon, items, out };
    let progress = context.progress();
    let done = jobs::forecast(&context.db, &context.config, wanted, &progress).await;
    progress.finish();
    context.say(done?);
    context.say(jobs::refresh(&context.db, &context.config).await?);
    Ok(0)
}
