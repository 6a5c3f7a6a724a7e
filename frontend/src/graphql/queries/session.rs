//! Signing in, staying signed in, signing out, and who is signed in.

use super::enums::Role;
use super::{Day, UserError};
use crate::schema;

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Viewer {
    pub email: String,
    pub name: String,
    pub role: Role,
    pub currency: String,
    pub today: Option<Day>,
}

impl Viewer {
    /// Whether costs and values may be asked for; the server refuses them to a VIEWER.
    pub fn sees_costs(&self) -> bool {
        self.role != Role::Viewer
    }

    /// Whether how good whole runs of forecasts were may be asked for; the server refuses it to a VIEWER.
    pub fn sees_accuracy(&self) -> bool {
        self.role != Role::Viewer
    }

    /// Whether this person may manage people, imports, tokens and the audit log.
    pub fn administers(&self) -> bool {
        self.role == Role::Admin
    }

    /// Whether this person may acknowledge and reopen.
    pub fn decides(&self) -> bool {
        self.role != Role::Viewer
    }
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct LoginPayload {
    pub access_token: Option<String>,
    pub viewer: Option<Viewer>,
    pub user_errors: Vec<UserError>,
}

/// Somebody of the demo company, with the password that everybody knows.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct DemoLogin {
    pub email: String,
    pub password: String,
}

/// Whom everybody may sign in as; nobody where this is no demo.
#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query")]
pub struct DemoLogins {
    pub demo_logins: Vec<DemoLogin>,
}

#[derive(cynic::QueryVariables, Clone, Debug, Default, PartialEq)]
pub struct LoginVariables {
    pub email: String,
    pub password: String,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "LoginVariables")]
pub struct Login {
    #[arguments(email: $email, password: $password)]
    pub login: LoginPayload,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation")]
pub struct Refresh {
    pub refresh: LoginPayload,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct LogoutPayload {
    pub user_errors: Vec<UserError>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation")]
pub struct Logout {
    pub logout: LogoutPayload,
}
