//! Freshness, imports, settings, KPIs and their views.

use chrono::Days;
use entity::analytics::kpi;
use entity::words::{DataKind, ImportStatus, KpiDimension, RejectSeverity};
use store::import_rejects::{self, RejectOrder, RejectsKey};
use store::import_runs::{self, FinishedImportRun, NewImportRun, NewReject, RunFilter, RunOrder};
use store::page::PageArgs;
use store::{freshness, kpis, settings};
use testkit::TestDatabase;
use testkit::builders::{an_item, day, instant};

const NOW: &str = "2025-06-30T12:00:00Z";

#[tokio::test]
async fn a_computed_kind_is_stale_until_it_is_refreshed() {
    let db = TestDatabase::new().await;
    freshness::set(&db, DataKind::Kpis, None, instant(NOW)).await.unwrap();
    freshness::set(&db, DataKind::Demand, Some(day("2025-06-29")), instant(NOW)).await.unwrap();
    freshness::mark_stale(&db, &[DataKind::Kpis, DataKind::Forecasts]).await.unwrap();
    let all = freshness::all(&db).await.unwrap();
    assert_eq!(
        all.iter().map(|row| (row.kind, row.stale)).collect::<Vec<_>>(),
        [(DataKind::Demand, false), (DataKind::Kpis, true)]
    );
    freshness::set(&db, DataKind::Kpis, Some(day("2025-06-29")), instant(NOW)).await.unwrap();
    let all = freshness::all(&db).await.unwrap();
    assert_eq!((all[1].stale, all[1].data_through), (false, Some(day("2025-06-29"))));
}

#[tokio::test]
async fn what_was_computed_is_stale_at_once_when_a_load_ended_meanwhile() {
    let db = TestDatabase::new().await;
    let kinds = [DataKind::Kpis, DataKind::Recommendations];
    let stale = async || {
        let all = freshness::all(&db).await.unwrap();
        all.iter().filter(|row| kinds.contains(&row.kind)).map(|row| row.stale).collect::<Vec<_>>()
    };
    let through = day("2025-06-29");
    let first = freshness::mark(&db).await.unwrap();
    freshness::computed(&db, &kinds, through, instant(NOW), first.clone()).await.unwrap();
    assert_eq!(stale().await, [false, false]);
    freshness::computed(&db, &kinds, through, instant(NOW), first).await.unwrap();
    assert_eq!(stale().await, [true, true], "another job has computed since that mark");
    let mark = freshness::mark(&db).await.unwrap();
    freshness::mark_stale(&db, &[DataKind::Kpis]).await.unwrap();
    freshness::computed(&db, &kinds, through, instant(NOW), mark).await.unwrap();
    assert_eq!(stale().await, [true, true], "a load has brought something");
    let mark = freshness::mark(&db).await.unwrap();
    freshness::computed(&db, &kinds, through, instant(NOW), mark).await.unwrap();
    assert_eq!(stale().await, [false, false]);
}

fn a_file(name: &str) -> NewImportRun {
    NewImportRun {
        kind: "ORDERS".into(),
        file: name.into(),
        checksum: None,
        actor: "cli".into(),
        started_at: instant(NOW),
    }
}

