//! Orders: open, late, and what suppliers teach.

use entity::words::OrderStatus;
use sea_orm::ActiveValue::Set;
use store::orders::{self, Delays, OpenOrders};
use testkit::TestDatabase;
use testkit::builders::{a_site, a_supplier, an_item, an_order, day, number};

#[tokio::test]
async fn only_undelivered_replenishment_is_open() {
    let db = TestDatabase::new().await;
    let (item, site) = (an_item("1").insert(&db).await, a_site(&db, "one", None).await);
    an_order(&db, &item, &site, "a", "2025-05-01", |line| {
        line.expected_delivery = Set(Some(day("2025-06-01")));
    })
    .await;
    an_order(&db, &item, &site, "b", "2025-05-02", |line| {
        line.status = Set(OrderStatus::Delayed);
    })
    .await;
    an_order(&db, &item, &site, "c", "2025-05-02", |line| {
        line.status = Set(OrderStatus::Cancelled);
    })
    .await;
    an_order(&db, &item, &site, "d", "2025-05-02", |line| {
        line.status = Set(OrderStatus::Received);
        line.actual_delivery = Set(Some(day("2025-05-03")));
    })
    .await;
    an_order(&db, &item, &site, "e", "2025-05-02", |line| {
        line.counts_as_demand = Set(true);
    })
    .await;
    let open = orders::open_by_item_site(&db).await.unwrap();
    let expected = OpenOrders {
        lines: 2,
        quantity: number("2"),
        earliest_expected: Some(day("2025-06-01")),
        latest_expected: Some(day("2025-06-01")),
    };
    assert_eq!(open.into_iter().collect::<Vec<_>>(), [((item.id, site.id), expected)]);

    let before = db.statements();
    let lines = orders::by_items(&db, &[item.id, item.id + 1], 2).await.unwrap();
    assert_eq!(db.statements() - before, 1);
    assert_eq!(lines[&item.id].iter().map(|line| line.order_id.as_str()).collect::<Vec<_>>(), ["e", "d"]);
    assert!(lines[&(item.id + 1)].is_empty());
}

#[tokio::test]
async fn a_line_is_late_after_its_promise_or_while_it_is_overdue() {
    let db = TestDatabase::new().await;
    let (item, site) = (an_item("1").insert(&db).await, a_site(&db, "one", None).await);
    // Due on the first day of the window, on its last, and just before it.
    for (id, expected, actual) in [
        ("late", "2025-06-01", Some("2025-06-02")),
        ("on time", "2025-06-10", Some("2025-06-10")),
        ("overdue", "2025-06-29", None),
        ("due today", "2025-06-30", None),
        ("before", "2025-05-31", None),
        ("after", "2025-07-01", None),
    ] {
        an_order(&db, &item, &site, id, "2025-05-01", |line| {
            line.expected_delivery = Set(Some(day(expected)));
            line.actual_delivery = Set(actual.map(day));
            line.status = Set(if actual.is_some() { OrderStatus::Received } else { OrderStatus::Placed });
        })
        .await;
    }
    an_order(&db, &item, &site, "cancelled", "2025-05-01", |line| {
        line.expected_delivery = Set(Some(day("2025-06-10")));
        line.status = Set(OrderStatus::Cancelled);
    })
    .await;
    let delays = orders::delays(&db, day("2025-06-30"), 30).await.unwrap();
    assert_eq!(delays, [Delays { item_id: item.id, site_id: site.id, due: 4, delayed: 2 }]);
}

