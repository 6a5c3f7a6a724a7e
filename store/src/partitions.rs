//! Monthly partitions, made on demand.

use chrono::{Months, NaiveDate};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction};

use crate::demand::Granularity;
use crate::statement::raw;
use crate::{Database, Result};

/// Any number will do, as long as no other lock of ours has it.
const LOCK: i64 = 7_311;

/// A table partitioned by month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Partitioned {
    DemandDaily,
    InventoryDaily,
    Orders,
    Forecasts,
}

impl Partitioned {
    fn table(self) -> (&'static str, &'static str) {
        match self {
            Self::DemandDaily => ("core", "fact_demand_daily"),
            Self::InventoryDaily => ("core", "fact_inventory_daily"),
            Self::Orders => ("core", "fact_orders"),
            Self::Forecasts => ("analytics", "forecasts"),
        }
    }
}

/// Makes sure that every month from the one of `from` to the one of `to` has its partition; answers how many were made.
pub async fn ensure(db: &Database, table: Partitioned, from: NaiveDate, to: NaiveDate) -> Result<u64> {
    db.transaction(move |transaction| Box::pin(ensure_in(transaction, table, from, to))).await
}

/// [`ensure`] inside a transaction that goes on to write there.
pub async fn ensure_in(
    transaction: &DatabaseTransaction,
    table: Partitioned,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<u64> {
    let (schema, name) = table.table();
    let months: Vec<(NaiveDate, String)> = Granularity::Month
        .buckets(from, to)
        .into_iter()
        .map(|month| (month, format!("{name}_{}", month.format("%Y_%m"))))
        .collect();
    if absent(transaction, schema, &months).await?.is_empty() {
        return Ok(0);
    }
    // Two processes that make the same partition would fail on the catalogue's unique keys: they take turns. The lock
    // ends with the transaction, so what the other made is seen by the second look.
    raw("SELECT pg_advisory_xact_lock($1)", [LOCK.into()]).one(transaction).await?;
    let absent = absent(transaction, schema, &months).await?;
    for (month, partition) in &absent {
        // DDL takes no bind parameters; every part is ours.
        let until = *month + Months::new(1);
        let ddl = format!(
            "CREATE TABLE {schema}.{partition} PARTITION OF {schema}.{name} FOR VALUES FROM ('{month}') TO ('{until}')"
        );
        transaction.execute_unprepared(&ddl).await?;
    }
    Ok(absent.len() as u64)
}

/// The months whose partition does not exist yet; looking takes no lock on the table.
async fn absent(
    transaction: &DatabaseTransaction,
    schema: &str,
    months: &[(NaiveDate, String)],
) -> Result<Vec<(NaiveDate, String)>> {
    let names: Vec<String> = months.iter().map(|(_, name)| name.clone()).collect();
    // The catalogue has no entities. Its tables are read, because to_regclass may answer from this session's cache,
    // which does not yet know what the session that held the lock has made.
    let rows = raw(
        "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = ANY($2::name[])",
        [schema.into(), names.into()],
    )
    .all(transaction)
    .await?;
    let mut present: Vec<String> = Vec::with_capacity(rows.len());
    for row in rows {
        present.push(row.try_get_by_index(0)?);
    }
    Ok(months.iter().filter(|(_, name)| !present.contains(name)).cloned().collect())
}
