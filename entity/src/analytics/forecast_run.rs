//! Forecast runs: one row a run, kept when its points are pruned.

use sea_orm::entity::prelude::*;

use crate::words::{RunSource, RunStatus};

/// A row of `analytics.forecast_runs`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "analytics", table_name = "forecast_runs")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The first day forecast: the day after `data_through`.
    pub origin: Date,
    /// Days.
    pub horizon: i16,
    pub data_through: Date,
    pub status: RunStatus,
    pub source: RunSource,
    /// False for a run over chosen items only.
    pub complete: bool,
    pub models: Json,
    pub backtest: Json,
    pub accuracy: Json,
    /// How many series were forecast.
    pub series: i64,
    pub seed: i64,
    pub started_at: DateTimeUtc,
    pub finished_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
