//! How rows meet what is stored: late, corrected, re-ordered, duplicate and unknown ones.

use std::fmt::Write as _;

use chrono::{Days, NaiveDate};
use pipeline::load::{ImportOptions, LoadError, import_file};
use rust_decimal::Decimal;
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use store::load::{Ending, FactRow, FactValues, Load, Loader};
use testkit::TestDatabase;

use super::{checksum, import, number, options, rollups_agree, stocked, table};
use crate::files::made;

const HEADER: &str = "date,sku,site,quantity,unit_cost,stocked_out\n";

async fn quantity(db: &TestDatabase, sku: &str, day: &str) -> f64 {
    let cell = format!(
        "SELECT sum(quantity) FROM core.fact_demand_daily d JOIN core.dim_item i ON i.id = d.item_id
         WHERE sku = '{sku}' AND full_date = '{day}'"
    );
    number(db, &cell).await
}

/// The stored refusals, in the order of their lines.
async fn refusals(db: &TestDatabase) -> Vec<(i64, String, String, String)> {
    let sql =
        "SELECT line, reason, value, expected FROM support.import_rejects WHERE severity = 'REJECT' ORDER BY line";
    let rows = db.reader().query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap();
    let text = |row: &sea_orm::QueryResult, at| row.try_get_by_index::<String>(at).unwrap();
    rows.iter().map(|row| (row.try_get_by_index(0).unwrap(), text(row, 1), text(row, 2), text(row, 3))).collect()
}

#[tokio::test]
async fn a_late_row_joins_its_day_and_its_rollups() {
    let db = stocked().await;
    table(&db, &format!("{HEADER}2025-01-30,1,A,2,,\n2025-02-03,1,A,4,,\n")).await;
    let report = table(&db, &format!("{HEADER}2025-01-31,1,A,3,1.5,\n2025-02-01,1,A,5,,\n")).await;
    assert_eq!((report.loaded, report.unchanged), (2, 0));
    assert!((quantity(&db, "1", "2025-01-31").await - 3.0).abs() < 1e-9);
    rollups_agree(&db).await;
    let week = "SELECT quantity FROM core.demand_weekly WHERE bucket = '2025-01-27'";
    assert!((number(&db, week).await - 10.0).abs() < 1e-9, "the week across the months");
}

#[tokio::test]
async fn a_corrected_row_replaces_its_cell_and_the_others_stay() {
    let db = stocked().await;
    table(&db, &format!("{HEADER}2025-01-30,1,A,2,1,\n2025-01-31,1,A,4,1,\n2025-01-31,2,B,6,,\n")).await;
    let report = table(&db, &format!("{HEADER}2025-01-31,1,A,9,,true\n2025-01-31,2,B,6.0000,,false\n")).await;
    assert_eq!((report.read, report.loaded, report.unchanged), (2, 1, 1));
    assert!((quantity(&db, "1", "2025-01-31").await - 9.0).abs() < 1e-9);
    assert!((quantity(&db, "1", "2025-01-30").await - 2.0).abs() < 1e-9, "what a file does not name stays");
    let without = "SELECT count(*) FROM core.fact_demand_daily WHERE unit_cost IS NULL AND stocked_out";
    assert!((number(&db, without).await - 1.0).abs() < 1e-9, "a row is replaced whole");
    rollups_agree(&db).await;
}

#[tokio::test]
async fn the_order_of_rows_does_not_matter() {
    let mut rows: Vec<String> = (1..=28).map(|day| format!("2025-02-{day:02},{},A,{day},,\n", 1 + day % 5)).collect();
    let (one, other) = (stocked().await, stocked().await);
    table(&one, &format!("{HEADER}{}", rows.concat())).await;
    rows.reverse();
    table(&other, &format!("{HEADER}{}", rows.concat())).await;
    assert_eq!(checksum(&one).await, checksum(&other).await);
}

