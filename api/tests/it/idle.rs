//! Connections that were left in a transaction.

use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use testkit::TestDatabase;

/// How long what was begun may take to come to its end.
const PATIENCE: Duration = Duration::from_secs(10);

/// Whoever is between two statements goes on in a moment; who is left there stays.
const LEFT: &str =
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'";

/// Waits until no session of this database is idle in a transaction and none of the pool's is used; one that stays so fails
/// the test.
pub async fn none_in_transaction(db: &TestDatabase) {
    let since = Instant::now();
    let mut rounds = tokio::time::interval(Duration::from_millis(20));
    loop {
        let row = db.writer().query_one_raw(Statement::from_string(DbBackend::Postgres, LEFT)).await.unwrap().unwrap();
        let left: i64 = row.try_get_by_index(0).unwrap();
        let (used, _) = db.connections();
        if (left, used) == (0, 0) {
            return;
        }
        assert!(since.elapsed() < PATIENCE, "{left} sessions are left in a transaction, {used} are never given back");
        rounds.tick().await;
    }
}
