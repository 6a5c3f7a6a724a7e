//! The browser tests of `e2e/`: the system's Chromium, driven by Playwright, against the binary the tests were built with.

use super::Tally;
use crate::place::Place;
use crate::{js, need};
use anyhow::{Context, Result};
use serde_json::Value;
use std::fs;
use std::path::PathBuf;

const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

pub fn run(place: &Place, server: Option<&PathBuf>, filters: &[String]) -> Result<Tally> {
    let chromium = chromium(place)?;
    let node = need::node(place)?;
    js::packages(place, "e2e", &node)?;
    let folder = place.root.join("e2e");
    let report = place.root.join("target/xtask/browser.json");
    let _ = fs::remove_file(&report);
    let mut command = place.command(folder.join("node_modules/.bin/playwright"));
    command
        .current_dir(&folder)
        .args(["test", "--reporter=list,json", "--pass-with-no-tests"])
        .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report)
        .env("CORRENTE_CHROMIUM", chromium)
        .env("CORRENTE_DIST", place.root.join("dist"));
    if let Some(server) = server {
        command.env("CORRENTE_BIN", server);
    }
    if !filters.is_empty() {
        command.args(["--grep", &filters.iter().map(|filter| literal(filter)).collect::<Vec<_>>().join("|")]);
    }
    let status = command.status().context("starting Playwright")?;
    let text = fs::read_to_string(&report).unwrap_or_default();
    let mut tally = count(&text);
    if !status.success() && tally.failed == 0 {
        println!("the browser tests ended with {status}");
        tally.failed = 1;
    }
    Ok(tally)
}

/// The browser, installed if that is possible.
pub fn chromium(place: &Place) -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("CORRENTE_CHROMIUM") {
        return Ok(named.into());
    }
    let find = || BROWSERS.iter().find_map(|name| need::find_program(name));
    if let Some(found) = find() {
        return Ok(found);
    }
    need::debian_package(
        place,
        "chromium",
        "testing in a browser (or pass --no-browser, or name one in CORRENTE_CHROMIUM)",
    )?;
    find().context("the package chromium brought no browser")
}

/// A filter as a regular expression that means nothing but itself.
fn literal(filter: &str) -> String {
    filter
        .chars()
        .flat_map(|letter| (!letter.is_alphanumeric() && letter != ' ').then_some('\\').into_iter().chain([letter]))
        .collect()
}

/// Flaky tests (passed on a retry) count as failures: they did fail.
fn count(report: &str) -> Tally {
    let report: Value = serde_json::from_str(report).unwrap_or_default();
    let number = |name: &str| report["stats"][name].as_u64().unwrap_or(0);
    Tally { passed: number("expected"), failed: number("unexpected") + number("flaky") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn playwrights_report_is_counted() {
        let report = r#"{"stats":{"expected":4,"skipped":1,"unexpected":2,"flaky":1}}"#;
        assert_eq!(count(report), Tally { passed: 4, failed: 3 });
        assert_eq!(count("not json"), Tally::default());
    }

    #[test]
    fn a_filter_means_itself() {
        assert_eq!(literal("a/b (c)"), r"a\/b \(c\)");
    }
}
