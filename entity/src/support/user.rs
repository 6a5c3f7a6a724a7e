//! People who may sign in.

use sea_orm::entity::prelude::*;

use crate::words::Role;

/// A row of `support.users`.
#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(schema_name = "support", table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Lower case.
    pub email: String,
    pub name: String,
    pub role: Role,
    pub password_hash: String,
    pub active: bool,
    pub demo: bool,
    /// Grows with every change that must end running sessions.
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub last_login_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl std::fmt::Debug for Model {
    /// Everything but the password's hash, which belongs in no log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { id, email, name, role, active, demo, version, .. } = self;
        write!(
            f,
            "User {{ id: {id}, email: {email:?}, name: {name:?}, role: {role}, active: {active}, demo: {demo}, version: {version} }}"
        )
    }
}
