//! The people of the demo company, whom everybody may sign in as.

use async_graphql::SimpleObject;
use entity::support::user;

use super::words::Role;
use crate::auth::DEMO_PASSWORD;

/// Somebody of the demo company, with the password that everybody knows.
#[derive(Debug, Clone, SimpleObject)]
pub struct DemoLogin {
    /// What to sign in with.
    pub email: String,
    /// As it is shown.
    pub name: String,
    /// What they may read and do.
    pub role: Role,
    /// What to sign in with.
    pub password: String,
}

impl From<user::Model> for DemoLogin {
    fn from(row: user::Model) -> Self {
        Self { email: row.email, name: row.name, role: row.role.into(), password: DEMO_PASSWORD.to_owned() }
    }
}