#[tokio::test]
async fn suppliers_learn_their_lead_times_from_received_orders() {
    let db = TestDatabase::new().await;
    let (item, site) = (an_item("1").insert(&db).await, a_site(&db, "one", None).await);
    let (known, unknown) = (a_supplier(&db, "known").await, a_supplier(&db, "unknown").await);
    for (id, delivered) in [("a", "2025-05-11"), ("b", "2025-05-13"), ("c", "2025-05-31")] {
        an_order(&db, &item, &site, id, "2025-05-01", |line| {
            line.supplier_id = Set(Some(known.id));
            line.status = Set(OrderStatus::Received);
            line.expected_delivery = Set(Some(day("2025-05-13")));
            line.actual_delivery = Set(Some(day(delivered)));
        })
        .await;
    }
    assert_eq!(
        orders::lead_times(&db).await.unwrap().iter().map(|sample| sample.days).collect::<Vec<_>>(),
        [10, 12, 30]
    );
    let learn = async |tolerance| store::suppliers::learn_from_orders(&db, tolerance, day("2025-06-01")).await.unwrap();
    assert_eq!(learn(1.5).await, 1);
    assert_eq!(learn(1.5).await, 0, "nothing new to learn");
    let suppliers = store::suppliers::by_ids(&db, &[known.id, unknown.id]).await.unwrap();
    let learnt = &suppliers[&known.id];
    assert_eq!(learnt.lead_time_median_days, Some(12.0));
    // Linear between the second and third of three: 12 + 0.8 * 18.
    assert!((learnt.lead_time_p90_days.unwrap() - 26.4).abs() < 1e-9);
    assert!((learnt.on_time_rate.unwrap() - 2.0 / 3.0).abs() < 1e-9);
    assert!((learnt.reliability.unwrap() - 2.0 / 3.0).abs() < 1e-9);
    assert_eq!(suppliers[&unknown.id].lead_time_median_days, None);
    // 30 days are 2.5 medians: whoever allows that much finds all three reliable.
    assert_eq!(learn(2.5).await, 1);
    let reliability = async || store::suppliers::by_ids(&db, &[known.id]).await.unwrap()[&known.id].reliability;
    assert_eq!(reliability().await, Some(1.0));
    assert_eq!(store::suppliers::all(&db).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_line_that_is_overdue_is_late_before_it_comes() {
    let db = TestDatabase::new().await;
    let (item, site) = (an_item("1").insert(&db).await, a_site(&db, "one", None).await);
    let (slow, silent) = (a_supplier(&db, "slow").await, a_supplier(&db, "silent").await);
    let line = async |id: &str, supplier: i64, promised: Option<&str>, came: Option<&str>, purchase: bool| {
        an_order(&db, &item, &site, id, "2025-05-01", |line| {
            line.supplier_id = Set(Some(supplier));
            line.expected_delivery = Set(promised.map(day));
            line.actual_delivery = Set(came.map(day));
            line.status = Set(if came.is_some() { OrderStatus::Received } else { OrderStatus::Placed });
            line.counts_as_demand = Set(purchase);
        })
        .await;
    };
    line("on its day", slow.id, Some("2025-05-10"), Some("2025-05-10"), false).await;
    line("early for June", slow.id, Some("2025-06-20"), Some("2025-05-20"), false).await;
    line("a day late", slow.id, Some("2025-05-10"), Some("2025-05-11"), false).await;
    line("overdue", slow.id, Some("2025-05-31"), None, false).await;
    line("due today", slow.id, Some("2025-06-01"), None, false).await;
    line("never promised", slow.id, None, Some("2025-05-12"), false).await;
    // Nobody records receipts of purchase files here: that one has not come says nothing.
    line("a purchase", silent.id, Some("2025-05-05"), None, true).await;
    store::suppliers::learn_from_orders(&db, 1.5, day("2025-06-01")).await.unwrap();
    let rates = async || {
        let suppliers = store::suppliers::by_ids(&db, &[slow.id, silent.id]).await.unwrap();
        [suppliers[&slow.id].on_time_rate, suppliers[&silent.id].on_time_rate]
    };
    // Two of four: the line due today is not late yet, and the unpromised one cannot be.
    assert_eq!(rates().await, [Some(0.5), None]);
    line("a purchase that came", silent.id, Some("2025-05-05"), Some("2025-05-04"), true).await;
    store::suppliers::learn_from_orders(&db, 1.5, day("2025-06-02")).await.unwrap();
    // A day later the fifth is late too; and now that somebody records them, the silent purchase is.
    assert_eq!(rates().await, [Some(0.4), Some(0.5)]);
}
