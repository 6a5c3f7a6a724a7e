//! Everything that is stored, as one stream of text.
//!
//! The first line is a JSON header ([`Header`]). For each table follow a JSON line with its name and columns, its rows
//! in PostgreSQL's COPY text format, and a line `\.`; the last line is the JSON [`Manifest`], whose digest covers every
//! byte before it. All tables are read in one transaction, so that they belong together.

use std::fmt::Write as _;
use std::io::Write;

use futures::TryStreamExt as _;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::statement::raw;
use crate::{Database, Result, StoreError};

/// The version of the format.
const FORMAT: u32 = 1;

/// A table and the columns that hold what cannot be computed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    pub schema: String,
    pub table: String,
    pub columns: Vec<String>,
}

impl Table {
    /// `schema.table`.
    pub fn name(&self) -> String {
        format!("{}.{}", self.schema, self.table)
    }
}

/// What comes first in an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    pub format: u32,
    /// The applied migrations, in order.
    pub migrations: Vec<String>,
}

/// What comes last in an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub tables: Vec<TableRows>,
    /// SHA-256 of every byte before, in hexadecimal.
    pub sha256: String,
}

/// How many rows of a table an archive holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableRows {
    pub table: String,
    pub rows: u64,
}

/// Why no archive could be written.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the archive cannot be written: {0}")]
    Io(#[from] std::io::Error),
}

impl From<sqlx::Error> for BackupError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

impl From<serde_json::Error> for BackupError {
    fn from(error: serde_json::Error) -> Self {
        Self::Store(error.into())
    }
}

/// Every table of `core`, `analytics` and `support`, by name; partitions belong to their table.
pub async fn tables(db: &Database) -> Result<Vec<Table>> {
    // The catalogue knows generated columns, which are computed again.
    let rows = raw(
        "SELECT n.nspname::text, c.relname::text, array_agg(a.attname::text ORDER BY a.attnum) \
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' \
         WHERE n.nspname IN ('core', 'analytics', 'support') AND c.relkind IN ('r', 'p') AND NOT c.relispartition \
         GROUP BY n.nspname, c.relname ORDER BY n.nspname, c.relname",
        [],
    )
    .all(db.reader())
    .await?;
    let table = |row: &sea_orm::QueryResult| -> Result<Table> {
        Ok(Table {
            schema: row.try_get_by_index(0)?,
            table: row.try_get_by_index(1)?,
            columns: row.try_get_by_index(2)?,
        })
    };
    rows.iter().map(table).collect()
}

/// How many rows a table has.
pub async fn rows(db: &Database, table: &Table) -> Result<i64> {
    // Names come from the catalogue and cannot be bound.
    let row = raw(format!("SELECT count(*) FROM {}.{}", quoted(&table.schema), quoted(&table.table)), [])
        .one(db.reader())
        .await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default())
}

/// Writes everything to `sink`. The embedded engine's one connection is held meanwhile.
pub async fn write(db: &Database, sink: &mut (dyn Write + Send)) -> Result<Manifest, BackupError> {
    let mut sink = Hashed { sink, sha: Sha256::new() };
    let tables = tables(db).await?;
    sink.json(&Header { format: FORMAT, migrations: crate::health::migrations(db).await? })?;
    let mut transaction = db.pool().begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    // A large table takes longer than a question may.
    sqlx::query("SET LOCAL statement_timeout = 0").execute(&mut *transaction).await?;
    let mut counts = Vec::with_capacity(tables.len());
    for table in &tables {
        sink.json(table)?;
        let columns: Vec<String> = table.columns.iter().map(|column| quoted(column)).collect();
        let columns = columns.join(", ");
        // Of a partitioned table only a query can be copied.
        let copy = format!("COPY (SELECT {columns} FROM {}.{}) TO STDOUT", quoted(&table.schema), quoted(&table.table));
        let mut chunks = transaction.copy_out_raw(&copy).await?;
        let mut rows = 0;
        while let Some(chunk) = chunks.try_next().await? {
            // In this format a line break inside a value is written as `\n`, so each real one ends a row.
            rows += chunk.split(|&byte| byte == b'\n').count() as u64 - 1;
            sink.bytes(&chunk)?;
        }
        sink.bytes(b"\\.\n")?;
        counts.push(TableRows { table: table.name(), rows });
    }
    transaction.rollback().await?;
    let sha256 = hexadecimal(&sink.sha.clone().finalize());
    let manifest = Manifest { tables: counts, sha256 };
    sink.json(&manifest)?;
    sink.sink.flush()?;
    Ok(manifest)
}

struct Hashed<'a> {
    sink: &'a mut (dyn Write + Send),
    sha: Sha256,
}

impl Hashed<'_> {
    fn bytes(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.sha.update(bytes);
        self.sink.write_all(bytes)
    }

    fn json(&mut self, value: &impl Serialize) -> Result<(), BackupError> {
        let mut line = serde_json::to_vec(value)?;
        line.push(b'\n');
        Ok(self.bytes(&line)?)
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
