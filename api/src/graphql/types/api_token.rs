//! API tokens, as far as anything is stored of them.

use async_graphql::{Context, ID, Object, Result};
use entity::support::api_token;

use super::words::Role;
use crate::graphql::context::ContextExt;
use crate::graphql::ids::{self, Kind};
use crate::graphql::scalars::DateTime;
use crate::loaders::UserById;

/// A token with which a program such as Power BI reads the graph, in the `Authorization: Bearer` header.
#[derive(Clone)]
pub struct ApiToken(api_token::Model);

impl From<api_token::Model> for ApiToken {
    fn from(row: api_token::Model) -> Self {
        Self(row)
    }
}

#[Object]
/// A token with which a program such as Power BI reads the graph, in the `Authorization: Bearer` header.
impl ApiToken {
    /// An opaque name, stable for ever.
    async fn id(&self) -> ID {
        ids::encode(Kind::ApiToken, self.0.id)
    }

    /// What it is for, such as `Power BI`.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// How it begins, such as `corrente_1f2e`, to tell one from another.
    async fn prefix(&self) -> &str {
        &self.0.prefix
    }

    /// What it may read and do. It never may more than its user, whose role may have been lowered since.
    async fn role(&self) -> Role {
        self.0.role.into()
    }

    /// The name of whose it is.
    async fn owner(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let loaded =
            ctx.loaders().users.load(UserById(self.0.user_id)).await.map_err(|failure| ctx.failed(&failure))?;
        Ok(loaded.map(|name| String::clone(&name)))
    }

    /// Is it taken: neither revoked nor expired? That its user may still come in is another question.
    async fn active(&self, ctx: &Context<'_>) -> bool {
        let now = ctx.request().now;
        self.0.revoked_at.is_none() && self.0.expires_at.is_none_or(|end| end > now)
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it ends by itself.
    async fn expires_at(&self) -> Option<DateTime> {
        self.0.expires_at.map(DateTime)
    }

    /// When it was last used, to the minute; null: never.
    async fn last_used_at(&self) -> Option<DateTime> {
        self.0.last_used_at.map(DateTime)
    }

    /// When somebody revoked it.
    async fn revoked_at(&self) -> Option<DateTime> {
        self.0.revoked_at.map(DateTime)
    }
}
