use chrono::Days;
use entity::words::KpiDimension;
use pipeline::jobs::{AbcCuts, RefreshOptions, refresh};
use pipeline::load::{ImportOptions, import_file};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use testkit::TestDatabase;
use testkit::builders::{a_site, an_item, stock};

use super::{THROUGH, a_company, forecast_all, lives, options, refresh_all, through};

/// The versions of every row that a refresh may write: a row that is written, even as it was, gets another xmin.
async fn versions(db: &TestDatabase) -> Vec<(String, String)> {
    let tables = [
        "analytics.kpis_daily",
        "analytics.mv_kpis_latest",
        "analytics.mv_forecasts_latest",
        "analytics.recommendations",
        "analytics.forecast_runs",
        "core.dim_item",
        "core.dim_supplier",
        "support.freshness",
        "support.settings",
    ];
    let mut versions = Vec::new();
    for table in tables {
        let sql = format!(
            "SELECT COALESCE(md5(string_agg(t.xmin::text || t::text, ',' ORDER BY t::text)), '') FROM {table} t"
        );
        let row = db.reader().query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap().unwrap();
        versions.push((table.to_owned(), row.try_get_by_index(0).unwrap()));
    }
    versions
}

#[tokio::test]
async fn a_refresh_after_an_identical_reload_writes_nothing_and_says_so() {
    let db = TestDatabase::new().await;
    an_item("A").insert(&db).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("demand.csv");
    let lines = (0..60).map(|ago| format!("A;S;{};{}\n", through() - Days::new(ago), 1 + ago % 5));
    let lines = lines.collect::<Vec<_>>().concat();
    let write = |more: &str| std::fs::write(&path, format!("sku;site;date;quantity\n{lines}{more}")).unwrap();
    let now = chrono::Utc::now();
    let importing = ImportOptions {
        reading: pipeline::extract::ExtractOptions::default(),
        keep_duplicates: false,
        dry_run: false,
        actor: "test".into(),
        now,
        today: now.date_naive(),
    };
    write("");
    import_file(&db, &path, &importing, |_| {}).await.unwrap();
    forecast_all(&db).await.unwrap();
    assert!(refresh_all(&db).await.unwrap().computed);
    let before = versions(&db).await;

    let again = import_file(&db, &path, &importing, |_| {}).await.unwrap();
    assert_eq!((again.loaded, again.unchanged), (0, 60));
    // The load tells that it looked; nothing that is computed is older for it.
    let without = |versions: &[(String, String)]| {
        versions.iter().filter(|(table, _)| table != "support.freshness").cloned().collect::<Vec<_>>()
    };
    let report = refresh_all(&db).await.unwrap();
    assert_eq!((report.computed, report.kpi_days, report.kpis_changed), (false, 0, 0));
    assert_eq!(without(&versions(&db).await), without(&before));

    write("A;S;2025-12-31;7\n");
    assert_eq!(import_file(&db, &path, &importing, |_| {}).await.unwrap().loaded, 1);
    let report = refresh_all(&db).await.unwrap();
    assert!(report.computed && report.kpis_changed > 0, "{report:?}");
    assert_ne!(without(&versions(&db).await), without(&before));
    assert!(!refresh_all(&db).await.unwrap().computed);
}

#[tokio::test]
async fn another_option_another_forecast_or_a_decision_is_news() {
    let db = TestDatabase::new().await;
    let (cable, clamp, _, north) = a_company(&db).await;
    stock(&db, &cable, &north, THROUGH, "3", Some("0")).await;
    stock(&db, &clamp, &north, THROUGH, "0", None).await;
    forecast_all(&db).await.unwrap();
    assert!(refresh_all(&db).await.unwrap().computed);
    assert!(!refresh_all(&db).await.unwrap().computed);
    let dearer = RefreshOptions { carrying_rate: 0.4, ..options() };
    assert!(refresh(&db, &dearer).await.unwrap().computed);
    assert!(!refresh(&db, &dearer).await.unwrap().computed);
    let last = store::kpis::range(&db, KpiDimension::All, None, Some(through()), None).await.unwrap().pop().unwrap();
    assert_eq!((last.inventory_value, last.carrying_cost, last.decision_minutes), (Some(37.5), Some(15.0), None));
    forecast_all(&db).await.unwrap();
    assert!(refresh(&db, &dearer).await.unwrap().computed);
    let decided = "UPDATE analytics.recommendations SET status = 'ACKNOWLEDGED', acknowledged_at = raised_at + interval '7 minutes'";
    db.writer().execute_unprepared(decided).await.unwrap();
    assert!(refresh(&db, &dearer).await.unwrap().computed);
    let last = store::kpis::range(&db, KpiDimension::All, None, Some(through()), None).await.unwrap().pop().unwrap();
    assert_eq!(last.decision_minutes, Some(7.0));
    assert!(!refresh(&db, &dearer).await.unwrap().computed);
}

#[tokio::test]
async fn classes_follow_the_cuts_that_are_asked_for() {
    let db = TestDatabase::new().await;
    let north = a_site(&db, "NORTH", None).await;
    // Of the last 52 weeks: 800, 150 and 50 of 1,000.
    let items = [("BIG", "8"), ("MIDDLE", "1.5"), ("SMALL", "0.5")];
    for (sku, cost) in items {
        let item = an_item(sku).costing(cost).insert(&db).await;
        lives(&db, &item, &north, 100, 1, 1).await;
    }
    let classes = async |cuts| {
        refresh(&db, &RefreshOptions { abc_cuts: cuts, ..options() }).await.unwrap();
        let mut classes = String::new();
        for (sku, _) in items {
            let sql = format!("SELECT abc_class || xyz_class FROM core.dim_item WHERE sku = '{sku}'");
            let row =
                db.reader().query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap().unwrap();
            classes += &row.try_get_by_index::<String>(0).unwrap();
        }
        classes
    };
    assert_eq!(classes(AbcCuts::default()).await, "AXBXCX");
    assert_eq!(classes(AbcCuts { a: 0.9, b: 0.96 }).await, "AXAXBX");
    assert_eq!(classes(AbcCuts { a: 0.5, b: 0.6 }).await, "AXCXCX");
}
