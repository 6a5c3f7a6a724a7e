//! What goes into the audit log, and how: mutations chain in their own transaction, refusals through a bounded writer.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use serde_json::Value as Json;
use store::audit::NewEntry;
use store::{Database, StoreError};
use tokio::sync::mpsc;

use super::{Client, Viewer};

/// Entries that may wait; beyond, they are counted in the log and dropped, because a reader must not be kept waiting.
const WAITING: usize = 4_096;
/// Entries chained in one transaction.
const AT_ONCE: usize = 256;
/// How long entries wait for a database that is away; a longer outage is worse than their loss, and tells of itself.
const LONGEST_OUTAGE: Duration = Duration::from_mins(5);
/// How long to wait before it is tried again.
const PAUSE: Duration = Duration::from_secs(1);

/// An entry of somebody signed in; of a program, with the number of the API token that it used.
pub fn entry(
    viewer: &Viewer,
    client: &Client,
    at: DateTime<Utc>,
    action: &str,
    entity: Option<&str>,
    mut details: Json,
) -> NewEntry {
    if let (Some(token), Some(details)) = (viewer.api_token, details.as_object_mut()) {
        details.insert("apiToken".to_owned(), token.into());
    }
    NewEntry {
        at,
        actor_id: Some(viewer.id),
        actor: viewer.email.clone(),
        action: action.to_owned(),
        entity: entity.map(str::to_owned),
        entity_id: None,
        details,
        address: client.address.clone(),
        agent: client.agent.clone(),
    }
}

/// An entry of somebody who is not (yet) signed in; `actor` is what they say of themselves.
pub fn anonymous(actor: &str, client: &Client, at: DateTime<Utc>, action: &str, details: Json) -> NewEntry {
    NewEntry {
        at,
        actor_id: None,
        actor: actor.chars().take(200).collect(),
        action: action.to_owned(),
        entity: None,
        entity_id: None,
        details,
        address: client.address.clone(),
        agent: client.agent.clone(),
    }
}

/// Chains entries. A database that is away is waited for, because what it would not take is lost.
async fn chained(db: &Database, entries: Vec<NewEntry>) -> Result<(), StoreError> {
    let since = Instant::now();
    loop {
        match store::audit::append(db, entries.clone()).await {
            Err(StoreError::Busy(reason)) if since.elapsed() < LONGEST_OUTAGE => {
                tracing::warn!(reason, count = entries.len(), "audit entries wait for the database");
                tokio::time::sleep(PAUSE).await;
            }
            done => return done,
        }
    }
}

/// The bounded writer. Cloning shares it.
#[derive(Debug, Clone)]
pub struct Trail {
    entries: mpsc::Sender<Message>,
}

#[derive(Debug)]
enum Message {
    Entry(Box<NewEntry>),
    /// Answered once everything before it is chained.
    Flush(tokio::sync::oneshot::Sender<()>),
}

impl Trail {
    /// Starts the writer's task; it ends when the last clone is gone and everything is written.
    pub fn start(db: Database) -> Self {
        let (sender, mut receiver) = mpsc::channel::<Message>(WAITING);
        tokio::spawn(async move {
            let mut messages = Vec::with_capacity(AT_ONCE);
            while receiver.recv_many(&mut messages, AT_ONCE).await > 0 {
                let mut entries = Vec::new();
                let mut flushes = Vec::new();
                for message in messages.drain(..) {
                    match message {
                        Message::Entry(entry) => entries.push(*entry),
                        Message::Flush(done) => flushes.push(done),
                    }
                }
                let count = entries.len();
                if count > 0
                    && let Err(error) = chained(&db, entries).await
                {
                    tracing::error!(error = %crate::error::chain(&error), count, "audit entries could not be chained");
                }
                for done in flushes {
                    // Nobody waits any more: nothing to tell.
                    let _ = done.send(());
                }
            }
        });
        Self { entries: sender }
    }

    /// Hands over an entry without waiting.
    pub fn write(&self, entry: NewEntry) {
        if self.entries.try_send(Message::Entry(Box::new(entry))).is_err() {
            tracing::warn!("the audit writer is full: an entry was dropped");
        }
    }

    /// Waits until everything handed over before is chained.
    pub async fn flush(&self) {
        let (done, waiting) = tokio::sync::oneshot::channel();
        if self.entries.send(Message::Flush(done)).await.is_ok() {
            // The writer ended: then there is nothing to wait for.
            let _ = waiting.await;
        }
    }
}
