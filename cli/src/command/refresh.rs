//! `corrente refresh`: what is computed from data and forecasts.

use anyhow::Result;

use crate::context::Context;
use crate::jobs;

/// What to compute.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Compute even though nothing has changed since the last refresh
    #[arg(long)]
    force: bool,
}

/// Brings KPIs, recommendations, alerts and views up to date.
pub async fn run(context: &Context, arguments: &Arguments) -> Result<u8> {
    let progress = context.progress();
    progress.say("refreshing KPIs, recommendations, alerts and views");
    let report = if arguments.force {
        jobs::refresh_anyway(&context.db, &context.config).await
    } else {
        jobs::refresh(&context.db, &context.config).await
    };
    progress.finish();
    context.say(report?);
    Ok(0)
}
