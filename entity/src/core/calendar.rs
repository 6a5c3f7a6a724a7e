//! The calendar: every day anything refers to.

use sea_orm::entity::prelude::*;

/// A row of `core.dim_calendar`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "core", table_name = "dim_calendar")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub full_date: Date,
    pub year: i16,
    pub quarter: i16,
    pub month: i16,
    pub iso_year: i16,
    pub iso_week: i16,
    /// 1 is Monday, 7 is Sunday.
    pub weekday: i16,
    pub is_weekend: bool,
    pub holiday: Option<String>,
    /// The states that keep the holiday; `None` for a national one.
    pub holiday_states: Option<Vec<String>>,
    pub fiscal_year: i16,
    pub fiscal_quarter: i16,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
