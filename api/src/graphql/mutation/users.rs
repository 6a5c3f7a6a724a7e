//! Adding and changing people, as an ADMIN does.

use async_graphql::{Context, Error, ID, Object, Result};
use serde_json::json;
use store::users::{ChangeError, CreateError, NewUser, UserChange};

use super::unfit;
use crate::auth::{password, trail};
use crate::error::internal;
use crate::graphql::context::ContextExt;
use crate::graphql::ids::{self, Kind};
use crate::graphql::types::payload::{UserError, UserPayload};
use crate::graphql::types::user::User;
use crate::graphql::types::words::Role;

/// Characters of a name at most.
const LONGEST_NAME: usize = 100;
/// Bytes of an e-mail at most (RFC 5321).
const LONGEST_EMAIL: usize = 254;

/// What an ADMIN does with people.
#[derive(Default)]
pub struct Users;

#[Object]
impl Users {
    /// Adds somebody who may sign in.
    async fn create_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What they will sign in with; kept in lower case.")] email: String,
        #[graphql(desc = "As it is shown, 1 to 100 characters.")] name: String,
        #[graphql(desc = "What they may read and do.")] role: Role,
        #[graphql(desc = "Their first password, 8 characters or more; they change it with `changePassword`.")]
        password: String,
    ) -> Result<UserPayload> {
        let admin = ctx.require_admin()?;
        let request = ctx.request();
        let (email, name) = (email.trim().to_lowercase(), name.trim().to_owned());
        let mut faults = Vec::new();
        if !is_email(&email) {
            faults.push(UserError::new("BAD_EMAIL", "This is not an e-mail address.", &["email"]));
        }
        faults.extend(bad_name(&name));
        faults.extend(password::check(&password).err().map(|fault| unfit(fault, "password")));
        if !faults.is_empty() {
            return Ok(UserPayload { user: None, user_errors: faults });
        }
        let password_hash = hash(ctx, password).await?;
        let role: entity::words::Role = role.into();
        let details = json!({ "email": email, "name": name, "role": role.as_str() });
        let entry = trail::entry(admin.viewer(), &request.client, request.now, "user.create", Some("user"), details);
        let new = NewUser { email, name, role, password_hash, demo: false, at: request.now };
        match store::users::create(ctx.db(), new, entry).await {
            Ok(row) => Ok(UserPayload { user: Some(User::new(&admin, row)), user_errors: Vec::new() }),
            Err(CreateError::EmailTaken { .. }) => {
                Ok(refused("EMAIL_TAKEN", "Somebody has this e-mail already.", "email"))
            }
            Err(CreateError::Store(failure)) => Err(ctx.failed(&failure)),
        }
    }

    /// Changes somebody; what is left out stays. Another role, a lock-out and another password count from the next request
    /// on, and end the sessions that run. The last active ADMIN stays one.
    async fn update_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom.")] id: ID,
        #[graphql(desc = "As it is shown, 1 to 100 characters.")] name: Option<String>,
        #[graphql(desc = "What they may read and do.")] role: Option<Role>,
        #[graphql(desc = "May they come in?")] active: Option<bool>,
        #[graphql(desc = "Another password for who forgot theirs, 8 characters or more; one's own is changed with \
                          `changePassword`.")]
        password: Option<String>,
    ) -> Result<UserPayload> {
        let admin = ctx.require_admin()?;
        let request = ctx.request();
        let number = match ids::expect(Kind::Viewer, &id) {
            Ok(number) => number,
            Err(error) => return Ok(refused("BAD_ID", &error.message, "id")),
        };
        let name = name.map(|name| name.trim().to_owned());
        let mut faults: Vec<UserError> = name.as_deref().and_then(bad_name).into_iter().collect();
        if let Some(password) = &password {
            faults.extend(password::check(password).err().map(|fault| unfit(fault, "password")));
            if number == admin.viewer().id {
                let message = "Change your own password with changePassword, which asks for the current one.";
                faults.push(UserError::new("OWN_PASSWORD", message, &["password"]));
            }
        }
        if !faults.is_empty() {
            return Ok(UserPayload { user: None, user_errors: faults });
        }
        let role: Option<entity::words::Role> = role.map(Into::into);
        let mut details = json!({});
        if let Some(name) = &name {
            details["name"] = name.as_str().into();
        }
        if let Some(role) = role {
            details["role"] = role.as_str().into();
        }
        if let Some(active) = active {
            details["active"] = active.into();
        }
        let password_hash = match password {
            Some(password) => {
                // That it was changed, never what it is.
                details["password"] = true.into();
                Some(hash(ctx, password).await?)
            }
            None => None,
        };
        let mut entry =
            trail::entry(admin.viewer(), &request.client, request.now, "user.update", Some("user"), details);
        entry.entity_id = Some(number.to_string());
        let change = UserChange { name, role, active, password_hash };
        let changed = store::users::update(ctx.db(), number, change, entry).await;
        // Also when it failed: what is believed of them is then asked anew, which harms nobody.
        request.shared.user_changed(number).await;
        match changed {
            Ok(Some(row)) => Ok(UserPayload { user: Some(User::new(&admin, row)), user_errors: Vec::new() }),
            Ok(None) => Ok(refused("NOT_FOUND", "There is no such person.", "id")),
            Err(ChangeError::LastAdmin) => {
                let message = "This is the last active ADMIN, who can be neither locked out nor given another role.";
                Ok(refused("LAST_ADMIN", message, "id"))
            }
            Err(ChangeError::Store(failure)) => Err(ctx.failed(&failure)),
        }
    }
}

async fn hash(ctx: &Context<'_>, password: String) -> Result<String, Error> {
    let request = ctx.request();
    request.shared.auth.passwords.hash(password).await.map_err(|failure| {
        tracing::error!(request_id = request.request_id, error = %failure, "a password could not be hashed");
        internal(&request.request_id)
    })
}

/// Something before and behind the one `@`, and nothing that no address has.
fn is_email(text: &str) -> bool {
    let parts = text.split_once('@').filter(|(who, at)| !who.is_empty() && !at.is_empty() && !at.contains('@'));
    parts.is_some() && text.len() <= LONGEST_EMAIL && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

fn bad_name(name: &str) -> Option<UserError> {
    let fits = (1..=LONGEST_NAME).contains(&name.chars().count());
    (!fits || name.chars().any(char::is_control))
        .then(|| UserError::new("BAD_NAME", "A name has 1 to 100 characters on one line.", &["name"]))
}

fn refused(code: &str, message: &str, argument: &str) -> UserPayload {
    UserPayload { user: None, user_errors: vec![UserError::new(code, message, &[argument])] }
}
