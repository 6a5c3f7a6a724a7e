//! Sites: towers, warehouses, whatever consumes or keeps items.

use sea_orm::entity::prelude::*;

use crate::words::SiteType;

/// A row of `core.dim_site`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(schema_name = "core", table_name = "dim_site")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The natural key.
    pub code: String,
    pub name: String,
    /// Lower case without accents, for sorting and search.
    pub name_folded: String,
    #[sea_orm(column_name = "type")]
    pub kind: SiteType,
    pub region_id: Option<i64>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub active: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::region::Entity", from = "Column::RegionId", to = "super::region::Column::Id")]
    Region,
}

impl Related<super::region::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Region.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
