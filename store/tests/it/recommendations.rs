//! Recommendations: the queue, what people do, what a refresh does.

use entity::analytics::recommendation;
use entity::words::{Priority, RecommendationStatus, RecommendationType, Role};
use serde_json::json;
use store::audit::{self, Verdict};
use store::page::{Direction, PageArgs};
use store::recommendations::{self, NewRecommendation, NewStatus, QueueOrder, QueueSort, RecommendationFilter, Synced};
use testkit::TestDatabase;
use testkit::builders::{a_user, day, instant, number};

use crate::an_entry;

const MORNING: &str = "2025-06-30T08:00:00Z";
const NOON: &str = "2025-06-30T12:00:00Z";

fn finding(item_id: i64, priority: Priority, act_by: &str) -> NewRecommendation {
    NewRecommendation {
        item_id,
        site_id: 1,
        kind: RecommendationType::Reorder,
        priority,
        quantity: Some(number("12.5")),
        act_by: day(act_by),
        message: json!({"en": "Order 12.5"}),
        explanation: json!({"onHand": 3.5}),
        value_at_risk: None,
        run_id: Some(1),
    }
}

async fn sync(db: &TestDatabase, found: &[NewRecommendation], at: &str) -> Synced {
    recommendations::sync(db, found.to_vec(), instant(at)).await.unwrap()
}

#[tokio::test]
async fn a_known_finding_keeps_its_identity_and_a_lost_one_is_withdrawn() {
    let db = TestDatabase::new().await;
    let first =
        sync(&db, &[finding(1, Priority::Low, "2025-07-01"), finding(2, Priority::High, "2025-07-01")], MORNING).await;
    assert_eq!((first.raised.len(), first.changed.len(), first.withdrawn.len()), (2, 0, 0));
    assert_eq!(
        sync(&db, &[finding(1, Priority::Low, "2025-07-01"), finding(2, Priority::High, "2025-07-01")], NOON).await,
        Synced::default()
    );
    let second =
        sync(&db, &[finding(2, Priority::Critical, "2025-07-02"), finding(3, Priority::Low, "2025-07-01")], NOON).await;
    assert_eq!(
        (second.raised.len(), &second.changed, &second.withdrawn),
        (1, &vec![first.raised[1]], &vec![first.raised[0]])
    );
    let rows = recommendations::by_ids(&db, &first.raised).await.unwrap();
    let changed = &rows[&first.raised[1]];
    assert_eq!((changed.priority, changed.priority_rank, changed.act_by), (Priority::Critical, 0, day("2025-07-02")));
    assert_eq!((changed.raised_at, changed.updated_at), (instant(MORNING), instant(NOON)));
    assert_eq!((changed.quantity, &changed.explanation), (Some(number("12.5")), &json!({"onHand": 3.5})));
    assert!(!rows[&first.raised[0]].active);
    // It comes back as a new one.
    let third = sync(&db, &[finding(1, Priority::Low, "2025-07-01")], NOON).await;
    assert_eq!(third.raised.len(), 1);
    assert!(!first.raised.contains(&third.raised[0]));
    // Said twice in one refresh, it is one finding.
    assert_eq!(
        sync(&db, &[finding(9, Priority::Low, "2025-07-01"), finding(9, Priority::High, "2025-07-01")], NOON)
            .await
            .raised
            .len(),
        1
    );
}

#[tokio::test]
async fn what_a_person_closed_stays_closed_while_it_is_still_found() {
    let db = TestDatabase::new().await;
    let user = a_user(&db, "ana@example.com", Role::Analyst).await;
    let ids = sync(&db, &[finding(1, Priority::Low, "2025-07-01"), finding(2, Priority::Low, "2025-07-01")], MORNING)
        .await
        .raised;
    let done = recommendations::set_status(&db, &ids[..1], NewStatus::Done, user.id, instant(NOON), an_entry("done"))
        .await
        .unwrap();
    assert_eq!(done.rows[0].closed_at, Some(instant(NOON)));
    recommendations::set_status(&db, &ids[1..], NewStatus::Acknowledged, user.id, instant(NOON), an_entry("ack"))
        .await
        .unwrap();
    let again =
        sync(&db, &[finding(1, Priority::High, "2025-07-05"), finding(2, Priority::High, "2025-07-05")], NOON).await;
    assert_eq!(again, Synced { changed: vec![ids[1]], ..Synced::default() });
    let rows = recommendations::by_ids(&db, &ids).await.unwrap();
    assert_eq!((rows[&ids[0]].status, rows[&ids[0]].priority), (RecommendationStatus::Done, Priority::Low));
    assert_eq!((rows[&ids[1]].status, rows[&ids[1]].priority), (RecommendationStatus::Acknowledged, Priority::High));
    // Gone and back, it is news again.
    sync(&db, &[], NOON).await;
    assert_eq!(sync(&db, &[finding(1, Priority::High, "2025-07-05")], NOON).await.raised.len(), 1);
}

