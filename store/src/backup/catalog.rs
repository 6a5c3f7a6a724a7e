//! What is in a database: its tables, their parts, and how they refer to each other.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use sqlx::{PgConnection, Row as _};

use super::archive::{Partition, Table};
use super::quoted;
use crate::statement::raw;
use crate::{Database, Result, StoreError};

/// Every table of `core`, `analytics` and `support`, each after those it refers to; partitions belong to their table.
pub async fn tables(db: &Database) -> Result<Vec<Table>> {
    let mut connection = db.pool().acquire().await?;
    tables_in(&mut connection).await
}

/// How many rows a table has, counted however long it takes.
pub async fn rows(db: &Database, table: &Table) -> Result<i64> {
    // Names come from the catalogue and cannot be bound.
    let count = format!("SELECT count(*) FROM {}", table.quoted());
    db.transaction(move |transaction| {
        Box::pin(async move {
            raw("SET LOCAL statement_timeout = 0", []).execute(transaction).await?;
            let row = raw(count, []).one(transaction).await?;
            Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default())
        })
    })
    .await
}

/// [`tables`] as this connection's transaction sees them.
pub(super) async fn tables_in(connection: &mut PgConnection) -> Result<Vec<Table>> {
    let mut partitions = partitions(connection).await?;
    // The catalogue knows generated columns, which are computed again, and where each numbering stands.
    let rows = sqlx::query(
        "SELECT n.nspname::text, c.relname::text, array_agg(a.attname::text ORDER BY a.attnum), \
         array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE a.attidentity <> ''), \
         array_agg(CASE WHEN a.attidentity <> '' THEN pg_sequence_last_value(pg_get_serial_sequence( \
             quote_ident(n.nspname) || '.' || quote_ident(c.relname), a.attname)::regclass) END ORDER BY a.attnum) \
             FILTER (WHERE a.attidentity <> '') \
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' \
         WHERE n.nspname IN ('core', 'analytics', 'support') AND c.relkind IN ('r', 'p') AND NOT c.relispartition \
         GROUP BY n.nspname, c.relname ORDER BY n.nspname, c.relname",
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut tables = Vec::with_capacity(rows.len());
    for row in rows {
        let (schema, table): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        let numbered: Option<Vec<String>> = row.try_get(3)?;
        let last: Option<Vec<Option<i64>>> = row.try_get(4)?;
        let numbered = numbered.unwrap_or_default().into_iter().zip(last.unwrap_or_default()).collect();
        let partitions = partitions.remove(&(schema.clone(), table.clone())).unwrap_or_default();
        tables.push(Table { schema, table, columns: row.try_get(2)?, numbered, partitions });
    }
    ordered(tables, &references(connection).await?)
}

/// The ranges of days of each partitioned table; one without bounds takes what is left and is part of the schema.
async fn partitions(connection: &mut PgConnection) -> Result<BTreeMap<(String, String), Vec<Partition>>> {
    let rows = sqlx::query(
        "SELECT n.nspname::text, p.relname::text, c.relname::text, pg_get_expr(c.relpartbound, c.oid) \
         FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid AND c.relispartition \
         JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace n ON n.oid = p.relnamespace \
         WHERE n.nspname IN ('core', 'analytics', 'support') AND p.relkind = 'p' \
         AND pg_get_expr(c.relpartbound, c.oid) <> 'DEFAULT' ORDER BY 1, 2, 3",
    )
    .fetch_all(connection)
    .await?;
    let mut parts: BTreeMap<_, Vec<Partition>> = BTreeMap::new();
    for row in rows {
        let (name, bounds): (String, String) = (row.try_get(2)?, row.try_get(3)?);
        let (from, to) = days(&bounds)
            .ok_or_else(|| StoreError::Corrupt(format!("the partition {name} is no range of days: {bounds}")))?;
        parts.entry((row.try_get(0)?, row.try_get(1)?)).or_default().push(Partition { name, from, to });
    }
    Ok(parts)
}

/// Reads `FOR VALUES FROM ('2025-01-01') TO ('2025-02-01')`.
fn days(bounds: &str) -> Option<(NaiveDate, NaiveDate)> {
    let mut days = bounds.split('\'').skip(1).step_by(2).map(str::parse::<NaiveDate>);
    Some((days.next()?.ok()?, days.next()?.ok()?))
}

/// Which table refers to which, by name.
async fn references(connection: &mut PgConnection) -> Result<BTreeSet<(String, String)>> {
    let rows = sqlx::query(
        "SELECT a.nspname || '.' || f.relname, b.nspname || '.' || t.relname FROM pg_constraint k \
         JOIN pg_class f ON f.oid = k.conrelid JOIN pg_namespace a ON a.oid = f.relnamespace \
         JOIN pg_class t ON t.oid = k.confrelid JOIN pg_namespace b ON b.oid = t.relnamespace \
         WHERE k.contype = 'f' AND k.conparentid = 0 AND f.oid <> t.oid",
    )
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

/// Each table after those it refers to, otherwise in the order given.
fn ordered(mut tables: Vec<Table>, references: &BTreeSet<(String, String)>) -> Result<Vec<Table>> {
    let mut ordered = Vec::with_capacity(tables.len());
    while !tables.is_empty() {
        let waits = |table: &Table| tables.iter().any(|other| references.contains(&(table.name(), other.name())));
        let Some(next) = tables.iter().position(|table| !waits(table)) else {
            let names: Vec<String> = tables.iter().map(Table::name).collect();
            return Err(StoreError::Corrupt(format!("tables refer to each other in a ring: {}", names.join(", "))));
        };
        ordered.push(tables.remove(next));
    }
    Ok(ordered)
}

/// About how many rows a table has, as the server's statistics remember it.
pub(super) async fn expected(connection: &mut PgConnection) -> Result<u64> {
    let row = sqlx::query(
        "SELECT coalesce(sum(greatest(c.reltuples, 0)), 0)::float8 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE n.nspname IN ('core', 'analytics', 'support') AND c.relkind = 'r'",
    )
    .fetch_one(connection)
    .await?;
    Ok(row.try_get::<f64, _>(0)? as u64)
}

/// The materialised views, each after those it reads, because it was made later.
pub(super) async fn views(connection: &mut PgConnection) -> Result<Vec<String>> {
    let rows = sqlx::query(
        "SELECT n.nspname::text, c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE n.nspname IN ('core', 'analytics', 'support') AND c.relkind = 'm' ORDER BY c.oid",
    )
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let (schema, name): (String, String) = (row.try_get(0)?, row.try_get(1)?);
            Ok(format!("{}.{}", quoted(&schema), quoted(&name)))
        })
        .collect()
}
