//! The queue of recommendations, each with the inputs that led to it, and the two decisions a planner takes on one.
//! The server's sentence comes in both languages, so that switching the language asks nothing again.

use super::alerts::{ItemName, SiteName};
use super::enums::{Priority, RecommendationStatus, RecommendationType};
use super::{Day, IdsVariablesFields, Instant, PageInfo, UserError};
use crate::schema;

#[derive(cynic::InputObject, Clone, Debug, Default, PartialEq)]
#[cynic(graphql_type = "RecommendationFilter")]
pub struct RecommendationFilter {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub types: Option<Vec<RecommendationType>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub priorities: Option<Vec<Priority>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub statuses: Option<Vec<RecommendationStatus>>,
}

#[derive(cynic::QueryVariables, Clone, Debug, Default, PartialEq)]
pub struct RecommendationsVariables {
    pub filter: Option<RecommendationFilter>,
    pub first: Option<i32>,
    pub after: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Query", variables = "RecommendationsVariables")]
pub struct Recommendations {
    #[arguments(filter: $filter, first: $first, after: $after)]
    pub recommendations: RecommendationConnection,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct RecommendationConnection {
    pub total_count: i32,
    pub page_info: PageInfo,
    pub nodes: Vec<Recommendation>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Recommendation {
    pub id: cynic::Id,
    #[cynic(rename = "type")]
    pub kind: RecommendationType,
    pub priority: Priority,
    pub status: RecommendationStatus,
    pub quantity: Option<f64>,
    pub act_by: Day,
    pub item: ItemName,
    pub site: Option<SiteName>,
    #[arguments(locale: PT_BR)]
    #[cynic(alias, rename = "message")]
    pub message_pt: String,
    #[arguments(locale: EN)]
    #[cynic(alias, rename = "message")]
    pub message_en: String,
    pub explanation: Explanation,
    pub raised_at: Instant,
}

/// The inputs of a recommendation and the evaluated formula; an input the company does not record is null.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Explanation {
    pub on_hand: Option<f64>,
    pub on_order: Option<f64>,
    pub lead_time_days: Option<f64>,
    pub lead_time_demand: Option<LeadTimeDemand>,
    pub service_level: Option<f64>,
    pub safety_stock: Option<f64>,
    pub reorder_point: Option<f64>,
    pub order_up_to: Option<f64>,
    pub formula: String,
    pub if_nothing_is_done: Option<IfNothingIsDone>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct LeadTimeDemand {
    pub mean: f64,
    pub p50: Option<f64>,
    pub p90: Option<f64>,
}

/// The days on which the stock would run out.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct IfNothingIsDone {
    pub earliest: Option<Day>,
    pub likely: Option<Day>,
    pub latest: Option<Day>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct RecommendationsPayload {
    pub recommendations: Vec<RecommendationState>,
    pub user_errors: Vec<UserError>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Recommendation")]
pub struct RecommendationState {
    pub id: cynic::Id,
    pub status: RecommendationStatus,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "IdsVariables")]
pub struct Acknowledge {
    #[arguments(ids: $ids)]
    pub acknowledge_recommendations: RecommendationsPayload,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "IdsVariables")]
pub struct Reopen {
    #[arguments(ids: $ids)]
    pub reopen_recommendations: RecommendationsPayload,
}
