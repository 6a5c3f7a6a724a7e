//! Who is signed in, and where they are.

use async_graphql::{Context, ID, Object, Result};

use super::words::Role;
use crate::graphql::context::{ContextExt, today};
use crate::graphql::ids::{self, Kind};
use crate::graphql::scalars::Date;

/// Who is signed in, with what a page needs to know of the company.
pub struct Viewer(pub crate::auth::Viewer);

#[Object]
/// Who is signed in, with what a page needs to know of the company.
impl Viewer {
    /// An opaque name, stable for ever.
    async fn id(&self) -> ID {
        ids::encode(Kind::Viewer, self.0.id)
    }

    /// What they sign in with.
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

    /// Is this the demo company?
    async fn demo(&self, ctx: &Context<'_>) -> Result<bool> {
        store::settings::is_demo(ctx.db()).await.map_err(|failure| ctx.failed(&failure))
    }

    /// The ISO 4217 code of every amount of money.
    async fn currency(&self, ctx: &Context<'_>) -> String {
        ctx.request().shared.config.currency.clone()
    }

    /// The company's time zone, such as `America/Bahia`.
    async fn timezone(&self, ctx: &Context<'_>) -> String {
        ctx.request().shared.config.timezone.name().to_owned()
    }

    /// The company's today: the day after demand's last; null before the first load.
    async fn today(&self, ctx: &Context<'_>) -> Result<Option<Date>> {
        Ok(today(ctx.bounds().await?).map(Date))
    }

    /// The last day that demand is known of.
    async fn data_through(&self, ctx: &Context<'_>) -> Result<Option<Date>> {
        Ok(ctx.bounds().await?.data_through.map(Date))
    }
}
