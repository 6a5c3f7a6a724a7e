//! Monthly partitions, made on demand.

use chrono::{Datelike as _, Months, NaiveDate};
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
    /// Schema and name.
    pub(crate) fn table(self) -> (&'static str, &'static str) {
        match self {
            Self::DemandDaily => ("core", "fact_demand_daily"),
            Self::InventoryDaily => ("core", "fact_inventory_daily"),
            Self::Orders => ("core", "fact_orders"),
            Self::Forecasts => ("analytics", "forecasts"),
        }
    }

    /// The partition of `month`, without its schema.
    pub(crate) fn partition(self, month: NaiveDate) -> String {
        format!("{}_{}", self.table().1, month.format("%Y_%m"))
    }

    /// The month whose partition has this name.
    pub(crate) fn month(self, partition: &str) -> Option<NaiveDate> {
        let month = partition.strip_prefix(self.table().1)?.strip_prefix('_')?;
        NaiveDate::parse_from_str(&format!("{month}_01"), "%Y_%m_%d").ok()
    }

    /// Makes the table that will be the partition of `month`. It is a table of its own until [`Partitioned::attach`]:
    /// to make it as a partition at once would shut out every reader of the whole until the transaction ends.
    pub(crate) fn create(self, month: NaiveDate) -> String {
        let (schema, name) = self.table();
        format!(
            "CREATE TABLE {schema}.{} (LIKE {schema}.{name} INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING CONSTRAINTS INCLUDING STORAGE)",
            self.partition(month)
        )
    }

    /// Makes the table of `month` part of the whole, which builds its indexes.
    pub(crate) fn attach(self, month: NaiveDate) -> String {
        let (schema, name) = self.table();
        let until = month + Months::new(1);
        format!(
            "ALTER TABLE {schema}.{name} ATTACH PARTITION {schema}.{} FOR VALUES FROM ('{month}') TO ('{until}')",
            self.partition(month)
        )
    }
}

/// The first day of a day's month.
pub(crate) fn month_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
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
    let months = Granularity::Month.buckets(from, to);
    if absent(transaction, table, &months).await?.is_empty() {
        return Ok(0);
    }
    // Two processes that make the same partition would fail on the catalogue's unique keys: they take turns. The lock
    // ends with the transaction, so what the other made is seen by the second look.
    raw("SELECT pg_advisory_xact_lock($1)", [LOCK.into()]).one(transaction).await?;
    let absent = absent(transaction, table, &months).await?;
    for &month in &absent {
        transaction.execute_unprepared(&table.create(month)).await?;
        transaction.execute_unprepared(&table.attach(month)).await?;
    }
    Ok(absent.len() as u64)
}

/// [`ensure_in`] of one month, on the connection of a load.
pub(crate) async fn ensure_on(connection: &mut sqlx::PgConnection, table: Partitioned, month: NaiveDate) -> Result<()> {
    sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(LOCK).execute(&mut *connection).await?;
    let there = "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2";
    let there = sqlx::query_as(there).bind(table.table().0).bind(table.partition(month));
    let (there,): (i64,) = there.fetch_one(&mut *connection).await?;
    if there == 0 {
        for statement in [table.create(month), table.attach(month)] {
            sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&mut *connection).await?;
        }
    }
    Ok(())
}

/// The months whose partition does not exist yet; looking takes no lock on the table.
async fn absent(transaction: &DatabaseTransaction, table: Partitioned, months: &[NaiveDate]) -> Result<Vec<NaiveDate>> {
    let names: Vec<String> = months.iter().map(|&month| table.partition(month)).collect();
    // The catalogue has no entities. Its tables are read, because to_regclass may answer from this session's cache,
    // which does not yet know what the session that held the lock has made.
    let rows = raw(
        "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = ANY($2::name[])",
        [table.table().0.into(), names.into()],
    )
    .all(transaction)
    .await?;
    let mut present: Vec<String> = Vec::with_capacity(rows.len());
    for row in rows {
        present.push(row.try_get_by_index(0)?);
    }
    Ok(months.iter().copied().filter(|&month| !present.contains(&table.partition(month))).collect())
}
