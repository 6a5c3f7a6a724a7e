//! Alerts, live and resolved.

use sea_orm::entity::prelude::*;

use crate::words::{AlertCategory, AlertLevel};

/// A row of `analytics.alerts`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "analytics", table_name = "alerts")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Names the cause; one alert a cause that lasts.
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
    /// Who resolved it; nobody where the cause went by itself.
    pub resolved_by: Option<i64>,
    /// False once the newest look no longer finds the cause; a person may have resolved it before.
    pub lasting: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
