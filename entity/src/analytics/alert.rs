//! Alerts, live and resolved.

use sea_orm::entity::prelude::*;

use crate::words::{AlertCategory, AlertLevel};

/// A row of `analytics.alerts`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "analytics", table_name = "alerts")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Names the cause; one live alert a key.
    pub key: String,
    pub level: AlertLevel,
    pub category: AlertCategory,
    pub item_id: Option<i64>,
    pub site_id: Option<i64>,
    /// Sentences by locale.
    pub message: Json,
    pub inputs: Json,
    pub raised_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub resolved_at: Option<DateTimeUtc>,
    pub resolved_by: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
