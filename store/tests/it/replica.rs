//! Reads on a replica: who goes there, who does not, and what happens when it goes away.
//!
//! Two databases of one server stand in for primary and replica; that they differ shows which of them answered.

use std::time::Duration;

use chrono::TimeDelta;
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use store::{Database, PoolOptions, ReplicaState, StoreError, regions};
use testkit::TestDatabase;
use testkit::builders::{a_region, instant, run};

/// A primary that has the region `primary`, a replica that has `replica`, and a database over both; `None` without a
/// server to have two databases on.
async fn primary_and_replica() -> Option<(TestDatabase, TestDatabase, Database)> {
    let (primary, replica) = (TestDatabase::new().await, TestDatabase::new().await);
    let (Some(url), Some(replica_url)) = (primary.url(), replica.url()) else {
        eprintln!("skipped: the embedded engine has no replica");
        return None;
    };
    a_region(&primary, "primary").await;
    a_region(&replica, "replica").await;
    let options = PoolOptions { replica_url: Some(replica_url.to_owned()), ..PoolOptions::default() };
    let db = Database::connect(url, &options).await.unwrap();
    Some((primary, replica, db))
}

async fn who_answers(db: &Database) -> String {
    regions::all(db).await.unwrap().remove(0).code
}

#[tokio::test]
async fn a_reader_asks_the_replica_and_who_just_wrote_asks_the_primary_for_five_seconds() {
    let Some((_primary, _replica, db)) = primary_and_replica().await else { return };
    let now = instant("2025-07-01T12:00:00Z");
    assert_eq!(db.replica(), ReplicaState::Answers);
    assert_eq!(who_answers(&db).await, "primary", "jobs and commands read what they write");
    assert_eq!(who_answers(&db.reading_for(Some(7), now)).await, "replica");
    assert_eq!(who_answers(&db.reading_for(None, now)).await, "replica");
    db.mark_writer(7, now);
    let later = |milliseconds| now + TimeDelta::milliseconds(milliseconds);
    assert_eq!(who_answers(&db.reading_for(Some(7), now)).await, "primary");
    assert_eq!(who_answers(&db.reading_for(Some(7), later(4_999))).await, "primary");
    assert_eq!(who_answers(&db.reading_for(Some(7), later(5_000))).await, "replica");
    assert_eq!(who_answers(&db.reading_for(Some(8), now)).await, "replica", "others did not write");
    assert_eq!(who_answers(&db.reading_for(Some(7), later(-60_000))).await, "primary", "the clock was set back");
    // Many others who write do not make a fresh mark be forgotten.
    for other in 100..5_000 {
        db.mark_writer(other, later(1_000));
    }
    assert_eq!(who_answers(&db.reading_for(Some(7), later(2_000))).await, "primary");
}

#[tokio::test]
async fn writes_of_a_reading_handle_go_to_the_primary() {
    let Some((primary, replica, db)) = primary_and_replica().await else { return };
    let reading = db.reading_for(None, instant("2025-07-01T12:00:00Z"));
    let before = db.statements();
    reading
        .transaction(|transaction| {
            Box::pin(async move {
                let delete = Statement::from_string(DbBackend::Postgres, "DELETE FROM core.dim_region");
                Ok(transaction.execute_raw(delete).await.map(drop)?)
            })
        })
        .await
        .unwrap();
    assert!(db.statements() > before, "statements of every handle are counted together");
    assert!(regions::all(&primary).await.unwrap().is_empty());
    assert_eq!(regions::all(&replica).await.unwrap().len(), 1);
}

#[tokio::test]
async fn when_the_replica_goes_away_the_primary_answers_until_it_is_back() {
    let Some((primary, replica, db)) = primary_and_replica().await else { return };
    let reading = db.reading_for(None, instant("2025-07-01T12:00:00Z"));
    assert_eq!(who_answers(&reading).await, "replica");
    let name = replica.url().unwrap().rsplit('/').next().unwrap().to_owned();
    // Its sessions end and no new ones are let in, as at a shutdown.
    run(&primary, &format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"), vec![]).await;
    let ended = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = $1";
    run(&primary, ended, vec![name.clone().into()]).await;
    for _ in 0..5 {
        assert_eq!(who_answers(&reading).await, "primary");
    }
    assert_eq!(db.replica(), ReplicaState::Away);
    run(&primary, &format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true"), vec![]).await;
    let back = async {
        let mut ticks = tokio::time::interval(Duration::from_millis(50));
        while db.replica() == ReplicaState::Away {
            ticks.tick().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), back).await.unwrap();
    assert_eq!(who_answers(&reading).await, "replica");
}

#[tokio::test]
async fn a_question_at_fault_is_not_asked_twice() {
    let Some((_primary, _replica, db)) = primary_and_replica().await else { return };
    let reading = db.reading_for(None, instant("2025-07-01T12:00:00Z"));
    let before = db.statements();
    let wrong = Statement::from_string(DbBackend::Postgres, "SELECT 1 / 0");
    assert!(reading.reader().query_one_raw(wrong).await.is_err());
    assert_eq!(db.statements() - before, 1);
    assert_eq!(db.replica(), ReplicaState::Answers);
}

#[tokio::test]
async fn a_replica_that_does_not_answer_at_the_start_is_named() {
    let primary = TestDatabase::new().await;
    let Some(url) = primary.url() else {
        eprintln!("skipped: the embedded engine has no replica");
        return;
    };
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let replica_url = Some(format!("postgres://reader:secret@{free}/corrente"));
    let refused = Database::connect(url, &PoolOptions { replica_url, ..PoolOptions::default() }).await.unwrap_err();
    assert!(matches!(refused, StoreError::Unreachable { variable: "DATABASE_REPLICA_URL", .. }), "{refused}");
    let sentence = refused.to_string();
    assert!(sentence.contains(&free.to_string()) && !sentence.contains("secret"), "{sentence}");
    let replica_url = Some("mysql://somewhere".to_owned());
    let refused = Database::connect(url, &PoolOptions { replica_url, ..PoolOptions::default() }).await.unwrap_err();
    assert!(refused.to_string().starts_with("DATABASE_REPLICA_URL is not a PostgreSQL address"), "{refused}");
}
