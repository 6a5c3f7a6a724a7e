//! Where questions are asked: the primary, or a replica for as long as it answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement};

use crate::error::is_away;

/// How often a replica that went away is asked whether it is back.
const PROBE_EVERY: Duration = Duration::from_secs(1);

/// Whether reads can go to a replica.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplicaState {
    /// No replica is configured.
    None,
    /// The replica answers.
    Answers,
    /// The replica went away; the primary answers in its place until it is back.
    Away,
}

/// A second server that follows the primary.
#[derive(Debug)]
pub(crate) struct Replica {
    pub(crate) connection: DatabaseConnection,
    away: AtomicBool,
}

/// Asks one server, or a replica with the primary behind it. A statement that a replica could not answer because it
/// went away, or because it had to replay a change, is asked again of the primary at once, so nobody sees the loss.
#[derive(Debug, Clone)]
pub struct Reader {
    primary: DatabaseConnection,
    replica: Option<Arc<Replica>>,
    /// Questions asked through this handle and its clones.
    asked: Arc<AtomicU64>,
}

impl Replica {
    pub(crate) fn new(connection: DatabaseConnection) -> Self {
        Self { connection, away: AtomicBool::new(false) }
    }

    pub(crate) fn state(&self) -> ReplicaState {
        if self.away.load(Ordering::Relaxed) { ReplicaState::Away } else { ReplicaState::Answers }
    }

    /// Notes that the replica went away, and asks it from now on until it is back or nobody holds it any more.
    fn leave(self: &Arc<Self>, reason: &DbErr) {
        if self.away.swap(true, Ordering::Relaxed) {
            return;
        }
        tracing::warn!(%reason, "the replica went away; the primary answers in its place");
        let replica = Arc::downgrade(self);
        tokio::spawn(async move {
            let mut rounds = tokio::time::interval(PROBE_EVERY);
            rounds.tick().await;
            loop {
                rounds.tick().await;
                let Some(replica) = replica.upgrade() else { return };
                if replica.connection.ping().await.is_ok() {
                    replica.away.store(false, Ordering::Relaxed);
                    tracing::info!("the replica is back");
                    return;
                }
            }
        });
    }
}

impl Reader {
    pub(crate) fn new(primary: DatabaseConnection, replica: Option<Arc<Replica>>) -> Self {
        Self { primary, replica, asked: Arc::default() }
    }

    /// How many questions went through this handle and its clones.
    pub fn asked(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }

    /// The replica, while it answers.
    fn replica(&self) -> Option<&Arc<Replica>> {
        self.replica.as_ref().filter(|replica| replica.state() == ReplicaState::Answers)
    }
}

/// Asks the replica first, and the primary when the replica cannot answer.
macro_rules! ask {
    ($reader:ident, $connection:ident => $question:expr, $again:expr) => {{
        $reader.asked.fetch_add(1, Ordering::Relaxed);
        if let Some(replica) = $reader.replica() {
            let $connection = &replica.connection;
            match $question.await {
                Err(error) => match fault(&error) {
                    Fault::Away => replica.leave(&error),
                    Fault::Replay => {}
                    Fault::Question => return Err(error),
                },
                answer => return answer,
            }
        }
        let $connection = &$reader.primary;
        $again.await
    }};
}

#[async_trait::async_trait]
impl ConnectionTrait for Reader {
    fn get_database_backend(&self) -> DbBackend {
        DbBackend::Postgres
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        // Nothing that is executed for its effect belongs on a replica.
        self.primary.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.primary.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        ask!(self, connection => connection.query_one_raw(statement.clone()), connection.query_one_raw(statement))
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        ask!(self, connection => connection.query_all_raw(statement.clone()), connection.query_all_raw(statement))
    }
}

/// Why a replica did not answer.
#[derive(Debug, PartialEq, Eq)]
enum Fault {
    /// It is gone, or going, or none of its connections came free.
    Away,
    /// It had to cancel the statement to follow the primary.
    Replay,
    /// The statement itself is at fault: the primary would say the same.
    Question,
}

fn fault(error: &DbErr) -> Fault {
    let inner = match error {
        // Without a connection nothing was asked yet, whatever the server said instead of giving one.
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => return Fault::Away,
        DbErr::Query(inner) | DbErr::Exec(inner) => inner,
        _ => return Fault::Question,
    };
    let RuntimeErr::SqlxError(error) = inner else { return Fault::Question };
    match &**error {
        gone if is_away(gone) => Fault::Away,
        // "canceling statement due to conflict with recovery".
        sqlx::Error::Database(refusal) if matches!(refusal.code().as_deref(), Some("40001" | "40P01")) => Fault::Replay,
        _ => Fault::Question,
    }
}
