//! Opening the database: by address, or embedded in this process.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures::future::BoxFuture;
use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, Statement, TransactionTrait,
};
use tokio::sync::{Mutex, MutexGuard};

use crate::{Result, StoreError};

/// The oldest PostgreSQL major version whose SQL we write.
const OLDEST_MAJOR: i32 = 14;

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
}

impl Default for PoolOptions {
    fn default() -> Self {
        Self {
            max_connections: 16,
            acquire_timeout: Duration::from_secs(3),
            statement_timeout: Duration::from_secs(15),
        }
    }
}

/// An open database. Cloning shares the pool.
#[derive(Debug, Clone)]
pub struct Database {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    primary: DatabaseConnection,
    engine: Engine,
    version: String,
    statements: Arc<AtomicU64>,
    loading: Mutex<()>,
    #[cfg(feature = "embedded")]
    embedded: std::sync::Mutex<Option<crate::embedded::EmbeddedServer>>,
}

impl Database {
    /// Connects to a server. Fails within ten seconds with a sentence when nothing answers or it is too old.
    pub async fn connect(url: &str, options: &PoolOptions) -> Result<Self> {
        let target = redact(url)?;
        let mut connect = ConnectOptions::new(url);
        connect
            .max_connections(options.max_connections)
            .acquire_timeout(options.acquire_timeout)
            .connect_timeout(Duration::from_secs(8))
            .sqlx_logging(false)
            // Sent with every new session; a pooled SET would be lost with its connection.
            .map_sqlx_postgres_opts({
                let timeout = options.statement_timeout.as_millis().to_string();
                move |pg| {
                    pg.options([
                        ("statement_timeout", timeout.as_str()),
                        ("idle_in_transaction_session_timeout", "60000"),
                    ])
                }
            });
        let connecting = tokio::time::timeout(Duration::from_secs(9), sea_orm::Database::connect(connect));
        let primary = match connecting.await {
            Ok(Ok(connection)) => connection,
            Ok(Err(error)) => return Err(StoreError::Unreachable { target, reason: error.to_string() }),
            Err(_) => return Err(StoreError::Unreachable { target, reason: "no answer within 9 seconds".into() }),
        };
        Self::checked(primary, Engine::Native).await
    }

    /// Wraps the single connection of an embedded server.
    #[cfg(feature = "embedded")]
    pub(crate) async fn embedded(server: crate::embedded::EmbeddedServer) -> Result<Self> {
        let mut connect = ConnectOptions::new(server.url());
        // One backend, one connection, for ever: each reconnect would open PostgreSQL anew.
        connect.max_connections(1).min_connections(1).acquire_timeout(Duration::from_secs(30)).sqlx_logging(false);
        connect
            .map_sqlx_postgres_pool_opts(|pool| pool.idle_timeout(None).max_lifetime(None).test_before_acquire(false));
        let primary = sea_orm::Database::connect(connect).await?;
        let database = Self::checked(primary, Engine::Embedded).await?;
        if let Ok(mut slot) = database.inner.embedded.lock() {
            *slot = Some(server);
        }
        Ok(database)
    }

    async fn checked(mut primary: DatabaseConnection, engine: Engine) -> Result<Self> {
        let statements = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&statements);
        primary.set_metric_callback(move |_| {
            counter.fetch_add(1, Ordering::Relaxed);
        });
        let row = primary
            .query_one_raw(Statement::from_string(
                DbBackend::Postgres,
                "SELECT current_setting('server_version_num')::int4, current_setting('server_version')",
            ))
            .await?
            .ok_or_else(|| StoreError::Corrupt("the server does not tell its version".into()))?;
        let number: i32 = row.try_get_by_index(0)?;
        let version: String = row.try_get_by_index(1)?;
        if number / 10_000 < OLDEST_MAJOR {
            return Err(StoreError::TooOld { found: version });
        }
        Ok(Self {
            inner: Arc::new(Inner {
                primary,
                engine,
                version,
                statements,
                loading: Mutex::new(()),
                #[cfg(feature = "embedded")]
                embedded: std::sync::Mutex::new(None),
            }),
        })
    }

    /// Where questions are asked.
    pub fn reader(&self) -> &DatabaseConnection {
        &self.inner.primary
    }

    /// Where single statements that change something go; several belong in [`Database::transaction`].
    pub fn writer(&self) -> &DatabaseConnection {
        &self.inner.primary
    }

    /// The raw pool, for COPY, which `SeaORM` does not speak.
    pub(crate) fn pool(&self) -> &sqlx::PgPool {
        self.inner.primary.get_postgres_connection_pool()
    }

    /// Which engine answers.
    pub fn engine(&self) -> Engine {
        self.inner.engine
    }

    /// The server's version, as it tells it.
    pub fn version(&self) -> &str {
        &self.inner.version
    }

    /// How many statements went through this database; tests hold budgets against it.
    pub fn statements(&self) -> u64 {
        self.inner.statements.load(Ordering::Relaxed)
    }

    /// Waits for the right to load in this process; a native load also takes an advisory lock in its transaction.
    pub(crate) async fn loading(&self) -> MutexGuard<'_, ()> {
        self.inner.loading.lock().await
    }

    /// Runs `work` in one transaction on a task of its own, so that a caller that goes away cannot drop a future in
    /// the middle of BEGIN and poison its connection. Commits when `work` succeeds.
    pub async fn transaction<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c DatabaseTransaction) -> BoxFuture<'c, Result<T>> + Send + 'static,
    {
        let connection = self.inner.primary.clone();
        let task = tokio::spawn(async move {
            let transaction = connection.begin().await?;
            let value = work(&transaction).await?;
            transaction.commit().await?;
            Ok(value)
        });
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

/// The address without its password, for messages.
fn redact(url: &str) -> Result<String> {
    let bad = |reason: &str| StoreError::BadUrl { reason: reason.into() };
    let rest = url.strip_prefix("postgres://").or_else(|| url.strip_prefix("postgresql://"));
    let rest = rest.ok_or_else(|| bad("it does not begin with postgres://"))?;
    let after = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    Ok(after.split('?').next().unwrap_or(after).to_owned())
}
