//! Files and the demo company in a real database.

mod oracle;
mod rules;
mod totals;

use std::path::{Path, PathBuf};

use chrono::{NaiveDate, Utc};
use pipeline::demo::DemoOptions;
use pipeline::load::{FileReport, ImportOptions, LoadError, import_file, load_demo};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use testkit::TestDatabase;

use crate::files::made;

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/purchases.xlsx")
}

fn options() -> ImportOptions {
    let now = Utc::now();
    ImportOptions {
        reading: pipeline::extract::ExtractOptions::default(),
        keep_duplicates: false,
        dry_run: false,
        actor: "test".into(),
        now,
        today: now.date_naive(),
    }
}

/// A database with items `1` to `5` in it.
async fn stocked() -> TestDatabase {
    let db = TestDatabase::new().await;
    let rows = [1, 2, 3, 4, 5].map(|item| format!("{item},Item {item},UN\n")).concat();
    let items = made("items.csv", format!("sku,name,unit\n{rows}").as_bytes());
    assert_eq!(import(&db, &items.path, &options()).await.loaded, 5);
    db
}

/// Imports a table written on the spot.
async fn table(db: &TestDatabase, text: &str) -> FileReport {
    import(db, &made("table.csv", text.as_bytes()).path, &options()).await
}

/// What the rollups would be, made anew from the facts, must be what they are.
async fn rollups_agree(db: &TestDatabase) {
    for (rollup, bucket) in [("demand_weekly", "week"), ("demand_monthly", "month")] {
        let made = format!(
            "SELECT item_id, site_id, date_trunc('{bucket}', full_date)::date, sum(quantity), sum(total_cost),
             count(*) FILTER (WHERE quantity > 0)::smallint, count(*) FILTER (WHERE stocked_out)::smallint
             FROM core.fact_demand_daily GROUP BY 1, 2, 3"
        );
        let stored = format!(
            "SELECT item_id, site_id, bucket, quantity, total_cost, demand_days, stocked_out_days FROM core.{rollup}"
        );
        for (one, other) in [(&made, &stored), (&stored, &made)] {
            let differ = number(db, &format!("SELECT count(*) FROM ({one} EXCEPT {other}) d")).await;
            assert!(differ.abs() < 0.5, "{differ} buckets of {rollup} differ from the facts");
        }
    }
}

async fn import(db: &TestDatabase, path: &Path, options: &ImportOptions) -> FileReport {
    import_file(db, path, options, |_| {}).await.unwrap()
}

/// A digest of everything that a load may change.
async fn checksum(db: &TestDatabase) -> String {
    let digest = "SELECT md5(string_agg(t, '' ORDER BY t)) FROM (
        SELECT i::text AS t FROM core.dim_item i UNION ALL SELECT s::text FROM core.dim_site s UNION ALL SELECT s::text FROM core.dim_supplier s
        UNION ALL SELECT o::text FROM core.fact_orders o UNION ALL SELECT d::text FROM core.fact_demand_daily d
        UNION ALL SELECT 'week' || w::text FROM core.demand_weekly w UNION ALL SELECT 'month' || m::text FROM core.demand_monthly m
        UNION ALL SELECT 'stock' || s::text FROM core.fact_inventory_daily s) all_rows";
    let row = db.reader().query_one_raw(Statement::from_string(DbBackend::Postgres, digest)).await.unwrap().unwrap();
    row.try_get_by_index::<Option<String>>(0).unwrap().unwrap_or_default()
}

async fn number(db: &TestDatabase, sql: &str) -> f64 {
    let sql = format!("SELECT ({sql})::float8");
    let row = db.reader().query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap().unwrap();
    row.try_get_by_index::<Option<f64>>(0).unwrap().unwrap_or(f64::NAN)
}

#[tokio::test]
async fn every_line_of_a_file_is_accounted_for_and_a_known_cell_is_right() {
    let db = TestDatabase::new().await;
    let report = import(&db, &fixture(), &options()).await;
    assert_eq!((report.read, report.loaded, report.unchanged, report.rejected, report.flagged), (50, 44, 0, 6, 9));
    let cell = "SELECT quantity FROM core.fact_demand_daily d JOIN core.dim_item i ON i.id = d.item_id
        WHERE i.sku = '010825' AND d.full_date = '2025-03-10'";
    assert!((number(&db, &format!("SELECT sum(quantity) FROM ({cell}) c")).await - 17.0).abs() < 1e-9);
    let rejects = number(&db, "SELECT count(*) FROM support.import_rejects WHERE severity = 'REJECT'").await;
    assert!((rejects - 6.0).abs() < 1e-9);
}

#[tokio::test]
async fn rollups_agree_with_the_facts() {
    let db = TestDatabase::new().await;
    import(&db, &fixture(), &options()).await;
    let facts = number(&db, "SELECT sum(quantity) FROM core.fact_demand_daily").await;
    assert!(facts > 0.0);
    rollups_agree(&db).await;
}

#[tokio::test]
async fn importing_a_file_twice_changes_nothing() {
    let db = TestDatabase::new().await;
    import(&db, &fixture(), &options()).await;
    let before = checksum(&db).await;
    let again = import(&db, &fixture(), &options()).await;
    assert_eq!((again.read, again.loaded, again.unchanged, again.rejected), (50, 0, 44, 6));
    assert_eq!(checksum(&db).await, before);
    assert!((number(&db, "SELECT count(*) FROM support.import_runs WHERE status = 'DONE'").await - 2.0).abs() < 1e-9);
}

