//! The demo company into the database.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Value as Json, json};
use store::Database;
use store::import_runs::NewImportRun;

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
    /// The very company was there already: nothing was written.
    pub unchanged: bool,
}

/// Makes the demo company and loads it, in one transaction that also marks the database as the demo's. Refuses a database
/// that holds anything else, a demo company made with other options included; finds nothing to do where the same is.
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
    let mark = mark(options);
    let stored: Option<Json> = store::settings::get(db, store::settings::DEMO).await?;
    let stored = stored.filter(serde_json::Value::is_object);
    if let Some(stored) = stored.as_ref().filter(|stored| **stored != mark) {
        return Err(LoadError::OtherDemo { stored: words(stored), asked: words(&mark) });
    }
    progress("making the company");
    let making = *options;
    let company = tokio::task::spawn_blocking(move || demo::generate(&making)).await;
    let company = company.map_err(|error| LoadError::Reader { file: SOURCE.into(), reason: error.to_string() })?;
    let mut report = DemoReport {
        items: company.items.len(),
        sites: company.sites.len(),
        demand_rows: company.demand.len(),
        inventory_rows: company.inventory.len(),
        order_lines: company.orders.len(),
        seconds: 0.0,
        unchanged: stored.is_some(),
    };
    if report.unchanged {
        report.seconds = started.elapsed().as_secs_f64();
        return Ok(report);
    }
    let run = NewImportRun {
        kind: "DEMO".into(),
        file: SOURCE.into(),
        checksum: None,
        actor: SOURCE.into(),
        started_at: now,
    };
    let run = store::import_runs::start(db, run).await?;
    let mut load = convert::company(SOURCE, company);
    load.settings.push((store::settings::DEMO.into(), mark));
    load.run = Some(run.id);
    let merged = store::load::merge(db, load, progress).await?;
    store::load::settle(db, &merged).await?;
    report.seconds = started.elapsed().as_secs_f64();
    Ok(report)
}

/// What makes one demo company another.
fn mark(options: &DemoOptions) -> Json {
    let DemoOptions { items, sites, days, until, seed, .. } = options;
    json!({"items": items, "sites": sites, "days": days, "until": until, "seed": seed})
}

/// The options as a person types them.
fn words(mark: &Json) -> String {
    let named = ["items", "sites", "days", "until", "seed"];
    let told = named.iter().filter_map(|name| {
        let value = mark.get(name)?;
        Some(format!("--{name} {}", value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
    });
    told.collect::<Vec<_>>().join(" ")
}
