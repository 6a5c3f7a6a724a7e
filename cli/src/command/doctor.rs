//! `corrente doctor`: how the database stands.

use anyhow::Result;
use store::Engine;

use crate::context::Context;

/// Shows the engine, migrations, freshness and row counts; exits with 1 when migrations are missing.
pub async fn run(context: &Context) -> Result<u8> {
    let db = &context.db;
    let engine = match db.engine() {
        Engine::Embedded => format!("embedded in {}", context.config.data_dir.display()),
        Engine::Native => "a server of its own".into(),
    };
    context.say(format!("corrente    {}", env!("CARGO_PKG_VERSION")));
    context.say(format!("database    PostgreSQL {}, {engine}", db.version()));
    let steps = migration::status(db.reader()).await?;
    let pending: Vec<&str> = steps.iter().filter(|step| !step.applied).map(|step| step.name.as_str()).collect();
    if !pending.is_empty() {
        context.say(format!("migrations  missing: {}; run `corrente migrate up`", pending.join(", ")));
        return Ok(1);
    }
    context.say(format!("migrations  all {} applied", steps.len()));
    context
        .say(format!("company     {}", if store::settings::is_demo(db).await? { "the demo" } else { "not the demo" }));
    let freshness = store::freshness::all(db).await?;
    if freshness.is_empty() {
        context.say("freshness   nothing is loaded yet");
    }
    for row in freshness {
        let through = row.data_through.map_or_else(|| "-".into(), |day| day.to_string());
        let stale = if row.stale { ", stale: run `corrente refresh`" } else { "" };
        context.say(format!(
            "freshness   {:<16} through {through}, refreshed {}{stale}",
            row.kind.as_str(),
            row.refreshed_at.format("%F %T UTC")
        ));
    }
    for table in store::backup::tables(db).await? {
        let rows = store::backup::rows(db, &table).await?;
        context.say(format!("rows        {:<34} {rows:>12}", table.name()));
    }
    Ok(0)
}
