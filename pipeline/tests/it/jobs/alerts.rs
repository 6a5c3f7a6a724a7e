use entity::words::ImportStatus;
use pipeline::jobs::{JobError, judge_imports, nightly_done, nightly_failed};
use sea_orm::ConnectionTrait;
use store::import_runs::{FinishedImportRun, NewImportRun};
use testkit::TestDatabase;

use super::{a_company, forecast_all, number, refresh_all};

#[tokio::test]
async fn a_job_that_fails_raises_an_alert_that_its_next_success_resolves() {
    let db = TestDatabase::new().await;
    a_company(&db).await;
    let live = "SELECT count(*) FROM analytics.alerts WHERE category = 'JOB_FAILURE' AND resolved_at IS NULL";
    let about = async |key: &str| number(&db, &format!("{live} AND key = 'JOB_FAILURE/{key}'")).await;
    // A table that is not there is what an operator's mistake looks like.
    let hide = async |table: &str, new: &str| {
        db.writer().execute_unprepared(&format!("ALTER TABLE analytics.{table} RENAME TO {new}")).await.unwrap();
    };
    hide("forecast_series", "away").await;
    assert!(matches!(forecast_all(&db).await.unwrap_err(), JobError::Store(_)));
    assert!(matches!(forecast_all(&db).await.unwrap_err(), JobError::Store(_)));
    assert_eq!((about("forecast").await, number(&db, live).await), (1, 1));
    hide("away", "forecast_series").await;
    hide("kpis_daily", "away").await;
    assert!(matches!(refresh_all(&db).await.unwrap_err(), JobError::Store(_)));
    assert_eq!((about("refresh").await, number(&db, live).await), (1, 2));
    hide("away", "kpis_daily").await;
    forecast_all(&db).await.unwrap();
    assert_eq!((about("forecast").await, about("refresh").await), (0, 1));
    refresh_all(&db).await.unwrap();
    assert_eq!(number(&db, live).await, 0);
    assert_eq!(number(&db, "SELECT count(*) FROM analytics.alerts WHERE category = 'JOB_FAILURE'").await, 2);
}

#[tokio::test]
async fn an_import_that_loses_too_many_lines_raises_an_alert_that_a_better_one_resolves() {
    let db = TestDatabase::new().await;
    let live = "SELECT count(*) FROM analytics.alerts WHERE category = 'DATA_QUALITY' AND resolved_at IS NULL";
    let imported = async |file: &str, read_lines, rejected_lines, days_ago| {
        let at = chrono::Utc::now() - chrono::TimeDelta::days(days_ago);
        let new = NewImportRun {
            kind: "DEMAND".into(),
            file: file.into(),
            checksum: None,
            actor: "test".into(),
            started_at: at,
        };
        let run = store::import_runs::start(&db, new).await.unwrap();
        let finished = FinishedImportRun {
            status: ImportStatus::Done,
            read_lines,
            loaded_lines: read_lines - rejected_lines,
            unchanged_lines: 0,
            rejected_lines,
            flagged_lines: 0,
            finished_at: at,
            seconds: 0.1,
            message: None,
        };
        store::import_runs::finish(&db, run.id, finished).await.unwrap();
        (judge_imports(&db, 0.05).await.unwrap(), number(&db, live).await)
    };
    assert_eq!(imported("exact.csv", 100, 5, 2).await, (0, 0), "just the share is allowed");
    assert_eq!(imported("bad.csv", 100, 6, 2).await, (1, 1));
    assert_eq!(imported("worse.csv", 10, 10, 2).await, (1, 2));
    assert_eq!(imported("bad.csv", 100, 7, 1).await, (0, 2), "the same file again is the same alert");
    assert_eq!(imported("bad.csv", 100, 0, 0).await, (0, 1));
    assert_eq!(imported("old.csv", 10, 10, 31).await, (0, 1), "what is old is history");
    assert_eq!(judge_imports(&db, 1.0).await.unwrap(), 0);
    assert_eq!(number(&db, live).await, 0, "who allows all rejects is told of none");
    // A refresh judges too, and takes no alert of an import for one of its own.
    a_company(&db).await;
    refresh_all(&db).await.unwrap();
    assert_eq!(number(&db, live).await, 1);
}

#[tokio::test]
async fn a_nightly_run_that_fails_is_one_alert_that_names_its_steps_until_one_succeeds() {
    let db = TestDatabase::new().await;
    let live = "SELECT count(*) FROM analytics.alerts WHERE key = 'JOB_FAILURE/nightly' AND resolved_at IS NULL";
    let message = "SELECT message->'params'->>'steps' FROM analytics.alerts";
    nightly_failed(&db, &[("import", "bad.csv: no table".into())]).await.unwrap();
    nightly_failed(&db, &[("import", "bad.csv: no table".into()), ("backup", "the disk is full".into())])
        .await
        .unwrap();
    assert_eq!(number(&db, live).await, 1);
    assert_eq!(number(&db, &format!("CASE ({message}) WHEN 'import, backup' THEN 1 ELSE 0 END")).await, 1);
    nightly_done(&db).await.unwrap();
    assert_eq!(number(&db, live).await, 0);
    nightly_done(&db).await.unwrap();
    nightly_failed(&db, &[("refresh", "again".into())]).await.unwrap();
    assert_eq!(number(&db, "SELECT count(*) FROM analytics.alerts").await, 2, "the next failure is news");
}
