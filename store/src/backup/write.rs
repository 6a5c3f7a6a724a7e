//! Writing an archive into a stream. All tables are read in one transaction, so that they belong together.

use std::io::Write;

use chrono::{DateTime, Utc};
use futures::TryStreamExt as _;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;

use super::archive::{END, FORMAT, Header, Line, Manifest, Table, TableRows};
use super::catalog::{expected, tables_in};
use super::digest::{Digest, hexadecimal};
use super::{BackupError, Outcome, Telling};
use crate::{Database, StoreError};

/// What every value is written by, whatever the server or the role is set to; and nothing here is a question that must
/// be answered in time.
pub(super) const SETTINGS: &str = "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; \
     SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'postgres'; SET LOCAL TimeZone = 'UTC'; \
     SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1";

/// Writes everything to `sink` and gives it back. The embedded engine's one connection is held meanwhile.
pub async fn write<W: Write + Send + 'static>(
    db: &Database,
    sink: W,
    at: DateTime<Utc>,
    telling: Telling,
) -> Outcome<(W, Manifest)> {
    let db = db.clone();
    // On a task of its own: a caller that goes away must not leave a half-read COPY on a pooled connection.
    let task = tokio::spawn(async move { everything(&db, sink, at, &telling).await });
    task.await.map_err(|error| StoreError::Corrupt(format!("the backup's task ended early: {error}")))?
}

async fn everything<W: Write>(db: &Database, sink: W, at: DateTime<Utc>, telling: &Telling) -> Outcome<(W, Manifest)> {
    let mut sink = Hashed { sink, sha: Sha256::new() };
    let mut transaction = db.pool().begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    sqlx::raw_sql(SETTINGS).execute(&mut *transaction).await?;
    let migrations = crate::health::migrations_in(&mut transaction).await?;
    if migrations.is_empty() {
        return Err(BackupError::NothingThere);
    }
    let tables = tables_in(&mut transaction).await?;
    let expected = expected(&mut transaction).await?;
    sink.json(&Header { corrente_backup: FORMAT, created_at: at, server: db.version().to_owned(), migrations })?;
    let mut manifest = Manifest { tables: Vec::with_capacity(tables.len()), sha256: String::new() };
    let mut done = 0;
    for table in tables {
        let name = table.name();
        sink.json(&Line::Table(table.clone()))?;
        let digest = read(&mut transaction, &table, |chunk, digest| {
            sink.bytes(chunk)?;
            telling(&name, done + digest.rows(), expected.max(done + digest.rows()));
            Ok(())
        })
        .await?;
        done += digest.rows();
        sink.bytes(END)?;
        let rows = TableRows { table: name, rows: digest.rows(), digest: digest.told() };
        sink.json(&rows)?;
        manifest.tables.push(rows);
    }
    transaction.rollback().await?;
    manifest.sha256 = hexadecimal(&sink.sha.clone().finalize());
    sink.json(&Line::Manifest(manifest.clone()))?;
    sink.sink.flush()?;
    Ok((sink.sink, manifest))
}

/// Reads every row of a table and gives it to `each` as it comes, with the digest so far.
pub(super) async fn read(
    connection: &mut PgConnection,
    table: &Table,
    mut each: impl FnMut(&[u8], &Digest) -> Outcome<()>,
) -> Outcome<Digest> {
    // Of a partitioned table only a query can be copied.
    let copy = format!("COPY (SELECT {} FROM {}) TO STDOUT", table.quoted_columns(), table.quoted());
    let mut chunks = connection.copy_out_raw(&copy).await?;
    let mut digest = Digest::default();
    while let Some(chunk) = chunks.try_next().await? {
        digest.take(&chunk);
        each(&chunk, &digest)?;
    }
    Ok(digest)
}

struct Hashed<W> {
    sink: W,
    sha: Sha256,
}

impl<W: Write> Hashed<W> {
    fn bytes(&mut self, bytes: &[u8]) -> Outcome<()> {
        self.sha.update(bytes);
        Ok(self.sink.write_all(bytes)?)
    }

    fn json(&mut self, value: &impl Serialize) -> Outcome<()> {
        let mut line = serde_json::to_vec(value)?;
        line.push(b'\n');
        self.bytes(&line)
    }
}
