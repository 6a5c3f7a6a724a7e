//! Is the database there, and is its schema ours?

use crate::statement::raw;
use crate::{Database, Result};

/// The applied migrations by name, in order; fails when the database does not answer. One cheap statement.
pub async fn migrations(db: &Database) -> Result<Vec<String>> {
    // Before the first migration the table itself is missing, which the catalogue can say without an error.
    let known = raw("SELECT to_regclass('public.seaql_migrations') IS NOT NULL", []).one(db.reader()).await?;
    if !known.map(|row| row.try_get_by_index::<bool>(0)).transpose()?.unwrap_or_default() {
        return Ok(Vec::new());
    }
    let rows = raw("SELECT version FROM public.seaql_migrations ORDER BY version", []).all(db.reader()).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}
