//! The files that were read, and the lines of each that somebody should look at.

use super::enums::{ImportStatus, RejectSeverity};
use super::{Instant, PageInfo};
use crate::schema;

#[derive(cynic::InputObject, Clone, Debug, Default, PartialEq)]
#[cynic(graphql_type = "ImportRunFilter")]
pub struct ImportRunFilter {
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub statuses: Option<Vec<ImportStatus>>,
}

#[derive(cynic::QueryVariables, Clone, Debug, Default, PartialEq)]
pub struct ImportRunsVariables {
    pub filter: Option<ImportRunFilter>,
    pub after: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Query", variables = "ImportRunsVariables")]
pub struct ImportRuns {
    #[arguments(filter: $filter, first: 25, after: $after)]
    pub import_runs: Option<ImportRunConnection>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct ImportRunConnection {
    pub total_count: i32,
    pub page_info: PageInfo,
    pub nodes: Vec<ImportRun>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct ImportRun {
    pub id: cynic::Id,
    pub kind: String,
    pub file: String,
    pub status: ImportStatus,
    pub actor: String,
    pub read_lines: i32,
    pub loaded_lines: i32,
    pub unchanged_lines: i32,
    pub rejected_lines: i32,
    pub flagged_lines: i32,
    pub started_at: Instant,
    pub seconds: Option<f64>,
    pub message: Option<String>,
}

#[derive(cynic::QueryVariables, Clone, Debug, PartialEq)]
pub struct ImportLinesVariables {
    pub id: cynic::Id,
    pub reason: Option<String>,
    pub after: Option<String>,
}

impl Default for ImportLinesVariables {
    fn default() -> Self {
        Self { id: cynic::Id::new(""), reason: None, after: None }
    }
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Query", variables = "ImportLinesVariables")]
pub struct ImportLines {
    #[arguments(id: $id)]
    pub import_run: Option<RunLines>,
}

/// A file with the lines that were refused or flagged.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "ImportRun", variables = "ImportLinesVariables")]
pub struct RunLines {
    pub file: String,
    pub reject_reasons: Vec<RejectReason>,
    #[arguments(first: 50, after: $after, reason: $reason)]
    pub rejects: ImportRejectConnection,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct RejectReason {
    pub severity: RejectSeverity,
    pub reason: String,
    pub lines: i32,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct ImportRejectConnection {
    pub total_count: i32,
    pub page_info: PageInfo,
    pub nodes: Vec<ImportReject>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct ImportReject {
    pub severity: RejectSeverity,
    pub file: String,
    pub sheet: Option<String>,
    pub line: i32,
    pub column: Option<String>,
    pub reason: String,
    pub value: Option<String>,
    pub expected: Option<String>,
}
