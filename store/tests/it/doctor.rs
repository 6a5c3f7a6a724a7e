//! What doctor sees: every illness once, and none in a healthy database.

use store::doctor::{self, Head, Orphans};
use testkit::TestDatabase;
use testkit::builders::{a_site, an_item, day, demand, instant, run};

#[tokio::test]
async fn a_healthy_database_shows_nothing() {
    let db = TestDatabase::new().await;
    let (item, site) = (an_item("1").insert(&db).await, a_site(&db, "one", None).await);
    demand(&db, &item, &site, &[("2025-01-30", "1"), ("2025-02-03", "-"), ("2025-02-04", "2")]).await;
    assert_eq!(doctor::orphans(&db).await.unwrap(), []);
    for rollup in doctor::rollups(&db).await.unwrap() {
        assert!(rollup.buckets > 0 && rollup.wrong == 0 && !rollup.sampled, "{rollup:?}");
    }
    assert_eq!(doctor::invalid_indexes(&db).await.unwrap(), [""; 0]);
    assert_eq!(doctor::oldest_running(&db).await.unwrap(), []);
    assert_eq!(doctor::audit_head(&db).await.unwrap(), Some(Head { entries: 0, fits: true }));
    assert!(doctor::database_bytes(&db).await.unwrap() > 1_000_000);
    let parts = doctor::partitions(&db).await.unwrap();
    let parts = parts.iter().find(|parts| parts.table == "core.fact_demand_daily").unwrap();
    assert_eq!((parts.count, parts.range), (2, Some((day("2025-01-01"), day("2025-03-01")))));
}

#[tokio::test]
async fn each_illness_is_seen() {
    let db = TestDatabase::new().await;
    let (item, site) = (an_item("1").insert(&db).await, a_site(&db, "one", None).await);
    demand(&db, &item, &site, &[("2025-01-30", "1")]).await;
    demand(&db, &item, &site, &[("2025-04-01", "1")]).await;

    run(&db, "UPDATE core.demand_weekly SET quantity = quantity + 1 WHERE bucket = '2025-01-27'", vec![]).await;
    run(&db, "DELETE FROM core.demand_monthly WHERE bucket = '2025-04-01'", vec![]).await;
    run(&db, "UPDATE core.demand_monthly_by_class SET quantity = quantity + 1", vec![]).await;
    run(
        &db,
        "INSERT INTO core.fact_demand_daily (item_id, site_id, full_date, quantity) VALUES (99, $1, '2025-04-02', 1)",
        vec![site.id.into()],
    )
    .await;
    run(&db, "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'core.dim_item_name_idx'::regclass", vec![])
        .await;
    run(&db, "UPDATE support.audit_head SET entries = 2", vec![]).await;
    run(&db, "INSERT INTO support.import_runs (kind, file, status, actor, started_at) VALUES ('ORDERS', 'a.xlsx', 'RUNNING', 'cli', '2025-04-01T00:00:00Z')", vec![]).await;
    run(&db, "CREATE TABLE core.stray PARTITION OF core.fact_demand_daily DEFAULT", vec![]).await;
    run(
        &db,
        "INSERT INTO core.fact_demand_daily (item_id, site_id, full_date, quantity) VALUES ($1, $2, '2029-01-01', 1)",
        vec![item.id.into(), site.id.into()],
    )
    .await;

    let orphans = doctor::orphans(&db).await.unwrap();
    assert_eq!(orphans, [Orphans { table: "core.fact_demand_daily".into(), column: "item_id".into(), rows: 1 }]);
    let wrong: Vec<_> =
        doctor::rollups(&db).await.unwrap().iter().map(|rollup| (rollup.buckets, rollup.wrong)).collect();
    // Three weeks and three months of one item, one of the orphan; each has rows that were never rolled up.
    assert_eq!(wrong, [(4, 3), (4, 3), (2, 0), (1, 1)]);
    assert_eq!(doctor::invalid_indexes(&db).await.unwrap(), ["core.dim_item_name_idx"]);
    assert!(!doctor::audit_head(&db).await.unwrap().unwrap().fits);
    let running = doctor::oldest_running(&db).await.unwrap();
    assert_eq!((running[0].what.as_str(), running[0].since), ("import of a.xlsx", instant("2025-04-01T00:00:00Z")));
    let parts = doctor::partitions(&db).await.unwrap();
    let parts = parts.iter().find(|parts| parts.table == "core.fact_demand_daily").unwrap();
    assert_eq!((parts.missing.as_slice(), parts.stray), ([day("2025-02-01"), day("2025-03-01")].as_slice(), 1));
}