#[tokio::test]
async fn a_shorter_file_of_the_same_name_takes_its_own_lines_away_and_leaves_anothers() {
    let db = TestDatabase::new().await;
    let folder = tempfile::tempdir().unwrap();
    let header = "sku;order_id;ordered;site;quantity;status\n";
    let write = |name: &str, lines: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, format!("{header}{lines}")).unwrap();
        path
    };
    import(&db, &fixture(), &options()).await;
    let before = number(&db, "SELECT count(*) FROM core.fact_orders").await;
    let long = write("orders.csv", "010825;P1;2025-05-05;ALFA;3;PLACED\n010825;P2;2025-05-06;ALFA;4;PLACED\n");
    let report = import(&db, &long, &options()).await;
    assert_eq!((report.loaded, report.rejected), (2, 0), "{:?}", report.rejects);
    assert!((number(&db, "SELECT count(*) FROM core.fact_orders").await - before - 2.0).abs() < 1e-9);
    let short = write("orders.csv", "010825;P1;2025-05-05;ALFA;3;PLACED\n");
    import(&db, &short, &options()).await;
    assert!((number(&db, "SELECT count(*) FROM core.fact_orders").await - before - 1.0).abs() < 1e-9);
}

#[tokio::test]
async fn a_dry_run_stores_nothing() {
    let db = TestDatabase::new().await;
    let report = import(&db, &fixture(), &ImportOptions { dry_run: true, ..options() }).await;
    assert_eq!(report.read, 50);
    assert!(number(&db, "SELECT count(*) FROM support.import_runs").await.abs() < 1e-9);
}

#[tokio::test]
async fn a_file_that_cannot_be_read_leaves_no_trace() {
    let db = TestDatabase::new().await;
    let error = import_file(&db, Path::new(env!("CARGO_MANIFEST_DIR")), &options(), |_| {}).await.unwrap_err();
    assert!(matches!(error, LoadError::File(_)), "{error}");
    assert!(number(&db, "SELECT count(*) FROM support.import_runs").await.abs() < 1e-9);
}

#[tokio::test]
async fn two_loads_at_once_end_like_one_after_the_other() {
    let (db, alone) = (TestDatabase::new().await, TestDatabase::new().await);
    let (path, taking) = (fixture(), options());
    let (one, other) = tokio::join!(import(&db, &path, &taking), import(&db, &path, &taking));
    assert_eq!(one.loaded + other.loaded, 44);
    import(&alone, &fixture(), &options()).await;
    assert_eq!(checksum(&db).await, checksum(&alone).await);
}

#[tokio::test]
async fn the_demo_company_goes_in_whole_and_only_where_nothing_else_is() {
    let db = TestDatabase::new().await;
    let small = DemoOptions {
        items: 12,
        sites: 3,
        days: 120,
        ..DemoOptions::new(NaiveDate::from_ymd_opt(2026, 6, 30).unwrap())
    };
    let report = load_demo(&db, &small, Utc::now(), |_| {}).await.unwrap();
    assert!((report.items as f64 - number(&db, "SELECT count(*) FROM core.dim_item").await).abs() < 0.5);
    assert!((report.demand_rows as f64 - number(&db, "SELECT count(*) FROM core.fact_demand_daily").await).abs() < 0.5);
    assert!(
        (report.inventory_rows as f64 - number(&db, "SELECT count(*) FROM core.fact_inventory_daily").await).abs()
            < 0.5
    );
    assert!(store::settings::is_demo(&db).await.unwrap());
    rollups_agree(&db).await;
    let before = checksum(&db).await;
    assert!(load_demo(&db, &small, Utc::now(), |_| {}).await.unwrap().unchanged);
    let other = DemoOptions { seed: 2, ..small };
    let refused = load_demo(&db, &other, Utc::now(), |_| {}).await.unwrap_err().to_string();
    assert!(refused.contains("--days 120 --until 2026-06-30 --seed 1") && refused.contains("--seed 2"), "{refused}");
    assert_eq!(checksum(&db).await, before);
    let refused = import_file(&db, &fixture(), &options(), |_| {}).await.unwrap_err();
    assert!(matches!(refused, LoadError::Demo { .. }), "{refused}");

    let real = TestDatabase::new().await;
    import(&real, &fixture(), &options()).await;
    assert!(matches!(load_demo(&real, &small, Utc::now(), |_| {}).await.unwrap_err(), LoadError::ForeignData));
}

#[tokio::test]
async fn a_load_and_its_audit_entry_are_stored_together() {
    let db = TestDatabase::new().await;
    import(&db, &fixture(), &options()).await;
    let entry = "SELECT count(*) FROM support.audit_logs WHERE action = 'import' AND details ->> 'loaded' = '44' AND details ->> 'rejected' = '6'";
    assert!((number(&db, entry).await - 1.0).abs() < 1e-9);
    assert_eq!(store::audit::verify(&db).await.unwrap(), store::audit::Verdict::Intact { entries: 1 });
}
