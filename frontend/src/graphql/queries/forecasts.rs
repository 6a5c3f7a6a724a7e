//! Forecasts to compare, how good the newest run was on the past, and what came of a material's forecasts.

use super::Day;
use super::dashboard::Forecast;
use super::enums::{DemandClass, ForecastLevel};
use crate::schema;

#[derive(cynic::QueryVariables, Clone, Debug, PartialEq)]
pub struct SeriesForecastVariables {
    pub sku: String,
    /// The graph wants a level even of a material, where it is not used.
    pub level: ForecastLevel,
    pub member: Option<String>,
    /// Whether the series is of a material; else it is of the level and member.
    pub material: bool,
}

impl Default for SeriesForecastVariables {
    fn default() -> Self {
        Self { sku: String::new(), level: ForecastLevel::All, member: None, material: false }
    }
}

/// The forecast of one series, as far ahead as a page may ask for: a shorter horizon is a part of it.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Query", variables = "SeriesForecastVariables")]
pub struct SeriesForecast {
    #[arguments(sku: $sku)]
    #[directives(include(if: $material))]
    pub item: Option<MaterialForecast>,
    #[arguments(level: $level, member: $member, horizon: 90)]
    #[directives(skip(if: $material))]
    pub forecast: Option<Forecast>,
}

impl SeriesForecast {
    /// The forecast, whatever it is of.
    pub fn of(&self) -> Option<&Forecast> {
        self.item.as_ref().and_then(|item| item.forecast.as_ref()).or(self.forecast.as_ref())
    }
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Item")]
pub struct MaterialForecast {
    pub name: String,
    pub unit: String,
    #[arguments(horizon: 90)]
    pub forecast: Option<Forecast>,
}

/// What has a forecast of its own besides materials.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Query")]
pub struct ForecastGroups {
    pub families: Vec<String>,
    #[arguments(first: 100)]
    pub regions: RegionConnection,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct RegionConnection {
    pub nodes: Vec<Region>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Region {
    pub id: cynic::Id,
    pub code: String,
    pub name: String,
}

/// How good the newest run was on the past, which only analysts may ask for.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Query")]
pub struct RunAccuracy {
    #[arguments(filter: { statuses: [READY] }, first: 1)]
    pub forecast_runs: ForecastRunConnection,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct ForecastRunConnection {
    pub nodes: Vec<ForecastRun>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct ForecastRun {
    pub origin: Day,
    pub series: i32,
    pub accuracy: Option<Vec<ForecastAccuracy>>,
}

/// One class of demand in one range of leads.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct ForecastAccuracy {
    pub demand_class: DemandClass,
    pub lead_from: i32,
    pub lead_to: Option<i32>,
    pub observations: i32,
    pub rmsse: Option<f64>,
    pub wape: Option<f64>,
    pub bias: Option<f64>,
    pub coverage80: Option<f64>,
    pub ideal80: Option<f64>,
    pub coverage95: Option<f64>,
    pub ideal95: Option<f64>,
}

#[derive(cynic::QueryVariables, Clone, Debug, Default, PartialEq)]
pub struct MaterialAccuracyVariables {
    pub sku: String,
}

/// A material's forecasts beside what came, by the weeks that are over.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Query", variables = "MaterialAccuracyVariables")]
pub struct MaterialAccuracy {
    #[arguments(sku: $sku)]
    pub item: Option<JudgedItem>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Item")]
pub struct JudgedItem {
    pub unit: String,
    #[arguments(weeks: 26)]
    pub accuracy: Option<ItemAccuracy>,
}

#[derive(cynic::QueryFragment, Clone, Debug, Default, PartialEq)]
pub struct ItemAccuracy {
    pub weeks: Vec<Day>,
    pub forecasts: Vec<f64>,
    pub actuals: Vec<f64>,
    pub wape: Option<f64>,
    pub bias: Option<f64>,
}
