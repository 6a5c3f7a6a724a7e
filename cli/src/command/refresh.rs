//! `corrente refresh`: what is computed from data and forecasts.

use anyhow::Result;
use api::app::Event;

use crate::context::Context;
use crate::jobs;

/// Computes KPIs, recommendations, alerts and views anew.
pub async fn run(context: &Context) -> Result<u8> {
    let progress = context.progress();
    progress.say("refreshing KPIs, recommendations, alerts and views");
    let report = jobs::refresh(&context.db, &context.config).await;
    progress.finish();
    context.say(report?);
    context.publish(Event::DataRefreshed);
    Ok(0)
}
