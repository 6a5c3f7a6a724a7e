//! The audit log: chained, paged, and tampering found.

use store::audit::{self, AuditFilter, Fault, LogOrder, Verdict};
use store::page::PageArgs;
use testkit::TestDatabase;
use testkit::builders::run;

use crate::an_entry;

async fn six_entries() -> TestDatabase {
    let db = TestDatabase::new().await;
    audit::append(&db, (1..=4).map(|n| an_entry(&format!("act.{n}"))).collect()).await.unwrap();
    audit::append(&db, vec![an_entry("act.5")]).await.unwrap();
    audit::append(&db, vec![an_entry("act.6")]).await.unwrap();
    audit::append(&db, vec![]).await.unwrap();
    db
}

#[tokio::test]
async fn an_untouched_log_is_intact_and_pages_from_the_newest() {
    let db = six_entries().await;
    assert_eq!(audit::verify(&db).await.unwrap(), Verdict::Intact { entries: 6 });
    let page = audit::page(&db, &AuditFilter::default(), &PageArgs::first(2).window(LogOrder).unwrap()).await.unwrap();
    assert_eq!(page.rows.iter().map(|row| row.id).collect::<Vec<_>>(), [6, 5]);
    let next = PageArgs { after: page.cursors.last().cloned(), ..PageArgs::first(2) };
    let page = audit::page(&db, &AuditFilter::default(), &next.window(LogOrder).unwrap()).await.unwrap();
    assert_eq!(page.rows.iter().map(|row| row.id).collect::<Vec<_>>(), [4, 3]);
    assert!(page.has_next && page.has_previous);
    let only = AuditFilter { action: Some("act.3".into()), ..AuditFilter::default() };
    assert_eq!(audit::count(&db, &only).await.unwrap(), 1);
    let empty = TestDatabase::new().await;
    assert_eq!(audit::verify(&empty).await.unwrap(), Verdict::Intact { entries: 0 });
}

#[tokio::test]
async fn verifying_names_the_first_row_that_somebody_touched() {
    let tampered = [
        ("UPDATE support.audit_logs SET details = '{\"alpha\": []}' WHERE id = 3", 3, Fault::Changed),
        ("UPDATE support.audit_logs SET at = at + interval '1 microsecond' WHERE id >= 5", 5, Fault::Changed),
        ("UPDATE support.audit_logs SET hash = decode(repeat('ab', 32), 'hex') WHERE id = 6", 6, Fault::Changed),
        ("DELETE FROM support.audit_logs WHERE id IN (2, 4)", 2, Fault::Removed),
        ("DELETE FROM support.audit_logs WHERE id = 1", 1, Fault::Removed),
        (
            "UPDATE support.audit_logs SET id = CASE id WHEN 3 THEN -4 ELSE -3 END WHERE id IN (3, 4)",
            3,
            Fault::Reordered,
        ),
        ("DELETE FROM support.audit_logs WHERE id >= 5", 5, Fault::CutTail),
        ("DELETE FROM support.audit_logs", 1, Fault::CutTail),
        (
            "UPDATE support.audit_head SET entries = 5, hash = (SELECT previous_hash FROM support.audit_logs WHERE id = 6)",
            6,
            Fault::Added,
        ),
        ("UPDATE support.audit_head SET hash = decode(repeat('ab', 32), 'hex')", 6, Fault::Changed),
    ];
    for (sql, at, fault) in tampered {
        let db = six_entries().await;
        run(&db, sql, vec![]).await;
        // The second half of an exchange.
        run(&db, "UPDATE support.audit_logs SET id = -id WHERE id < 0", vec![]).await;
        assert_eq!(audit::verify(&db).await.unwrap(), Verdict::Broken { at, fault }, "{sql}");
    }
}

#[tokio::test]
async fn writers_at_once_make_one_chain() {
    let db = TestDatabase::new().await;
    let writers = (0..8).map(|n| {
        let db = db.db().clone();
        tokio::spawn(async move { audit::append(&db, vec![an_entry(&format!("a.{n}")), an_entry("b")]).await })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap().unwrap();
    }
    assert_eq!(audit::verify(&db).await.unwrap(), Verdict::Intact { entries: 16 });
}
