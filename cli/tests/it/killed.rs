//! A load whose process is killed, at points that nobody chose with care.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Stdio;
use std::sync::mpsc;
use std::time::Duration;

use crate::binary::{command, corrente};

const DEMO: [&str; 9] = ["demo", "--items", "20", "--sites", "3", "--days", "200", "--until", "2026-06-30"];
const TABLES: [&str; 6] = [
    "core.dim_item",
    "core.fact_demand_daily",
    "core.fact_inventory_daily",
    "core.fact_orders",
    "core.demand_weekly",
    "core.demand_monthly",
];

/// How many rows each table has, as `doctor` counts them.
fn rows(data: &Path) -> Vec<u64> {
    let doctor = corrente(data, &["doctor"]);
    let count = |table: &str| {
        let line = doctor.out.lines().find(|line| line.split_whitespace().nth(1) == Some(table));
        line.and_then(|line| line.split_whitespace().last()?.replace(['.', ','], "").parse().ok())
    };
    TABLES.iter().map(|table| count(table).unwrap_or_else(|| panic!("{table} is not counted: {doctor:?}"))).collect()
}

#[test]
fn a_load_that_is_killed_leaves_the_state_before_it_or_after_it() {
    let whole = tempfile::tempdir().unwrap();
    assert_eq!(corrente(whole.path(), &DEMO).code, 0);
    let after = rows(whole.path());
    assert!(after.iter().all(|count| *count > 0), "{after:?}");
    let before = vec![0; TABLES.len()];

    let mut seen_before = false;
    for milliseconds in [0, 40, 120, 250, 500, 900] {
        let home = tempfile::tempdir().unwrap();
        let mut child = command(home.path()).args(DEMO).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (told, hears) = mpsc::channel();
        let reader = std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if line.contains("merging") {
                    let _ = told.send(());
                }
            }
        });
        hears.recv_timeout(Duration::from_mins(1)).unwrap();
        // Either the process ends within this time, which hangs up, or it is killed after it.
        let _ = hears.recv_timeout(Duration::from_millis(milliseconds));
        let _ = child.kill();
        child.wait().unwrap();
        reader.join().unwrap();
        let left = rows(home.path());
        assert!(left == before || left == after, "killed {milliseconds} ms into the merge: {left:?}");
        seen_before |= left == before;
    }
    assert!(seen_before, "no kill came early enough to prove anything");
}
