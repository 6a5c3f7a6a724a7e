//! Tickets: what a link to an export carries in place of a token. Random, good once and for a minute, stored hashed.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use entity::support::export_ticket;
use store::Database;

use super::users::Users;
use super::{Refused, Viewer};
use crate::digest::sha256;

/// Random bits of a ticket: 160.
const BYTES: usize = 20;
/// How long one is good.
const LIFE: TimeDelta = TimeDelta::seconds(60);

/// A ticket for `viewer`, and when it ends.
pub async fn issue(db: &Database, viewer: &Viewer, now: DateTime<Utc>) -> store::Result<(String, DateTime<Utc>)> {
    let ticket = URL_SAFE_NO_PAD.encode(rand::random::<[u8; BYTES]>());
    let expires_at = now + LIFE;
    let row = export_ticket::Model { hash: sha256(&ticket), user_id: viewer.id, role: viewer.role, expires_at };
    store::tickets::issue(db, row, now).await?;
    Ok((ticket, expires_at))
}

/// Who comes with `ticket`, which is spent by that.
pub async fn redeem(db: &Database, users: &Users, ticket: &str, now: DateTime<Utc>) -> Result<Arc<Viewer>, Refused> {
    let row = store::tickets::redeem(db, sha256(ticket), now).await?;
    let row = row.ok_or(Refused::Token("the ticket is spent, or too old"))?;
    let known = users.get(db, row.user_id).await?.filter(|known| known.active);
    let known = known.ok_or(Refused::Token("its user is gone or disabled"))?;
    Ok(Arc::new(Viewer { role: known.viewer.role.min(row.role), ..Viewer::clone(&known.viewer) }))
}
