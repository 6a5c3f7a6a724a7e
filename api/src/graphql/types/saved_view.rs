//! Views of a page that people saved.

use async_graphql::{Context, ID, Object, Result};
use entity::support::saved_view;

use crate::graphql::context::ContextExt;
use crate::graphql::ids::{self, Kind};
use crate::graphql::scalars::DateTime;
use crate::loaders::UserById;

/// A page of the dashboard as somebody set it up: its filters, its order, its range.
#[derive(Clone)]
pub struct SavedView(saved_view::Model);

impl From<saved_view::Model> for SavedView {
    fn from(row: saved_view::Model) -> Self {
        Self(row)
    }
}

#[Object]
/// A page of the dashboard as somebody set it up: its filters, its order, its range.
impl SavedView {
    /// An opaque name, stable for ever.
    async fn id(&self) -> ID {
        ids::encode(Kind::SavedView, self.0.id)
    }

    /// What it is called, such as `Cables, north`.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Which page, by its path, such as `/materials`.
    async fn page(&self) -> &str {
        &self.0.page
    }

    /// What the page's address says behind the question mark, such as `family=CABLES&sort=name`.
    async fn query(&self) -> &str {
        &self.0.query
    }

    /// Does everybody see it?
    async fn shared(&self) -> bool {
        self.0.shared
    }

    /// Is it the viewer's own, to change and to delete?
    async fn own(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(self.0.user_id == ctx.viewer()?.id)
    }

    /// The name of who saved it.
    async fn owner(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let loaded =
            ctx.loaders().users.load(UserById(self.0.user_id)).await.map_err(|failure| ctx.failed(&failure))?;
        Ok(loaded.map(|name| String::clone(&name)))
    }

    /// When it was first saved.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }
}
