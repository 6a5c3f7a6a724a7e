use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

use crate::binary::{Run, corrente};

/// Monthly demand of some parts: every third month or so, with a name that needs quoting.
fn long(parts: usize, months: usize) -> String {
    let mut text = "unique_id,ds,y\n".to_owned();
    for part in 0..parts {
        for month in 0..months {
            let wanted = (part * 7 + month * 5 + month * month * (part % 5 + 1)) % 11;
            let quantity = if wanted < 4 { wanted + 1 } else { 0 };
            writeln!(text, "\"part, {part}\",{}-{:02}-01,{quantity}", 2020 + month / 12, month % 12 + 1).unwrap();
        }
    }
    text
}

fn backtest(home: &Path, text: &str, more: &[&str]) -> Run {
    let file = home.join("long.csv");
    std::fs::write(&file, text).unwrap();
    let mut arguments = vec!["backtest", "--input", file.to_str().unwrap()];
    arguments.extend(more);
    corrente(&home.join("data"), &arguments)
}

const MONTHLY: [&str; 7] = ["--freq", "month", "--horizon", "6", "--folds", "3", "--json"];

#[test]
fn a_backtest_of_a_file_prints_one_object_last_and_needs_no_database() {
    let home = tempfile::tempdir().unwrap();
    let run = backtest(home.path(), &long(60, 51), &MONTHLY);
    assert_eq!(run.code, 0, "{run:?}");
    let report: Value = serde_json::from_str(run.out.trim()).unwrap();
    assert_eq!(report["series"], 60);
    assert!(report["seriesPerSecond"].as_f64().unwrap() > 0.0);
    // Three folds of six months of sixty parts.
    assert_eq!(report["selected"]["observations"], 1080);
    for name in ["rmsse", "mase", "wape", "bias", "pinball", "coverage80", "coverage95"] {
        assert!(report["selected"][name].is_f64(), "{name}: {report}");
    }
    for t in ["0.025", "0.1", "0.25", "0.5", "0.75", "0.9", "0.975"] {
        let share = &report["selected"]["calibration"][t];
        let (above, at_or_above) = (share["above"].as_f64().unwrap(), share["atOrAbove"].as_f64().unwrap());
        assert!((0.0..=1.0).contains(&above) && above <= at_or_above && at_or_above <= 1.0, "{t}: {share}");
    }
    for method in ["SEASONAL_NAIVE", "CROSTON_SBA", "TSB", "ADIDA", "IMAPA", "THETA", "SES", "COMBINATION"] {
        assert_eq!(report["methods"][method]["observations"], 1080, "{method}: {report}");
    }
    assert!(report["classes"].as_object().unwrap().values().all(|class| class["calibration"].is_object()));
    assert!(!home.path().join("data").exists(), "a database was opened");
    // Progress counts series, never work beyond them.
    assert!(run.err.lines().filter(|line| line.ends_with(" series")).all(|line| line.contains(" of 60 ")), "{run:?}");
}

#[test]
fn the_order_of_the_lines_and_missing_zeros_change_no_figure() {
    let home = tempfile::tempdir().unwrap();
    let text = long(20, 40);
    let (header, rows) = text.split_once('\n').unwrap();
    let last = rows.lines().last().unwrap();
    // Months without demand may be left out, but for the first of a series and the file's last.
    let mut turned: Vec<&str> =
        rows.lines().filter(|row| !row.ends_with(",0") || row.contains("2020-01-01") || *row == last).collect();
    turned.reverse();
    assert!(turned.len() < rows.lines().count());
    let figures = |text: &str| -> Value {
        let run = backtest(home.path(), text, &MONTHLY);
        let mut report: Value = serde_json::from_str(run.out.trim()).unwrap();
        report["seriesPerSecond"] = Value::Null;
        report
    };
    assert_eq!(figures(&text), figures(&format!("{header}\r\n{}", turned.join("\r\n"))));
}

#[test]
fn a_wrong_file_is_answered_by_line_column_and_what_would_be_right() {
    let home = tempfile::tempdir().unwrap();
    let wrong = [
        ("item,date,sold\na,2024-01-01,1\n", vec!["line 1", "\"item\"", "unique_id, ds and y"]),
        ("unique_id,ds,y\na,2024-01-01,1\na,2024-02-31,1\n", vec!["line 3", "column ds", "2024-02-31", "2024-01-31"]),
        ("unique_id,ds,y\na,2024-01-01,many\n", vec!["line 2", "column y", "many", "12.5"]),
        ("unique_id,ds,y\na,2024-01-01,-3\n", vec!["line 2", "column y", "-3", "at least 0"]),
        ("unique_id,ds,y\n,2024-01-01,3\n", vec!["line 2", "column unique_id", "name"]),
        ("unique_id,ds,y\na,2024-01-01,1\na,2024-01-31,1\n", vec!["line 3", "column ds", "month", "line 2"]),
        ("unique_id,ds,y\na,2024-01-01\n", vec!["long.csv"]),
        ("unique_id,ds,y\n", vec!["no rows"]),
        ("unique_id,ds,y\na,2024-01-01,1\n", vec!["long enough", "--horizon"]),
    ];
    for (text, parts) in wrong {
        let run = backtest(home.path(), text, &MONTHLY);
        assert_eq!(run.code, 1, "{text}: {run:?}");
        for part in parts {
            assert!(run.sentence().contains(part), "{part:?} is not in {}", run.sentence());
        }
    }
    let missing = corrente(home.path(), &["backtest", "--input", "nowhere.csv"]);
    assert!(missing.code == 1 && missing.sentence().contains("nowhere.csv"), "{missing:?}");
    assert_eq!(corrente(home.path(), &["backtest", "--freq", "month"]).code, 2);
}

#[test]
fn without_a_file_the_databases_own_series_are_measured() {
    let home = tempfile::tempdir().unwrap();
    let empty = corrente(home.path(), &["backtest", "--json"]);
    assert!(empty.code == 1 && empty.sentence().contains("no demand"), "{empty:?}");
    let demo = corrente(home.path(), &["demo", "--items", "12", "--sites", "3", "--days", "220"]);
    assert_eq!(demo.code, 0, "{demo:?}");
    let run = corrente(home.path(), &["backtest", "--horizon", "28", "--folds", "2", "--json"]);
    assert_eq!(run.code, 0, "{run:?}");
    let report: Value = serde_json::from_str(run.out.lines().last().unwrap()).unwrap();
    assert!(report["series"].as_u64().unwrap() > 20 && report["selected"]["rmsse"].is_f64(), "{report}");
}
