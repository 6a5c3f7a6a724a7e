//! The operations of the dashboard, one file per group, checked against `schema.graphql` while they compile.
//! Their text is committed in `frontend/queries/` and sent as it stands there; [`operations`] lists what the types ask for,
//! and a test holds the two together. A new operation begins with an empty file, which that test fills when told to bless.

use cynic::{MutationBuilder, QueryBuilder, SubscriptionBuilder};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::schema;

pub mod alerts;
pub mod audit;
pub mod dashboard;
pub mod enums;
pub mod exploration;
pub mod export;
pub mod forecasts;
pub mod imports;
pub mod inventory;
pub mod material;
pub mod materials;
pub mod people;
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

/// Something the dashboard asks for. The type is the shape of its answer.
pub trait Operation: DeserializeOwned + Send + Sync + 'static {
    type Variables: Serialize;

    /// The committed text. Composing it in the browser would cost every reader the code that does it.
    const TEXT: &'static str;
}

/// Declares the operations: the name of each one's file, its type and its variables.
macro_rules! operations {
    ($($file:literal: $answer:ty, $variables:ty;)+ subscriptions $($heard_file:literal: $heard:ty;)+) => {
        $(impl Operation for $answer {
            type Variables = $variables;
            const TEXT: &'static str = include_str!(concat!("../../../queries/", $file, ".graphql"));
        })+
        $(impl Operation for $heard {
            type Variables = ();
            const TEXT: &'static str = include_str!(concat!("../../../queries/", $heard_file, ".graphql"));
        })+

        /// Every operation as (file name, what its type asks for).
        pub fn operations() -> Vec<(&'static str, String)> {
            vec![
                $(($file, <$answer>::build(<$variables>::default()).query),)+
                $(($heard_file, <$heard>::build(()).query().to_owned()),)+
            ]
        }
    };
}

operations! {
    "demo_logins": session::DemoLogins, ();
    "login": session::Login, session::LoginVariables;
    "refresh": session::Refresh, ();
    "logout": session::Logout, ();
    "shell": shell::Shell, ();
    "dashboard": dashboard::Dashboard, ();
    "dashboard_series": dashboard::DashboardSeries, dashboard::SeriesVariables;
    "families": materials::Families, ();
    "materials": materials::Materials, materials::MaterialsVariables;
    "material": material::Material, material::MaterialVariables;
    "material_series": material::MaterialSeries, material::SeriesVariables;
    "stock_of_items": inventory::StockOfItems, inventory::StockVariables;
    "stock_value": inventory::StockValue, inventory::ValueVariables;
    "series_forecast": forecasts::SeriesForecast, forecasts::SeriesForecastVariables;
    "forecast_groups": forecasts::ForecastGroups, ();
    "run_accuracy": forecasts::RunAccuracy, ();
    "material_accuracy": forecasts::MaterialAccuracy, forecasts::MaterialAccuracyVariables;
    "exploration": exploration::Exploration, exploration::ExplorationVariables;
    "saved_views": exploration::SavedViews, ();
    "save_view": exploration::SaveView, exploration::SaveViewVariables;
    "delete_view": exploration::DeleteView, people::IdVariables;
    "recommendations": recommendations::Recommendations, recommendations::RecommendationsVariables;
    "acknowledge_recommendations": recommendations::Acknowledge, IdsVariables;
    "reopen_recommendations": recommendations::Reopen, IdsVariables;
    "export_ticket": export::ExportTicket, ();
    "users": people::Users, ();
    "create_user": people::CreateUser, people::CreateUserVariables;
    "update_user": people::UpdateUser, people::UpdateUserVariables;
    "api_tokens": people::ApiTokens, ();
    "create_token": people::CreateToken, people::CreateTokenVariables;
    "revoke_token": people::RevokeToken, people::IdVariables;
    "audit_log": audit::AuditLog, audit::AuditVariables;
    "audit_verdict": audit::Verdict, ();
    "import_runs": imports::ImportRuns, imports::ImportRunsVariables;
    "import_lines": imports::ImportLines, imports::ImportLinesVariables;
    "alerts": alerts::Alerts, alerts::AlertsVariables;
    "mark_alerts_read": alerts::MarkRead, IdsVariables;
    subscriptions
    "alert_raised": alerts::AlertRaised;
    "data_refreshed": shell::DataRefreshed;
}
