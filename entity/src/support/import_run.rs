//! Import runs: one row a file read.

use sea_orm::entity::prelude::*;

use crate::words::ImportStatus;

/// A row of `support.import_runs`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(schema_name = "support", table_name = "import_runs")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub kind: String,
    pub file: String,
    pub checksum: Option<String>,
    pub status: ImportStatus,
    pub actor: String,
    pub read_lines: i64,
    pub loaded_lines: i64,
    pub unchanged_lines: i64,
    pub rejected_lines: i64,
    pub flagged_lines: i64,
    pub started_at: DateTimeUtc,
    pub finished_at: Option<DateTimeUtc>,
    pub seconds: Option<f64>,
    pub message: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