#[tokio::test]
async fn a_run_keeps_its_counts_and_rejects_and_a_dead_one_is_interrupted() {
    let db = TestDatabase::new().await;
    let (done, dead) = (
        import_runs::start(&db, a_file("a.xlsx")).await.unwrap(),
        import_runs::start(&db, a_file("b.xlsx")).await.unwrap(),
    );
    let rejects: Vec<NewReject> = (1..=2_500)
        .map(|line| NewReject {
            severity: RejectSeverity::Reject,
            sheet: None,
            line,
            column_name: None,
            reason: "DUPLICATE".into(),
            value: None,
            expected: None,
        })
        .collect();
    import_runs::insert_rejects(&db, done.id, &rejects).await.unwrap();
    let finished = FinishedImportRun {
        status: ImportStatus::Done,
        read_lines: 4_207,
        loaded_lines: 1_700,
        unchanged_lines: 7,
        rejected_lines: 2_500,
        flagged_lines: 3,
        finished_at: instant(NOW),
        seconds: 1.5,
        message: None,
    };
    assert_eq!(import_runs::finish(&db, done.id, finished.clone()).await.unwrap().unwrap().read_lines, 4_207);
    assert_eq!(import_runs::finish(&db, 999, finished).await.unwrap(), None);
    let interrupted = import_runs::interrupt_running(&db, instant(NOW)).await.unwrap();
    assert_eq!(
        interrupted.iter().map(|run| (run.id, run.status)).collect::<Vec<_>>(),
        [(dead.id, ImportStatus::Interrupted)]
    );
    let all = RunFilter::default();
    let page = import_runs::page(&db, &all, &PageArgs::first(1).window(RunOrder).unwrap()).await.unwrap();
    assert_eq!((page.rows[0].id, page.has_next, import_runs::count(&db, &all).await.unwrap()), (dead.id, true, 2));
    let only = RunFilter { statuses: Some(vec![ImportStatus::Done]), kinds: Some(vec!["ORDERS".into()]) };
    assert_eq!(import_runs::count(&db, &only).await.unwrap(), 1);
    let none = RunFilter { kinds: Some(vec![]), ..RunFilter::default() };
    assert_eq!(import_runs::count(&db, &none).await.unwrap(), 0);
    let newest = import_runs::newest_by_file(&db, instant(NOW)).await.unwrap();
    assert_eq!(newest.iter().map(|run| run.id).collect::<Vec<_>>(), [done.id], "one that never ended judges nothing");
}

#[tokio::test]
async fn refused_lines_are_paged_by_run_severity_and_reason_in_one_statement() {
    let db = TestDatabase::new().await;
    let runs = [
        import_runs::start(&db, a_file("a.xlsx")).await.unwrap().id,
        import_runs::start(&db, a_file("b.xlsx")).await.unwrap().id,
    ];
    let line = |line, severity, reason: &str| NewReject {
        severity,
        sheet: Some("S".into()),
        line,
        column_name: None,
        reason: reason.into(),
        value: None,
        expected: None,
    };
    let (refused, flagged) = (RejectSeverity::Reject, RejectSeverity::Flag);
    let of_a: Vec<NewReject> = (1..=5)
        .map(|at| line(at, refused, if at % 2 == 0 { "FUTURE_DATE" } else { "MISSING_KEY" }))
        .chain([line(9, flagged, "LATE")])
        .collect();
    import_runs::insert_rejects(&db, runs[0], &of_a).await.unwrap();
    import_runs::insert_rejects(&db, runs[1], &[line(7, refused, "MISSING_KEY")]).await.unwrap();
    let key = |run: usize, severity, reason: Option<&str>, page: PageArgs| RejectsKey {
        run_id: runs[run],
        severity,
        reason: reason.map(Into::into),
        window: page.window(RejectOrder).unwrap(),
    };
    let keys = [
        key(0, None, None, PageArgs::first(2)),
        key(0, Some(flagged), None, PageArgs::first(1)),
        key(0, None, Some("MISSING_KEY"), PageArgs::first(3)),
        key(1, None, None, PageArgs::first(5)),
        key(1, Some(flagged), None, PageArgs::first(5)),
    ];
    let before = db.statements();
    let pages = import_rejects::pages(&db, &keys).await.unwrap();
    assert_eq!(db.statements() - before, 1);
    let lines = |at: usize| pages[&keys[at]].rows.iter().map(|reject| reject.line).collect::<Vec<_>>();
    assert_eq!(
        [lines(0), lines(1), lines(2), lines(3), lines(4)],
        [vec![1, 2], vec![9], vec![1, 3, 5], vec![7], vec![]]
    );
    assert_eq!([0, 1, 2, 3, 4].map(|at| pages[&keys[at]].has_next), [true, false, false, false, false]);
    let after = PageArgs { after: pages[&keys[0]].cursors.last().cloned(), ..PageArgs::first(9) };
    let next = key(0, None, None, after);
    let rest = import_rejects::pages(&db, std::slice::from_ref(&next)).await.unwrap();
    assert_eq!(rest[&next].rows.iter().map(|reject| reject.line).collect::<Vec<_>>(), [3, 4, 5, 9]);
    let counted = import_rejects::reasons(&db, &[runs[0], 99]).await.unwrap();
    let told: Vec<_> = counted[&runs[0]].iter().map(|count| (count.reason.as_str(), count.lines)).collect();
    assert_eq!(told, [("MISSING_KEY", 3), ("FUTURE_DATE", 2), ("LATE", 1)]);
    assert!(counted[&99].is_empty());
}

