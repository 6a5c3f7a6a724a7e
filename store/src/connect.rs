//! Opening the database: by address, or embedded in this process.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::future::{BoxFuture, OptionFuture};
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, Statement, TransactionTrait};
use tokio::sync::{Mutex, MutexGuard, broadcast};
use tracing::Instrument as _;

use crate::counts::Counts;
use crate::notices::{self, Notice};
use crate::pool::connection;
use crate::reader::{Reader, Replica, ReplicaState};
use crate::writers::Writers;
use crate::{Result, StoreError};

/// Which variable names the primary, and which the replica.
const PRIMARY: &str = "DATABASE_URL";
const REPLICA: &str = "DATABASE_REPLICA_URL";

/// Which way the database was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// PostgreSQL inside this process: one connection, no interruption of a running statement.
    Embedded,
    /// A server of its own.
    Native,
}

/// Sizes and times of the pool.
#[derive(Debug, Clone)]
pub struct PoolOptions {
    /// Connections at most; the embedded engine always has one.
    pub max_connections: u32,
    /// How long a request waits for a free connection.
    pub acquire_timeout: Duration,
    /// How long a statement may run on a native server.
    pub statement_timeout: Duration,
    /// From how long on a statement is told in the log, without its values.
    pub slow_statement: Duration,
    /// The greatest cost, by PostgreSQL's own estimate, of a grouped question to the embedded engine, where nothing can
    /// interrupt one.
    pub embedded_max_cost: f64,
    /// A second server that follows the first; handles of [`Database::reading_for`] read there.
    pub replica_url: Option<String>,
}

impl Default for PoolOptions {
    fn default() -> Self {
        Self {
            max_connections: 16,
            acquire_timeout: Duration::from_secs(3),
            statement_timeout: Duration::from_secs(15),
            slow_statement: Duration::from_secs(1),
            embedded_max_cost: 2_000_000.0,
            replica_url: None,
        }
    }
}

/// An open database. Cloning shares the pool.
#[derive(Debug, Clone)]
pub struct Database {
    inner: Arc<Inner>,
    reader: Reader,
}

struct Inner {
    primary: DatabaseConnection,
    replica: Option<Arc<Replica>>,
    engine: Engine,
    version: String,
    max_cost: f64,
    statements: Arc<AtomicU64>,
    observer: Arc<OnceLock<Observer>>,
    loading: Mutex<()>,
    refreshing: Arc<Mutex<()>>,
    writers: Writers,
    counts: Counts,
    heard: broadcast::Sender<Notice>,
    #[cfg(feature = "embedded")]
    embedded: std::sync::Mutex<Option<crate::embedded::EmbeddedServer>>,
}

/// Sees every statement that goes through the database.
type Observer = Box<dyn Fn(&Statement) + Send + Sync>;

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inner").field("engine", &self.engine).field("version", &self.version).finish_non_exhaustive()
    }
}

impl Database {
    /// Connects to a server, and to its replica where one is named. Fails within ten seconds with a sentence when either
    /// does not answer or is too old.
    pub async fn connect(url: &str, options: &PoolOptions) -> Result<Self> {
        let replica = options.replica_url.as_deref().map(|url| connection(REPLICA, url, options));
        // At the same time, so that two silent servers take no longer than one.
        let (primary, replica) = tokio::join!(connection(PRIMARY, url, options), OptionFuture::from(replica));
        let ((primary, version), replica) = (primary?, replica.transpose()?);
        Ok(Self::over(primary, version, replica.map(|(replica, _)| replica), Engine::Native, options))
    }

    /// Wraps the single connection of an embedded server.
    #[cfg(feature = "embedded")]
    pub(crate) async fn embedded(server: crate::embedded::EmbeddedServer, options: &PoolOptions) -> Result<Self> {
        let mut connect = sea_orm::ConnectOptions::new(server.url());
        // One backend, one connection, for ever: each reconnect would open PostgreSQL anew.
        connect.max_connections(1).min_connections(1).acquire_timeout(Duration::from_secs(30)).sqlx_logging(false);
        connect
            .map_sqlx_postgres_pool_opts(|pool| pool.idle_timeout(None).max_lifetime(None).test_before_acquire(false));
        let primary = sea_orm::Database::connect(connect).await?;
        let version = crate::pool::version(&primary).await?;
        let database = Self::over(primary, version, None, Engine::Embedded, options);
        if let Ok(mut slot) = database.inner.embedded.lock() {
            *slot = Some(server);
        }
        Ok(database)
    }

