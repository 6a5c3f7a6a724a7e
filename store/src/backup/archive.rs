//! What an archive is made of. It is one zstd frame with a checksum of its own; inside are lines:
//!
//! 1. the JSON [`Header`];
//! 2. for each table a JSON [`Line::Table`], its rows in PostgreSQL's COPY text format, a line `\.`, and a JSON
//!    [`TableRows`]; tables stand so that each comes after those it refers to;
//! 3. the JSON [`Line::Manifest`], whose digest covers every byte before it. Nothing follows.
//!
//! Text, because it is the same on every engine and version; a line break inside a value is written `\n`, so each real one
//! ends a row.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::quoted;

/// The version of the format.
pub(super) const FORMAT: u32 = 2;
/// What ends a table's rows.
pub(super) const END: &[u8] = b"\\.\n";
/// How a zstd frame begins.
pub(super) const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// What comes first in an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Header {
    /// The version of the format.
    pub corrente_backup: u32,
    pub created_at: DateTime<Utc>,
    /// The version of the server that was read.
    pub server: String,
    /// The applied migrations, in order.
    pub migrations: Vec<String>,
}

/// A table and the columns that hold what cannot be computed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    pub schema: String,
    pub table: String,
    pub columns: Vec<String>,
    /// Of each column that numbers rows, the last number given.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub numbered: BTreeMap<String, Option<i64>>,
    /// The parts of a table that is kept in ranges of days.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub partitions: Vec<Partition>,
}

/// A part of a table: the days from `from`, up to but without `to`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partition {
    pub name: String,
    pub from: NaiveDate,
    pub to: NaiveDate,
}

impl Table {
    /// `schema.table`.
    pub fn name(&self) -> String {
        format!("{}.{}", self.schema, self.table)
    }

    /// The same as it stands in a statement.
    pub(super) fn quoted(&self) -> String {
        format!("{}.{}", quoted(&self.schema), quoted(&self.table))
    }

    /// The columns as they stand in a statement.
    pub(super) fn quoted_columns(&self) -> String {
        self.columns.iter().map(|column| quoted(column)).collect::<Vec<_>>().join(", ")
    }
}

/// How many rows of a table an archive holds, and their digest, which does not know their order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableRows {
    pub table: String,
    pub rows: u64,
    pub digest: String,
}

/// What comes last in an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub tables: Vec<TableRows>,
    /// SHA-256 of every byte before, in hexadecimal.
    pub sha256: String,
}

impl Manifest {
    /// The rows of all tables.
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }
}

/// A line between tables.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Line {
    Table(Table),
    Manifest(Manifest),
}
