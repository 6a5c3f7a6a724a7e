//! How fresh each kind of data is.

use sea_orm::entity::prelude::*;

use crate::words::DataKind;

/// A row of `support.freshness`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "support", table_name = "freshness")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: DataKind,
    pub data_through: Option<Date>,
    pub refreshed_at: DateTimeUtc,
    /// True while a computed kind is older than the facts it rests on.
    pub stale: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
