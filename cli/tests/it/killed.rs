//! A load whose process is killed, at points that nobody chose with care.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Stdio;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use store::PoolOptions;

use crate::binary::{command, corrente};

/// Everything that a load may change, with its content.
const TABLES: [&str; 12] = [
    "core.dim_item",
    "core.dim_site",
    "core.dim_calendar",
    "core.fact_demand_daily",
    "core.demand_weekly",
    "core.demand_monthly",
    "core.demand_weekly_by_class",
    "core.demand_monthly_by_class",
    "(SELECT kind, data_through FROM support.freshness WHERE kind NOT IN ('KPIS', 'RECOMMENDATIONS'))",
    "(SELECT line, reason FROM support.import_rejects)",
    "(SELECT file, loaded_lines FROM support.import_runs WHERE status = 'DONE')",
    "(SELECT entity_id FROM support.audit_logs)",
];
/// What is computed after the load, in a transaction of its own.
const COMPUTED: &str = "(SELECT kind, data_through FROM support.freshness WHERE kind IN ('KPIS', 'RECOMMENDATIONS'))";
const KILLS: u64 = 10;
/// The same for what was computed elsewhere.
const OFFLINE: [&str; 9] = [
    "(SELECT origin, horizon, source, status, complete, series, models FROM analytics.forecast_runs)",
    "analytics.forecast_series",
    "analytics.forecasts",
    "analytics.mv_forecasts_latest",
    "analytics.features_store",
    "(SELECT full_date, total_demand FROM analytics.kpis_daily WHERE full_date < '2025-01-01')",
    "(SELECT kind, data_through FROM support.freshness WHERE kind = 'FORECASTS')",
    "(SELECT file, loaded_lines FROM support.import_runs WHERE status = 'DONE')",
    "(SELECT entity_id FROM support.audit_logs)",
];

/// Demand of five months with a refused line; `factor` makes it another file.
fn demand(path: &Path, months: std::ops::RangeInclusive<u32>, factor: u32) {
    let mut text = "date,sku,site,quantity,unit_cost\n2025-01-01,999,S,1,\n".to_owned();
    for month in months {
        for day in 1..=28 {
            for series in 0..60 {
                let (item, site, quantity) = (series % 12, series / 12, day % 7 * factor);
                writeln!(text, "2025-{month:02}-{day:02},{item},S{site},{quantity},2.50").unwrap();
            }
        }
    }
    fs::write(path, text).unwrap();
}

/// A digest of each of `tables` in order, then of [`COMPUTED`].
async fn checksums(data: &Path, tables: &[&str]) -> Vec<String> {
    let db = store::open_embedded(data, &PoolOptions::default()).await.unwrap();
    let mut digests = Vec::new();
    for &table in tables.iter().chain(&[COMPUTED]) {
        let sql =
            format!("SELECT coalesce(md5(string_agg(t::text, '' ORDER BY t::text COLLATE \"C\")), '') FROM {table} t");
        let row = db.writer().query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap().unwrap();
        digests.push(row.try_get_by_index(0).unwrap());
    }
    db.close().await.unwrap();
    digests
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
    fs::set_permissions(to, fs::metadata(from).unwrap().permissions()).unwrap();
}

