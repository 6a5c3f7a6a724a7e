//! Regions: states and economic zones that sites lie in.

use sea_orm::entity::prelude::*;

/// A row of `core.dim_region`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "core", table_name = "dim_region")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The natural key; forecasts and KPIs of a region name it by this.
    pub code: String,
    pub name: String,
    /// Lower case without accents, for sorting and search.
    pub name_folded: String,
    pub state: Option<String>,
    pub economic_zone: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
