//! Everything that happens inside the one transaction, in its order: dimensions, orders, facts, rollups, then the books.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Serialize;
use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, Executor as _, PgConnection, Postgres};

use super::codes::Codes;
use super::fact::Fact;
use super::loader::{Ending, Loader};
use super::rows::{Load, Merged};
use super::{close, months, rollups, sql};
use crate::Result;
use crate::partitions::{Partitioned, month_of};

/// Merges what `loader` has landed and what `load` brings besides.
pub(super) async fn everything(
    loader: &mut Loader<'_>,
    connection: &mut PgConnection,
    load: &Load,
    codes: &mut Codes,
    ending: Ending,
    progress: &(dyn Fn(&str) + Send + Sync),
) -> Result<Merged> {
    progress("merging");
    let mut merged = Merged::default();
    let dimensions = dimensions(connection, load, codes).await?;
    if dimensions > 0 {
        merged.touched.extend(["core.dim_item".into(), "core.dim_site".into()]);
    }
    if !load.orders.is_empty() {
        orders(loader, connection, load, &mut merged).await?;
    }
    let whole = months::merge(loader, connection, &mut merged, progress).await?;
    let news = merged.changed + merged.removed + dimensions > 0;
    if merged.changed + merged.removed > 0 {
        let tell = merged.changed >= months::TOLD;
        rollups::rewrite(connection, &whole, loader, tell, progress).await?;
        merged.touched.extend(["core.demand_weekly".into(), "core.demand_monthly".into()]);
    }
    let kinds = kinds(loader, load);
    if news {
        run(connection, sqlx::query(sql::STALE).bind(dependents(&kinds))).await?;
    }
    let landed = loader.landed.values().map(|(_, rows)| rows).chain(loader.unchanged.values()).sum::<u64>();
    let facts = load.orders.len() as u64 + landed;
    if facts == 0 {
        merged.changed = dimensions;
    }
    run(connection, sqlx::query(sql::FRESHNESS).bind(&kinds)).await?;
    for (key, value) in &load.settings {
        run(connection, sqlx::query(sql::SETTING).bind(key).bind(value)).await?;
    }
    close::counts(connection, load, facts, &mut merged).await?;
    if ending == Ending::Keep {
        close::books(connection, load, &merged).await?;
    }
    Ok(merged)
}

pub(super) async fn run(connection: &mut PgConnection, query: Query<'_, Postgres, PgArguments>) -> Result<u64> {
    Ok(query.execute(connection).await?.rows_affected())
}

/// Merges the dimensions; answers how many rows are new or different.
async fn dimensions(connection: &mut PgConnection, load: &Load, codes: &mut Codes) -> Result<u64> {
    let items = numbered(&load.items, "sku", |sku| codes.item_or_new(sku))?;
    let sites = numbered(&load.sites, "code", |code| codes.site_or_new(code))?;
    let mut changed = 0;
    for (statement, rows) in [
        (sql::CALENDAR, serde_json::to_value(&load.calendar)?),
        (sql::REGIONS, serde_json::to_value(&load.regions)?),
        (sql::SITES, sites),
        (sql::SUPPLIERS, serde_json::to_value(&load.suppliers)?),
        (sql::ITEMS, items),
        (sql::INDICATORS, serde_json::to_value(&load.indicators)?),
    ] {
        if rows.as_array().is_some_and(|rows| !rows.is_empty()) {
            let rows = run(connection, sqlx::query(statement).bind(rows)).await?;
            // A longer calendar alone is no news.
            changed += if statement == sql::CALENDAR { 0 } else { rows };
        }
    }
    if !load.items.is_empty() || !load.sites.is_empty() {
        connection.execute(sql::IDENTITIES).await?;
    }
    Ok(changed)
}

/// Rows as JSON, each with the id that its code has or gets.
fn numbered(rows: &[impl Serialize], code: &str, mut id: impl FnMut(&str) -> i64) -> Result<serde_json::Value> {
    let mut rows = serde_json::to_value(rows)?;
    for row in rows.as_array_mut().into_iter().flatten() {
        let id = row[code].as_str().map(&mut id);
        row["id"] = id.into();
    }
    Ok(rows)
}

async fn orders(
    loader: &mut Loader<'_>,
    connection: &mut PgConnection,
    load: &Load,
    merged: &mut Merged,
) -> Result<()> {
    let months: BTreeSet<NaiveDate> = load.orders.iter().map(|line| month_of(line.order_date)).collect();
    let asked = load.orders.iter().filter(|line| line.counts_as_demand).map(|line| month_of(line.order_date)).collect();
    partitions(loader, connection, Partitioned::Orders, &months).await?;
    partitions(loader, connection, Partitioned::DemandDaily, &asked).await?;
    connection.execute("ANALYZE landed_order_lines").await?;
    run(connection, sqlx::query(sql::TOUCH_ORDERS).bind(&load.source_file)).await?;
    merged.removed = run(connection, sqlx::query(sql::REMOVE_ORDERS).bind(&load.source_file)).await?;
    merged.changed += run(connection, sqlx::query(sql::MERGE_ORDERS).bind(&load.source_file)).await?;
    if merged.changed + merged.removed > 0 {
        connection.execute("ANALYZE landed_touched").await?;
        // These months hold more than what has landed.
        loader.weeks.retain(|month, _| !asked.contains(month));
        loader.contents.retain(|month, _| !asked.contains(month));
        run(connection, sqlx::query(sql::DEMAND_OF_ORDERS)).await?;
        run(connection, sqlx::query(sql::DEMAND_WITHOUT_ORDERS)).await?;
        merged.touched.extend(months.iter().map(|&month| format!("core.{}", Partitioned::Orders.partition(month))));
        merged.touched.extend(asked.iter().map(|&month| Fact::Demand.partition(month)));
    }
    Ok(())
}

/// Makes the partitions that are not there yet.
async fn partitions(
    loader: &mut Loader<'_>,
    connection: &mut PgConnection,
    table: Partitioned,
    months: &BTreeSet<NaiveDate>,
) -> Result<()> {
    for &month in months {
        if loader.present.insert(table.partition(month)) {
            connection.execute(AssertSqlSafe(table.create(month))).await?;
            connection.execute(AssertSqlSafe(table.attach(month))).await?;
        }
    }
    Ok(())
}

/// The kinds whose freshness this load tells.
fn kinds(loader: &Loader<'_>, load: &Load) -> Vec<&'static str> {
    let landed = |fact: Fact| loader.landed.keys().chain(loader.unchanged.keys()).any(|(landed, _)| *landed == fact);
    let brings = [
        ("DEMAND", landed(Fact::Demand) || load.orders.iter().any(|line| line.counts_as_demand)),
        ("INVENTORY", landed(Fact::Inventory)),
        ("ORDERS", !load.orders.is_empty()),
        ("INDICATORS", !load.indicators.is_empty()),
    ];
    brings.into_iter().filter(|(_, brings)| *brings).map(|(kind, _)| kind).collect()
}

/// What is computed from these kinds and what comes with them. A forecast sees demand, and by which families and regions
/// it is summed; neither stock nor what is on order.
fn dependents(kinds: &[&str]) -> &'static [&'static str] {
    match kinds {
        ["INDICATORS"] => &[],
        ["INVENTORY" | "ORDERS"] => &["KPIS", "RECOMMENDATIONS"],
        _ => &["FORECASTS", "KPIS", "RECOMMENDATIONS"],
    }
}
