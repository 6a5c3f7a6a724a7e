//! The offline contract, as the documentation tells it: files out, a pipeline in Python, files in.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::binary::{Run, SMALL_DEMO, command, corrente, report, run};

const PAGE: &str = include_str!("../../../docs/OFFLINE.md");

/// The demo company in `home/data`, forecast for two weeks, with the files in `home/out`.
fn forecast(home: &Path) -> (PathBuf, PathBuf) {
    let (data, out) = (home.join("data"), home.join("out"));
    assert_eq!(corrente(&data, &SMALL_DEMO).code, 0);
    let run = corrente(&data, &["forecast", "--horizon", "14", "--out", out.to_str().unwrap()]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.contains("wrote ") && run.out.contains("features.parquet"), "{run:?}");
    (data, out)
}

fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn load(data: &Path, directory: &Path) -> Run {
    corrente(data, &["load", directory.to_str().unwrap(), "--json"])
}

/// The interpreter that `cargo xtask test` has installed pandas for.
fn python() -> PathBuf {
    let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tools/python/bin/python");
    let python = std::env::var_os("CORRENTE_TEST_PYTHON").map_or(installed, PathBuf::from);
    assert!(
        python.is_file(),
        "there is no Python with pandas at {}: `cargo xtask test` installs one; it needs python3 with venv",
        python.display()
    );
    python
}

#[test]
fn the_pipeline_of_the_documentation_reads_what_the_binary_writes_and_is_loaded() {
    let home = tempfile::tempdir().unwrap();
    let (data, out) = forecast(home.path());
    assert_eq!(names(&out), ["features.parquet", "forecasts.parquet"]);
    let block = PAGE.split("```python\n").nth(1).unwrap().split("```").next().unwrap();
    let (script, made) = (home.path().join("pipeline.py"), home.path().join("made"));
    fs::write(&script, block).unwrap();
    let done = Command::new(python()).arg(&script).args([&out, &made]).output().unwrap();
    let (told, errors) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{told}{errors}");
    let rows: u64 = told.split_whitespace().next().unwrap().parse().unwrap();
    assert!(rows > 0 && rows.is_multiple_of(14), "{told}");

    let first = load(&data, &made);
    assert_eq!(first.code, 0, "{first:?}");
    let (file, run) = (&report(&first)["files"][0], &report(&first)["runs"][0]);
    assert_eq!((file["read"].as_u64(), file["loaded"].as_u64()), (Some(rows), Some(rows)), "{first:?}");
    assert_eq!(file["rejected"], 0);
    assert_eq!((run["horizon"].as_u64(), run["series"].as_u64()), (Some(14), Some(rows / 14)));
    // It has no totals: those of Corrente's own run stay.
    assert_eq!((run["complete"].as_bool(), run["current"].as_bool()), (Some(false), Some(false)));
    let again = load(&data, &made);
    assert_eq!(report(&again)["files"][0]["unchanged"], rows, "{again:?}");
    assert_eq!(report(&again)["runs"][0]["id"], run["id"]);
    assert!(again.err.contains("nothing has changed"), "{again:?}");
}

#[test]
fn what_the_binary_wrote_is_what_it_has_when_it_is_loaded() {
    let home = tempfile::tempdir().unwrap();
    let (data, out) = forecast(home.path());
    let here = load(&data, &out);
    assert_eq!(here.code, 0, "{here:?}");
    for file in report(&here)["files"].as_array().unwrap() {
        assert!(file["read"].as_u64().unwrap() > 500, "{file}");
        assert_eq!((file["loaded"].as_u64(), file["rejected"].as_u64()), (Some(0), Some(0)), "{file}");
    }
    // The same company elsewhere, which has never forecast: it is the whole of a forecast, and current.
    let other = home.path().join("other");
    assert_eq!(corrente(&other, &SMALL_DEMO).code, 0);
    let there = load(&other, &out);
    assert_eq!(there.code, 0, "{there:?}");
    let report = report(&there);
    assert_eq!(
        (report["runs"][0]["complete"].as_bool(), report["runs"][0]["current"].as_bool()),
        (Some(true), Some(true))
    );
    assert!(report["files"].as_array().unwrap().iter().all(|file| file["loaded"] == file["read"]), "{report}");
    let demo = corrente(&other, &SMALL_DEMO);
    assert_eq!(demo.code, 0, "the demo company stays one: {demo:?}");
}