#[tokio::test]
async fn what_is_stored_as_it_comes_is_known_by_its_content_until_somebody_else_writes() {
    let db = stocked().await;
    let line = |day: u32, quantity: u32| {
        format!("2025-{:02}-{:02},{},A,{quantity},,\n", 2 + day / 28, 1 + day % 28, 1 + day % 2)
    };
    let mut lines: Vec<String> = (0..40).map(|day| line(day, day + 1)).collect();
    let load = async |lines: &[String]| {
        let report = table(&db, &format!("{HEADER}{}", lines.concat())).await;
        (report.loaded, report.unchanged)
    };
    let known = async || number(&db, "SELECT count(*) FROM support.demand_digests").await as u32;
    assert_eq!((load(&lines).await, known().await), ((40, 0), 2));
    assert_eq!(load(&lines).await, (0, 40));
    lines.reverse();
    assert_eq!((load(&lines).await, known().await), ((0, 40), 2), "whatever the order");

    // Whoever writes the table ends what is known, and the next load finds the difference.
    let written = "UPDATE core.fact_demand_daily SET quantity = quantity + 1 WHERE full_date = '2025-02-03'";
    db.writer().execute_unprepared(written).await.unwrap();
    assert_eq!(known().await, 0);
    assert_eq!((load(&lines).await, known().await), ((1, 39), 2));
    assert!((quantity(&db, "1", "2025-02-03").await - 3.0).abs() < 1e-9);

    // A correction is known as well, and a file of a part of a month leaves that month unknown.
    lines[0] = line(39, 100);
    assert_eq!((load(&lines).await, known().await), ((1, 39), 2));
    assert_eq!((load(&["2025-02-28,2,B,5,,\n".to_owned()]).await, known().await), ((1, 0), 1));
    assert_eq!((load(&lines).await, known().await), ((0, 40), 1));
    rollups_agree(&db).await;
}

#[tokio::test]
async fn of_rows_with_one_key_the_first_stays_and_the_others_are_told() {
    let db = stocked().await;
    let lines =
        "2025-01-31,1,A,2,,\n2025-01-31,1,a,2.0,,\n2025-01-31,1,A,3,,\n2025-01-31,1,A,2,7,\n2025-02-01,1,A,2,,\n";
    let report = table(&db, &format!("{HEADER}{lines}")).await;
    assert_eq!((report.read, report.loaded, report.rejected), (5, 2, 3));
    let told = refusals(&db).await;
    let reasons: Vec<_> = told.iter().map(|(line, reason, ..)| (*line, reason.as_str())).collect();
    assert_eq!(reasons, [(3, "DUPLICATE_LINE"), (4, "CONFLICTING_LINE"), (5, "CONFLICTING_LINE")]);
    assert_eq!(told[1].2, "1 a 2025-01-31 quantity 3");
    assert!(told[1].3.contains("has quantity 2"), "{}", told[1].3);
    assert!((quantity(&db, "1", "2025-01-31").await - 2.0).abs() < 1e-9);
}

#[tokio::test]
async fn facts_of_an_item_that_nobody_brought_are_refused() {
    let db = stocked().await;
    let report = table(&db, &format!("{HEADER}2025-01-31,1,A,2,,\n2025-01-31,77,A,2,,\n2025-01-31,77,B,-2,,\n")).await;
    assert_eq!((report.loaded, report.rejected), (1, 2));
    assert_eq!(report.refusals, [("NEGATIVE_QUANTITY".to_owned(), 1), ("UNKNOWN_ITEM".to_owned(), 1)]);
    let sites = number(&db, "SELECT count(*) FROM core.dim_site").await;
    assert!((sites - 1.0).abs() < 1e-9, "a refused row brings no site");
    let orders = table(&db, "order_id,sku,quantity,ordered\nP1,77,5,2025-01-02\nP2,1,5,2025-01-02\n").await;
    assert_eq!((orders.loaded, orders.rejected), (1, 1), "{:?}", orders.rejects);
}

