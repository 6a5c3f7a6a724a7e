//! Raw statements, for what the builders cannot say: unnested key tuples, window functions, LATERAL, REFRESH, DDL.

use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement, Value};

use crate::Result;

/// A statement of plain SQL with bound values.
#[derive(Debug, Clone)]
pub(crate) struct Raw(Statement);

/// Binds `values` to `$1`, `$2`, ... of `sql`.
pub(crate) fn raw(sql: impl Into<String>, values: impl IntoIterator<Item = Value>) -> Raw {
    Raw(Statement::from_sql_and_values(DbBackend::Postgres, sql.into(), values))
}

/// A LIMIT; none is ever near the range's end.
pub(crate) fn limit(rows: u64) -> Value {
    i64::try_from(rows).unwrap_or(i64::MAX).into()
}

impl Raw {
    /// Every row.
    pub(crate) async fn all(self, connection: &impl ConnectionTrait) -> Result<Vec<QueryResult>> {
        Ok(connection.query_all_raw(self.0).await?)
    }

    /// The first row.
    pub(crate) async fn one(self, connection: &impl ConnectionTrait) -> Result<Option<QueryResult>> {
        Ok(connection.query_one_raw(self.0).await?)
    }

    /// How many rows changed.
    pub(crate) async fn execute(self, connection: &impl ConnectionTrait) -> Result<u64> {
        Ok(connection.execute_raw(self.0).await?.rows_affected())
    }
}
