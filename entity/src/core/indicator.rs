//! Indicators from outside: inflation, exchange rate, rain.

use sea_orm::entity::prelude::*;

/// A row of `core.indicators`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(schema_name = "core", table_name = "indicators")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub full_date: Date,
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    pub value: f64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
