//! One material: what it is in one request, its series in another, because only the series follow site, period and horizon.

use super::Day;
use super::alerts::{Alert, SiteName};
use super::dashboard::Band;
use super::enums::{AbcClass, DemandClass, ForecastLevel, Granularity, ItemKind, XyzClass};
use super::materials::Stock;
use super::recommendations::Recommendation;
use crate::schema;

#[derive(cynic::QueryVariables, Clone, Debug, Default, PartialEq)]
pub struct MaterialVariables {
    pub sku: String,
    /// Whether to ask for the unit cost, which the server refuses to a VIEWER.
    pub costs: bool,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Query", variables = "MaterialVariables")]
pub struct Material {
    #[arguments(sku: $sku)]
    pub item: Option<Item>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(variables = "MaterialVariables")]
pub struct Item {
    pub sku: String,
    pub name: String,
    pub description: Option<String>,
    pub kind: ItemKind,
    pub family: Option<String>,
    pub category: Option<String>,
    pub unit: String,
    pub abc_class: Option<AbcClass>,
    pub xyz_class: Option<XyzClass>,
    pub criticality: i32,
    pub active: bool,
    #[directives(include(if: $costs))]
    pub unit_cost: Option<f64>,
    pub stock: Option<Stock>,
    pub sites: Vec<SiteName>,
    pub recommendations: Vec<Recommendation>,
    pub alerts: Vec<Alert>,
}

#[derive(cynic::QueryVariables, Clone, Debug, PartialEq)]
pub struct SeriesVariables {
    pub sku: String,
    pub site: Option<cynic::Id>,
    pub from: Option<Day>,
    pub to: Option<Day>,
    pub granularity: Granularity,
    pub horizon: i32,
}

impl Default for SeriesVariables {
    fn default() -> Self {
        Self { sku: String::new(), site: None, from: None, to: None, granularity: Granularity::Day, horizon: 90 }
    }
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Query", variables = "SeriesVariables")]
pub struct MaterialSeries {
    #[arguments(sku: $sku)]
    pub item: Option<ItemSeries>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Item", variables = "SeriesVariables")]
pub struct ItemSeries {
    #[arguments(siteId: $site, from: $from, to: $to, granularity: $granularity)]
    pub demand: DemandSeries,
    #[arguments(siteId: $site, horizon: $horizon)]
    pub forecast: Option<ItemForecast>,
    #[arguments(siteId: $site, from: $from, to: $to)]
    pub inventory: InventorySeries,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DemandSeries {
    pub total: f64,
    pub points: Vec<DemandPoint>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DemandPoint {
    pub date: Day,
    pub quantity: f64,
    pub stocked_out: bool,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct InventorySeries {
    pub dates: Vec<Day>,
    pub on_hand: Vec<f64>,
    pub on_order: Option<Vec<Option<f64>>>,
    pub safety_stock: Option<Vec<Option<f64>>>,
    pub reorder_point: Option<Vec<Option<f64>>>,
}

/// A material's forecast: the fan, and how well it did when it was tested.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Forecast")]
pub struct ItemForecast {
    pub level: ForecastLevel,
    pub model: String,
    pub demand_class: DemandClass,
    pub origin: Day,
    pub data_through: Day,
    pub dates: Vec<Day>,
    pub means: Vec<f64>,
    #[arguments(level: 0.8)]
    #[cynic(alias, rename = "band")]
    pub band80: Option<Band>,
    #[arguments(level: 0.5)]
    #[cynic(alias, rename = "band")]
    pub band50: Option<Band>,
    pub backtest: Option<Backtest>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Backtest {
    pub rmsse: Option<f64>,
    pub mase: Option<f64>,
    pub wape: Option<f64>,
    pub bias: Option<f64>,
    pub coverage80: Option<f64>,
    pub folds: i32,
    pub calibration: Vec<Calibration>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Calibration {
    pub quantile: f64,
    pub above: f64,
    pub at_or_above: f64,
}
