//! Raw statements, for what the builders cannot say: unnested key tuples, window functions, LATERAL, REFRESH, DDL.

use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement, Value};

use crate::Result;

/// A statement of plain SQL with bound values.
#[derive(Debug, Clone)]
pub(crate) struct Raw(Statement);

/// Values of a statement that is put together from parts: each is bound where its part is written.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bound(Vec<Value>);

impl Bound {
    /// Keeps `value` and answers its placeholder.
    pub(crate) fn bind(&mut self, value: impl Into<Value>) -> String {
        self.0.push(value.into());
        format!("${}", self.0.len())
    }

    /// The statement of these values.
    pub(crate) fn raw(self, sql: impl Into<String>) -> Raw {
        raw(sql, self.0)
    }
}

/// Binds `values` to `$1`, `$2`, ... of `sql`.
pub(crate) fn raw(sql: impl Into<String>, values: impl IntoIterator<Item = Value>) -> Raw {
    Raw(Statement::from_sql_and_values(DbBackend::Postgres, sql.into(), values))
}

/// Parts of a statement, one after the other.
pub(crate) fn concat(parts: impl Iterator<Item = String>) -> String {
    parts.collect()
}

/// A LIMIT; none is ever near the range's end.
pub(crate) fn limit(rows: u64) -> Value {
    i64::try_from(rows).unwrap_or(i64::MAX).into()
}

impl From<Raw> for Statement {
    fn from(raw: Raw) -> Self {
        raw.0
    }
}

impl Raw {
    /// The question of how the database would go about this one.
    pub(crate) fn explained(&self) -> Self {
        let mut explained = self.clone();
        explained.0.sql = format!("EXPLAIN (FORMAT JSON) {}", self.0.sql);
        explained
    }

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
