use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::Value;

use crate::binary::{Run, Server, command, report, run, workbook};

/// A night in a data directory, where forecasts are allowed.
fn night(data: &Path, edit: impl FnOnce(&mut Command)) -> Run {
    let mut command = command(data);
    command.args(["nightly", "--json"]).env("ENABLE_ML_PROCESSING", "true");
    edit(&mut command);
    run(command)
}

/// Each step and how it ended.
fn steps(report: &Value) -> Vec<String> {
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let steps = report["steps"].as_array().unwrap().iter();
    steps.map(|step| format!("{} {}", word(&step["step"]), word(&step["state"]))).collect()
}

fn put(data: &Path, name: &str, text: &str) -> PathBuf {
    let file = data.join("inbox").join(name);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, text).unwrap();
    file
}

/// The names in a directory, without the time before each.
fn names(directory: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(directory) else { return Vec::new() };
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with('.'))
        .map(|name| match name.split_once("Z-") {
            Some((_, rest)) => rest.to_owned(),
            None => name,
        })
        .collect();
    names.sort();
    names
}

/// How many alerts say that a nightly run failed, asked of the database itself once nobody holds it.
fn live_failures(data: &Path) -> i64 {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let options = store::PoolOptions::default();
        let db = store::open_embedded(data, &options).await.unwrap();
        let sql = "SELECT count(*) FROM analytics.alerts WHERE key = 'JOB_FAILURE/nightly' AND resolved_at IS NULL";
        let row = db.reader().query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap().unwrap();
        let count = row.try_get_by_index(0).unwrap();
        db.close().await.unwrap();
        count
    })
}

const ITEMS: &str = "sku,name,unit\nA,CABLE,UN\n";

fn demand(days: usize) -> String {
    let mut text = "sku,site,date,quantity\n".to_owned();
    for day in 0..days {
        writeln!(text, "A,DEPOT,2026-0{}-{:02},{}", 1 + day / 28, 1 + day % 28, 1 + day % 5).unwrap();
    }
    text
}

#[test]
fn a_night_imports_forecasts_refreshes_and_backs_up_and_a_failure_is_told_until_the_next_success() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path();

    let empty = night(data, |_| {});
    assert_eq!(empty.code, 0, "{empty:?}");
    assert_eq!(steps(&report(&empty)), ["import skipped", "forecast skipped", "refresh skipped", "backup done"]);

    // By name the demand would come before the item that it is of.
    put(data, "a_demand.csv", &demand(84));
    put(data, "b_items.csv", ITEMS);
    put(data, "half.csv.part", "sku,si");
    put(data, "broken.csv", "this is no table\n");
    let bad = night(data, |_| {});
    let told = report(&bad);
    assert_eq!(bad.code, 1, "{bad:?}");
    assert_eq!(steps(&told), ["import failed", "forecast done", "refresh done", "backup done"]);
    assert_eq!(told["failed"], serde_json::json!(["import"]));
    assert!(bad.err.contains("the nightly run failed at: import") && bad.err.contains("broken.csv"), "{bad:?}");
    let loaded: u64 = told["files"].as_array().unwrap().iter().filter_map(|file| file["loaded"].as_u64()).sum();
    assert_eq!(loaded, 85, "{told}");
    assert_eq!(names(&data.join("inbox/done")), ["a_demand.csv", "b_items.csv"]);
    assert_eq!(names(&data.join("inbox/failed")), ["broken.csv"]);
    assert_eq!(names(&data.join("inbox")), ["done", "failed", "half.csv.part"]);
    assert!(Path::new(told["backup"]["file"].as_str().unwrap()).is_file());
    assert_eq!(live_failures(data), 1);

    let good = night(data, |_| {});
    assert_eq!(good.code, 0, "{good:?}");
    assert_eq!(steps(&report(&good)), ["import skipped", "forecast skipped", "refresh done", "backup done"]);
    assert_eq!(live_failures(data), 0);
    let verified = run({
        let mut verify = command(data);
        verify.arg("verify-audit");
        verify
    });
    assert_eq!(verified.code, 0, "{verified:?}");
}

#[test]
fn a_night_runs_inside_the_server_that_holds_the_database_by_the_servers_settings() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path();
    let inbox = data.join("inbox");
    std::fs::create_dir_all(&inbox).unwrap();
    std::fs::copy(workbook(), inbox.join("purchases.xlsx")).unwrap();
    let server = Server::start(data);
    let done = night(data, |command| {
        command.env("ENABLE_ML_PROCESSING", "false");
    });
    assert_eq!(done.code, 0, "{done:?}");
    let told = report(&done);
    // The server may forecast, whatever the asker's environment says.
    assert_eq!(steps(&told), ["import done", "forecast done", "refresh done", "backup done"]);
    assert_eq!(told["files"][0]["loaded"], 44, "{told}");
    assert_eq!(names(&inbox.join("done")), ["purchases.xlsx"]);
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn a_mapping_beside_a_file_names_its_columns_and_goes_with_it() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path();
    put(data, "items.csv", ITEMS);
    put(data, "sales.csv", "codigo;loja;quando;qtd\nA;DEPOT;2026-01-05;3\nA;DEPOT;2026-01-06;4\n");
    let mapping = "[[table]]\nname = \"sales\"\nfile = \"sales.csv\"\nkind = \"demand\"\n[table.columns]\nsku = \"codigo\"\nsite = \"loja\"\ndate = \"quando\"\nquantity = \"qtd\"\n";
    put(data, "sales.csv.toml", mapping);
    let done = night(data, |command| {
        command.env("CORRENTE_BACKUPS_KEPT", "0").env("ENABLE_ML_PROCESSING", "false");
    });
    assert_eq!(done.code, 0, "{done:?}");
    assert_eq!(names(&data.join("inbox/done")), ["items.csv", "sales.csv", "sales.csv.toml"]);
    assert_eq!(steps(&report(&done)), ["import done", "forecast skipped", "refresh done", "backup skipped"]);
}

#[test]
fn only_the_newest_backups_are_kept_and_what_others_put_there_stays() {
    let home = tempfile::tempdir().unwrap();
    let (data, backups) = (home.path().join("data"), home.path().join("backups"));
    std::fs::create_dir_all(&backups).unwrap();
    for old in ["corrente-20200101T000000Z.corrente", "corrente-20210101T000000Z.corrente", "corrente-mine.corrente"] {
        std::fs::write(backups.join(old), "").unwrap();
    }
    let keep_two = |command: &mut Command| {
        command.env("CORRENTE_BACKUP_DIR", &backups).env("CORRENTE_BACKUPS_KEPT", "2");
    };
    assert_eq!(night(&data, keep_two).code, 0);
    let mut kept: Vec<String> =
        std::fs::read_dir(&backups).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    kept.sort();
    assert_eq!(kept.len(), 3, "{kept:?}");
    assert_eq!([kept[0].as_str(), kept[2].as_str()], ["corrente-20210101T000000Z.corrente", "corrente-mine.corrente"]);

    // A backup that cannot be written fails the night, and everything before it is done.
    std::fs::write(home.path().join("file"), "").unwrap();
    let failed = night(&data, |command| {
        command.env("CORRENTE_BACKUP_DIR", home.path().join("file"));
    });
    assert_eq!(failed.code, 1, "{failed:?}");
    assert_eq!(report(&failed)["failed"], serde_json::json!(["backup"]));
    assert_eq!(kept.len(), std::fs::read_dir(&backups).unwrap().count());
}
