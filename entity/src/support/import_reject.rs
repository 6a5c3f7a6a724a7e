//! Lines of a file that were refused, or kept with a flag.

use sea_orm::entity::prelude::*;

use crate::words::RejectSeverity;

/// A row of `support.import_rejects`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "support", table_name = "import_rejects")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub run_id: i64,
    pub severity: RejectSeverity,
    pub sheet: Option<String>,
    pub line: i64,
    pub column_name: Option<String>,
    pub reason: String,
    pub value: Option<String>,
    pub expected: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
