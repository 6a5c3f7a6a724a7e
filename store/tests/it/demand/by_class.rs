//! The rollups by class: kept by triggers, whatever changes beneath them.

use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use testkit::TestDatabase;
use testkit::builders::run;

use super::company::a_varied_company;

#[tokio::test]
async fn rollups_by_class_follow_whatever_changes_rollups_or_items() {
    let db = TestDatabase::new().await;
    a_varied_company(&db).await;
    agrees(&db, "after a load").await;
    run(&db, "UPDATE core.dim_item SET abc_class = 'C', family = NULL WHERE id IN (1, 3)", vec![]).await;
    agrees(&db, "after items changed").await;
    run(&db, "DELETE FROM core.demand_weekly WHERE item_id = 2", vec![]).await;
    run(&db, "DELETE FROM core.demand_monthly WHERE bucket = '2024-06-01'", vec![]).await;
    agrees(&db, "after rollups lost rows").await;
    run(
        &db,
        "UPDATE core.demand_monthly SET bucket = bucket - interval '1 year', quantity = quantity + 1 WHERE item_id = 4",
        vec![],
    )
    .await;
    agrees(&db, "after rollups moved").await;
    run(&db, "DELETE FROM core.demand_weekly", vec![]).await;
    agrees(&db, "when nothing is left").await;
}

/// The rollups by class are what anybody would sum from the rollups, and nothing is left to do.
async fn agrees(db: &TestDatabase, when: &str) {
    for table in ["demand_weekly", "demand_monthly"] {
        let summed = format!(
            "SELECT d.bucket, i.kind, i.family, i.category, i.abc_class, i.xyz_class, sum(d.quantity), sum(d.total_cost), \
             sum(d.demand_days)::bigint, sum(d.stocked_out_days)::bigint \
             FROM core.{table} d JOIN core.dim_item i ON i.id = d.item_id GROUP BY 1, 2, 3, 4, 5, 6"
        );
        let kept = format!("SELECT * FROM core.{table}_by_class");
        let sql = format!(
            "SELECT (SELECT count(*) FROM (({summed}) EXCEPT ALL ({kept})) m) + (SELECT count(*) FROM (({kept}) EXCEPT ALL ({summed})) m) \
             + (SELECT count(*) FROM core.demand_touched)"
        );
        let row = db.reader().query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap().unwrap();
        assert_eq!(row.try_get_by_index::<i64>(0).unwrap(), 0, "{table} {when}");
    }
}
