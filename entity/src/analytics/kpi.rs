//! KPIs of a day: for the whole, and per family, region and ABC class. Rates are fractions; `None` means no data.

use sea_orm::entity::prelude::*;

use crate::words::KpiDimension;

/// A row of `analytics.kpis_daily`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(schema_name = "analytics", table_name = "kpis_daily")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub full_date: Date,
    #[sea_orm(primary_key, auto_increment = false)]
    pub dimension: KpiDimension,
    /// Empty for the whole.
    #[sea_orm(primary_key, auto_increment = false)]
    pub member: String,
    pub total_demand: Option<f64>,
    pub demand_value: Option<f64>,
    pub stockout_rate: Option<f64>,
    pub fill_rate: Option<f64>,
    pub delayed_orders_rate: Option<f64>,
    pub a_class_share: Option<f64>,
    pub forecast_wape: Option<f64>,
    pub forecast_mape: Option<f64>,
    pub inventory_value: Option<f64>,
    pub carrying_cost: Option<f64>,
    pub turnover: Option<f64>,
    pub days_of_cover: Option<f64>,
    pub decision_minutes: Option<f64>,
    pub computed_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
