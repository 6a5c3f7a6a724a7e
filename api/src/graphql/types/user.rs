//! The people who may sign in, whom only an ADMIN gets: the ways to one take the proof.

use async_graphql::{ID, Object};
use entity::support::user;

use super::words::Role;
use crate::graphql::context::Admin;
use crate::graphql::ids::{self, Kind};
use crate::graphql::scalars::DateTime;

/// Somebody who may sign in, or might again.
#[derive(Clone)]
pub struct User(user::Model);

impl User {
    /// The person of this row, as only an ADMIN sees them.
    pub fn new(_proof: &Admin, row: user::Model) -> Self {
        Self(row)
    }
}

#[Object]
/// Somebody who may sign in, or might again.
impl User {
    /// An opaque name, stable for ever; the same as `viewer { id }` of this person.
    async fn id(&self) -> ID {
        ids::encode(Kind::Viewer, self.0.id)
    }

    /// What they sign in with, in lower case; it never changes.
    async fn email(&self) -> &str {
        &self.0.email
    }

    /// As it is shown.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What they may read and do.
    async fn role(&self) -> Role {
        self.0.role.into()
    }

    /// May they come in? Nobody is ever deleted, because the audit log names them.
    async fn active(&self) -> bool {
        self.0.active
    }

    /// Is this somebody of the demo company, whose password everybody knows?
    async fn demo(&self) -> bool {
        self.0.demo
    }

    /// When they were added.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When they last signed in; null: never.
    async fn last_login_at(&self) -> Option<DateTime> {
        self.0.last_login_at.map(DateTime)
    }
}
