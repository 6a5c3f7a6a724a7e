//! Making and revoking API tokens.

use async_graphql::{Context, ID, Object, Result};
use serde_json::json;

use crate::auth::api_token::{CreateTokenError, Wanted, create};
use crate::auth::trail;
use crate::graphql::context::ContextExt;
use crate::graphql::ids::{self, Kind};
use crate::graphql::types::api_token::ApiToken;
use crate::graphql::types::payload::{ApiTokenPayload, NewApiTokenPayload, UserError};
use crate::graphql::types::words::Role;

/// What people do with API tokens.
#[derive(Default)]
pub struct ApiTokens;

#[Object]
impl ApiTokens {
    /// Makes an API token of the viewer. The answer is the only place where it is ever shown.
    async fn create_api_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is for, such as `Power BI`; 1 to 100 characters.")] name: String,
        #[graphql(desc = "What it may read and do, at most what the viewer may; without it, the same.")] role: Option<
            Role,
        >,
        #[graphql(default = 90, desc = "Days that it lives, 1 to 3,650.")] days: i32,
    ) -> Result<NewApiTokenPayload> {
        let analyst = ctx.require_analyst()?;
        let (request, viewer) = (ctx.request(), analyst.viewer());
        let refused = |code: &str, message: String, path: &[&str]| {
            Ok(NewApiTokenPayload {
                token: None,
                api_token: None,
                user_errors: vec![UserError::new(code, message, path)],
            })
        };
        if viewer.api_token.is_some() {
            // Else one that was stolen could go on for ever in its children.
            return refused("SIGN_IN", "Sign in to do this; an API token may not.".into(), &[]);
        }
        let wanted = Wanted {
            owner_id: viewer.id,
            owner_role: viewer.role,
            name,
            role: role.map(Into::into),
            days: days.into(),
        };
        let entry = trail::entry(viewer, &request.client, request.now, "token.create", None, json!({}));
        match create(ctx.db(), wanted, entry).await {
            Ok(created) => Ok(NewApiTokenPayload {
                token: Some(created.token),
                api_token: Some(ApiToken::from(created.row)),
                user_errors: Vec::new(),
            }),
            Err(CreateTokenError::Name) => {
                refused("BAD_NAME", "A token needs a name of 1 to 100 characters.".into(), &["name"])
            }
            Err(CreateTokenError::Days) => refused("BAD_DAYS", "A token lives from 1 to 3,650 days.".into(), &["days"]),
            Err(CreateTokenError::Role(most)) => {
                refused("ROLE_TOO_HIGH", format!("Its role is at most yours, which is {most}."), &["role"])
            }
            Err(CreateTokenError::Store(failure)) => Err(ctx.failed(&failure)),
        }
    }

    /// Revokes an API token of the viewer, at its next request; an ADMIN revokes anybody's. Once more changes nothing.
    async fn revoke_api_token(&self, ctx: &Context<'_>, #[graphql(desc = "Which.")] id: ID) -> Result<ApiTokenPayload> {
        let analyst = ctx.require_analyst()?;
        let (request, viewer) = (ctx.request(), analyst.viewer());
        let refused = |code: &str, message: String| {
            Ok(ApiTokenPayload { api_token: None, user_errors: vec![UserError::new(code, message, &["id"])] })
        };
        let number = match ids::expect(Kind::ApiToken, &id) {
            Ok(number) => number,
            Err(error) => return refused("BAD_ID", error.message),
        };
        let owner = ctx.admin().is_none().then_some(viewer.id);
        let details = json!({});
        let mut entry = trail::entry(viewer, &request.client, request.now, "token.revoke", Some("api_token"), details);
        entry.entity_id = Some(number.to_string());
        let revoked = store::tokens::revoke_api(ctx.db(), number, owner, request.now, entry).await;
        match revoked.map_err(|failure| ctx.failed(&failure))? {
            Some(row) => Ok(ApiTokenPayload { api_token: Some(ApiToken::from(row)), user_errors: Vec::new() }),
            None => refused("NOT_FOUND", "There is no such token of yours.".into()),
        }
    }
}
