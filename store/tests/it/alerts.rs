//! Alerts: raised, read by each person alone, resolved.

use entity::words::{AlertCategory, AlertLevel, Role};
use serde_json::json;
use store::alerts::{self, AlertFilter, InboxOrder, NewAlert};
use store::audit::{self, Verdict};
use store::page::PageArgs;
use testkit::TestDatabase;
use testkit::builders::{a_user, instant};

use crate::an_entry;

const MORNING: &str = "2025-06-30T08:00:00Z";
const NOON: &str = "2025-06-30T12:00:00.123456Z";

fn finding(key: &str, level: AlertLevel, item_id: Option<i64>) -> NewAlert {
    NewAlert {
        key: key.into(),
        level,
        category: AlertCategory::Stockout,
        item_id,
        site_id: None,
        message: json!({"en": key}),
        inputs: json!({}),
    }
}

#[tokio::test]
async fn a_sync_raises_what_is_new_and_resolves_what_is_gone_within_its_categories() {
    let db = TestDatabase::new().await;
    let failure = NewAlert { category: AlertCategory::JobFailure, ..finding("job", AlertLevel::Critical, None) };
    assert!(alerts::raise(&db, failure.clone(), instant(MORNING)).await.unwrap().is_some());
    assert_eq!(alerts::raise(&db, failure, instant(MORNING)).await.unwrap(), None, "it is live already");
    let scope = [AlertCategory::Stockout];
    let found = vec![finding("a", AlertLevel::Warning, Some(1)), finding("b", AlertLevel::Warning, Some(2))];
    let first = alerts::sync(&db, &scope, found.clone(), instant(MORNING)).await.unwrap();
    assert_eq!(first.raised.iter().map(|alert| alert.key.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    let same = alerts::sync(&db, &scope, found, instant(NOON)).await.unwrap();
    assert_eq!((same.raised.len(), same.changed, same.resolved), (0, 0, 0));
    let second =
        alerts::sync(&db, &scope, vec![finding("b", AlertLevel::Critical, Some(2))], instant(NOON)).await.unwrap();
    assert_eq!((second.raised.len(), second.changed, second.resolved), (0, 1, 1));
    let rows = alerts::by_ids(&db, 1, &[first.raised[0].id, first.raised[1].id]).await.unwrap();
    assert_eq!(rows[&first.raised[0].id].row.resolved_at, Some(instant(NOON)));
    assert_eq!(
        (rows[&first.raised[1].id].row.level, rows[&first.raised[1].id].row.raised_at),
        (AlertLevel::Critical, instant(MORNING))
    );
    let live = AlertFilter { resolved: Some(false), ..AlertFilter::default() };
    assert_eq!(alerts::count(&db, 1, &live).await.unwrap(), 2, "the job's failure is still live");
    // Back again, it is news.
    let third =
        alerts::sync(&db, &scope, vec![finding("a", AlertLevel::Warning, Some(1))], instant(NOON)).await.unwrap();
    assert_eq!((third.raised.len(), third.resolved), (1, 1));
}

#[tokio::test]
async fn reading_is_each_persons_own() {
    let db = TestDatabase::new().await;
    let (ana, bia) =
        (a_user(&db, "ana@example.com", Role::Viewer).await, a_user(&db, "bia@example.com", Role::Viewer).await);
    let found = vec![
        finding("a", AlertLevel::Warning, Some(1)),
        finding("b", AlertLevel::Critical, Some(1)),
        finding("c", AlertLevel::Warning, None),
    ];
    let ids: Vec<i64> =
        alerts::sync(&db, &[], found, instant(MORNING)).await.unwrap().raised.iter().map(|alert| alert.id).collect();
    let read = alerts::mark_read(&db, ana.id, &[ids[1], 999, ids[0]], instant(NOON), an_entry("read")).await.unwrap();
    assert_eq!(
        read.iter().map(|alert| (alert.row.id, alert.read_at)).collect::<Vec<_>>(),
        [(ids[1], Some(instant(NOON))), (ids[0], Some(instant(NOON)))]
    );
    let again =
        alerts::mark_read(&db, ana.id, &ids[..1], instant("2025-07-01T00:00:00Z"), an_entry("read")).await.unwrap();
    assert_eq!(again[0].read_at, Some(instant(NOON)), "the first reading counts");
    let unread = AlertFilter { unread: Some(true), ..AlertFilter::default() };
    let seen = AlertFilter { unread: Some(false), levels: Some(vec![AlertLevel::Warning]), ..AlertFilter::default() };
    assert_eq!(
        (alerts::count(&db, ana.id, &unread).await.unwrap(), alerts::count(&db, ana.id, &seen).await.unwrap()),
        (1, 1)
    );
    assert_eq!(alerts::count(&db, bia.id, &unread).await.unwrap(), 3);
    let before = db.statements();
    let by_item = alerts::by_item_ids(&db, bia.id, &[1, 2]).await.unwrap();
    assert_eq!(db.statements() - before, 1);
    assert_eq!(by_item[&1].iter().map(|alert| alert.row.id).collect::<Vec<_>>(), [ids[1], ids[0]], "newest first");
    assert!(by_item[&2].is_empty());
    assert_eq!(audit::verify(&db).await.unwrap(), Verdict::Intact { entries: 1 });

    let mut walked = Vec::new();
    let mut after = None;
    loop {
        let args = PageArgs { after, ..PageArgs::first(1) };
        let page = alerts::page(&db, ana.id, &AlertFilter::default(), &args.window(InboxOrder).unwrap()).await.unwrap();
        walked.extend(page.rows.iter().map(|alert| alert.row.id));
        after = page.cursors.last().cloned();
        if !page.has_next {
            break;
        }
    }
    assert_eq!(walked, [ids[2], ids[1], ids[0]], "raised in one instant, so by id");

    assert_eq!(alerts::mark_all_read(&db, ana.id, instant(NOON), an_entry("read")).await.unwrap(), 1, "one was unread");
    assert_eq!(alerts::mark_all_read(&db, ana.id, instant(NOON), an_entry("read")).await.unwrap(), 0);
    assert_eq!(alerts::count(&db, ana.id, &unread).await.unwrap(), 0);
    assert_eq!(alerts::count(&db, bia.id, &unread).await.unwrap(), 3, "hers are as unread as before");
    assert_eq!(audit::verify(&db).await.unwrap(), Verdict::Intact { entries: 2 });
}

#[tokio::test]
async fn what_a_person_resolved_stays_resolved_until_its_cause_was_gone() {
    let db = TestDatabase::new().await;
    let ana = a_user(&db, "ana@example.com", Role::Analyst).await;
    let bia = a_user(&db, "bia@example.com", Role::Analyst).await;
    let scope = [AlertCategory::Stockout];
    let sync =
        async |found: &[NewAlert], at: &str| alerts::sync(&db, &scope, found.to_vec(), instant(at)).await.unwrap();
    let (a, b) = (finding("a", AlertLevel::Warning, Some(1)), finding("b", AlertLevel::Warning, Some(2)));
    let ids: Vec<i64> = sync(&[a.clone(), b.clone()], MORNING).await.raised.iter().map(|alert| alert.id).collect();

    let resolve = async |who: i64, at: &str| {
        let resolved = alerts::resolve(&db, &[ids[0], 999], who, instant(at), an_entry("resolve")).await.unwrap();
        resolved
            .into_iter()
            .map(|alert| (alert.row.id, alert.row.resolved_at, alert.row.resolved_by))
            .collect::<Vec<_>>()
    };
    let told = vec![(ids[0], Some(instant(NOON)), Some(ana.id))];
    assert_eq!(resolve(ana.id, NOON).await, told);
    assert_eq!(resolve(bia.id, "2025-07-01T00:00:00Z").await, told, "the first word counts");
    assert_eq!(audit::verify(&db).await.unwrap(), Verdict::Intact { entries: 1 });

    // Found again, even changed: it stays as it was left, and the other one is renewed.
    let graver = [finding("a", AlertLevel::Critical, Some(1)), finding("b", AlertLevel::Critical, Some(2))];
    let lasting = sync(&graver, "2025-07-01T08:00:00Z").await;
    assert_eq!((lasting.raised.len(), lasting.changed, lasting.resolved), (0, 1, 0));
    let row = alerts::by_ids(&db, ana.id, &ids).await.unwrap()[&ids[0]].row.clone();
    assert_eq!((row.level, row.resolved_at, row.lasting), (AlertLevel::Warning, Some(instant(NOON)), true));

    // Gone: only what nobody had resolved counts as resolved now. Back: it is news.
    let gone = sync(&[], "2025-07-02T08:00:00Z").await;
    assert_eq!((gone.raised.len(), gone.resolved), (0, 1));
    let row = alerts::by_ids(&db, ana.id, &ids).await.unwrap()[&ids[0]].row.clone();
    assert_eq!((row.resolved_at, row.resolved_by, row.lasting), (Some(instant(NOON)), Some(ana.id), false));
    let back = sync(&[a], "2025-07-03T08:00:00Z").await;
    assert_eq!((back.raised.len(), back.resolved), (1, 0));
    assert!(!ids.contains(&back.raised[0].id));

    // The same of an alert that a job raises and clears by its key.
    let job = NewAlert { category: AlertCategory::JobFailure, ..finding("job", AlertLevel::Critical, None) };
    let raised = alerts::raise(&db, job.clone(), instant(MORNING)).await.unwrap().unwrap();
    alerts::resolve(&db, &[raised.id], ana.id, instant(NOON), an_entry("resolve")).await.unwrap();
    assert_eq!(alerts::raise(&db, job.clone(), instant(NOON)).await.unwrap(), None, "it still fails");
    assert!(!alerts::clear(&db, "job", instant(NOON)).await.unwrap(), "a person was first");
    assert!(alerts::raise(&db, job, instant(NOON)).await.unwrap().is_some(), "it fails again");
    assert!(alerts::clear(&db, "job", instant(NOON)).await.unwrap());
}
