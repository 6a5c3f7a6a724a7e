//! The schema, step by step, inside a transaction that does more: the restore that fills it, or the question what a step
//! back would lose.

use std::collections::BTreeSet;

use sqlx::{AssertSqlSafe, PgConnection};

use super::archive::Table;
use super::catalog::tables_in;
use super::{BackupError, Outcome};
use crate::Database;

/// A step's name, its way up and its way back.
pub type Step = (&'static str, &'static str, &'static str);

/// The steps of the schema, which the store itself does not know, and the lock under which they are taken.
#[derive(Debug, Clone, Copy)]
pub struct History {
    pub steps: &'static [Step],
    pub lock: i64,
}

/// What a way back would lose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    pub table: String,
    /// The lost columns; `None` where the whole table goes.
    pub columns: Option<Vec<String>>,
}

impl History {
    /// How many of our steps `applied` are; they must be our first ones.
    pub(super) fn position(&self, applied: &[String], subject: &str) -> Outcome<usize> {
        let ours = self.steps.iter().map(|(name, ..)| Some(*name)).chain(std::iter::repeat(None));
        match applied.iter().zip(ours).find(|(theirs, ours)| Some(theirs.as_str()) != *ours) {
            Some((step, _)) => Err(BackupError::Newer { subject: subject.into(), step: step.clone() }),
            None => Ok(applied.len()),
        }
    }

    /// Takes every step between the first `from` and the first `to`, up or back, and notes it where migrations look.
    pub(super) async fn walk(&self, connection: &mut PgConnection, from: usize, to: usize) -> Outcome<()> {
        // As sea-orm-migration makes it, when nothing was ever migrated here.
        let noted = "CREATE TABLE IF NOT EXISTS public.seaql_migrations (version varchar NOT NULL PRIMARY KEY, applied_at bigint NOT NULL)";
        sqlx::raw_sql(noted).execute(&mut *connection).await?;
        for (name, up, _) in self.steps.get(from..to).unwrap_or_default() {
            sqlx::raw_sql(*up).execute(&mut *connection).await?;
            let note = "INSERT INTO public.seaql_migrations (version, applied_at) VALUES ($1, extract(epoch FROM now())::bigint)";
            sqlx::query(note).bind(*name).execute(&mut *connection).await?;
        }
        for (name, _, down) in self.steps.get(to..from).unwrap_or_default().iter().rev() {
            sqlx::raw_sql(*down).execute(&mut *connection).await?;
            let note = "DELETE FROM public.seaql_migrations WHERE version = $1";
            sqlx::query(note).bind(*name).execute(&mut *connection).await?;
        }
        Ok(())
    }
}

/// What the ways back of `steps`, newest first, would lose: they are gone, looked at and taken back, in one transaction.
pub async fn lost_by(db: &Database, steps: Vec<&'static str>) -> Outcome<Vec<Lost>> {
    let db = db.clone();
    let task = tokio::spawn(async move {
        let mut transaction = db.pool().begin().await?;
        let before = tables_in(&mut transaction).await?;
        for down in steps {
            sqlx::raw_sql(AssertSqlSafe(down)).execute(&mut *transaction).await?;
        }
        let after = tables_in(&mut transaction).await?;
        transaction.rollback().await?;
        Ok(before.iter().filter_map(|table| lost(table, &after)).collect())
    });
    task.await.map_err(|error| crate::StoreError::Corrupt(error.to_string()))?
}

fn lost(before: &Table, after: &[Table]) -> Option<Lost> {
    let table = before.name();
    let Some(after) = after.iter().find(|after| after.name() == table) else {
        return Some(Lost { table, columns: None });
    };
    let kept: BTreeSet<&String> = after.columns.iter().collect();
    let columns: Vec<String> = before.columns.iter().filter(|column| !kept.contains(column)).cloned().collect();
    (!columns.is_empty()).then_some(Lost { table, columns: Some(columns) })
}
