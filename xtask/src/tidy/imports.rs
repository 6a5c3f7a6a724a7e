//! Who may use whom, and whether the README knows everybody.

use super::House;

/// A crate, the workspace crates it may use, and packages from outside that it must not.
struct Row {
    name: &'static str,
    may: &'static [&'static str],
    never: &'static [&'static str],
}

/// The import table of the architecture. A crate that is not named here may use everything: `bench` measures all of it.
const TABLE: [Row; 10] = [
    Row { name: "entity", may: &[], never: &["async-graphql", "axum", "sqlx"] },
    Row { name: "migration", may: &[], never: &["async-graphql", "axum"] },
    Row { name: "store", may: &["entity"], never: &["async-graphql", "async-graphql-axum", "axum"] },
    Row {
        name: "planning",
        may: &[],
        never: &["async-graphql", "axum", "gloo-net", "reqwest", "sea-orm", "sea-orm-migration", "sqlx", "tokio"],
    },
    Row { name: "pipeline", may: &["entity", "planning", "store"], never: &["async-graphql", "axum"] },
    Row { name: "api", may: &["entity", "planning", "store"], never: &[] },
    Row { name: "frontend", may: &[], never: &["async-graphql", "axum", "sea-orm", "sqlx", "tokio"] },
    Row { name: "cli", may: &["api", "migration", "pipeline", "store"], never: &[] },
    Row { name: "testkit", may: &["entity", "migration", "store"], never: &["async-graphql", "axum"] },
    Row { name: "xtask", may: &[], never: &["sqlx", "tokio"] },
];

/// Crates whose tests open a database.
const TESTED_WITH_A_DATABASE: [&str; 6] = ["api", "bench", "cli", "migration", "pipeline", "store"];

/// The only crates that bring the embedded database's WebAssembly runtime.
const EMBEDS: [&str; 3] = ["bench", "cli", "testkit"];

pub fn check(house: &House) -> Vec<String> {
    let mut findings = Vec::new();
    let is_member = |name: &str| house.members.iter().any(|member| member.name == name);
    for member in &house.members {
        for used in &member.uses {
            let says =
                |why: &str| format!("{}/Cargo.toml: `{}` must not use `{}`{why}", member.name, member.name, used.name);
            if used.name == "store"
                && used.features.iter().any(|feature| feature == "embedded")
                && !EMBEDS.contains(&member.name.as_str())
            {
                findings.push(says(" with the feature `embedded`: only bench, cli and testkit switch it on"));
            }
            let for_tests =
                used.dev && used.name == "testkit" && TESTED_WITH_A_DATABASE.contains(&member.name.as_str());
            let Some(row) = TABLE.iter().find(|row| row.name == member.name) else {
                continue;
            };
            if row.never.contains(&used.name.as_str()) {
                findings.push(says(""));
            } else if is_member(&used.name) && !row.may.contains(&used.name.as_str()) && !for_tests {
                let may = if row.may.is_empty() { "no crate of the workspace".to_owned() } else { row.may.join(", ") };
                findings.push(says(&format!(" (it may use {may})")));
            }
        }
    }
    findings.extend(readme(house));
    findings
}

/// The README's crate table, the one whose first heading is `crate`, lists the members and nothing else.
fn readme(house: &House) -> Vec<String> {
    let Some(text) = house.files.get("README.md") else {
        return vec!["README.md: it is missing".to_owned()];
    };
    let first_cell = |line: &str| -> Option<String> {
        let cell = line.trim().strip_prefix('|')?.split('|').next()?.trim();
        // `[`store`](store)` and `store` name the same crate.
        let cell = cell.trim_start_matches('[').split(']').next().unwrap_or(cell);
        Some(cell.trim_matches('`').to_owned())
    };
    let listed: Vec<String> = text
        .lines()
        .skip_while(|line| first_cell(line).is_none_or(|cell| !cell.eq_ignore_ascii_case("crate")))
        .skip(2)
        .map_while(first_cell)
        .collect();
    if listed.is_empty() {
        return vec!["README.md: it has no crate table (a table whose first heading is `crate`)".to_owned()];
    }
    let mut findings = Vec::new();
    for member in house.members.iter().filter(|member| !listed.contains(&member.name)) {
        findings.push(format!("README.md: the crate table lacks `{}`", member.name));
    }
    for name in listed.iter().filter(|name| !house.members.iter().any(|member| member.name == **name)) {
        findings.push(format!("README.md: the crate table names `{name}`, which is no member of the workspace"));
    }
    findings
}
