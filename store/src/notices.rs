//! What one process tells all that serve the same database: by PostgreSQL's NOTIFY on a server, in memory on the embedded
//! engine, whose one session has nobody to listen.
//!
//! A notice is a hint and no record. It is sent after the commit of what it tells of, so one may get lost when a process
//! ends in between; who listens must be able to live with that, and is told when notices may have been missed.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use sqlx::postgres::{PgListener, PgPoolOptions};
use tokio::sync::broadcast::{self, error::RecvError};

use crate::statement::raw;
use crate::{Database, Engine, Result};

const CHANNEL: &str = "corrente_notices";
/// A server's notice has at most 8,000 bytes.
const MOST_IDS: usize = 300;
/// How many notices wait in memory for a slow listener.
pub(crate) const WAITING: usize = 256;
/// How long to wait before a lost server is tried again.
const PAUSE: Duration = Duration::from_secs(1);

/// Something that those who serve may want to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Notice {
    /// Data were loaded or computed.
    DataRefreshed,
    /// These alerts are new.
    AlertsRaised { ids: Vec<i64> },
    /// These recommendations have another status.
    RecommendationsChanged { ids: Vec<i64> },
    /// A user was added, changed or disabled.
    UserChanged { id: i64 },
    /// Notices may have been missed: anything may have happened. Never sent.
    #[serde(skip)]
    Missed,
}

/// A listener to notices.
#[derive(Debug)]
pub struct Notices(Source);

#[derive(Debug)]
enum Source {
    Memory(broadcast::Receiver<Notice>),
    Server { pool: sqlx::PgPool, listener: Option<PgListener> },
}

impl Notice {
    /// The notice in parts that are small enough to be sent.
    fn parts(self) -> Vec<Self> {
        let cut =
            |ids: &[i64], part: fn(Vec<i64>) -> Self| ids.chunks(MOST_IDS).map(|ids| part(ids.to_vec())).collect();
        match self {
            Self::AlertsRaised { ids } => cut(&ids, |ids| Self::AlertsRaised { ids }),
            Self::RecommendationsChanged { ids } => cut(&ids, |ids| Self::RecommendationsChanged { ids }),
            other => vec![other],
        }
    }
}

impl Database {
    /// Tells everybody who listens, in this process and in others. What it tells of has happened whether or not anybody
    /// hears of it, so a failure is logged and no more.
    pub async fn tell(&self, notice: Notice) {
        for part in notice.parts() {
            match self.engine() {
                Engine::Embedded => drop(self.heard().send(part)),
                Engine::Native => {
                    if let Err(error) = self.notify(&part).await {
                        tracing::warn!(%error, notice = ?part, "nobody could be told");
                    }
                }
            }
        }
    }

    async fn notify(&self, notice: &Notice) -> Result<()> {
        let payload = serde_json::to_string(notice)?;
        raw("SELECT pg_notify($1, $2)", [CHANNEL.into(), payload.into()]).one(self.writer()).await?;
        Ok(())
    }

    /// Listens from the first [`Notices::ready`] or [`Notices::next`] on.
    pub fn notices(&self) -> Notices {
        Notices(match self.engine() {
            Engine::Embedded => Source::Memory(self.heard().subscribe()),
            Engine::Native => {
                // A connection of its own, for ever: one of the pool's would be missing there.
                let options = self.pool().connect_options().as_ref().clone();
                let pool = PgPoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
                Source::Server { pool: pool.connect_lazy_with(options), listener: None }
            }
        })
    }
}

impl Notices {
    /// Waits until no notice can be missed any more.
    pub async fn ready(&mut self) {
        while let Source::Server { pool, listener: listener @ None } = &mut self.0 {
            match listen(pool).await {
                Ok(listening) => *listener = Some(listening),
                Err(error) => {
                    tracing::debug!(%error, "notices cannot be heard yet");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    /// The next notice; `None` when the database is closed.
    pub async fn next(&mut self) -> Option<Notice> {
        loop {
            match &mut self.0 {
                Source::Memory(heard) => {
                    return match heard.recv().await {
                        Ok(notice) => Some(notice),
                        Err(RecvError::Lagged(_)) => Some(Notice::Missed),
                        Err(RecvError::Closed) => None,
                    };
                }
                Source::Server { listener: Some(listening), .. } => match listening.try_recv().await {
                    Ok(Some(told)) => match serde_json::from_str(told.payload()) {
                        Ok(notice) => return Some(notice),
                        // A newer version may tell what this one does not know.
                        Err(error) => tracing::debug!(%error, payload = told.payload(), "a notice is not understood"),
                    },
                    Ok(None) | Err(_) => self.lost(),
                },
                Source::Server { listener: None, .. } => {
                    self.ready().await;
                    return Some(Notice::Missed);
                }
            }
        }
    }

    fn lost(&mut self) {
        if let Source::Server { listener, .. } = &mut self.0 {
            *listener = None;
        }
    }
}

async fn listen(pool: &sqlx::PgPool) -> Result<PgListener> {
    let mut listener = PgListener::connect_with(pool).await?;
    // A lost connection is told rather than mended in silence.
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await?;
    Ok(listener)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_ids_are_told_in_parts_that_a_server_takes() {
        let parts = Notice::AlertsRaised { ids: vec![i64::MAX; 1_000] }.parts();
        assert_eq!(parts.len(), 4);
        for part in &parts {
            assert!(serde_json::to_string(part).unwrap().len() < 8_000);
        }
        assert_eq!(Notice::AlertsRaised { ids: Vec::new() }.parts(), []);
        assert_eq!(Notice::DataRefreshed.parts(), [Notice::DataRefreshed]);
    }
}