#[tokio::test]
async fn a_site_keeps_its_name_however_facts_spell_it() {
    let db = stocked().await;
    table(&db, "site_code,name,type,latitude,longitude\nTWBA-1,Torre Um,TOWER,-12.9,-38.5\n").await;
    table(&db, &format!("{HEADER}2025-01-31,1,twba 1,2,,\n2025-01-31,1,Nova,2,,\n")).await;
    let named = "SELECT count(*) FROM core.dim_site WHERE (code, name) IN (('twba-1', 'Torre Um'), ('nova', 'Nova'))";
    assert!((number(&db, named).await - 2.0).abs() < 1e-9);
    assert!((number(&db, "SELECT count(*) FROM core.dim_site").await - 2.0).abs() < 1e-9);
}

#[tokio::test]
async fn a_dry_run_tells_what_a_run_would_and_stores_nothing() {
    let db = stocked().await;
    table(&db, &format!("{HEADER}2025-01-31,1,A,2,,\n")).await;
    let before = (checksum(&db).await, number(&db, "SELECT count(*) FROM support.import_runs").await);
    let text = format!("{HEADER}2025-01-31,1,A,2,,\n2025-03-31,1,C,2,,\n2025-03-31,1,C,2,,\n2025-03-31,1,C,x,,\n");
    let file = made("table.csv", text.as_bytes());
    let dry = ImportOptions { dry_run: true, ..options() };
    let told = import_file(&db, &file.path, &dry, |_| {}).await.unwrap();
    assert_eq!((told.read, told.loaded, told.unchanged, told.rejected), (4, 1, 1, 2));
    let after = (checksum(&db).await, number(&db, "SELECT count(*) FROM support.import_runs").await);
    assert_eq!(before, after);
    let sites = number(&db, "SELECT count(*) FROM core.dim_site").await;
    assert!((sites - 1.0).abs() < 1e-9);
    let report = import_file(&db, &file.path, &options(), |_| {}).await.unwrap();
    assert_eq!((report.loaded, report.refusals), (told.loaded, told.refusals));
}

#[tokio::test]
async fn a_file_that_breaks_off_loads_nothing_and_the_next_load_goes_in() {
    let db = stocked().await;
    let before = checksum(&db).await;
    let mut text = HEADER.to_owned();
    for day in 1..=28 {
        writeln!(text, "2025-02-{day:02},1,A,{day},,").unwrap();
    }
    // A quotation mark that is never closed swallows the rest of the file, which is longer than any line.
    text.push_str("2025-03-01,1,\"A");
    text.push_str(&"x".repeat(9_000_000));
    let broken = made("broken.csv", text.as_bytes());
    let error = import_file(&db, &broken.path, &options(), |_| {}).await.unwrap_err();
    assert!(matches!(error, LoadError::File(_)), "{error}");
    assert_eq!(checksum(&db).await, before);
    assert!((number(&db, "SELECT count(*) FROM support.import_runs WHERE status = 'FAILED'").await - 1.0).abs() < 1e-9);
    assert_eq!(table(&db, &format!("{HEADER}2025-02-01,1,A,2,,\n")).await.loaded, 1);
    rollups_agree(&db).await;
}

#[tokio::test]
async fn two_loads_of_many_months_at_once_end_like_one_after_the_other() {
    let months = |factor: u32| {
        let mut text = HEADER.to_owned();
        for month in 1..=6 {
            for day in 1..=28 {
                for item in 1..=5 {
                    writeln!(text, "2025-{month:02}-{day:02},{item},S{},{},,", day % 3, factor * item).unwrap();
                }
            }
        }
        made("table.csv", text.as_bytes())
    };
    let (one, other) = (months(1), months(2));
    let db = stocked().await;
    let taking = options();
    let (first, second) =
        tokio::join!(import_file(&db, &one.path, &taking, |_| {}), import_file(&db, &other.path, &taking, |_| {}),);
    assert_eq!(first.unwrap().read + second.unwrap().read, 2 * 6 * 28 * 5);
    rollups_agree(&db).await;
    // Whichever came last, it is that file's state.
    let mut ends = Vec::new();
    for last in [&one, &other] {
        let alone = stocked().await;
        import_file(&alone, &last.path, &taking, |_| {}).await.unwrap();
        ends.push(checksum(&alone).await);
    }
    assert!(ends.contains(&checksum(&db).await));
}

