//! Demand by ISO week: a rollup that the load rewrites.

use sea_orm::entity::prelude::*;

/// A row of `core.demand_weekly`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "core", table_name = "demand_weekly")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub item_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub site_id: i64,
    /// The Monday of the week.
    #[sea_orm(primary_key, auto_increment = false)]
    pub bucket: Date,
    pub quantity: Decimal,
    pub total_cost: Option<Decimal>,
    pub demand_days: i16,
    pub stocked_out_days: i16,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
