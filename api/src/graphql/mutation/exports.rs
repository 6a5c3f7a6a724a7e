//! Links to exports.

use async_graphql::{Context, Object, Result};

use crate::auth::ticket;
use crate::graphql::context::ContextExt;
use crate::graphql::scalars::DateTime;
use crate::graphql::types::payload::ExportTicketPayload;

/// What a page needs to link to a file.
#[derive(Default)]
pub struct Exports;

#[Object]
impl Exports {
    /// A ticket for one link to an export, such as `/export/items.xlsx?ticket=...`, where no header can be sent. It is good
    /// once, within a minute, and worth what the viewer is.
    async fn create_export_ticket(&self, ctx: &Context<'_>) -> Result<ExportTicketPayload> {
        let (request, viewer) = (ctx.request(), ctx.viewer()?);
        let issued = ticket::issue(ctx.db(), viewer, request.now).await;
        let (ticket, expires_at) = issued.map_err(|failure| ctx.failed(&failure))?;
        Ok(ExportTicketPayload { ticket, expires_at: DateTime(expires_at), user_errors: Vec::new() })
    }
}