/// Imports a file or loads a directory; answers how long it took from its first word, or kills it `after` so long.
fn load(data: &Path, how: &str, file: &Path, after: Option<Duration>) -> Duration {
    let mut importing = command(data);
    importing.arg(how).arg(file).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = importing.spawn().unwrap();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let (told, hears) = mpsc::channel();
    let reader = std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| drop(told.send(line))));
    hears.recv_timeout(Duration::from_mins(1)).unwrap();
    let began = Instant::now();
    if let Some(after) = after {
        // Either the process ends within this time, which hangs up, or it is killed after it.
        while let Some(left) = after.checked_sub(began.elapsed())
            && hears.recv_timeout(left).is_ok()
        {}
        let _ = child.kill();
    }
    child.wait().unwrap();
    reader.join().unwrap();
    began.elapsed()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_load_that_is_killed_leaves_the_state_before_it_or_after_it() {
    let home = tempfile::tempdir().unwrap();
    let (items, first, second) = (home.path().join("items.csv"), home.path().join("a.csv"), home.path().join("b.csv"));
    let rows = (0..12).map(|item| format!("{item},Item {item},UN\n")).collect::<Vec<_>>().concat();
    fs::write(&items, format!("sku,name,unit\n{rows}")).unwrap();
    demand(&first, 1..=3, 1);
    // Corrections of two months, and three new ones.
    demand(&second, 2..=6, 2);

    let before_home = home.path().join("before");
    for file in [&items, &first] {
        let run = corrente(&before_home, &["import", file.to_str().unwrap()]);
        assert_eq!(run.code, 0, "{run:?}");
    }
    let (before, after) = states("import", home.path(), &before_home, &second, &TABLES, KILLS).await;
    assert!(before.iter().zip(&after).skip(3).all(|(one, other)| one != other), "{before:?} {after:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_computed_elsewhere_is_there_as_a_whole_or_not_at_all() {
    let home = tempfile::tempdir().unwrap();
    let (items, demanded, made) = (home.path().join("items.csv"), home.path().join("a.csv"), home.path().join("made"));
    let rows = (0..12).map(|item| format!("{item},Item {item},UN\n")).collect::<Vec<_>>().concat();
    fs::write(&items, format!("sku,name,unit\n{rows}")).unwrap();
    demand(&demanded, 1..=3, 1);
    let before_home = home.path().join("before");
    for file in [&items, &demanded] {
        let run = corrente(&before_home, &["import", file.to_str().unwrap()]);
        assert_eq!(run.code, 0, "{run:?}");
    }
    fs::create_dir(&made).unwrap();
    let mut forecasts = "sku,site,origin,target_date,mean,p10,p90\n999,S0,2025-03-29,2025-03-29,1,,\n".to_owned();
    let mut features = "sku,site,date,schema_version,lag_1\n".to_owned();
    for series in 0..60 {
        let (item, site) = (series % 12, series / 12);
        for day in 1..=28 {
            writeln!(forecasts, "{item},S{site},2025-04-01,2025-04-{day:02},{day}.5,{series},99").unwrap();
            writeln!(features, "{item},S{site},2025-03-{day:02},1,{day}").unwrap();
        }
    }
    fs::write(made.join("forecasts.csv"), forecasts).unwrap();
    fs::write(made.join("features.csv"), features).unwrap();
    fs::write(made.join("kpis.csv"), "date,dimension,total_demand\n2024-06-30,ALL,7\n").unwrap();
    let (before, after) = states("load", home.path(), &before_home, &made, &OFFLINE, 6).await;
    assert!(before.iter().zip(&after).take(OFFLINE.len()).all(|(one, other)| one != other), "{before:?} {after:?}");
}

/// The states before and after a load, of which one must be what every kill of it leaves.
async fn states(
    how: &str,
    home: &Path,
    before_home: &Path,
    file: &Path,
    tables: &[&str],
    kills: u64,
) -> (Vec<String>, Vec<String>) {
    let before = checksums(before_home, tables).await;
    let after_home = home.join("after");
    copy(before_home, &after_home);
    let whole = load(&after_home, how, file, None);
    let after = checksums(&after_home, tables).await;

    let mut dice: u64 = 20_250_131;
    let mut seen_before = 0;
    for kill in 0..kills {
        // A random point of each tenth of the time that the load takes.
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let share = (kill as f64 + (dice >> 33) as f64 / f64::from(1u32 << 31)) / kills as f64;
        let home = home.join(format!("killed-{kill}"));
        copy(before_home, &home);
        load(&home, how, file, Some(whole.mul_f64(share)));
        let left = checksums(&home, tables).await;
        let unlike = |state: &[String]| -> Vec<&str> {
            (0..tables.len()).filter(|&at| left[at] != state[at]).map(|at| tables[at]).collect()
        };
        let (changed, missing) = (unlike(&before), unlike(&after));
        assert!(
            changed.is_empty() || missing.is_empty(),
            "killed at {share:.2} of the load: {changed:?} are not as before, {missing:?} not as after"
        );
        let computed = |state: &[String]| left[tables.len()] == state[tables.len()];
        assert!(computed(&before) || (missing.is_empty() && computed(&after)), "killed at {share:.2}: {COMPUTED}");
        seen_before += u32::from(left == before);
        fs::remove_dir_all(home).unwrap();
    }
    assert!(seen_before >= 2, "no kill came early enough to prove anything");
    (before, after)
}
