//! What the audit log costs those who only look: a dashboard of which each request leaves an entry, against one of which
//! none does.

use std::time::Instant;

use anyhow::{Result, ensure};
use serde_json::json;
use store::audit::{self, AuditFilter};

use super::Served;
use super::questions::{Load, at_once};
use crate::table::{Goal, Row, percentile};

/// Everything that the first page of the dashboard asks for.
const DASHBOARD: &str = include_str!("../../../frontend/queries/dashboard.graphql");
/// Rounds of both, turn about, so that a machine that slows down does not decide.
const ROUNDS: usize = 7;
/// The action of the entry that a request for a cost leaves, which is a viewer's only way to leave one by looking.
const REFUSED: &str = "read.refused";

/// Both rates and, in each round, the ratio of one to the other.
pub async fn cost(served: &Served, load: Load) -> Result<Vec<Row>> {
    let costly = DASHBOARD.replacen("kpis {", "kpis { inventoryValue", 1);
    ensure!(costly != DASHBOARD, "the dashboard asks for no KPIs any more");
    let bodies = |document: &str| vec![json!({ "query": document }).to_string(); load.times as usize];
    let (plain, audited) = (bodies(DASHBOARD), bodies(&costly));
    // Plans and caches are warm in both.
    rate(served, load, &plain).await?;
    rate(served, load, &audited).await?;
    served.trail.flush().await;
    let before = entries(served).await?;
    let (mut without, mut with, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let one = rate(served, load, &plain).await?;
        let other = rate(served, load, &audited).await?;
        ratios.push(other / one);
        without.push(one);
        with.push(other);
    }
    served.trail.flush().await;
    let (written, asked) = (entries(served).await? - before, ROUNDS as u64 * load.times * load.clients);
    ensure!(written == asked, "{asked} requests left {written} entries: a rate that drops entries is worth nothing");
    let middle = |figures: &mut Vec<f64>| {
        figures.sort_by(f64::total_cmp);
        percentile(figures, 0.5)
    };
    let row = |what: &str, figure, unit, goal| Row { what: what.into(), figure, unit, goal };
    Ok(vec![
        row("dashboard, nothing to audit", middle(&mut without), "req/s", Goal::None),
        row("dashboard, an entry a request", middle(&mut with), "req/s", Goal::None),
        row("dashboard, the second against the first", middle(&mut ratios), "", Goal::AtLeast(0.95)),
    ])
}

/// Requests a second. The round ends when all that it left is chained, so that it pays for that itself.
async fn rate(served: &Served, load: Load, bodies: &[String]) -> Result<f64> {
    let mut connections = Vec::new();
    for _ in 0..load.clients {
        connections.push(served.viewer().await?);
    }
    let started = Instant::now();
    at_once(connections, bodies).await?;
    served.trail.flush().await;
    Ok((bodies.len() as u64 * load.clients) as f64 / started.elapsed().as_secs_f64())
}

async fn entries(served: &Served) -> Result<u64> {
    let refused = AuditFilter { action: Some(REFUSED.to_owned()), ..AuditFilter::default() };
    Ok(audit::count(&served.db, &refused).await?)
}
