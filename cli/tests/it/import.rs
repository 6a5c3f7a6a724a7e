use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::binary::{Run, corrente, workbook};

fn import(data: &Path, file: &Path, more: &[&str]) -> (Run, Value) {
    let mut arguments = vec!["import", "--json"];
    arguments.extend(more);
    arguments.push(file.to_str().unwrap());
    let run = corrente(data, &arguments);
    let last = run.out.lines().last().unwrap_or_default();
    let report = serde_json::from_str(last).unwrap_or_else(|_| panic!("no JSON last: {run:?}"));
    (run, report)
}

#[test]
fn importing_a_workbook_twice_changes_nothing() {
    let home = tempfile::tempdir().unwrap();
    let (first, report) = import(home.path(), &workbook(), &[]);
    assert_eq!(first.code, 0, "{first:?}");
    let file = &report["files"][0];
    assert_eq!((&file["read"], &file["loaded"], &file["unchanged"]), (&50.into(), &44.into(), &0.into()), "{report}");
    let (second, report) = import(home.path(), &workbook(), &[]);
    assert_eq!(second.code, 0, "{second:?}");
    let file = &report["files"][0];
    assert_eq!((&file["read"], &file["loaded"], &file["unchanged"]), (&50.into(), &0.into(), &44.into()), "{report}");
}

#[test]
fn rejects_above_the_limit_exit_with_three_and_a_dry_run_stores_nothing() {
    let home = tempfile::tempdir().unwrap();
    let (run, report) = import(home.path(), &workbook(), &["--dry-run", "--max-rejects", "5"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert_eq!(report["files"][0]["rejected"], 6);
    let (run, _) = import(home.path(), &workbook(), &["--dry-run", "--max-rejects", "6"]);
    assert_eq!(run.code, 0, "{run:?}");
    let doctor = corrente(home.path(), &["doctor"]);
    assert!(doctor.out.contains("nothing is loaded yet"), "{doctor:?}");
}

#[test]
fn what_cannot_be_a_file_of_ours_is_one_sentence_each() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    let (empty, wrong) = (home.path().join("empty.csv"), home.path().join("wrong.xlsx"));
    fs::write(&empty, "").unwrap();
    fs::write(&wrong, "this is no workbook").unwrap();
    for file in [&home.path().join("missing.csv"), &empty, &wrong, &home.path().to_path_buf()] {
        let run = corrente(&data, &["import", file.to_str().unwrap()]);
        assert_eq!(run.code, 1, "{run:?}");
        assert!(run.sentence().len() < 300, "{run:?}");
    }
}