#[tokio::test]
async fn the_demo_knows_its_own_data_from_foreign_data() {
    let db = TestDatabase::new().await;
    assert!(!settings::is_demo(&db).await.unwrap());
    assert!(!settings::holds_foreign_data(&db).await.unwrap());
    an_item("1").insert(&db).await;
    assert!(settings::holds_foreign_data(&db).await.unwrap());
    settings::set(&db, settings::DEMO, &7_u32).await.unwrap();
    settings::set(&db, settings::DEMO, &8_u32).await.unwrap();
    assert_eq!(settings::get::<u32>(&db, settings::DEMO).await.unwrap(), Some(8));
    assert!(settings::is_demo(&db).await.unwrap());
    assert!(!settings::holds_foreign_data(&db).await.unwrap());
    let run = import_runs::start(&db, a_file("real.xlsx")).await.unwrap();
    let finished = FinishedImportRun {
        status: ImportStatus::Done,
        read_lines: 1,
        loaded_lines: 1,
        unchanged_lines: 0,
        rejected_lines: 0,
        flagged_lines: 0,
        finished_at: instant(NOW),
        seconds: 0.1,
        message: None,
    };
    import_runs::finish(&db, run.id, finished).await.unwrap();
    assert!(settings::holds_foreign_data(&db).await.unwrap(), "somebody imported into the demo");
}

fn a_kpi(on: &str, dimension: KpiDimension, member: &str, demand: f64) -> kpi::Model {
    kpi::Model {
        full_date: day(on),
        dimension,
        member: member.into(),
        total_demand: Some(demand),
        demand_value: None,
        stockout_rate: None,
        fill_rate: None,
        delayed_orders_rate: None,
        a_class_share: None,
        forecast_wape: None,
        forecast_mape: None,
        inventory_value: None,
        carrying_cost: None,
        turnover: None,
        days_of_cover: None,
        decision_minutes: None,
        computed_at: instant(NOW),
    }
}

#[tokio::test]
async fn replacing_days_leaves_nothing_of_them_and_touches_no_other() {
    let db = TestDatabase::new().await;
    kpis::refresh_views(&db).await.unwrap();
    let family = |on, member, demand| a_kpi(on, KpiDimension::Family, member, demand);
    kpis::replace_days(
        &db,
        vec![
            a_kpi("2025-06-28", KpiDimension::All, "", 1.0),
            family("2025-06-28", "F", 1.0),
            family("2025-06-29", "F", 2.0),
        ],
    )
    .await
    .unwrap();
    assert_eq!(kpis::replace_days(&db, vec![family("2025-06-29", "G", 3.0)]).await.unwrap(), 2);
    let later = kpi::Model { computed_at: instant("2025-07-01T00:00:00Z"), ..family("2025-06-29", "G", 3.0) };
    assert_eq!(kpis::replace_days(&db, vec![later]).await.unwrap(), 0, "what says the same stays");
    kpis::refresh_views(&db).await.unwrap();
    let all = kpis::range(&db, KpiDimension::Family, None, None, None).await.unwrap();
    assert_eq!(
        all.iter().map(|row| (row.full_date, row.member.as_str())).collect::<Vec<_>>(),
        [(day("2025-06-28"), "F"), (day("2025-06-29"), "G")]
    );
    let members = ["F".to_owned()];
    assert_eq!(
        kpis::range(&db, KpiDimension::Family, Some(&members), Some(day("2025-06-28")), Some(day("2025-06-29")))
            .await
            .unwrap()
            .len(),
        1
    );
    assert_eq!(kpis::range(&db, KpiDimension::All, None, Some(day("2025-06-29")), None).await.unwrap(), []);
    assert_eq!(kpis::last_day(&db).await.unwrap(), Some(day("2025-06-29")));
}

#[tokio::test]
async fn a_year_of_kpis_fits_one_call() {
    let db = TestDatabase::new().await;
    let rows = (0..365_u64).flat_map(|n| (0..20).map(move |member| (n, member)));
    let rows = rows.map(|(n, member)| kpi::Model {
        full_date: day("2025-01-01") + Days::new(n),
        ..a_kpi("2025-01-01", KpiDimension::Family, &member.to_string(), 1.0)
    });
    kpis::replace_days(&db, rows.collect()).await.unwrap();
    assert_eq!(kpis::range(&db, KpiDimension::Family, None, None, None).await.unwrap().len(), 7_300);
}
