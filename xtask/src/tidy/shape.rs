//! What a file looks like: its length, its first line, its name.

use super::House;
use std::path::Path;

const LONGEST: usize = 400;
const HAND_WRITTEN: [&str; 8] = ["css", "html", "js", "mjs", "rs", "sh", "ts", "tsx"];

/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 9] =
    ["common", "helper", "helpers", "manager", "managers", "misc", "shared", "util", "utils"];

pub fn check(house: &House) -> Vec<String> {
    let mut findings = Vec::new();
    for (path, text) in &house.files {
        let file = Path::new(path);
        let extension = file.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        let lines = text.lines().count();
        if HAND_WRITTEN.contains(&extension) && lines > LONGEST {
            findings.push(format!("{path}: {lines} lines; past {LONGEST}, look for the second noun"));
        }
        if extension != "rs" {
            continue;
        }
        if (path.ends_with("/lib.rs") || path.ends_with("/mod.rs")) && !text.trim_start().starts_with("//!") {
            findings
                .push(format!("{path}:1: it must open with `//!`: what lives here, what never does, where to start"));
        }
        let parts = file.iter().filter_map(|part| part.to_str()).map(|part| part.trim_end_matches(".rs"));
        for name in parts.filter(|part| EMPTY_NAMES.contains(part)) {
            findings.push(format!("{path}: `{name}` says nothing; name it after what it holds"));
        }
    }
    for (path, source) in &house.rust {
        for name in EMPTY_NAMES {
            // A module in a file of its own is found by its path already.
            for line in source.lines_with(&format!("mod {name}")).filter(|line| source.code[line - 1].contains('{')) {
                findings.push(format!("{path}:{line}: `{name}` says nothing; name the module after what it holds"));
            }
        }
    }
    for (path, text) in house.files.iter().filter(|(path, _)| path.ends_with("package-lock.json")) {
        if text.contains("\"resolved\"") {
            findings.push(format!(
                "{path}: a lock file holds no download addresses (npm's omit-lockfile-registry-resolved)"
            ));
        }
    }
    findings
}
