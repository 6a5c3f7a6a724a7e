//! Items: materials that are stocked and services that are not.

use sea_orm::entity::prelude::*;

use crate::words::{AbcBasis, AbcClass, ItemKind, XyzClass};

/// A row of `core.dim_item`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "core", table_name = "dim_item")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The natural key, with its leading zeros.
    pub sku: String,
    pub name: String,
    /// Lower case without accents, for sorting.
    pub name_folded: String,
    /// Folded sku and name: what search reads.
    pub search_folded: String,
    pub description: Option<String>,
    pub kind: ItemKind,
    pub family: Option<String>,
    pub category: Option<String>,
    pub subcategory: Option<String>,
    pub unit: String,
    /// By value where costs are known, else by demand lines; see `abc_basis`.
    pub abc_class: Option<AbcClass>,
    pub abc_basis: Option<AbcBasis>,
    /// By variability of demand.
    pub xyz_class: Option<XyzClass>,
    /// 0 to 10; 5 where nobody said.
    pub criticality: i16,
    pub unit_cost: Option<Decimal>,
    pub min_order_quantity: Option<Decimal>,
    pub max_order_quantity: Option<Decimal>,
    pub pack_size: Option<Decimal>,
    pub active: bool,
    pub attributes: Json,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