    fn over(
        mut primary: DatabaseConnection,
        version: String,
        mut replica: Option<DatabaseConnection>,
        engine: Engine,
        options: &PoolOptions,
    ) -> Self {
        let statements = Arc::new(AtomicU64::new(0));
        let observer: Arc<OnceLock<Observer>> = Arc::default();
        for connection in std::iter::once(&mut primary).chain(&mut replica) {
            let (statements, observer) = (Arc::clone(&statements), Arc::clone(&observer));
            let slow = options.slow_statement;
            connection.set_metric_callback(move |asked| {
                if asked.elapsed >= slow {
                    let ms = u64::try_from(asked.elapsed.as_millis()).unwrap_or(u64::MAX);
                    tracing::warn!(ms, sql = asked.statement.sql, "a slow statement");
                }
                statements.fetch_add(1, Ordering::Relaxed);
                if let Some(observer) = observer.get() {
                    observer(asked.statement);
                }
            });
        }
        let reader = Reader::new(primary.clone(), None);
        let inner = Inner {
            primary,
            replica: replica.map(|connection| Arc::new(Replica::new(connection))),
            engine,
            version,
            max_cost: options.embedded_max_cost,
            statements,
            observer,
            loading: Mutex::new(()),
            refreshing: Arc::default(),
            writers: Writers::default(),
            counts: Counts::default(),
            heard: broadcast::Sender::new(notices::WAITING),
            #[cfg(feature = "embedded")]
            embedded: std::sync::Mutex::new(None),
        };
        Self { inner: Arc::new(inner), reader }
    }

    /// The handle through which a person's questions are asked at `now`: of the replica, unless they wrote in the last
    /// five seconds, because a replica may not yet have what they wrote. Without a replica it is this handle. Jobs,
    /// commands and sign-in never use it: they read what they write, on the primary.
    #[must_use]
    pub fn reading_for(&self, user_id: Option<i64>, now: DateTime<Utc>) -> Self {
        let wrote = user_id.is_some_and(|user| self.inner.writers.wrote_lately(user, now));
        let replica = self.inner.replica.clone().filter(|_| !wrote);
        Self { inner: Arc::clone(&self.inner), reader: Reader::new(self.inner.primary.clone(), replica) }
    }

    /// Notes that a person wrote, for [`Database::reading_for`] of this process.
    pub fn mark_writer(&self, user_id: i64, now: DateTime<Utc>) {
        if self.inner.replica.is_some() {
            self.inner.writers.mark(user_id, now);
        }
    }

    /// Whether there is a replica and it answers.
    pub fn replica(&self) -> ReplicaState {
        self.inner.replica.as_deref().map_or(ReplicaState::None, Replica::state)
    }

    /// Where questions are asked.
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// Where single statements that change something go; several belong in [`Database::transaction`].
    pub fn writer(&self) -> &DatabaseConnection {
        &self.inner.primary
    }

    /// The most that a question may cost, where the engine cannot be interrupted.
    pub(crate) fn max_cost(&self) -> Option<f64> {
        (self.inner.engine == Engine::Embedded).then_some(self.inner.max_cost)
    }

    /// Counts that were asked before.
    pub(crate) fn counts(&self) -> &Counts {
        &self.inner.counts
    }

    /// Shows every statement from now on to `observer`; only the first observer sees any. For tests that look at plans.
    pub fn observe(&self, observer: impl Fn(&Statement) + Send + Sync + 'static) {
        // A second observer is refused by the lock, which is what the sentence above says.
        let _ = self.inner.observer.set(Box::new(observer));
    }

    /// The raw pool, for COPY, which `SeaORM` does not speak.
    pub(crate) fn pool(&self) -> &sqlx::PgPool {
        self.inner.primary.get_postgres_connection_pool()
    }

