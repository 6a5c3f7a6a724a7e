//! `cargo xtask tidy`: the rules of the house that neither the compiler nor clippy knows.
//!
//! Each file below is a set of rules over a [`House`]: the workspace's members and the text of its files, held in
//! memory so that each rule can be shown a house that breaks it. Nothing here changes a file.

mod borders;
mod environment;
mod imports;
mod shape;
mod source;
mod sql;
#[cfg(test)]
mod tests;

use crate::place::{Place, output};
use anyhow::{Context, Result};
use serde_json::Value;
use source::Source;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// A crate of the workspace, as `cargo metadata` tells it.
pub struct Member {
    pub name: String,
    uses: Vec<Dependency>,
}

/// One line of a crate's dependency tables.
struct Dependency {
    name: String,
    /// Only for tests.
    dev: bool,
    features: Vec<String>,
}

/// Everything the rules look at.
struct House {
    members: Vec<Member>,
    /// Text by path from the root, with forward slashes.
    files: BTreeMap<String, String>,
    /// The Rust files among them, taken apart.
    rust: BTreeMap<String, Source>,
}

impl House {
    fn new(members: Vec<Member>, files: BTreeMap<String, String>) -> Self {
        let rust = files
            .iter()
            .filter(|(path, _)| Path::new(path).extension().is_some_and(|extension| extension == "rs"))
            .map(|(path, text)| (path.clone(), Source::read(text)))
            .collect();
        Self { members, files, rust }
    }

    /// All rules; each finding is one line that begins with the place.
    fn findings(&self) -> Vec<String> {
        let mut findings = imports::check(self);
        findings.extend(sql::check(self));
        findings.extend(shape::check(self));
        findings.extend(borders::check(self));
        findings.extend(environment::check(self));
        findings
    }
}

/// Prints what breaks a rule; `Ok(false)` when something does.
pub fn run(place: &Place) -> Result<bool> {
    let mut files = BTreeMap::new();
    collect(&place.root, "", &mut files)?;
    let house = House::new(members(place)?, files);
    let findings = house.findings();
    for finding in &findings {
        println!("tidy: {finding}");
    }
    println!("tidy: {} files, {} findings", house.files.len(), findings.len());
    Ok(findings.is_empty())
}

/// The members of the workspace.
pub fn members(place: &Place) -> Result<Vec<Member>> {
    let text = output(&mut place.cargo(["metadata", "--no-deps", "--format-version", "1"]))?;
    let metadata: Value = serde_json::from_str(&text).context("reading cargo metadata")?;
    Ok(metadata["packages"].as_array().into_iter().flatten().map(member).collect())
}

fn member(package: &Value) -> Member {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let uses = package["dependencies"].as_array().into_iter().flatten().map(|dependency| Dependency {
        name: text(&dependency["name"]),
        dev: dependency["kind"] == "dev",
        features: dependency["features"].as_array().into_iter().flatten().map(text).collect(),
    });
    Member { name: text(&package["name"]), uses: uses.collect() }
}

/// Reads every text file that belongs to the project; outputs, downloads and hidden folders do not.
fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, String>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        if (name.starts_with('.') && name != ".env.example")
            || ["dist", "node_modules", "target", "test-results", "playwright-report"].contains(&name.as_str())
        {
            continue;
        }
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{path}/"), files)?;
        } else if let Ok(text) = fs::read_to_string(entry.path()) {
            files.insert(path, text);
        }
    }
    Ok(())
}
