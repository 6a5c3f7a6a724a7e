//! The inbox of alerts, and marking them read.

use super::enums::{AlertCategory, AlertLevel};
use super::{IdsVariablesFields, Instant, PageInfo, UserError};
use crate::schema;

/// Enough of an item to name it and to link to it.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Item")]
pub struct ItemName {
    pub sku: String,
    pub name: String,
    pub unit: String,
}

/// Enough of a site to name it and to choose it.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Site")]
pub struct SiteName {
    pub id: cynic::Id,
    pub code: String,
    pub name: String,
}

#[derive(cynic::InputObject, Clone, Debug, Default, PartialEq)]
#[cynic(graphql_type = "AlertFilter")]
pub struct AlertFilter {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub levels: Option<Vec<AlertLevel>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub categories: Option<Vec<AlertCategory>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub unread: Option<bool>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub resolved: Option<bool>,
}

#[derive(cynic::QueryVariables, Clone, Debug, Default, PartialEq)]
pub struct AlertsVariables {
    pub filter: Option<AlertFilter>,
    pub first: Option<i32>,
    pub after: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Query", variables = "AlertsVariables")]
pub struct Alerts {
    #[arguments(filter: $filter, first: $first, after: $after)]
    pub alerts: AlertConnection,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct AlertConnection {
    pub total_count: i32,
    pub page_info: PageInfo,
    pub nodes: Vec<Alert>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Alert {
    pub id: cynic::Id,
    pub level: AlertLevel,
    pub category: AlertCategory,
    #[arguments(locale: PT_BR)]
    #[cynic(alias, rename = "message")]
    pub message_pt: String,
    #[arguments(locale: EN)]
    #[cynic(alias, rename = "message")]
    pub message_en: String,
    pub item: Option<ItemName>,
    pub site: Option<SiteName>,
    pub raised_at: Instant,
    pub read_at: Option<Instant>,
}

/// An alert that has just been raised.
#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Subscription")]
pub struct AlertRaised {
    #[arguments(minLevel: WARNING)]
    pub alert_raised: Alert,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct AlertsPayload {
    pub alerts: Vec<AlertState>,
    pub user_errors: Vec<UserError>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Alert")]
pub struct AlertState {
    pub id: cynic::Id,
    pub read_at: Option<Instant>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "IdsVariables")]
pub struct MarkRead {
    #[arguments(ids: $ids)]
    pub mark_alerts_read: AlertsPayload,
}
