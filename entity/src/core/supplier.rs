//! Suppliers, with what their orders tell of them.

use sea_orm::entity::prelude::*;

use crate::words::SupplierType;

/// A row of `core.dim_supplier`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(schema_name = "core", table_name = "dim_supplier")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The natural key.
    pub code: String,
    pub name: String,
    /// Lower case without accents, for sorting and search.
    pub name_folded: String,
    #[sea_orm(column_name = "type")]
    pub kind: SupplierType,
    /// Days from order to delivery; `None` without received orders.
    pub lead_time_median_days: Option<f64>,
    pub lead_time_p90_days: Option<f64>,
    /// A fraction of the received orders that had a promised date.
    pub on_time_rate: Option<f64>,
    /// A fraction; how far the supplier keeps its own median.
    pub reliability: Option<f64>,
    pub active: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
