//! What follows a load, so that questions are quick at once: statistics, and maps of which pages all may see.

use sqlx::{AssertSqlSafe, Connection as _, Executor as _};

use super::rows::Merged;
use crate::{Database, Engine, Result};

/// Partitions are many and small: a third of the usual sample tells enough of each.
const SAMPLE: &str = "SET default_statistics_target = 30; SET statement_timeout = 0";

/// Cleans and samples the tables that a load touched, and no other. On the embedded engine, where nothing does it by
/// itself, everything is flushed to the disk as well.
pub async fn settle(db: &Database, merged: &Merged) -> Result<()> {
    let mut tables = merged.touched.clone();
    tables.sort();
    tables.dedup();
    settle_tables(db, &tables).await
}

/// The same for whatever wrote `tables`, each with its schema.
pub async fn settle_tables<T: AsRef<str> + Sync>(db: &Database, tables: &[T]) -> Result<()> {
    let tables: Vec<&str> = tables.iter().map(AsRef::as_ref).collect();
    if !tables.is_empty() {
        let clean = AssertSqlSafe(format!("VACUUM (ANALYZE) {}", tables.join(", ")));
        match db.engine() {
            Engine::Native => {
                // A connection of its own: its settings must not go back into the pool.
                let mut connection = db.pool().acquire().await?.detach();
                connection.execute(SAMPLE).await?;
                connection.execute(clean).await?;
                connection.close().await?;
            }
            Engine::Embedded => {
                db.pool().acquire().await?.execute(clean).await?;
            }
        }
    }
    db.sync().await
}
