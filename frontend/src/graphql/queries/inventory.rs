//! The stock of many materials at once, and what it is worth by family.

use super::Day;
use super::enums::{AbcClass, XyzClass};
use super::materials::ItemFilter;
use crate::schema;

#[derive(cynic::QueryVariables, Clone, Debug, Default, PartialEq)]
pub struct StockVariables {
    pub filter: Option<ItemFilter>,
}

/// Materials with their stock, those of class A first: as many as one answer may hold.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Query", variables = "StockVariables")]
pub struct StockOfItems {
    #[arguments(filter: $filter, orderBy: { field: ABC_CLASS }, first: 800)]
    pub items: StockConnection,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "ItemConnection")]
pub struct StockConnection {
    pub total_count: i32,
    pub nodes: Vec<ItemStock>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Item")]
pub struct ItemStock {
    pub sku: String,
    pub name: String,
    pub unit: String,
    pub abc_class: Option<AbcClass>,
    pub xyz_class: Option<XyzClass>,
    pub stock: Option<Lasting>,
}

/// What is there, and how long it lasts.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Stock")]
pub struct Lasting {
    pub on_hand: f64,
    pub days_of_cover: Option<f64>,
}

#[derive(cynic::QueryVariables, Clone, Debug, Default, PartialEq)]
pub struct ValueVariables {
    pub families: Option<Vec<String>>,
    /// Whether to ask for values, which the server refuses to a VIEWER.
    pub costs: bool,
}

/// What the stock of each family is worth.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Query", variables = "ValueVariables")]
pub struct StockValue {
    #[arguments(dimension: FAMILY, members: $families)]
    pub kpis: Vec<FamilyValue>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Kpi", variables = "ValueVariables")]
pub struct FamilyValue {
    pub date: Day,
    pub member: String,
    #[directives(include(if: $costs))]
    pub inventory_value: Option<f64>,
}
