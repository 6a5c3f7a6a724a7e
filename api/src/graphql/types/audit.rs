//! The audit log, which only an ADMIN gets: the way to it takes the proof.

use std::fmt::Write as _;
use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use entity::support::audit_log;
use store::audit::{self, LogOrder, Verdict};
use store::page::Window;

use crate::graphql::context::{Admin, ContextExt};
use crate::graphql::ids::{self, Kind};
use crate::graphql::page::{connection, lines};
use crate::graphql::scalars::DateTime;

/// Something that somebody did, or was refused. Entries are never changed nor removed; each one's hash covers its content
/// and the hash before it.
#[derive(Clone)]
pub struct AuditEntry(Arc<audit_log::Model>);

impl From<audit_log::Model> for AuditEntry {
    fn from(row: audit_log::Model) -> Self {
        Self(Arc::new(row))
    }
}

#[Object]
/// Something that somebody did, or was refused. Entries are never changed nor removed; each one's hash covers its content
/// and the hash before it.
impl AuditEntry {
    /// The position in the chain, from 1 without gaps.
    async fn number(&self) -> i32 {
        lines(self.0.id)
    }

    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// The id of the user who did it; null for commands, jobs, and who was not signed in.
    async fn user_id(&self) -> Option<ID> {
        self.0.actor_id.map(|id| ids::encode(Kind::Viewer, id))
    }

    /// Who did it: an e-mail, a command such as `corrente user`, or what somebody not signed in said of themselves.
    async fn actor(&self) -> &str {
        &self.0.actor
    }

    /// What was done, such as `login`, `login.refused`, `read.refused`, `recommendations.dismiss` or `user.update`.
    async fn action(&self) -> &str {
        &self.0.action
    }

    /// What kind of thing it was done to, such as `user`.
    async fn entity(&self) -> Option<&str> {
        self.0.entity.as_deref()
    }

    /// Which of them, by its number in the database.
    async fn entity_id(&self) -> Option<&str> {
        self.0.entity_id.as_deref()
    }

    /// The rest as JSON, such as `{"ids":[17],"reason":"The site closes"}`; `apiToken` is the number of the API token that
    /// asked.
    async fn details(&self) -> String {
        self.0.details.to_string()
    }

    /// The address asked from.
    async fn address(&self) -> Option<&str> {
        self.0.address.as_deref()
    }

    /// The program asked with, by its own word.
    async fn agent(&self) -> Option<&str> {
        self.0.agent.as_deref()
    }

    /// SHA-256 over the previous entry's hash and this one's content, in hexadecimal.
    async fn hash(&self) -> String {
        self.0.hash.iter().fold(String::new(), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

connection! {
    /// A page of the audit log, the newest first.
    AuditConnection, AuditEdge, AuditEntry, audit_log::Model, LogOf
}

/// The list that a connection is a page of.
pub struct LogOf(audit::AuditFilter);

impl LogOf {
    /// The entries that `filter` describes.
    pub fn new(_proof: &Admin, filter: AuditFilter) -> Result<Self> {
        Ok(Self(filter.into_store()?))
    }

    /// A page of them.
    pub async fn page(self, ctx: &Context<'_>, window: &Window<LogOrder>) -> Result<AuditConnection> {
        let page = audit::page(ctx.db(), &self.0, window).await.map_err(|failure| ctx.failed(&failure))?;
        Ok(AuditConnection::new(page, self))
    }

    async fn count(&self, ctx: &Context<'_>) -> Result<u64> {
        audit::count(ctx.db(), &self.0).await.map_err(|failure| ctx.failed(&failure))
    }
}

/// Which entries; what is left out does not restrict.
#[derive(Debug, Default, InputObject)]
pub struct AuditFilter {
    /// What this user did.
    pub user_id: Option<ID>,
    /// With this action, such as `login.refused`.
    pub action: Option<String>,
    /// Done to this kind of thing, such as `api_token`.
    pub entity: Option<String>,
    /// Done to the thing of this number.
    pub entity_id: Option<String>,
    /// From this instant on.
    pub from: Option<DateTime>,
    /// Before this instant.
    pub to: Option<DateTime>,
}

impl AuditFilter {
    fn into_store(self) -> Result<audit::AuditFilter> {
        // No stored text holds a NUL, and PostgreSQL's cannot.
        let text = |text: Option<String>| text.map(|text| text.replace('\0', "\u{fffd}"));
        Ok(audit::AuditFilter {
            actor_id: self.user_id.map(|id| ids::expect(Kind::Viewer, &id)).transpose()?,
            action: text(self.action),
            entity: text(self.entity),
            entity_id: text(self.entity_id),
            from: self.from.map(|from| from.0),
            to: self.to.map(|to| to.0),
        })
    }
}

/// How an entry does not fit into the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "audit::Fault")]
pub enum AuditFault {
    /// Its content is not what was hashed.
    Changed,
    /// It is missing.
    Removed,
    /// It stands where another stood.
    Reordered,
    /// It and everything behind it are missing.
    CutTail,
    /// It was never chained.
    Added,
}

/// What a walk over the whole audit log found.
#[derive(Debug, Clone, SimpleObject)]
pub struct AuditVerdict {
    /// Does every entry fit, and is the last one the one that was written last?
    pub intact: bool,
    /// How many entries there are; null where the chain is broken.
    pub entries: Option<i32>,
    /// The number of the first entry that does not fit.
    pub broken_at: Option<i32>,
    /// How it does not.
    pub fault: Option<AuditFault>,
}

impl AuditVerdict {
    /// Walks the log, which takes about a second for a hundred thousand entries.
    pub async fn find(ctx: &Context<'_>, _proof: &Admin) -> Result<Self> {
        let verdict = audit::verify(ctx.db()).await.map_err(|failure| ctx.failed(&failure))?;
        Ok(match verdict {
            Verdict::Intact { entries } => {
                Self { intact: true, entries: Some(lines(entries)), broken_at: None, fault: None }
            }
            Verdict::Broken { at, fault } => {
                Self { intact: false, entries: None, broken_at: Some(lines(at)), fault: Some(fault.into()) }
            }
        })
    }
}
