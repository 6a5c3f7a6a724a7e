use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use testkit::TestDatabase;

use crate::binary::{Run, SMALL_DEMO, command, corrente, report, run};

/// A company, and a backup of it.
struct Company {
    home: tempfile::TempDir,
    file: PathBuf,
    tables: Value,
}

impl Company {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let (data, file) = (home.path().join("from"), home.path().join("all.corrente"));
        assert_eq!(corrente(&data, &SMALL_DEMO).code, 0);
        assert_eq!(corrente(&data, &["refresh"]).code, 0);
        let tables = tables(&corrente(&data, &["backup", file.to_str().unwrap(), "--json"]));
        Self { home, file, tables }
    }

    fn file(&self) -> &str {
        self.file.to_str().unwrap()
    }
}

/// The tables of a backup with their rows and digests.
fn tables(run: &Run) -> Value {
    assert_eq!(run.code, 0, "{run:?}");
    report(run)["tables"].clone()
}

/// The digests of what a database holds now.
fn held(mut command: Command, scratch: &Path) -> Value {
    command.args(["backup", scratch.join("again.corrente").to_str().unwrap(), "--json"]);
    tables(&run(command))
}

fn is_empty(data: &Path) -> bool {
    let doctor = corrente(data, &["doctor"]);
    assert!(doctor.out.contains("rows  core.dim_item"), "{doctor:?}");
    doctor
        .out
        .lines()
        .filter(|line| line.starts_with("rows"))
        .all(|line| line.ends_with(" 0") || line.contains("audit_head"))
}

#[test]
fn a_backup_restored_into_a_fresh_directory_holds_the_same() {
    let company = Company::new();
    let to = company.home.path().join("to");
    let checked = corrente(&to, &["restore", company.file(), "--check"]);
    assert_eq!(checked.code, 0, "{checked:?}");
    let restored = corrente(&to, &["restore", company.file(), "--json"]);
    assert_eq!(restored.code, 0, "{restored:?}");
    assert_eq!(report(&restored)["tables"], company.tables);
    assert_eq!(held(command(&to), company.home.path()), company.tables);
    let doctor = corrente(&to, &["doctor"]);
    assert_eq!(doctor.code, 0, "{doctor:?}");
    assert_eq!(corrente(&to, &["verify-audit"]).code, 0);

    let again = corrente(&to, &["restore", company.file()]);
    assert_eq!(again.code, 1, "{again:?}");
    assert!(again.sentence().contains("12 rows in core.dim_item"), "{again:?}");
}

#[test]
fn a_backup_goes_from_engine_to_engine_and_back() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let native = runtime.block_on(TestDatabase::new());
    // Without a server of its own to test on, there is only one engine.
    let Some(url) = native.url() else { return };
    let company = Company::new();
    let server = || {
        let mut server = command(&company.home.path().join("unused"));
        server.env("DATABASE_URL", url);
        server
    };
    let mut restore = server();
    restore.args(["restore", company.file()]);
    let restored = run(restore);
    assert_eq!(restored.code, 0, "{restored:?}");
    assert_eq!(held(server(), company.home.path()), company.tables);
    let mut doctor = server();
    doctor.arg("doctor");
    let doctor = run(doctor);
    assert_eq!(doctor.code, 0, "{doctor:?}");

    let back = company.home.path().join("back");
    let again = company.home.path().join("again.corrente");
    assert_eq!(corrente(&back, &["restore", again.to_str().unwrap()]).code, 0);
    assert_eq!(held(command(&back), company.home.path()), company.tables);
}

#[test]
fn an_archive_cut_at_any_tenth_is_refused_and_nothing_is_stored() {
    let company = Company::new();
    let (to, cut) = (company.home.path().join("to"), company.home.path().join("cut.corrente"));
    assert_eq!(corrente(&to, &["migrate", "up"]).code, 0);
    let bytes = fs::read(&company.file).unwrap();
    for tenth in 0..10 {
        fs::write(&cut, &bytes[..bytes.len() * tenth / 10]).unwrap();
        let refused = corrente(&to, &["restore", cut.to_str().unwrap()]);
        assert_eq!(refused.code, 1, "{tenth} tenths: {refused:?}");
        // Had the one before stored anything, this one would be refused for that.
        let sentence = refused.sentence();
        let expected = if tenth == 0 { "it is empty" } else { "is cut short" };
        assert!(sentence.contains("cut.corrente") && sentence.contains(expected), "{sentence}");
    }
    assert!(is_empty(&to));
}

#[test]
fn a_restore_that_is_killed_leaves_the_database_as_empty_as_it_was() {
    let company = Company::new();
    for table in ["core.fact_demand_daily", "verified"] {
        let to = company.home.path().join(table);
        let mut restore = command(&to);
        let restore = restore.args(["restore", company.file()]).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = restore.spawn().unwrap();
        let mut told = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let seen = told.any(|line| line.contains(table));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(seen, "the restore told nothing of {table}");
        assert_eq!(corrente(&to, &["migrate", "up"]).code, 0);
        assert!(is_empty(&to), "killed at {table}");
        assert_eq!(corrente(&to, &["restore", company.file()]).code, 0);
    }
}

#[test]
fn a_backup_that_is_killed_leaves_a_whole_file_of_its_name() {
    let company = Company::new();
    let data = company.home.path().join("from");
    for told_before in 0..3 {
        let mut backup = command(&data);
        let backup = backup.args(["backup", company.file()]).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = backup.spawn().unwrap();
        let told = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        assert!(told.take(told_before + 1).count() > 0);
        child.kill().unwrap();
        child.wait().unwrap();
        let checked = corrente(&data, &["restore", company.file(), "--check", "--json"]);
        assert_eq!(checked.code, 0, "{checked:?}");
        assert_eq!(report(&checked)["tables"], company.tables);
    }
    // What a killed backup left behind is in nobody's way.
    assert_eq!(held(command(&data), company.home.path()), company.tables);
    assert_eq!(tables(&corrente(&data, &["backup", company.file(), "--json"])), company.tables);
    assert!(!company.home.path().join("all.corrente.partial").exists());
}
