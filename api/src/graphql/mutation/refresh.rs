//! Bringing up to date what is computed from the data.

use std::sync::Arc;

use async_graphql::{Context, Object, Result};
use serde_json::json;

use crate::auth::trail;
use crate::graphql::context::ContextExt;
use crate::graphql::types::freshness;
use crate::graphql::types::payload::{RefreshDataPayload, UserError};

/// What is computed, computed again.
#[derive(Default)]
pub struct Refresh;

#[Object]
impl Refresh {
    /// Brings KPIs, recommendations, alerts and views up to date, as `corrente refresh` does: what nothing has changed of is
    /// left alone. One at a time, whichever server is asked, and only where `DATA_REFRESH_ENDPOINT_ENABLED` is true. A long one goes on when the
    /// answer has come; `dataRefreshed` tells when something of it is done.
    async fn refresh_data(&self, ctx: &Context<'_>) -> Result<RefreshDataPayload> {
        let admin = ctx.require_admin()?;
        let request = ctx.request();
        let shared = &request.shared;
        let jobs = shared.jobs.as_ref().filter(|_| shared.config.data_refresh_endpoint_enabled);
        let Some(jobs) = jobs.map(Arc::clone) else {
            let message =
                "This server refreshes no data on demand (DATA_REFRESH_ENDPOINT_ENABLED): run `corrente refresh`.";
            return refused(ctx, "DISABLED", message).await;
        };
        let turn = shared.db.refresh_turn().await.map_err(|failure| ctx.failed(&failure))?;
        let Some(turn) = turn else {
            return refused(ctx, "BUSY", "The data are being refreshed already; wait until that has ended.").await;
        };
        // Before it begins: that somebody asked is true also of a refresh that never ends.
        let entry = trail::entry(admin.viewer(), &request.client, request.now, "data.refresh", Some("data"), json!({}));
        store::audit::append(ctx.db(), vec![entry]).await.map_err(|failure| ctx.failed(&failure))?;
        // On a task of its own, so that a client that leaves does not stop it half-way.
        let running = tokio::spawn(async move {
            let done = jobs.refresh().await;
            turn.end().await;
            done
        });
        match tokio::time::timeout(shared.config.limits.request_timeout / 2, running).await {
            Ok(Ok(Ok(()))) => answer(ctx, true, Vec::new()).await,
            Ok(Ok(Err(sentence))) => refused(ctx, "FAILED", &sentence).await,
            Ok(Err(panicked)) => {
                Err(ctx.failed(&store::StoreError::Corrupt(format!("a refresh broke off: {panicked}"))))
            }
            Err(_) => answer(ctx, false, Vec::new()).await,
        }
    }
}

async fn refused(ctx: &Context<'_>, code: &str, message: &str) -> Result<RefreshDataPayload> {
    answer(ctx, false, vec![UserError::new(code, message, &[])]).await
}

async fn answer(ctx: &Context<'_>, finished: bool, user_errors: Vec<UserError>) -> Result<RefreshDataPayload> {
    Ok(RefreshDataPayload { finished, freshness: freshness::all(ctx).await?, user_errors })
}
