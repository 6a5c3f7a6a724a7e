//! The testkit's own promises.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say so")]

use sea_orm::ConnectionTrait;
use testkit::TestDatabase;

#[tokio::test]
async fn each_test_has_a_migrated_database_of_its_own() {
    let (one, other) = (TestDatabase::new().await, TestDatabase::new().await);
    one.writer()
        .execute_unprepared("INSERT INTO core.dim_region (code, name, name_folded) VALUES ('BA', 'Bahia', 'bahia')")
        .await
        .unwrap();
    assert_eq!(regions(&one).await, 1);
    assert_eq!(regions(&other).await, 0);
    assert!(migration::status(one.writer()).await.unwrap().iter().all(|step| step.applied));
}

#[tokio::test]
async fn the_schema_goes_down_and_up_again() {
    let db = TestDatabase::new().await;
    migration::down(db.writer(), None).await.unwrap();
    assert!(migration::status(db.writer()).await.unwrap().iter().all(|step| !step.applied));
    assert_eq!(migration::up(db.writer()).await.unwrap(), migration::status(db.writer()).await.unwrap().len());
    assert_eq!(migration::up(db.writer()).await.unwrap(), 0);
    assert_eq!(regions(&db).await, 0);
}

async fn regions(db: &TestDatabase) -> i64 {
    let count = sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, "SELECT count(*) FROM core.dim_region");
    db.reader().query_one_raw(count).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}
