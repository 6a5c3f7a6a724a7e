//! What the frame around every page shows: how fresh the data are and how many alerts are unread.

use super::enums::DataKind;
use super::{Day, Instant};
use crate::schema;

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Freshness {
    pub kind: DataKind,
    pub data_through: Option<Day>,
    pub refreshed_at: Option<Instant>,
    pub stale: bool,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "AlertConnection")]
pub struct AlertCount {
    pub total_count: i32,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Query")]
pub struct Shell {
    pub freshness: Vec<Freshness>,
    #[arguments(filter: { unread: true, resolved: false }, first: 1)]
    pub alerts: AlertCount,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "DataRefreshed")]
pub struct Refreshed {
    pub at: Instant,
}

/// That data were loaded or computed.
#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Subscription")]
pub struct DataRefreshed {
    pub data_refreshed: Refreshed,
}
