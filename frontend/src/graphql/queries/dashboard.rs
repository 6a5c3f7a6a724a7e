//! The executive dashboard: its tiles in one request, its chart in another, because only the chart follows the period.

use super::Day;
use super::alerts::Alert;
use super::enums::{DemandClass, Granularity};
use super::recommendations::Recommendation;
use crate::schema;

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Query")]
pub struct Dashboard {
    pub kpis: Vec<Kpi>,
    #[arguments(filter: { statuses: [OPEN] }, first: 6)]
    pub recommendations: TopRecommendations,
    #[arguments(filter: { resolved: false }, first: 6)]
    pub alerts: LatestAlerts,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "RecommendationConnection")]
pub struct TopRecommendations {
    pub total_count: i32,
    pub nodes: Vec<Recommendation>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "AlertConnection")]
pub struct LatestAlerts {
    pub nodes: Vec<Alert>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Kpi {
    pub date: Day,
    pub total_demand: Option<f64>,
    pub a_class_share: Option<f64>,
    pub stockout_rate: Option<f64>,
    pub delayed_orders_rate: Option<f64>,
    pub forecast_mape: Option<f64>,
    pub turnover: Option<f64>,
    pub days_of_cover: Option<f64>,
    pub decision_minutes: Option<f64>,
    pub targets: KpiTargets,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct KpiTargets {
    pub stockout_rate: f64,
    pub delayed_orders_rate: f64,
    pub forecast_mape: f64,
    pub turnover_min: f64,
    pub turnover_max: f64,
    pub decision_minutes: f64,
}

#[derive(cynic::QueryVariables, Clone, Debug, PartialEq)]
pub struct SeriesVariables {
    pub from: Option<Day>,
    pub to: Option<Day>,
    pub granularity: Granularity,
    pub horizon: i32,
}

impl Default for SeriesVariables {
    fn default() -> Self {
        Self { from: None, to: None, granularity: Granularity::Day, horizon: 30 }
    }
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Query", variables = "SeriesVariables")]
pub struct DashboardSeries {
    #[arguments(filter: { from: $from, to: $to }, granularity: $granularity)]
    pub demand: Vec<DemandGroupSeries>,
    #[arguments(level: ALL, horizon: $horizon)]
    pub forecast: Option<Forecast>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DemandGroupSeries {
    pub dates: Vec<Day>,
    pub quantities: Vec<f64>,
    pub total: f64,
}

/// A forecast with its fan: the means, and the bands that hold 80 % and 50 % of outcomes.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Forecast {
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
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Band {
    pub dates: Vec<Day>,
    pub lower: Vec<f64>,
    pub upper: Vec<f64>,
}
