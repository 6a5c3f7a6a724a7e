//! The operations of the dashboard, one file per group, checked against `schema.graphql` while they compile.
//! Their text is committed in `frontend/queries/`; [`operations`] lists them for the test that compares the two.

use cynic::{MutationBuilder, QueryBuilder};

use crate::schema;

pub mod alerts;
pub mod dashboard;
pub mod enums;
pub mod material;
pub mod materials;
pub mod recommendations;
pub mod session;
pub mod shell;

pub use crate::day::Day;

cynic::impl_scalar!(Day, schema::Date);

/// An instant of the graph, RFC 3339 text: only ever shown, so it is never computed with here.
#[derive(cynic::Scalar, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "DateTime")]
pub struct Instant(pub String);

/// Where a page of a connection ends, and whether there is another on either side.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct PageInfo {
    pub has_next_page: bool,
    pub has_previous_page: bool,
    pub start_cursor: Option<String>,
    pub end_cursor: Option<String>,
}

/// The rows that a mutation is about.
#[derive(cynic::QueryVariables, Clone, Debug, Default, PartialEq)]
pub struct IdsVariables {
    pub ids: Vec<cynic::Id>,
}

/// A reason the server gives for not having done what a mutation asked.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct UserError {
    pub message: String,
    pub code: String,
}

/// Every operation as (file name, text), in the form in which it is sent.
pub fn operations() -> Vec<(&'static str, String)> {
    vec![
        ("demo_logins", session::DemoLogins::build(()).query),
        ("login", session::Login::build(session::LoginVariables::default()).query),
        ("refresh", session::Refresh::build(()).query),
        ("logout", session::Logout::build(()).query),
        ("shell", shell::Shell::build(()).query),
        ("dashboard", dashboard::Dashboard::build(()).query),
        ("dashboard_series", dashboard::DashboardSeries::build(dashboard::SeriesVariables::default()).query),
        ("families", materials::Families::build(()).query),
        ("materials", materials::Materials::build(materials::MaterialsVariables::default()).query),
        ("material", material::Material::build(material::MaterialVariables::default()).query),
        ("material_series", material::MaterialSeries::build(material::SeriesVariables::default()).query),
        (
            "recommendations",
            recommendations::Recommendations::build(recommendations::RecommendationsVariables::default()).query,
        ),
        ("acknowledge_recommendations", recommendations::Acknowledge::build(IdsVariables::default()).query),
        ("reopen_recommendations", recommendations::Reopen::build(IdsVariables::default()).query),
        ("alerts", alerts::Alerts::build(alerts::AlertsVariables::default()).query),
        ("mark_alerts_read", alerts::MarkRead::build(IdsVariables::default()).query),
    ]
}