    /// Which engine answers.
    pub fn engine(&self) -> Engine {
        self.inner.engine
    }

    /// Where notices of the embedded engine go.
    pub(crate) fn heard(&self) -> &broadcast::Sender<Notice> {
        &self.inner.heard
    }

    /// The server's version, as it tells it.
    pub fn version(&self) -> &str {
        &self.inner.version
    }

    /// How many connections of the primary are used, and how many wait.
    pub fn connections(&self) -> (u32, u32) {
        let pool = self.pool();
        let idle = u32::try_from(pool.num_idle()).unwrap_or(u32::MAX);
        (pool.size().saturating_sub(idle), idle)
    }

    /// How many statements went through this database; tests hold budgets against it.
    pub fn statements(&self) -> u64 {
        self.inner.statements.load(Ordering::Relaxed)
    }

    /// Waits for the right to load in this process; a native load also takes an advisory lock in its transaction.
    pub(crate) async fn loading(&self) -> MutexGuard<'_, ()> {
        self.inner.loading.lock().await
    }

    /// The part of a turn to refresh that holds in this process.
    pub(crate) fn refreshing(&self) -> Arc<Mutex<()>> {
        Arc::clone(&self.inner.refreshing)
    }

    /// Runs `work` in one transaction on a task of its own, so that a caller that goes away cannot drop a future in
    /// the middle of BEGIN and poison its connection. Commits when `work` succeeds.
    pub async fn transaction<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c DatabaseTransaction) -> BoxFuture<'c, Result<T>> + Send + 'static,
    {
        let connection = self.inner.primary.clone();
        let whole = async move {
            let transaction = connection.begin().await?;
            let value = work(&transaction).await?;
            transaction.commit().await?;
            Ok(value)
        };
        let task = tokio::spawn(whole.in_current_span());
        task.await.map_err(|error| StoreError::Corrupt(format!("a transaction's task ended early: {error}")))?
    }

    /// Leaves the tables fit for questions after a load: fresh statistics everywhere, and on the embedded engine, where
    /// nothing does it by itself, a checkpoint and everything flushed to the disk.
    pub async fn settle(&self) -> Result<()> {
        match self.engine() {
            Engine::Native => self.writer().execute_unprepared("ANALYZE").await.map(drop)?,
            Engine::Embedded => {
                self.writer().execute_unprepared("VACUUM (ANALYZE)").await?;
                self.sync().await?;
            }
        }
        Ok(())
    }

    /// On the embedded engine: a checkpoint, then every file of it flushed to the disk. Elsewhere the server's own care.
    #[cfg_attr(not(feature = "embedded"), expect(clippy::unused_async, reason = "one signature for both builds"))]
    pub async fn sync(&self) -> Result<()> {
        #[cfg(feature = "embedded")]
        if self.engine() == Engine::Embedded {
            self.writer().execute_unprepared("CHECKPOINT").await?;
            let inner = Arc::clone(&self.inner);
            let flushed = tokio::task::spawn_blocking(move || {
                let slot = inner
                    .embedded
                    .lock()
                    .map_err(|_| std::io::Error::other("the embedded server's slot is poisoned"))?;
                slot.as_ref().map_or(Ok(()), crate::embedded::EmbeddedServer::sync)
            });
            let flushed = flushed.await.map_err(|error| StoreError::Corrupt(error.to_string()))?;
            flushed.map_err(|error| StoreError::Corrupt(format!("the data directory cannot be flushed: {error}")))?;
        }
        Ok(())
    }

    /// Closes the pool, and the embedded server behind it.
    pub async fn close(&self) -> Result<()> {
        self.sync().await?;
        if let Some(replica) = &self.inner.replica {
            replica.connection.clone().close().await?;
        }
        self.inner.primary.clone().close().await?;
        #[cfg(feature = "embedded")]
        {
            let server = self.inner.embedded.lock().ok().and_then(|mut slot| slot.take());
            if let Some(server) = server {
                tokio::task::spawn_blocking(move || server.shutdown())
                    .await
                    .map_err(|error| StoreError::Corrupt(error.to_string()))??;
            }
        }
        Ok(())
    }
}
