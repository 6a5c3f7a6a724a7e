//! What is known of one series of one run: its model, class and backtest.

use sea_orm::entity::prelude::*;

use crate::words::ForecastLevel;

/// A row of `analytics.forecast_series`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "analytics", table_name = "forecast_series")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub run_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub level: ForecastLevel,
    /// 0 where the level has no item.
    #[sea_orm(primary_key, auto_increment = false)]
    pub item_id: i64,
    /// 0 where the level has no site.
    #[sea_orm(primary_key, auto_increment = false)]
    pub site_id: i64,
    /// Family name or region code; empty elsewhere.
    #[sea_orm(primary_key, auto_increment = false)]
    pub member: String,
    pub model: String,
    pub demand_class: String,
    pub backtest: Json,
    /// The distribution of demand summed over growing horizons.
    pub cumulative: Json,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
