//! Partitions: made on demand, by two at once too.

use store::partitions::{self, Partitioned};
use testkit::TestDatabase;
use testkit::builders::{a_site, an_item, day, demand};

#[tokio::test]
async fn two_who_make_the_same_partitions_at_once_both_succeed() {
    let db = TestDatabase::new().await;
    let racers = (0..4).map(|_| {
        let db = db.db().clone();
        tokio::spawn(async move {
            partitions::ensure(&db, Partitioned::DemandDaily, day("2024-11-15"), day("2025-03-01")).await
        })
    });
    let mut made = 0;
    for racer in racers.collect::<Vec<_>>() {
        made += racer.await.unwrap().unwrap();
    }
    assert_eq!(made, 5, "each month once");
    assert_eq!(
        partitions::ensure(&db, Partitioned::DemandDaily, day("2025-02-28"), day("2025-04-01")).await.unwrap(),
        1
    );
    for table in [Partitioned::InventoryDaily, Partitioned::Orders, Partitioned::Forecasts] {
        assert_eq!(partitions::ensure(&db, table, day("2024-12-31"), day("2025-01-01")).await.unwrap(), 2);
    }
    let (item, site) = (an_item("1").insert(&db).await, a_site(&db, "one", None).await);
    demand(&db, &item, &site, &[("2024-11-01", "1"), ("2025-04-30", "1")]).await;
}
