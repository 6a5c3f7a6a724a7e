//! A pool of connections to a server: opened, and checked before anybody asks it.

use std::time::{Duration, Instant};

use sea_orm::{ConnectOptions, ConnectionTrait as _, DatabaseConnection, DbBackend, DbErr, RuntimeErr, Statement};

use crate::connect::PoolOptions;
use crate::{Result, StoreError};

/// The oldest PostgreSQL major version whose SQL we write.
const OLDEST_MAJOR: u32 = 14;
/// How long a server may take to answer at the start.
const PATIENCE: Duration = Duration::from_secs(8);

/// A pool over the server that `variable` names, checked to answer and to be new enough; and its version.
pub(crate) async fn connection(
    variable: &'static str,
    url: &str,
    options: &PoolOptions,
) -> Result<(DatabaseConnection, String)> {
    let target = redact(variable, url)?;
    let mut connect = ConnectOptions::new(url);
    connect
        .max_connections(options.max_connections)
        .acquire_timeout(options.acquire_timeout)
        .connect_timeout(PATIENCE)
        .sqlx_logging(false)
        // Sent with every new session; a pooled SET would be lost with its connection.
        .map_sqlx_postgres_opts({
            let timeout = options.statement_timeout.as_millis().to_string();
            move |pg| {
                // Compiling a question that reads every month takes longer than it saves.
                pg.options([
                    ("statement_timeout", timeout.as_str()),
                    ("idle_in_transaction_session_timeout", "60000"),
                    ("jit", "off"),
                ])
            }
        });
    let unreachable = |reason: String| StoreError::Unreachable { variable, target: target.clone(), reason };
    let started = Instant::now();
    let silent = || unreachable(format!("no answer within {:.0} seconds", started.elapsed().as_secs_f64()));
    let failed = |error: DbErr| if is_silence(&error) { silent() } else { unreachable(error.to_string()) };
    let opening = async {
        let connection = sea_orm::Database::connect(connect).await.map_err(failed)?;
        let session = connection.get_postgres_connection_pool().acquire().await;
        // Told in the handshake: a server that is too old is not asked anything.
        match session.map_err(|error| unreachable(error.to_string()))?.server_version_num() {
            Some(found) if found / 10_000 < OLDEST_MAJOR => {
                let found = format!("{}.{}", found / 10_000, found % 10_000);
                return Err(StoreError::TooOld { variable, target: target.clone(), found });
            }
            Some(_) => {}
            None => return Err(unreachable("it does not tell its version, so it is no PostgreSQL we know".into())),
        }
        let version = version(&connection).await.map_err(|error| unreachable(error.to_string()))?;
        Ok((connection, version))
    };
    match tokio::time::timeout(PATIENCE, opening).await {
        Ok(opened) => opened,
        Err(_) => Err(silent()),
    }
}

/// Whether nothing came from the server in the time a connection may take.
fn is_silence(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) => true,
        DbErr::Conn(RuntimeErr::SqlxError(error)) => matches!(**error, sqlx::Error::PoolTimedOut),
        _ => false,
    }
}

/// The server's version, as it tells it.
pub(crate) async fn version(connection: &DatabaseConnection) -> Result<String> {
    let question = Statement::from_string(DbBackend::Postgres, "SELECT current_setting('server_version')");
    let row = connection.query_one_raw(question).await?;
    let row = row.ok_or_else(|| StoreError::Corrupt("the server does not tell its version".into()))?;
    Ok(row.try_get_by_index(0)?)
}

/// The address without its password, for messages.
fn redact(variable: &'static str, url: &str) -> Result<String> {
    let bad = |reason: &str| StoreError::BadUrl { variable, reason: reason.into() };
    let rest = url.strip_prefix("postgres://").or_else(|| url.strip_prefix("postgresql://"));
    let rest = rest.ok_or_else(|| bad("it does not begin with postgres://"))?;
    let after = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    Ok(after.split('?').next().unwrap_or(after).to_owned())
}
