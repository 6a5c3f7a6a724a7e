//! The materials table: a filtered page of items.

use super::enums::{AbcClass, ItemKind, XyzClass};
use super::{Day, PageInfo};
use crate::schema;

#[derive(cynic::InputObject, Clone, Debug, Default, PartialEq)]
#[cynic(graphql_type = "ItemFilter")]
pub struct ItemFilter {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub kind: Option<ItemKind>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub families: Option<Vec<String>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub abc_classes: Option<Vec<AbcClass>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub xyz_classes: Option<Vec<XyzClass>>,
}

#[derive(cynic::QueryVariables, Clone, Debug, Default, PartialEq)]
pub struct MaterialsVariables {
    pub filter: Option<ItemFilter>,
    pub first: Option<i32>,
    pub after: Option<String>,
    pub last: Option<i32>,
    pub before: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Query", variables = "MaterialsVariables")]
pub struct Materials {
    #[arguments(filter: $filter, first: $first, after: $after, last: $last, before: $before)]
    pub items: ItemConnection,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct ItemConnection {
    pub total_count: i32,
    pub page_info: PageInfo,
    pub nodes: Vec<ItemRow>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Item")]
pub struct ItemRow {
    pub sku: String,
    pub name: String,
    pub family: Option<String>,
    pub unit: String,
    pub kind: ItemKind,
    pub abc_class: Option<AbcClass>,
    pub xyz_class: Option<XyzClass>,
    pub criticality: i32,
    pub stock: Option<Stock>,
}

/// Newest stock of an item over all its sites.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Stock {
    pub on_hand: f64,
    pub on_order: Option<f64>,
    pub days_of_cover: Option<f64>,
    pub as_of: Day,
    pub stocked_out_sites: i32,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Query")]
pub struct Families {
    pub families: Vec<String>,
}
