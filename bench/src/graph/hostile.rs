//! How soon requests made to hurt are refused, and how the server lives meanwhile.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use testkit::hostile;

use super::Served;
use crate::table::{Goal, Row, percentile};

/// How often each is sent; its figure is the median.
const TIMES: usize = 5;

/// Sends each five times, while somebody else asks whether the server lives.
pub async fn refuse(served: &Served) -> Result<Vec<Row>> {
    let mut asking = served.client().await?;
    let (stop, mut stopped) = tokio::sync::oneshot::channel::<()>();
    let living = tokio::spawn(async move {
        let mut waited = Vec::new();
        while stopped.try_recv().is_err() {
            let started = Instant::now();
            let answer = asking.get("/health/live").await?;
            ensure!(answer.status == 200, "it does not live: {}", answer.status);
            waited.push(started.elapsed().as_secs_f64() * 1_000.0);
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Ok(waited)
    });
    let mut rows = Vec::new();
    for hostile in hostile::requests() {
        let mut milliseconds = Vec::new();
        for _ in 0..TIMES {
            // A connection each: who is refused may be cut off.
            let mut client = served.client().await?;
            let started = Instant::now();
            let answer = client.post(&hostile.body).await?;
            milliseconds.push(started.elapsed().as_secs_f64() * 1_000.0);
            ensure!(answer.status == hostile.status, "{}: {}", hostile.name, answer.status);
        }
        milliseconds.sort_by(f64::total_cmp);
        let figure = percentile(&milliseconds, 0.5);
        rows.push(Row { what: hostile.name.into(), figure, unit: "ms", goal: Goal::AtMost(50.0) });
    }
    // It ends by itself when the channel is gone as well.
    let _ = stop.send(());
    let mut waited = living.await??;
    waited.sort_by(f64::total_cmp);
    let figure = percentile(&waited, 0.99);
    rows.push(Row { what: "/health/live meanwhile".into(), figure, unit: "ms p99", goal: Goal::AtMost(100.0) });
    Ok(rows)
}
