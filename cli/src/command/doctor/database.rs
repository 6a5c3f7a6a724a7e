//! How the database answers, and whether its structure is whole.

use std::time::Instant;

use anyhow::Result;
use chrono::{Datelike as _, Months, NaiveDate, TimeDelta};
use store::doctor::{self, Parts};
use store::{Engine, ReplicaState};

use super::Check;
use crate::context::Context;

const MIB: i64 = 1 << 20;
/// Seconds by which a replica may be behind before readers notice.
const LAG: f64 = 30.0;
/// A forecast reaches 90 days ahead; a part beyond this month was made by a wrong date.
const AHEAD: Months = Months::new(24);
/// No import and no forecast takes this long.
const LONG: TimeDelta = TimeDelta::hours(6);

/// Does it answer, how fast, and does the replica?
pub(super) async fn connection(context: &Context) -> Result<Vec<Check>> {
    let db = &context.db;
    let started = Instant::now();
    let bytes = doctor::database_bytes(db).await?;
    let milliseconds = started.elapsed().as_secs_f64() * 1_000.0;
    let engine = match db.engine() {
        Engine::Embedded => format!("embedded in {}", context.config.data_dir.display()),
        Engine::Native => "a server of its own".into(),
    };
    let found =
        format!("PostgreSQL {}, {engine}, answered in {milliseconds:.1} ms, holds {} MiB", db.version(), bytes / MIB);
    let mut checks = vec![Check::ok("connection", found)];
    match db.replica() {
        ReplicaState::None => {}
        ReplicaState::Away => checks.push(Check::warn(
            "replica",
            "it does not answer; the primary answers in its place",
            "look at the server of DATABASE_REPLICA_URL",
        )),
        ReplicaState::Answers => {
            if let Some(lag) = doctor::lag(db, context.now()).await? {
                let found = format!("it is {:.1} s behind", lag.seconds);
                checks.push(if !lag.follows {
                    let advice = "let DATABASE_REPLICA_URL name a server that follows that of DATABASE_URL";
                    Check::fail("replica", "it follows no other server", advice)
                } else if lag.seconds > LAG {
                    Check::warn("replica", found, "see what keeps the replica from following")
                } else {
                    Check::ok("replica", found)
                });
            }
        }
    }
    Ok(checks)
}

/// Is the schema the one of this version?
pub(super) async fn migrations(context: &Context) -> Result<Check> {
    let applied = store::health::migrations(&context.db).await?;
    let known: Vec<&str> = migration::steps().iter().map(|(name, ..)| *name).collect();
    let missing: Vec<&str> =
        known.iter().copied().filter(|name| !applied.iter().any(|applied| applied == name)).collect();
    let unknown: Vec<&str> = applied.iter().map(String::as_str).filter(|name| !known.contains(name)).collect();
    Ok(if !unknown.is_empty() {
        let found = format!("the database has steps that this version does not know: {}", unknown.join(", "));
        Check::fail("migrations", found, "use the version of Corrente that made them, or a newer one")
    } else if missing.is_empty() {
        Check::ok("migrations", format!("all {} applied", known.len()))
    } else {
        Check::fail("migrations", format!("missing: {}", missing.join(", ")), "run `corrente migrate up`")
    })
}

/// Parts, indexes, the audit log's head, and what says that it is running.
pub(super) async fn checks(context: &Context) -> Result<Vec<Check>> {
    let db = &context.db;
    let mut checks = Vec::new();
    for parts in doctor::partitions(db).await? {
        checks.push(partitions(&parts, context.today()));
    }
    let invalid = doctor::invalid_indexes(db).await?;
    checks.push(if invalid.is_empty() {
        Check::ok("indexes", "all are whole")
    } else {
        let again: Vec<String> = invalid.iter().map(|index| format!("REINDEX INDEX {index}")).collect();
        Check::fail("indexes", format!("unusable: {}", invalid.join(", ")), again.join("; "))
    });
    checks.push(match doctor::audit_head(db).await? {
        Some(head) if head.fits => {
            Check::ok("audit", format!("{} entries, and the last one is the chain's head", head.entries))
        }
        Some(head) => Check::fail(
            "audit",
            format!("the last entry is not the one that the head remembers ({} entries)", head.entries),
            "run `corrente verify-audit`, which names the first entry that does not fit",
        ),
        None => Check::fail("audit", "the chain has lost its head", "restore a backup into a new database"),
    });
    for running in doctor::oldest_running(db).await? {
        if context.now() - running.since > LONG {
            let found = format!("{} says it is running since {}", running.what, running.since.format("%F %T UTC"));
            checks.push(Check::warn("running", found, "if nothing runs any more, start it again; that closes it"));
        }
    }
    Ok(checks)
}

fn partitions(parts: &Parts, today: NaiveDate) -> Check {
    const NAME: &str = "partitions";
    let Parts { table, count, range, missing, stray } = parts;
    let Some((from, until)) = range else {
        return Check::ok(NAME, format!("{table} has none yet; the first load makes them"));
    };
    let found = format!("{table}: {count}, from {from} until {until}");
    if *stray > 0 {
        let advice = "move these rows into parts of their own months, and let the default part stay empty";
        return Check::fail(NAME, format!("{found}; {stray} rows are in none of them"), advice);
    }
    if until.checked_sub_months(AHEAD).is_some_and(|day| day > today) {
        let advice = "look for rows of that far a date: a wrong date in a file makes every question slower";
        return Check::warn(NAME, format!("{found}; that is far in the future"), advice);
    }
    if !missing.is_empty() {
        let months: Vec<String> =
            missing.iter().take(12).map(|month| format!("{}-{:02}", month.year(), month.month())).collect();
        let found = format!("{found}; none for {} of the months between: {}", missing.len(), months.join(", "));
        return Check::warn(
            NAME,
            found,
            "import the files of these months, if there are any; the load makes the parts",
        );
    }
    Check::ok(NAME, found)
}
