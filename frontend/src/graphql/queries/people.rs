//! Who may sign in, and the tokens that programs come with; both as an ADMIN sees and changes them.

use super::enums::Role;
use super::{Instant, UserError};
use crate::schema;

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct User {
    pub id: cynic::Id,
    pub email: String,
    pub name: String,
    pub role: Role,
    pub active: bool,
    pub demo: bool,
    pub last_login_at: Option<Instant>,
}

/// Everybody; null for who may not ask.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Query")]
pub struct Users {
    pub users: Option<Vec<User>>,
}

#[derive(cynic::QueryVariables, Clone, Debug, PartialEq)]
pub struct CreateUserVariables {
    pub email: String,
    pub name: String,
    pub role: Role,
    pub password: String,
}

impl Default for CreateUserVariables {
    fn default() -> Self {
        Self { email: String::new(), name: String::new(), role: Role::Viewer, password: String::new() }
    }
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct UserPayload {
    pub user_errors: Vec<UserError>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "CreateUserVariables")]
pub struct CreateUser {
    #[arguments(email: $email, name: $name, role: $role, password: $password)]
    pub create_user: UserPayload,
}

#[derive(cynic::QueryVariables, Clone, Debug, PartialEq)]
pub struct UpdateUserVariables {
    pub id: cynic::Id,
    pub role: Option<Role>,
    pub active: Option<bool>,
}

impl Default for UpdateUserVariables {
    fn default() -> Self {
        Self { id: cynic::Id::new(""), role: None, active: None }
    }
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "UpdateUserVariables")]
pub struct UpdateUser {
    #[arguments(id: $id, role: $role, active: $active)]
    pub update_user: UserPayload,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct ApiToken {
    pub id: cynic::Id,
    pub name: String,
    pub prefix: String,
    pub role: Role,
    pub owner: Option<String>,
    pub active: bool,
    pub created_at: Instant,
    pub expires_at: Option<Instant>,
    pub last_used_at: Option<Instant>,
    pub revoked_at: Option<Instant>,
}

/// Everybody's tokens; null for who may not ask.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Query")]
pub struct ApiTokens {
    #[arguments(everybody: true)]
    pub api_tokens: Option<Vec<ApiToken>>,
}

#[derive(cynic::QueryVariables, Clone, Debug, Default, PartialEq)]
pub struct CreateTokenVariables {
    pub name: String,
    pub role: Option<Role>,
    pub days: i32,
}

/// The one answer in which a token is ever shown.
#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "NewApiTokenPayload")]
pub struct NewToken {
    pub token: Option<String>,
    pub user_errors: Vec<UserError>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "CreateTokenVariables")]
pub struct CreateToken {
    #[arguments(name: $name, role: $role, days: $days)]
    pub create_api_token: NewToken,
}

#[derive(cynic::QueryVariables, Clone, Debug, PartialEq)]
pub struct IdVariables {
    pub id: cynic::Id,
}

impl Default for IdVariables {
    fn default() -> Self {
        Self { id: cynic::Id::new("") }
    }
}

#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct ApiTokenPayload {
    pub user_errors: Vec<UserError>,
}

#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Mutation", variables = "IdVariables")]
pub struct RevokeToken {
    #[arguments(id: $id)]
    pub revoke_api_token: ApiTokenPayload,
}
