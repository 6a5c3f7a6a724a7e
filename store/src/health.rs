//! Is the database there, and is its schema ours?

use sqlx::{PgConnection, Row as _};

use crate::statement::raw;
use crate::{Database, Result};

/// Before the first migration the table itself is missing, which the catalogue can say without an error.
const KNOWN: &str = "SELECT to_regclass('public.seaql_migrations') IS NOT NULL";
const APPLIED: &str = "SELECT version FROM public.seaql_migrations ORDER BY version";

/// The applied migrations by name, in order; fails when the database does not answer. One cheap statement.
pub async fn migrations(db: &Database) -> Result<Vec<String>> {
    let known = raw(KNOWN, []).one(db.reader()).await?;
    if !known.map(|row| row.try_get_by_index::<bool>(0)).transpose()?.unwrap_or_default() {
        return Ok(Vec::new());
    }
    let rows = raw(APPLIED, []).all(db.reader()).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// [`migrations`] as this connection's transaction sees them.
pub(crate) async fn migrations_in(connection: &mut PgConnection) -> Result<Vec<String>> {
    let known = sqlx::query(KNOWN).fetch_one(&mut *connection).await?;
    if !known.try_get::<bool, _>(0)? {
        return Ok(Vec::new());
    }
    let rows = sqlx::query(APPLIED).fetch_all(connection).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}