#[tokio::test]
async fn a_second_loader_says_that_it_waits_and_goes_on_when_the_first_has_ended() {
    let db = stocked().await;
    let first = Loader::begin(&db, &|_| {}).await.unwrap();
    let (told, mut hears) = tokio::sync::mpsc::unbounded_channel();
    let file = made("table.csv", format!("{HEADER}2025-01-31,1,A,2,,\n").as_bytes());
    let (second, path) = ((*db).clone(), file.path.clone());
    let loading = tokio::spawn(async move {
        import_file(&second, &path, &options(), move |line: &str| drop(told.send(line.to_owned()))).await
    });
    while hears.recv().await.unwrap() != "waiting for another load to end" {}
    drop(first);
    assert_eq!(loading.await.unwrap().unwrap().loaded, 1);
}

#[tokio::test]
async fn what_rests_on_a_load_is_stale_after_it_and_nothing_else() {
    use entity::words::DataKind::{Forecasts, Kpis, Recommendations};
    let db = stocked().await;
    let day = NaiveDate::from_ymd_opt(2025, 1, 31);
    let after = async |name: &str, text: &str| {
        for kind in [Forecasts, Kpis, Recommendations] {
            store::freshness::set(&db, kind, day, chrono::Utc::now()).await.unwrap();
        }
        assert_eq!(import(&db, &made(name, text.as_bytes()).path, &options()).await.loaded, 1);
        let stale = store::freshness::all(&db).await.unwrap().into_iter().filter(|row| row.stale);
        stale.map(|row| row.kind).collect::<Vec<_>>()
    };
    assert_eq!(after("demand.csv", &format!("{HEADER}2025-01-31,1,A,2,,\n")).await, [Forecasts, Kpis, Recommendations]);
    assert_eq!(after("stock.csv", "date,sku,site,on_hand\n2025-01-31,1,A,7\n").await, [Kpis, Recommendations]);
    assert_eq!(after("indicators.csv", "date,code,value\n2025-01-31,IPCA,0.4\n").await, []);
    let family = "sku,name,unit,family\n1,Item 1,UN,Cables\n";
    assert_eq!(after("items.csv", family).await, [Forecasts, Kpis, Recommendations], "families are forecast too");
}

#[tokio::test]
async fn rollups_of_months_that_come_in_parts_and_in_no_order_agree_with_the_facts() {
    let db = stocked().await;
    table(&db, &format!("{HEADER}2025-02-27,1,A,2,1.5,\n")).await;
    let sites = "SELECT min(id)::float8 FROM core.dim_site";
    let site_id = number(&db, sites).await as i64;
    let mut loader = Loader::begin(&db, &|_| {}).await.unwrap();
    let mut codes = loader.codes().await.unwrap();
    let mut pieces = loader.pieces().holding(7);
    let first = NaiveDate::from_ymd_opt(2025, 1, 1).unwrap();
    // A step that shares no factor with the days visits each once, in no order that a calendar knows.
    for n in 0..150 {
        let full_date = first + Days::new(n * 47 % 150);
        for item in 1..=5 {
            let row = FactRow {
                item_id: codes.item_or_new(&item.to_string()),
                site_id,
                full_date,
                values: FactValues::Demand {
                    quantity: Decimal::new((n as i64 * 7_919 * item) % 100_000, 4),
                    unit_cost: (n % 3 > 0).then(|| Decimal::new(12_345 + n as i64, 4)),
                    stocked_out: n % 11 == 0,
                },
            };
            if (item, full_date) != (1, NaiveDate::from_ymd_opt(2025, 2, 27).unwrap())
                && let Some(piece) = pieces.fact(&row)
            {
                loader.land(piece).await.unwrap();
            }
        }
    }
    for piece in pieces.rest() {
        loader.land(piece).await.unwrap();
    }
    let merged = loader.finish(&Load::default(), &mut codes, Ending::Keep, &|_| {}).await.unwrap();
    assert_eq!(merged.changed, 749);
    rollups_agree(&db).await;
    let weeks = number(&db, "SELECT count(*) FROM core.demand_weekly").await;
    assert!((weeks - 5.0 * 22.0).abs() < 0.5, "{weeks}");
}
