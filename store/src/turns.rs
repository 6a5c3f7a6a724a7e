//! Work that one may do at a time, whoever serves the database.

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::sync::OwnedMutexGuard;

use crate::{Database, Engine, Result, StoreError};

/// The lock of who refreshes on request; any number that no other lock of ours has.
const REFRESH: i64 = 7_331;
/// How long the connection of a turn may take to open.
const PATIENCE: Duration = Duration::from_secs(3);

/// Held by who refreshes on request: nobody else does meanwhile, in this process or in another that serves the same database.
#[derive(Debug)]
pub struct RefreshTurn {
    _here: OwnedMutexGuard<()>,
    /// A session of its own, because a refresh is many transactions: the lock is the session's, and a pooled one would carry
    /// it on to somebody else. A process that dies takes its session with it, and so the lock.
    everywhere: Option<PgConnection>,
}

impl Database {
    /// The turn to refresh on request; `None` while somebody has it.
    pub async fn refresh_turn(&self) -> Result<Option<RefreshTurn>> {
        let Ok(here) = self.refreshing().try_lock_owned() else { return Ok(None) };
        if self.engine() == Engine::Embedded {
            // This process is the only one that can have it open.
            return Ok(Some(RefreshTurn { _here: here, everywhere: None }));
        }
        let options = self.pool().connect_options();
        let opened = tokio::time::timeout(PATIENCE, locked(&options)).await;
        let session = opened.map_err(|_| StoreError::Busy("no session for a lock within three seconds".into()))??;
        Ok(session.map(|session| RefreshTurn { _here: here, everywhere: Some(session) }))
    }
}

impl RefreshTurn {
    /// Gives the turn back. A turn that is dropped is given back as well, once the server has noticed.
    pub async fn end(mut self) {
        if let Some(mut session) = self.everywhere.take() {
            let freed = sqlx::query("SELECT pg_advisory_unlock($1)").bind(REFRESH).execute(&mut session).await;
            if let Err(error) = freed.and(session.close().await) {
                tracing::debug!(%error, "the session of a refresh was lost, and its lock with it");
            }
        }
    }
}

/// A session that has the lock; `None` where another one has it.
async fn locked(options: &PgConnectOptions) -> Result<Option<PgConnection>> {
    let mut session = options.connect().await?;
    let (first,): (bool,) =
        sqlx::query_as("SELECT pg_try_advisory_lock($1)").bind(REFRESH).fetch_one(&mut session).await?;
    if first {
        return Ok(Some(session));
    }
    session.close().await?;
    Ok(None)
}
