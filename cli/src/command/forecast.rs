//! `corrente forecast`: every series, with its band.

use anyhow::Result;
use api::app::Event;

use crate::context::Context;
use crate::jobs;

/// How far to look.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Days ahead
    #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=365))]
    horizon: u16,
}

/// Forecasts, then recomputes what rests on forecasts.
pub async fn run(context: &Context, arguments: &Arguments) -> Result<u8> {
    let progress = context.progress();
    let done = jobs::forecast(&context.db, &context.config, arguments.horizon, &progress).await;
    progress.finish();
    context.say(done?);
    context.say(jobs::refresh(&context.db, &context.config).await?);
    context.publish(Event::DataRefreshed);
    Ok(0)
}
