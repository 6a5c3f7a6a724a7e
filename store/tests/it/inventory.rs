//! Stock: the newest record of each site, cover, series.

use store::inventory::{self, InventoryKey, Stock};
use testkit::TestDatabase;
use testkit::builders::{a_site, an_item, day, demand, number, stock};

#[tokio::test]
async fn the_stock_of_an_item_sums_the_newest_record_of_each_site() {
    let db = TestDatabase::new().await;
    let (item, bare) = (an_item("1").insert(&db).await, an_item("2").insert(&db).await);
    let (one, two, old) =
        (a_site(&db, "one", None).await, a_site(&db, "two", None).await, a_site(&db, "old", None).await);
    stock(&db, &item, &one, "2025-05-30", "99", Some("9")).await;
    stock(&db, &item, &one, "2025-06-30", "0", None).await;
    stock(&db, &item, &two, "2025-05-15", "12.5", Some("3")).await;
    // Older than a record speaks for.
    stock(&db, &item, &old, "2025-03-30", "1000", None).await;
    // 26 in the last 13 whole weeks: two a week. The week of 2025-06-30 is not whole, and 2025-03-28 lies before.
    demand(&db, &item, &two, &[("2025-03-28", "50"), ("2025-04-02", "13"), ("2025-06-29", "13"), ("2025-06-30", "70")])
        .await;
    let before = db.statements();
    let found = inventory::stock_by_items(&db, &[item.id, bare.id]).await.unwrap();
    assert_eq!(db.statements() - before, 1);
    assert_eq!(found.len(), 1);
    let whole = &found[&item.id];
    assert_eq!((whole.on_hand, whole.on_order), (number("12.5"), Some(number("3"))));
    assert_eq!((whole.as_of, whole.stocked_out_sites), (day("2025-06-30"), 1));
    assert!((whole.days_of_cover.unwrap() - 12.5 / (26.0 / 91.0)).abs() < 1e-9);

    let keys = [(item.id, one.id), (item.id, two.id), (item.id, two.id), (bare.id, one.id)];
    let found = inventory::stock_by_item_sites(&db, &keys).await.unwrap();
    assert_eq!(found.len(), 2);
    let none = Stock {
        on_hand: number("0"),
        on_order: None,
        days_of_cover: None,
        as_of: day("2025-06-30"),
        stocked_out_sites: 1,
    };
    assert_eq!(found[&(item.id, one.id)], none);
    assert!((found[&(item.id, two.id)].days_of_cover.unwrap() - 12.5 / (26.0 / 91.0)).abs() < 1e-9);

    let positions = inventory::positions(&db).await.unwrap();
    let positions: Vec<_> =
        positions.iter().map(|position| (position.site_id, position.on_hand, position.as_of)).collect();
    assert_eq!(positions, [(one.id, number("0"), day("2025-06-30")), (two.id, number("12.5"), day("2025-05-15"))]);
}

#[tokio::test]
async fn policy_sees_active_materials_only() {
    let db = TestDatabase::new().await;
    let site = a_site(&db, "one", None).await;
    for item in [an_item("1").retired(), an_item("2").as_service()] {
        stock(&db, &item.insert(&db).await, &site, "2025-06-30", "5", None).await;
    }
    assert!(inventory::positions(&db).await.unwrap().is_empty());
}

#[tokio::test]
async fn stock_series_have_only_the_days_with_a_record() {
    let db = TestDatabase::new().await;
    let item = an_item("1").insert(&db).await;
    let (one, two) = (a_site(&db, "one", None).await, a_site(&db, "two", None).await);
    stock(&db, &item, &one, "2025-05-30", "1", None).await;
    stock(&db, &item, &two, "2025-05-30", "2", Some("4")).await;
    stock(&db, &item, &two, "2025-06-02", "3", Some("5")).await;
    let key = InventoryKey { item_id: item.id, site_id: None, from: None, to: None };
    let keys = [
        key.clone(),
        InventoryKey { site_id: Some(two.id), from: Some(day("2025-06-01")), ..key.clone() },
        InventoryKey { item_id: 99, ..key },
    ];
    let before = db.statements();
    let series = inventory::series(&db, &keys).await.unwrap();
    assert_eq!(db.statements() - before, 1);
    let whole = &series[&keys[0]];
    assert_eq!(whole.dates, [day("2025-05-30"), day("2025-06-02")]);
    assert_eq!(whole.on_hand, [number("3"), number("3")]);
    assert_eq!(whole.on_order, [Some(number("4")), Some(number("5"))]);
    assert_eq!(whole.safety_stock, [None, None]);
    assert_eq!(series[&keys[1]].dates, [day("2025-06-02")]);
    assert!(series[&keys[2]].dates.is_empty());
    assert_eq!(series[&keys[2]].data_through, Some(day("2025-06-02")));
}
