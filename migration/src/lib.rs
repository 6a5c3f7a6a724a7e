//! The frozen history of the database schema: one migration a step, each plain SQL with its way back.
//!
//! Here live the steps and the order they run in. Never here: rows or queries, and never `entity`, because history
//! must not change when a row type does. Start with [`Migrator`]; a new step is a new file pair under `sql/` and a
//! new line in `STEPS`.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DatabaseConnection, DatabaseTransaction, DbBackend, Statement, TransactionTrait};

/// "corrente" as a number: the key of the advisory lock under which the schema changes.
pub const LOCK: i64 = 0x636f_7272_656e;

/// Every step in the order of its birth: name, way up, way down. A landed line never changes again.
const STEPS: &[(&str, &str, &str)] = &[
    ("m0001_core", include_str!("sql/m0001_core_up.sql"), include_str!("sql/m0001_core_down.sql")),
    ("m0002_support", include_str!("sql/m0002_support_up.sql"), include_str!("sql/m0002_support_down.sql")),
    ("m0003_analytics", include_str!("sql/m0003_analytics_up.sql"), include_str!("sql/m0003_analytics_down.sql")),
    ("m0004_staging", include_str!("sql/m0004_staging_up.sql"), include_str!("sql/m0004_staging_down.sql")),
    ("m0005_warehouse", include_str!("sql/m0005_warehouse_up.sql"), include_str!("sql/m0005_warehouse_down.sql")),
    (
        "m0006_alert_causes",
        include_str!("sql/m0006_alert_causes_up.sql"),
        include_str!("sql/m0006_alert_causes_down.sql"),
    ),
    (
        "m0007_rollup_ranges",
        include_str!("sql/m0007_rollup_ranges_up.sql"),
        include_str!("sql/m0007_rollup_ranges_down.sql"),
    ),
    (
        "m0008_export_tickets",
        include_str!("sql/m0008_export_tickets_up.sql"),
        include_str!("sql/m0008_export_tickets_down.sql"),
    ),
    (
        "m0009_demand_digests",
        include_str!("sql/m0009_demand_digests_up.sql"),
        include_str!("sql/m0009_demand_digests_down.sql"),
    ),
];

/// The steps as they are, for a restore, which makes the schema of an archive in the transaction that fills it.
pub fn steps() -> &'static [(&'static str, &'static str, &'static str)] {
    STEPS
}

/// Runs `STEPS`; the table of applied steps is `public.seaql_migrations`.
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        STEPS.iter().map(|&(name, up, down)| Box::new(Step { name, up, down }) as Box<dyn MigrationTrait>).collect()
    }
}

/// A step and whether this database has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepStatus {
    pub name: String,
    pub applied: bool,
}

/// Applies every step this database lacks, all in one transaction and under a lock: of several that start at once,
/// one migrates and the others wait and find nothing to do. Answers how many steps were applied.
pub async fn up(connection: &DatabaseConnection) -> Result<usize, DbErr> {
    let transaction = locked(connection).await?;
    let pending = Migrator::get_pending_migrations(&transaction).await?.len();
    if pending > 0 {
        Migrator::up(&transaction, None).await?;
    }
    transaction.commit().await?;
    Ok(pending)
}

/// Takes the newest `steps` back, all for `None`. The data in them are gone.
pub async fn down(connection: &DatabaseConnection, steps: Option<u32>) -> Result<(), DbErr> {
    let transaction = locked(connection).await?;
    Migrator::down(&transaction, steps).await?;
    transaction.commit().await
}

/// Every step in order, and whether it is applied; changes nothing.
pub async fn status(connection: &DatabaseConnection) -> Result<Vec<StepStatus>, DbErr> {
    let table = "SELECT to_regclass('public.seaql_migrations') IS NOT NULL";
    let exists = connection.query_one_raw(Statement::from_string(DbBackend::Postgres, table)).await?;
    let exists = exists.map(|row| row.try_get_by_index::<bool>(0)).transpose()?.unwrap_or(false);
    let applied: Vec<String> = if exists {
        Migrator::get_applied_migrations(connection).await?.iter().map(|step| step.name().to_owned()).collect()
    } else {
        Vec::new()
    };
    Ok(STEPS
        .iter()
        .map(|(name, ..)| StepStatus { name: (*name).to_owned(), applied: applied.iter().any(|a| a == name) })
        .collect())
}

/// A digest of the history, for caches of migrated databases.
pub fn fingerprint() -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    STEPS.hash(&mut hasher);
    hasher.finish()
}

async fn locked(connection: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let transaction = connection.begin().await?;
    transaction.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK})")).await?;
    Ok(transaction)
}

struct Step {
    name: &'static str,
    up: &'static str,
    down: &'static str,
}

impl MigrationName for Step {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Plain DDL: schemas, partitions, generated columns and views are beyond the schema builder.
        manager.get_connection().execute_unprepared(self.up).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared(self.down).await.map(drop)
    }
}
