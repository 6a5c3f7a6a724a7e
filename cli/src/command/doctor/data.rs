//! Do the data fit together, and how fresh are they?

use anyhow::Result;
use chrono::TimeDelta;
use store::doctor;

use super::Check;
use crate::context::Context;

/// Facts older than this move no decision of today.
const OLD: TimeDelta = TimeDelta::days(45);

/// Freshness, orphans and rollups.
pub(super) async fn checks(context: &Context) -> Result<Vec<Check>> {
    let db = &context.db;
    let company = if store::settings::is_demo(db).await? { "the demo" } else { "not the demo" };
    let mut checks = vec![Check::ok("company", company)];
    checks.extend(freshness(context).await?);
    let orphans = doctor::orphans(db).await?;
    if orphans.is_empty() {
        checks.push(Check::ok("orphans", "every fact has its item, its site and its supplier"));
    }
    for orphans in orphans {
        checks.push(Check::fail(
            "orphans",
            format!("{} rows of {} have a {} that does not exist", orphans.rows, orphans.table, orphans.column),
            "restore the last good backup into a new database, or import the dimension and its facts again",
        ));
    }
    for rollup in doctor::rollups(db).await? {
        let of = if rollup.sampled { "sampled buckets" } else { "buckets" };
        checks.push(if rollup.wrong == 0 {
            Check::ok("rollups", format!("{}: {} {of} agree with the facts", rollup.table, rollup.buckets))
        } else {
            Check::fail(
                "rollups",
                format!("{}: {} of {} {of} disagree with the facts", rollup.table, rollup.wrong, rollup.buckets),
                "import the files of these days again, which makes their buckets anew; and find out who wrote to the tables",
            )
        });
    }
    Ok(checks)
}

async fn freshness(context: &Context) -> Result<Vec<Check>> {
    const NAME: &str = "freshness";
    let rows = store::freshness::all(&context.db).await?;
    if rows.is_empty() {
        return Ok(vec![Check::ok(NAME, "nothing is loaded yet")]);
    }
    let today = context.today();
    let checks = rows.into_iter().map(|row| {
        let through = row.data_through.map_or_else(|| "-".into(), |day| day.to_string());
        let kind = row.kind.as_str();
        let found = format!("{kind} through {through}, refreshed {}", row.refreshed_at.format("%F %T UTC"));
        let observed = matches!(kind, "DEMAND" | "INVENTORY" | "ORDERS" | "INDICATORS");
        match row.data_through {
            Some(day) if observed && day > today => {
                let advice =
                    "set this machine's clock, or look for rows of a wrong date: the company's today follows them";
                Check::fail(NAME, format!("{found}: after today, {today}"), advice)
            }
            _ if row.refreshed_at > context.now() + TimeDelta::minutes(5) => Check::fail(
                NAME,
                format!("{found}: by a clock that is ahead of this machine's"),
                "set this machine's clock",
            ),
            _ if row.stale => {
                let cure = if kind == "FORECASTS" { "run `corrente forecast`" } else { "run `corrente refresh`" };
                Check::warn(NAME, format!("{found}, stale"), cure)
            }
            Some(day) if observed && today - day > OLD => {
                let found = format!("{found}: {} days ago", (today - day).num_days());
                Check::warn(NAME, found, "import what has come since")
            }
            _ => Check::ok(NAME, found),
        }
    });
    Ok(checks.collect())
}
