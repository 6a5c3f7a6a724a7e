//! Deciding on recommendations.

use async_graphql::{Context, ID, Object, Result};
use serde_json::{Value as Json, json};
use store::recommendations::NewStatus;

use super::read_ids;
use crate::auth::trail;
use crate::graphql::context::{Analyst, ContextExt};
use crate::graphql::ids::Kind;
use crate::graphql::types::payload::{RecommendationsPayload, UserError};
use crate::graphql::types::recommendation::Recommendation;

/// Characters of a reason at most.
const LONGEST_REASON: usize = 500;

/// What people make of recommendations.
#[derive(Default)]
pub struct Decisions;

#[Object]
impl Decisions {
    /// Takes recommendations up: from OPEN to ACKNOWLEDGED.
    async fn acknowledge_recommendations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, at most 1,000.")] ids: Vec<ID>,
    ) -> Result<RecommendationsPayload> {
        let details = json!({});
        decide(ctx, &ctx.require_analyst()?, &ids, NewStatus::Acknowledged, "recommendations.acknowledge", details)
            .await
    }

    /// Closes recommendations that were followed: from OPEN or ACKNOWLEDGED to DONE. They stay closed while the refresh
    /// still finds them, and come back as new ones when they were gone meanwhile.
    async fn complete_recommendations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, at most 1,000.")] ids: Vec<ID>,
    ) -> Result<RecommendationsPayload> {
        decide(ctx, &ctx.require_analyst()?, &ids, NewStatus::Done, "recommendations.complete", json!({})).await
    }

    /// Closes recommendations that will not be followed: from OPEN or ACKNOWLEDGED to DISMISSED. The reason is kept with
    /// them and in the audit log.
    async fn dismiss_recommendations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, at most 1,000.")] ids: Vec<ID>,
        #[graphql(desc = "Why not, such as `The site closes in March`; 1 to 500 characters.")] reason: String,
    ) -> Result<RecommendationsPayload> {
        let analyst = ctx.require_analyst()?;
        // A NUL, which no text of the database can hold, is no reason either.
        let reason = reason.replace('\0', "").trim().to_owned();
        let wrong = match reason.chars().count() {
            0 => Some(UserError::new("REASON_REQUIRED", "Say why, in a few words.", &["reason"])),
            1..=LONGEST_REASON => None,
            long => {
                let message = format!("A reason has at most {LONGEST_REASON} characters, not {long}.");
                Some(UserError::new("TOO_LONG", message, &["reason"]))
            }
        };
        if let Some(wrong) = wrong {
            return Ok(RecommendationsPayload { recommendations: Vec::new(), user_errors: vec![wrong] });
        }
        let details = json!({ "reason": reason });
        decide(ctx, &analyst, &ids, NewStatus::Dismissed { reason }, "recommendations.dismiss", details).await
    }

    /// Puts recommendations back into the queue, whatever became of them.
    async fn reopen_recommendations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, at most 1,000.")] ids: Vec<ID>,
    ) -> Result<RecommendationsPayload> {
        decide(ctx, &ctx.require_analyst()?, &ids, NewStatus::Reopened, "recommendations.reopen", json!({})).await
    }
}

/// Changes the status of recommendations; the proof is what lets it.
async fn decide(
    ctx: &Context<'_>,
    analyst: &Analyst,
    ids: &[ID],
    status: NewStatus,
    action: &str,
    mut details: Json,
) -> Result<RecommendationsPayload> {
    let request = ctx.request();
    let (numbers, mut user_errors) = read_ids(Kind::Recommendation, ids);
    if !user_errors.is_empty() {
        return Ok(RecommendationsPayload { recommendations: Vec::new(), user_errors });
    }
    let viewer = analyst.viewer();
    details["ids"] = json!(numbers);
    let entry = trail::entry(viewer, &request.client, request.now, action, Some("recommendation"), details);
    let change = store::recommendations::set_status(ctx.db(), &numbers, status, viewer.id, request.now, entry).await;
    let change = change.map_err(|failure| ctx.failed(&failure))?;
    let place = |id: i64| numbers.iter().position(|number| *number == id).map(|at| at.to_string()).unwrap_or_default();
    for (id, found) in change.refused {
        user_errors.push(UserError::new(
            "WRONG_STATUS",
            format!("It is {found}; this is not possible from there."),
            &["ids", &place(id)],
        ));
    }
    for id in change.unknown {
        user_errors.push(UserError::new("NOT_FOUND", "There is no such recommendation.", &["ids", &place(id)]));
    }
    Ok(RecommendationsPayload {
        recommendations: change.rows.into_iter().map(Recommendation::from).collect(),
        user_errors,
    })
}
