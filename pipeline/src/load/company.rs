//! The demo company into the database.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::json;
use store::Database;
use store::import_runs::NewImportRun;
use store::load::Run;

use super::{LoadError, convert};
use crate::demo::{self, DemoOptions};

/// The owner of the demo's order lines.
const SOURCE: &str = "demo";

/// How much the demo company brought.
#[derive(Debug, Clone, Serialize)]
pub struct DemoReport {
    pub items: usize,
    pub sites: usize,
    pub demand_rows: usize,
    pub inventory_rows: usize,
    pub order_lines: usize,
    pub seconds: f64,
}

/// Makes the demo company and loads it, in one transaction that also marks the database as the demo's. Refuses a database
/// that holds anything else.
pub async fn load_demo(
    db: &Database,
    options: &DemoOptions,
    now: DateTime<Utc>,
    progress: impl Fn(&str) + Send + Sync + 'static,
) -> Result<DemoReport, LoadError> {
    let started = std::time::Instant::now();
    if store::settings::holds_foreign_data(db).await? {
        return Err(LoadError::ForeignData);
    }
    progress("making the company");
    let (asked, making) = (*options, *options);
    let company = tokio::task::spawn_blocking(move || demo::generate(&making)).await;
    let company = company.map_err(|error| LoadError::Reader { file: SOURCE.into(), reason: error.to_string() })?;
    let mut report = DemoReport {
        items: company.items.len(),
        sites: company.sites.len(),
        demand_rows: company.demand.len(),
        inventory_rows: company.inventory.len(),
        order_lines: company.orders.len(),
        seconds: 0.0,
    };
    let read = (report.demand_rows + report.inventory_rows + report.order_lines) as i64;
    let run = NewImportRun {
        kind: "DEMO".into(),
        file: SOURCE.into(),
        checksum: None,
        actor: SOURCE.into(),
        started_at: now,
    };
    let run = store::import_runs::start(db, run).await?;
    let mut load = convert::company(SOURCE, company);
    let mark = json!({"items": asked.items, "sites": asked.sites, "days": asked.days, "until": asked.until, "seed": asked.seed});
    load.settings.push((store::settings::DEMO.into(), mark));
    load.run = Some(Run { id: run.id, read, rejected: 0, flagged: 0 });
    store::load::merge(db, load, progress).await?;
    db.settle().await?;
    report.seconds = started.elapsed().as_secs_f64();
    Ok(report)
}
