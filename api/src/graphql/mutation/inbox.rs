//! Reading and resolving alerts.

use async_graphql::{Context, ID, Object, Result};
use serde_json::json;

use super::read_ids;
use crate::auth::trail;
use crate::graphql::context::ContextExt;
use crate::graphql::ids::Kind;
use crate::graphql::page::count;
use crate::graphql::types::alert::Alert;
use crate::graphql::types::payload::{AlertsPayload, AllAlertsPayload, UserError};

/// What people do with alerts.
#[derive(Default)]
pub struct Inbox;

#[Object]
impl Inbox {
    /// Marks alerts as read by the viewer.
    async fn mark_alerts_read(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, at most 1,000.")] ids: Vec<ID>,
    ) -> Result<AlertsPayload> {
        let request = ctx.request();
        let viewer = ctx.viewer()?;
        let (numbers, user_errors) = read_ids(Kind::Alert, &ids);
        if !user_errors.is_empty() {
            return Ok(AlertsPayload { alerts: Vec::new(), user_errors });
        }
        let entry =
            trail::entry(viewer, &request.client, request.now, "alerts.read", Some("alert"), json!({ "ids": numbers }));
        let read = store::alerts::mark_read(ctx.db(), viewer.id, &numbers, request.now, entry).await;
        let alerts = read.map_err(|failure| ctx.failed(&failure))?.into_iter().map(Alert::from).collect();
        Ok(AlertsPayload { alerts, user_errors })
    }

    /// Marks everything in the inbox as read by the viewer; for everybody else nothing changes.
    async fn mark_all_alerts_read(&self, ctx: &Context<'_>) -> Result<AllAlertsPayload> {
        let request = ctx.request();
        let viewer = ctx.viewer()?;
        let entry = trail::entry(viewer, &request.client, request.now, "alerts.readAll", Some("alert"), json!({}));
        let read = store::alerts::mark_all_read(ctx.db(), viewer.id, request.now, entry).await;
        let read = read.map_err(|failure| ctx.failed(&failure))?;
        Ok(AllAlertsPayload { count: count(read), user_errors: Vec::new() })
    }

    /// Resolves alerts on the viewer's word. They are not raised again while their cause lasts without a break.
    async fn resolve_alerts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, at most 1,000.")] ids: Vec<ID>,
    ) -> Result<AlertsPayload> {
        let analyst = ctx.require_analyst()?;
        let request = ctx.request();
        let (numbers, mut user_errors) = read_ids(Kind::Alert, &ids);
        if !user_errors.is_empty() {
            return Ok(AlertsPayload { alerts: Vec::new(), user_errors });
        }
        let viewer = analyst.viewer();
        let details = json!({ "ids": numbers });
        let entry = trail::entry(viewer, &request.client, request.now, "alerts.resolve", Some("alert"), details);
        let alerts = store::alerts::resolve(ctx.db(), &numbers, viewer.id, request.now, entry).await;
        let alerts = alerts.map_err(|failure| ctx.failed(&failure))?;
        for (at, number) in numbers.iter().enumerate() {
            if !alerts.iter().any(|alert| alert.row.id == *number) {
                let message = "There is no such alert.";
                user_errors.push(UserError::new("NOT_FOUND", message, &["ids", &at.to_string()]));
            }
        }
        Ok(AlertsPayload { alerts: alerts.into_iter().map(Alert::from).collect(), user_errors })
    }
}
