//! The root of reading, of people and what belongs to them: tokens, saved views, and the log of what they did.

use async_graphql::{Context, Object, Result};

use crate::error::{Code, field};
use crate::graphql::context::ContextExt;
use crate::graphql::page;
use crate::graphql::types::api_token::ApiToken;
use crate::graphql::types::audit::{AuditConnection, AuditFilter, AuditVerdict, LogOf};
use crate::graphql::types::saved_view::SavedView;
use crate::graphql::types::user::User;

/// People and what belongs to them.
#[derive(Default)]
pub struct Accounts;

#[Object]
impl Accounts {
    /// The viewer's API tokens, the newest first, also those that have ended. The tokens themselves are stored nowhere.
    async fn api_tokens(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = false, desc = "Everybody's, which only an ADMIN may see.")] everybody: bool,
    ) -> Result<Option<Vec<ApiToken>>> {
        let Some(analyst) = ctx.analyst() else {
            return Ok(None);
        };
        if everybody && ctx.admin().is_none() {
            return Err(field(Code::Forbidden, "Only an ADMIN may see everybody's tokens."));
        }
        let owner = (!everybody).then_some(analyst.viewer().id);
        let tokens = store::tokens::list_api(ctx.db(), owner).await.map_err(|failure| ctx.failed(&failure))?;
        Ok(Some(tokens.into_iter().map(ApiToken::from).collect()))
    }

    /// Everybody who may sign in, or might again, by e-mail.
    async fn users(&self, ctx: &Context<'_>) -> Result<Option<Vec<User>>> {
        let Some(admin) = ctx.admin() else {
            return Ok(None);
        };
        let people = store::users::all(ctx.db()).await.map_err(|failure| ctx.failed(&failure))?;
        Ok(Some(people.into_iter().map(|row| User::new(&admin, row)).collect()))
    }

    /// What was done and refused, the newest first.
    async fn audit_log(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which entries.")] filter: Option<AuditFilter>,
        #[graphql(desc = "How many, 1 to 1,000; 50 without it.")] first: Option<i32>,
        #[graphql(desc = "Only those behind this cursor.")] after: Option<String>,
    ) -> Result<Option<AuditConnection>> {
        let Some(admin) = ctx.admin() else {
            return Ok(None);
        };
        let window = page::window(store::audit::LogOrder, first, after, None, None)?;
        LogOf::new(&admin, filter.unwrap_or_default())?.page(ctx, &window).await.map(Some)
    }

    /// Walks the whole audit log and tells whether anything in it was changed, removed, reordered or added behind our back,
    /// as `corrente verify-audit` does.
    async fn audit_verdict(&self, ctx: &Context<'_>) -> Result<Option<AuditVerdict>> {
        let Some(admin) = ctx.admin() else {
            return Ok(None);
        };
        AuditVerdict::find(ctx, &admin).await.map(Some)
    }

    /// The viewer's saved views and those that somebody shared, by page and name.
    async fn saved_views(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those of this page, by its path, such as `/materials`.")] page: Option<String>,
    ) -> Result<Vec<SavedView>> {
        // No stored path holds a NUL, and PostgreSQL's text cannot.
        let page = page.map(|page| page.replace('\0', "\u{fffd}"));
        let views = store::saved_views::seen_by(ctx.db(), ctx.viewer()?.id, page.as_deref()).await;
        Ok(views.map_err(|failure| ctx.failed(&failure))?.into_iter().map(SavedView::from).collect())
    }
}
