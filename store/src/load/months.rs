//! Facts, month by month: a month that is new becomes a partition whole, a month that is stored is compared.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use sqlx::{AssertSqlSafe, Executor as _, PgConnection};

use super::fact::{Fact, KEY};
use super::known;
use super::loader::{Loader, Place};
use super::rows::Merged;
use crate::{Engine, Result};

/// From so many changed rows on, a month's rollups are made anew from the whole month: cheaper than from a list of cells.
const MANY: u64 = 50_000;
/// Below so many changed rows a step is over before a person could read of it.
pub(super) const TOLD: u64 = 100_000;

/// Merges every month that has landed; answers the months of demand whose rollups must be made anew as a whole. Cells of
/// the other months are in `landed_touched`.
pub(super) async fn merge(
    loader: &mut Loader<'_>,
    connection: &mut PgConnection,
    merged: &mut Merged,
    progress: &(dyn Fn(&str) + Send + Sync),
) -> Result<BTreeSet<NaiveDate>> {
    let engine = loader.db.engine();
    let landed: Vec<_> =
        loader.landed.iter().map(|(&(fact, month), &(place, rows))| (fact, month, place, rows)).collect();
    let all: u64 = landed.iter().map(|(.., rows)| rows).sum();
    let mut whole = BTreeSet::new();
    for (done, &(fact, month, place, rows)) in landed.iter().enumerate() {
        if all >= TOLD {
            let name = month.format("%Y-%m");
            progress(&format!("merging {} of {name}, month {} of {}", fact.word(), done + 1, landed.len()));
        }
        let new = loader.present.insert(fact.partitioned().partition(month));
        let changed = match place {
            Place::Partition => {
                connection.execute(AssertSqlSafe(fact.partitioned().attach(month))).await?;
                rows
            }
            Place::Attached => rows,
            Place::Aside if new => {
                connection.execute(AssertSqlSafe(fact.partitioned().create(month))).await?;
                let inserted = insert(connection, fact, month, &fact.aside(engine, month), "").await?;
                connection.execute(AssertSqlSafe(fact.partitioned().attach(month))).await?;
                inserted
            }
            Place::Aside => compare(connection, engine, fact, month).await?,
        };
        if place == Place::Aside {
            connection.execute(AssertSqlSafe(format!("DROP TABLE {}", fact.aside(engine, month)))).await?;
        }
        if changed > 0 {
            merged.touched.push(fact.partition(month));
        }
        if fact == Fact::Demand && (new || changed >= MANY) {
            whole.insert(month);
        }
        if fact == Fact::Demand {
            remember(loader, connection, month, new, changed).await?;
        }
        merged.changed += changed;
    }
    Ok(whole)
}

/// Notes what a month of demand holds now, where it holds what has landed and no more.
async fn remember(
    loader: &Loader<'_>,
    connection: &mut PgConnection,
    month: NaiveDate,
    new: bool,
    changed: u64,
) -> Result<()> {
    let Some(content) = loader.contents.get(&month) else {
        return if changed > 0 { known::note(connection, month, None).await } else { Ok(()) };
    };
    let stored = if new {
        changed
    } else {
        let count = format!("SELECT count(*) FROM {}", Fact::Demand.partition(month));
        let (stored,): (i64,) = sqlx::query_as(AssertSqlSafe(count)).fetch_one(&mut *connection).await?;
        stored as u64
    };
    known::note(connection, month, Some(content).filter(|content| content.rows == stored)).await
}

/// Puts rows into a month, in the order of the key, so that the days of a series lie together.
async fn insert(connection: &mut PgConnection, fact: Fact, month: NaiveDate, from: &str, only: &str) -> Result<u64> {
    let (into, names) = (fact.partition(month), fact.names());
    let statement =
        format!("INSERT INTO {into} ({names}) SELECT {names} FROM {from} {only} ORDER BY item_id, site_id, full_date");
    Ok(connection.execute(AssertSqlSafe(statement)).await?.rows_affected())
}

/// Compares what has landed with what is stored and writes the difference: equal rows cost a hash lookup and no page of
/// any index. Answers how many rows are new or different.
async fn compare(connection: &mut PgConnection, engine: Engine, fact: Fact, month: NaiveDate) -> Result<u64> {
    let (landed, stored) = (fact.aside(engine, month), fact.partition(month));
    let (unlogged, schema) = match engine {
        Engine::Native => ("UNLOGGED ", "staging"),
        Engine::Embedded => ("", "pg_temp"),
    };
    let difference = format!("{schema}.landed_difference");
    let key: Vec<String> = KEY.iter().map(|(name, _)| format!("f.{name} = l.{name}")).collect();
    let key = key.join(" AND ");
    let differs: Vec<String> =
        fact.values().iter().map(|(name, _)| format!("f.{name} IS DISTINCT FROM l.{name}")).collect();
    let sets: Vec<String> = fact.values().iter().map(|(name, _)| format!("{name} = l.{name}")).collect();
    let names: Vec<String> = fact.columns().map(|(name, _)| format!("l.{name}")).collect();
    let statements = [
        format!("ANALYZE {landed}"),
        format!(
            "CREATE {unlogged}TABLE {difference} AS SELECT {}, f.item_id IS NULL AS fresh FROM {landed} l LEFT JOIN {stored} f ON {key} \
             WHERE f.item_id IS NULL OR {}",
            names.join(", "),
            differs.join(" OR ")
        ),
    ];
    let mut changed = 0;
    for statement in statements {
        changed = connection.execute(AssertSqlSafe(statement)).await?.rows_affected();
    }
    if changed > 0 {
        let update = format!(
            "ANALYZE {difference}; UPDATE {stored} f SET {} FROM {difference} l WHERE NOT l.fresh AND {key}",
            sets.join(", ")
        );
        connection.execute(AssertSqlSafe(update)).await?;
        insert(connection, fact, month, &difference, "WHERE fresh").await?;
        if fact == Fact::Demand && changed < MANY {
            let touch = format!("INSERT INTO landed_touched SELECT item_id, site_id, full_date FROM {difference}");
            connection.execute(AssertSqlSafe(touch)).await?;
        }
    }
    connection.execute(AssertSqlSafe(format!("DROP TABLE {difference}"))).await?;
    Ok(changed)
}
