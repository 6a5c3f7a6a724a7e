//! Saving and deleting views of a page.

use async_graphql::{Context, ID, Object, Result};
use serde_json::json;
use store::saved_views::{self, NewView};

use crate::auth::{Viewer, trail};
use crate::graphql::context::{Analyst, ContextExt};
use crate::graphql::ids::{self, Kind};
use crate::graphql::types::payload::{DeleteViewPayload, SavedViewPayload, UserError};
use crate::graphql::types::saved_view::SavedView;

/// Characters of a view's name and of its page at most.
const LONGEST_NAME: usize = 100;
/// Characters of what a page's address says; browsers take about as many.
const LONGEST_QUERY: usize = 4_000;
/// Views that one person may have.
const MOST_VIEWS: u64 = 500;

/// What people do with their views.
#[derive(Default)]
pub struct Views;

#[Object]
impl Views {
    /// Saves a view of a page for the viewer; one of the same page and name is replaced. Only analysts share one.
    async fn save_view(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is called, 1 to 100 characters.")] name: String,
        #[graphql(desc = "Which page, by its path, such as `/materials`; 1 to 100 characters.")] page: String,
        #[graphql(desc = "What the page's address says behind the question mark, at most 4,000 characters.")]
        query: String,
        #[graphql(default = false, desc = "Shall everybody see it?")] shared: bool,
    ) -> Result<SavedViewPayload> {
        let sharing = if shared { Some(ctx.require_analyst()?) } else { None };
        let viewer = ctx.viewer()?;
        let (name, page, query) = (storable(&name), storable(&page), storable(&query));
        let mut user_errors = Vec::new();
        for (text, least, most, argument) in
            [(&name, 1, LONGEST_NAME, "name"), (&page, 1, LONGEST_NAME, "page"), (&query, 0, LONGEST_QUERY, "query")]
        {
            if !(least..=most).contains(&text.chars().count()) {
                let message = format!("This takes {least} to {most} characters.");
                user_errors.push(UserError::new("BAD_LENGTH", message, &[argument]));
            }
        }
        if !user_errors.is_empty() {
            return Ok(SavedViewPayload { view: None, user_errors });
        }
        let count = saved_views::count(ctx.db(), viewer.id).await.map_err(|failure| ctx.failed(&failure))?;
        if count >= MOST_VIEWS {
            let message = format!("Nobody has more than {MOST_VIEWS} views; delete one first.");
            return Ok(SavedViewPayload { view: None, user_errors: vec![UserError::new("TOO_MANY", message, &[])] });
        }
        let row = save(ctx, viewer, (name, page, query), sharing.as_ref()).await?;
        Ok(SavedViewPayload { view: Some(SavedView::from(row)), user_errors })
    }

    /// Deletes a view of the viewer's own, for everybody where it was shared.
    async fn delete_view(&self, ctx: &Context<'_>, #[graphql(desc = "Which.")] id: ID) -> Result<DeleteViewPayload> {
        let (request, viewer) = (ctx.request(), ctx.viewer()?);
        let refused = |code: &str, message: &str| DeleteViewPayload {
            deleted: false,
            user_errors: vec![UserError::new(code, message, &["id"])],
        };
        let number = match ids::expect(Kind::SavedView, &id) {
            Ok(number) => number,
            Err(error) => return Ok(refused("BAD_ID", &error.message)),
        };
        let mut entry =
            trail::entry(viewer, &request.client, request.now, "view.delete", Some("saved_view"), json!({}));
        entry.entity_id = Some(number.to_string());
        let deleted = saved_views::delete(ctx.db(), number, viewer.id, entry).await;
        Ok(if deleted.map_err(|failure| ctx.failed(&failure))? {
            DeleteViewPayload { deleted: true, user_errors: Vec::new() }
        } else {
            refused("NOT_FOUND", "There is no such view of yours.")
        })
    }
}

/// Saves a view; the proof is what lets everybody see it.
async fn save(
    ctx: &Context<'_>,
    viewer: &Viewer,
    (name, page, query): (String, String, String),
    sharing: Option<&Analyst>,
) -> Result<entity::support::saved_view::Model> {
    let request = ctx.request();
    let shared = sharing.is_some();
    let details = json!({ "name": name, "page": page, "shared": shared });
    let entry = trail::entry(viewer, &request.client, request.now, "view.save", Some("saved_view"), details);
    let new = NewView { user_id: viewer.id, name, page, query, shared, at: request.now };
    saved_views::save(ctx.db(), new, entry).await.map_err(|failure| ctx.failed(&failure))
}

/// Without spaces around it, and without NUL, which no text of the database can hold.
fn storable(text: &str) -> String {
    text.replace('\0', "").trim().to_owned()
}
