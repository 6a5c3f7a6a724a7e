//! Each rule is shown a house that keeps it and a house that breaks it.

use super::source::Source;
use super::{Dependency, House, Member};
use std::collections::BTreeMap;

const README: &str =
    "# Corrente\n\n| crate | what |\n| --- | --- |\n| `api` | the graph |\n| [`store`](store) | the SQL |\n\nMore.\n";

fn member(name: &str, uses: &[&str]) -> Member {
    let dependency = |name: &&str| {
        let (name, dev) = name.strip_prefix("dev ").map_or((*name, false), |name| (name, true));
        let (name, feature) = name.split_once('+').unwrap_or((name, ""));
        Dependency { name: name.to_owned(), dev, features: vec![feature.to_owned()] }
    };
    Member { name: name.to_owned(), uses: uses.iter().map(dependency).collect() }
}

fn house(members: Vec<Member>, files: &[(&str, &str)]) -> House {
    let mut tree = BTreeMap::from([("README.md".to_owned(), README.to_owned())]);
    tree.extend(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
    House::new(members, tree)
}

/// The findings of a house of `api` and `store` with these files.
fn findings(files: &[(&str, &str)]) -> Vec<String> {
    house(vec![member("api", &["store", "axum"]), member("store", &["sqlx"])], files).findings()
}

/// The findings about the dependencies of one crate, in a workspace of all.
fn imports(name: &str, uses: &[&str]) -> Vec<String> {
    let others = ["api", "cli", "entity", "frontend", "migration", "pipeline", "planning", "store", "testkit"];
    let mut members: Vec<Member> =
        others.iter().filter(|other| **other != name).map(|other| member(other, &[])).collect();
    members.push(member(name, uses));
    let found = house(members, &[]).findings();
    found.into_iter().filter(|finding| finding.contains("Cargo.toml")).collect()
}

#[track_caller]
fn one(findings: &[String], part: &str) {
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(findings[0].contains(part), "{findings:?}");
}

#[test]
fn an_orderly_house_has_no_findings() {
    assert_eq!(
        findings(&[
            ("api/src/lib.rs", "//! The graph.\nmod config;\n"),
            ("api/src/config.rs", "fn f() { std::env::var(\"A\"); }\n")
        ]),
        [""; 0]
    );
}

#[test]
fn the_import_table_is_kept() {
    assert_eq!(imports("api", &["store", "entity", "planning", "dev testkit"]), [""; 0]);
    one(&imports("api", &["pipeline"]), "`api` must not use `pipeline`");
    one(&imports("api", &["dev pipeline"]), "`api` must not use `pipeline`");
    one(&imports("api", &["testkit"]), "`api` must not use `testkit`");
    one(&imports("migration", &["entity"]), "`migration` must not use `entity`");
    one(&imports("store", &["axum"]), "`store` must not use `axum`");
    one(&imports("store", &["planning"]), "it may use entity");
    one(&imports("planning", &["sea-orm"]), "`planning` must not use `sea-orm`");
    one(&imports("frontend", &["planning"]), "no crate of the workspace");
    one(&imports("cli", &["frontend"]), "`cli` must not use `frontend`");
    one(&imports("testkit", &["api"]), "`testkit` must not use `api`");
}

#[test]
fn the_embedded_database_is_switched_on_where_it_is_run() {
    assert_eq!(imports("cli", &["store+embedded"]), [""; 0]);
    assert_eq!(imports("testkit", &["store+embedded"]), [""; 0]);
    assert_eq!(imports("bench", &["store+embedded"]), [""; 0]);
    one(&imports("api", &["store+embedded"]), "`embedded`");
}

#[test]
fn the_readme_lists_exactly_the_members() {
    let with = |members: Vec<Member>| house(members, &[]).findings();
    one(&with(vec![member("api", &[]), member("store", &[]), member("cli", &[])]), "lacks `cli`");
    one(&with(vec![member("api", &[])]), "names `store`");
    one(&findings(&[("README.md", "# Corrente\n")]), "no crate table");
    one(&House::new(vec![], BTreeMap::new()).findings(), "README.md: it is missing");
}

#[test]
fn sql_stays_in_its_crates() {
    let sql = "fn f() {\n    run(r#\"SELECT 1\n  FROM t\"#);\n}\n";
    one(&findings(&[("api/src/items.rs", sql)]), "api/src/items.rs:2");
    assert_eq!(
        findings(&[("store/src/items.rs", sql), ("bench/src/items.rs", sql), ("api/tests/it/items.rs", sql)]),
        [""; 0]
    );
    assert_eq!(findings(&[("api/src/items.rs", "// \"SELECT 1 FROM t\"\n/* \"DELETE FROM t\" */\n")]), [""; 0]);
}

#[test]
fn long_files_are_found() {
    assert_eq!(findings(&[("api/src/a.rs", &"\n".repeat(400)), ("schema.graphql", &"\n".repeat(900))]), [""; 0]);
    one(&findings(&[("api/src/a.rs", &"\n".repeat(401))]), "401 lines");
    one(&findings(&[("style/main.css", &"\n".repeat(401))]), "style/main.css");
}

#[test]
fn a_crate_and_a_folder_open_with_their_description() {
    one(&findings(&[("api/src/lib.rs", "mod a;\n")]), "open with `//!`");
    one(&findings(&[("api/src/http/mod.rs", "// Not it.\nmod a;\n")]), "open with `//!`");
}

#[test]
fn empty_names_are_refused() {
    one(&findings(&[("api/src/utils.rs", "")]), "`utils`");
    one(&findings(&[("store/tests/it/common/mod.rs", "//! Things.\n")]), "`common`");
    one(&findings(&[("api/src/a.rs", "mod helpers { }\n")]), "`helpers`");
}

#[test]
fn lock_files_hold_no_addresses() {
    one(&findings(&[("e2e/package-lock.json", "{\"resolved\": \"somewhere\"}")]), "download addresses");
}

#[test]
fn only_config_reads_the_environment() {
    one(&findings(&[("api/src/app.rs", "fn f() { std::env::var_os(\"A\"); }\n")]), "config files");
    assert_eq!(
        findings(&[
            ("cli/src/main.rs", "fn f() { std::env::var(\"A\"); }\n"),
            ("api/build.rs", "fn main() { std::env::var(\"A\"); }\n")
        ]),
        [""; 0]
    );
    assert_eq!(findings(&[("api/src/app.rs", "const DIR: &str = env!(\"CARGO_MANIFEST_DIR\");\n")]), [""; 0]);
}

#[test]
fn the_example_of_the_environment_is_complete() {
    let config = ("api/src/config/mod.rs", "//! C.\nfn f() { text(\"CORRENTE_ONE\"); text(\"./.corrente\"); }\n");
    assert_eq!(findings(&[config, (".env.example", "# One.\nCORRENTE_ONE=1\n")]), [""; 0]);
    one(&findings(&[config, (".env.example", "# One.\n")]), "lacks CORRENTE_ONE");
    one(&findings(&[config, (".env.example", "CORRENTE_ONE=1\nCORRENTE_TWO=2\n")]), "nothing reads CORRENTE_TWO");
}

#[test]
fn only_one_file_knows_echarts() {
    one(
        &findings(&[("frontend/src/pages/items.rs", "#[wasm_bindgen(js_name = \"echarts\")]\n")]),
        "components/chart.rs",
    );
    one(&findings(&[("frontend/src/pages/items.rs", "echarts::init();\n")]), "components/chart.rs");
    assert_eq!(
        findings(&[
            ("frontend/src/components/chart.rs", "echarts::init();\n"),
            ("frontend/src/charts/a.rs", "// For echarts.\n")
        ]),
        [""; 0]
    );
}

#[test]
fn only_the_graphql_folder_fetches() {
    one(&findings(&[("frontend/src/components/table.rs", "use gloo_net::http::Request;\n")]), "fetches");
    assert_eq!(findings(&[("frontend/src/graphql/client.rs", "use gloo_net::http::Request;\n")]), [""; 0]);
}

#[test]
fn layers_look_one_way() {
    one(&findings(&[("api/src/loaders/demand.rs", "use crate::graphql::Item;\n")]), "never the other way");
    one(&findings(&[("api/src/graphql/items.rs", "use crate::http::Request;\n")]), "never the other way");
    one(&findings(&[("frontend/src/charts/demand.rs", "use crate::pages::Items;\n")]), "never the other way");
}

#[test]
fn the_mathematics_is_pure() {
    one(&findings(&[("planning/src/forecast/mod.rs", "//! F.\nfn f() { chrono::Utc::now(); }\n")]), "pure");
    one(&findings(&[("pipeline/src/transform/unit.rs", "use std::fs;\n")]), "pure");
    one(&findings(&[("migration/src/first.rs", "use entity::item;\n")]), "history");
}

#[test]
fn a_file_is_taken_apart_as_the_compiler_does() {
    let source = Source::read(concat!(
        "let a = \"one \\\" two\"; // \"three\"\n",
        "let b = r##\"four \"# five\"##; /* \"six\" /* nested */ still\n",
        "*/ let c: &'static str = 'x'; let d = '\"'; let e = '\\''; let f = b\"seven\";\n",
        "for\"eight\";\n",
    ));
    let strings: Vec<(usize, &str)> = source.strings.iter().map(|(line, text)| (*line, text.as_str())).collect();
    assert_eq!(strings, [(1, "one \\\" two"), (2, "four \"# five"), (3, "seven"), (4, "eight")]);
    assert_eq!(source.code[0], "let a = ; ");
    assert_eq!(source.code[2], " let c: &'static str = ; let d = ; let e = ; let f = ;");
    assert_eq!(source.lines_with("str").collect::<Vec<_>>(), [3]);
    assert_eq!(source.lines_with("tat").count(), 0);
}