#[test]
fn some_items_are_forecast_without_touching_the_others() {
    let home = tempfile::tempdir().unwrap();
    let (data, out) = forecast(home.path());
    let unknown = corrente(&data, &["forecast", "--items", "NO-SUCH-ITEM,NOR-THIS"]);
    assert_eq!(unknown.code, 1, "{unknown:?}");
    assert!(unknown.sentence().contains("NO-SUCH-ITEM, NOR-THIS"), "{unknown:?}");
    let some = home.path().join("some");
    let run = corrente(&data, &["forecast", "--horizon", "7", "--items", "010007", "--out", some.to_str().unwrap()]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(names(&some), ["features.parquet", "forecasts.parquet"]);
    // Everything of the first run is there still: loading its files finds it.
    let whole = load(&data, &out);
    assert_eq!(report(&whole)["runs"][0]["unchanged"], true, "{whole:?}");
    let small = load(&data, &some);
    assert_eq!(report(&small)["runs"][0]["unchanged"], true, "{small:?}");
    assert_eq!(report(&small)["runs"][0]["complete"], false, "{small:?}");
}

#[test]
fn a_server_that_must_not_compute_says_so_and_takes_what_is_made_elsewhere() {
    let home = tempfile::tempdir().unwrap();
    let (_, out) = forecast(home.path());
    let data = home.path().join("other");
    let without = |arguments: &[&str]| {
        let mut command = command(&data);
        command.env("ENABLE_ML_PROCESSING", "false").args(arguments);
        run(command)
    };
    assert_eq!(without(&SMALL_DEMO).code, 0);
    for refused in [&["forecast"][..], &["backtest"]] {
        let run = without(refused);
        assert_eq!(run.code, 1, "{run:?}");
        assert!(run.sentence().contains("ENABLE_ML_PROCESSING is false"), "{run:?}");
    }
    let loaded = without(&["load", out.to_str().unwrap(), "--json"]);
    assert_eq!(loaded.code, 0, "{loaded:?}");
    assert_eq!(report(&loaded)["runs"][0]["current"], true, "{loaded:?}");
}

#[test]
fn a_directory_that_cannot_be_loaded_is_one_sentence() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    let directory = |name: &str, file: &str, content: &str| {
        let directory = home.path().join(name);
        fs::create_dir_all(&directory).unwrap();
        fs::write(directory.join(file), content).unwrap();
        directory
    };
    let cases = [
        (home.path().join("nowhere"), "does not exist"),
        (directory("a", "notes.txt", "x"), "holds nothing to load"),
        (directory("b", "forecasts.csv", "date,sku,quantity\n2025-01-01,1,1\n"), "rename it"),
        (directory("c", "forecasts.parquet", "PAR1PAR1"), "not a valid Parquet file"),
        (directory("d", "forecasts.json", "{\"a\": "), "not JSON"),
        (directory("e", "features.csv", "a;b\n1;2\n"), "no table that can be imported"),
    ];
    for (path, says) in cases {
        let run = corrente(&data, &["load", path.to_str().unwrap()]);
        assert_eq!(run.code, 1, "{run:?}");
        assert!(run.sentence().contains(says), "{run:?}");
    }
    let file = home.path().join("a/notes.txt");
    let run = corrente(&data, &["load", file.to_str().unwrap()]);
    assert!(run.sentence().contains("is not a directory"), "{run:?}");
    let run = corrente(&data, &["forecast", "--out", file.to_str().unwrap()]);
    assert_eq!(run.code, 1, "{run:?}");
}
