//! What can go wrong between us and the database, told apart by who can mend it.

use sea_orm::{DbErr, RuntimeErr};

/// A failure of the store. `Display` is one sentence a person at the console can act on.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Nothing answered at the address within the time allowed.
    #[error("cannot reach the database at {target}: {reason}; check {variable} and that the server is running")]
    Unreachable { variable: &'static str, target: String, reason: String },
    /// The server answers but is older than the oldest supported major version.
    #[error("the database server at {target} is PostgreSQL {found}, but Corrente needs 14 or newer; check {variable}")]
    TooOld { variable: &'static str, target: String, found: String },
    /// The connection string cannot be understood.
    #[error("{variable} is not a PostgreSQL address: {reason}; expected postgres://user:password@host:port/database")]
    BadUrl { variable: &'static str, reason: String },
    /// Another process holds the embedded database's directory.
    #[error("the embedded database in {directory} is held by process {pid}")]
    Held { directory: String, pid: String },
    /// The embedded database could not be opened.
    #[error("cannot open the embedded database in {directory}: {reason}")]
    Embedded { directory: String, reason: String },
    /// This build carries no embedded database.
    #[error("this build has no embedded database; set DATABASE_URL")]
    NoEmbedded,
    /// No connection became free in time, or the server went away: try again later.
    #[error("the database is busy or away: {0}")]
    Busy(String),
    /// The embedded engine, which nothing can interrupt, would work on the question for too long.
    #[error(
        "the question costs {cost:.0} by the database's own estimate, and the embedded database may spend {allowed:.0}; \
         ask for fewer days, items or groups, or raise CORRENTE_EMBEDDED_MAX_COST"
    )]
    TooExpensive { cost: f64, allowed: f64 },
    /// A statement was refused or failed.
    #[error("database error: {0}")]
    Database(#[source] DbErr),
    /// What is stored contradicts what this version understands.
    #[error("stored data cannot be read: {0}")]
    Corrupt(String),
}

/// The store's result.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match &error {
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => Self::Busy(error.to_string()),
            DbErr::Query(RuntimeErr::SqlxError(cause)) | DbErr::Exec(RuntimeErr::SqlxError(cause))
                if is_away(cause) =>
            {
                Self::Busy(error.to_string())
            }
            _ => Self::Database(error),
        }
    }
}

/// Whether the server is gone, or going, or has no connection to give: the statement itself is not at fault, and the
/// same may work soon, or elsewhere.
pub(crate) fn is_away(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        // Shutting down, crashed, not yet accepting connections, database gone, too many connections.
        sqlx::Error::Database(refusal) => {
            matches!(refusal.code().as_deref(), Some("57P01" | "57P02" | "57P03" | "57P04" | "3D000" | "53300"))
        }
        _ => false,
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if is_away(&error) {
            return Self::Busy(error.to_string());
        }
        Self::Database(DbErr::Custom(error.to_string()))
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Corrupt(error.to_string())
    }
}
