use store::audit::{self, Verdict};
use testkit::builders::{a_user, an_item, run};
use testkit::{TestDatabase, history};

use super::{digests, fill, number, restore, write};
use crate::an_entry;

#[tokio::test]
async fn a_restored_database_holds_what_the_first_one_held_and_goes_on_from_there() {
    let (from, to) = (TestDatabase::new().await, TestDatabase::new().await);
    fill(&from).await;
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("all.corrente");
    let written = write(&from, &file).await.unwrap();
    assert!(written.tables.iter().any(|table| table.table == "core.fact_demand_daily" && table.rows == 4));

    let restored = restore(&to, &file).await.unwrap();
    assert_eq!((restored.manifest, restored.migrated), (written.clone(), 0));
    assert_eq!(digests(&to).await, written.tables);
    // Computed anew: generated columns and views.
    for sum in [
        "SELECT count(*) FROM core.fact_demand_daily WHERE total_cost = quantity * 2.5",
        "SELECT sum(priority_rank) FROM analytics.recommendations",
        "SELECT count(*) FROM analytics.mv_kpis_latest WHERE stockout_rate = 'NaN'",
        "SELECT count(*) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhparent WHERE c.relkind = 'p'",
    ] {
        let (one, other) = (number(&from, sum).await, number(&to, sum).await);
        assert!(one > 0 && one == other, "{sum}: {one} and {other}");
    }
    // Numbers go on behind the highest that was ever given.
    let item = an_item("3").insert(&to).await;
    assert_eq!(number(&to, "SELECT max(id) FROM core.dim_item").await, item.id);
    let user = a_user(&to, "new@example.com", entity::words::Role::Viewer).await;
    assert_eq!(user.id, 3, "2 was given to somebody who is gone");
    audit::append(&to, vec![an_entry("three")]).await.unwrap();
    assert_eq!(audit::verify(&to).await.unwrap(), Verdict::Intact { entries: 3 });
}

#[tokio::test]
async fn an_empty_database_without_any_schema_is_restored_into() {
    let (from, to) = (TestDatabase::new().await, TestDatabase::new().await);
    fill(&from).await;
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("all.corrente");
    let written = write(&from, &file).await.unwrap();
    step_back(&to, 0).await;
    run(&to, "DROP TABLE public.seaql_migrations", vec![]).await;
    restore(&to, &file).await.unwrap();
    assert_eq!(digests(&to).await, written.tables);
    assert_eq!(store::health::migrations(&to).await.unwrap(), store::health::migrations(&from).await.unwrap());
}

#[tokio::test]
async fn an_archive_of_an_older_schema_is_loaded_as_it_was_and_then_migrated() {
    let (from, to) = (TestDatabase::new().await, TestDatabase::new().await);
    fill(&from).await;
    let steps = history().steps.len();
    step_back(&from, steps - 1).await;
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("old.corrente");
    let written = write(&from, &file).await.unwrap();
    let restored = restore(&to, &file).await.unwrap();
    assert_eq!(restored.migrated, 1);
    assert_eq!(store::health::migrations(&to).await.unwrap().len(), steps);
    let now = digests(&to).await;
    for table in written.tables {
        assert!(now.contains(&table), "{table:?}");
    }
}

#[tokio::test]
async fn the_digest_knows_what_is_stored_and_not_in_which_order() {
    let (one, other) = (TestDatabase::new().await, TestDatabase::new().await);
    for (db, order) in [(&one, ["1", "2"]), (&other, ["2", "1"])] {
        for id in order {
            let insert = "INSERT INTO core.indicators VALUES ('2025-01-01', $1, 1.5)";
            run(db, insert, vec![id.into()]).await;
        }
    }
    assert_eq!(digests(&one).await, digests(&other).await);
    run(&other, "UPDATE core.indicators SET value = 1.50000001 WHERE code = '1'", vec![]).await;
    let (one, other) = (digests(&one).await, digests(&other).await);
    let differ: Vec<_> = one.iter().zip(&other).filter(|(one, other)| one != other).collect();
    assert_eq!(differ.len(), 1, "{differ:?}");
}

/// Takes a database back to its first `steps` steps.
async fn step_back(db: &TestDatabase, steps: usize) {
    use sea_orm::ConnectionTrait as _;
    for (name, _, down) in history().steps[steps..].iter().rev() {
        db.writer().execute_unprepared(down).await.unwrap();
        run(db, "DELETE FROM public.seaql_migrations WHERE version = $1", vec![(*name).into()]).await;
    }
}