#[tokio::test]
async fn only_allowed_status_changes_happen_and_only_they_are_audited() {
    let db = TestDatabase::new().await;
    let user = a_user(&db, "ana@example.com", Role::Analyst).await;
    let ids = sync(&db, &[finding(1, Priority::Low, "2025-07-01"), finding(2, Priority::Low, "2025-07-02")], MORNING)
        .await
        .raised;
    let set = async |ids: &[i64], status: NewStatus| {
        recommendations::set_status(&db, ids, status, user.id, instant(NOON), an_entry("status")).await.unwrap()
    };
    let change = set(&[ids[1], 999, ids[0], ids[1]], NewStatus::Acknowledged).await;
    assert_eq!(change.rows.iter().map(|row| row.id).collect::<Vec<_>>(), [ids[1], ids[0]], "in the order asked");
    assert_eq!(change.unknown, [999]);
    assert_eq!((change.rows[0].acknowledged_by, change.rows[0].acknowledged_at), (Some(user.id), Some(instant(NOON))));
    assert_eq!(
        recommendations::decision_minutes(&db, instant(MORNING), instant("2025-07-01T00:00:00Z")).await.unwrap(),
        [240.0, 240.0]
    );
    // The same again changes nothing, and is no news.
    assert_eq!(set(&ids, NewStatus::Acknowledged).await.rows.len(), 2);
    let dismissed = set(&ids[..1], NewStatus::Dismissed { reason: "scrapped".into() }).await;
    assert_eq!(dismissed.rows[0].dismissed_reason.as_deref(), Some("scrapped"));
    assert_eq!(set(&ids[..1], NewStatus::Done).await.refused, [(ids[0], RecommendationStatus::Dismissed)]);
    assert_eq!(set(&ids[..1], NewStatus::Acknowledged).await.refused, [(ids[0], RecommendationStatus::Dismissed)]);
    let open = set(&ids[..1], NewStatus::Reopened).await;
    assert_eq!(
        (open.rows[0].status, open.rows[0].acknowledged_at, open.rows[0].closed_at),
        (RecommendationStatus::Open, None, None)
    );
    assert_eq!(open.rows[0].dismissed_reason, None);
    assert_eq!(audit::verify(&db).await.unwrap(), Verdict::Intact { entries: 3 });
}

#[tokio::test]
async fn the_queue_is_by_priority_then_day_and_pages_hold() {
    let db = TestDatabase::new().await;
    let found = nine();
    sync(&db, &found, MORNING).await;
    let filter = RecommendationFilter::default();
    let whole = recommendations::page(&db, &filter, &PageArgs::first(50).window(QueueOrder::default()).unwrap())
        .await
        .unwrap()
        .rows;
    assert!(whole.is_sorted_by_key(|row| (row.priority_rank, row.act_by, row.id)));
    assert_eq!(whole[0].priority, Priority::Critical);
    assert_eq!(walk(&db, &filter, QueueOrder::default(), 2).await, whole);
    let high = RecommendationFilter {
        priorities: Some(vec![Priority::High]),
        types: Some(vec![RecommendationType::Reorder]),
        ..filter.clone()
    };
    assert_eq!(recommendations::count(&db, &high).await.unwrap(), 2);
    let none = RecommendationFilter { statuses: Some(vec![RecommendationStatus::Done]), ..filter };
    assert_eq!(recommendations::count(&db, &none).await.unwrap(), 0);
    let before = db.statements();
    let by_item = recommendations::by_item_ids(&db, &[1, 2, 77]).await.unwrap();
    assert_eq!(db.statements() - before, 1);
    assert_eq!((by_item[&1].len(), by_item[&77].len()), (1, 0));
}

#[tokio::test]
async fn every_ordering_of_the_queue_pages_without_a_gap() {
    let db = TestDatabase::new().await;
    let found = nine();
    // Half of them are found later.
    sync(&db, &found[..4], MORNING).await;
    sync(&db, &found, NOON).await;
    for by in [QueueSort::Priority, QueueSort::ActBy, QueueSort::RaisedAt] {
        for direction in [Direction::Ascending, Direction::Descending] {
            let order = QueueOrder { by, direction };
            let key = |row: &recommendation::Model| match by {
                QueueSort::Priority => (row.priority_rank, row.act_by, None),
                QueueSort::ActBy => (0, row.act_by, Some(i64::from(row.priority_rank))),
                QueueSort::RaisedAt => (0, row.raised_at.date_naive(), Some(row.raised_at.timestamp())),
            };
            let walked = walk(&db, &RecommendationFilter::default(), order, 2).await;
            let in_order = |one: &recommendation::Model, next: &recommendation::Model| {
                let by_key = key(one).cmp(&key(next));
                let by_key = if direction == Direction::Descending { by_key.reverse() } else { by_key };
                by_key.then(one.id.cmp(&next.id)).is_lt()
            };
            assert_eq!(walked.len(), found.len(), "{order:?}");
            assert!(walked.is_sorted_by(in_order), "{order:?}: {walked:?}");
        }
    }
}

/// Of every priority, for two days.
fn nine() -> Vec<NewRecommendation> {
    let day = |item: i64| ["2025-07-01", "2025-07-02"][item as usize % 2];
    (1..=9).map(|item| finding(item, Priority::ALL[item as usize % 4], day(item))).collect()
}

/// Every page of so many rows, one after the other.
async fn walk(
    db: &TestDatabase,
    filter: &RecommendationFilter,
    order: QueueOrder,
    rows: i64,
) -> Vec<recommendation::Model> {
    let mut walked = Vec::new();
    let mut after = None;
    loop {
        let args = PageArgs { after, ..PageArgs::first(rows) };
        let page = recommendations::page(db, filter, &args.window(order).unwrap()).await.unwrap();
        walked.extend(page.rows);
        after = page.cursors.last().cloned();
        if !page.has_next {
            return walked;
        }
    }
}
