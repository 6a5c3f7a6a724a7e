//! The audit log: append-only and hash-chained.

use sea_orm::entity::prelude::*;

/// A row of `support.audit_logs`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "support", table_name = "audit_logs")]
pub struct Model {
    /// The position in the chain, from 1 without gaps.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub at: DateTimeUtc,
    pub actor_id: Option<i64>,
    pub actor: String,
    pub action: String,
    pub entity: Option<String>,
    pub entity_id: Option<String>,
    pub details: Json,
    pub address: Option<String>,
    pub agent: Option<String>,
    pub previous_hash: Vec<u8>,
    pub hash: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
