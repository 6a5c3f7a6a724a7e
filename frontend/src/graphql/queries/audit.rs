//! The audit log, and whether anything in it was touched.

use super::enums::AuditFault;
use super::{Instant, PageInfo};
use crate::schema;

#[derive(cynic::InputObject, Clone, Debug, Default, PartialEq)]
pub struct AuditFilter {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<cynic::Id>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub from: Option<Instant>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub to: Option<Instant>,
}

#[derive(cynic::QueryVariables, Clone, Debug, Default, PartialEq)]
pub struct AuditVariables {
    pub filter: Option<AuditFilter>,
    pub after: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Query", variables = "AuditVariables")]
pub struct AuditLog {
    #[arguments(filter: $filter, first: 50, after: $after)]
    pub audit_log: Option<AuditConnection>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct AuditConnection {
    pub total_count: i32,
    pub page_info: PageInfo,
    pub nodes: Vec<AuditEntry>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct AuditEntry {
    pub number: i32,
    pub at: Instant,
    pub actor: String,
    pub action: String,
    pub entity: Option<String>,
    pub entity_id: Option<String>,
    pub details: String,
    pub address: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Query")]
pub struct Verdict {
    pub audit_verdict: Option<AuditVerdict>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct AuditVerdict {
    pub intact: bool,
    pub entries: Option<i32>,
    pub broken_at: Option<i32>,
    pub fault: Option<AuditFault>,
}
