//! Rust's own tests: run by Cargo, counted from what the test programs print.

use super::Tally;
use crate::place::Place;
use crate::python;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A compiled test program of one crate.
pub struct TestProgram {
    pub package: String,
    /// The crate's folder, where Cargo would start it.
    pub folder: PathBuf,
    pub program: PathBuf,
}

/// What `cargo test` compiles.
#[derive(Default)]
pub struct Binaries {
    pub tests: Vec<TestProgram>,
    /// `corrente` itself, with the same features as the tests.
    pub server: Option<PathBuf>,
}

/// Every test of the workspace, on the embedded database.
pub fn everything(place: &Place, interpreter: Option<&Path>, filters: &[String]) -> Result<Tally> {
    let mut command = place.cargo(["test", "--workspace", "--no-fail-fast", "--"]);
    command.envs(interpreter.map(|interpreter| (python::VARIABLE, interpreter)));
    counted(command.args(filters).env_remove("TEST_DATABASE_URL"))
}

/// The programs that [`everything`] ran, without running them. The whole workspace is named, not one crate,
/// so that Cargo unifies features as before and compiles nothing anew.
pub fn binaries(place: &Place) -> Result<Binaries> {
    let mut command = place.cargo(["test", "--workspace", "--no-run", "--quiet", "--message-format=json"]);
    let output = command.stderr(Stdio::inherit()).output().context("starting cargo")?;
    if !output.status.success() {
        bail!("the tests do not compile");
    }
    Ok(artifacts(&String::from_utf8_lossy(&output.stdout)))
}

fn artifacts(messages: &str) -> Binaries {
    let mut binaries = Binaries::default();
    for message in messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
        let (Some(program), Some(manifest)) = (message["executable"].as_str(), message["manifest_path"].as_str())
        else {
            continue;
        };
        let folder = PathBuf::from(manifest).parent().map(PathBuf::from).unwrap_or_default();
        if message["profile"]["test"] == true {
            let package = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
            binaries.tests.push(TestProgram { package, folder, program: program.into() });
        } else if message["target"]["name"] == "corrente" {
            binaries.server = Some(program.into());
        }
    }
    binaries
}

/// Runs a command that speaks as libtest does, passes its output on, and counts.
pub fn counted(command: &mut Command) -> Result<Tally> {
    let mut child = command.stdout(Stdio::piped()).spawn().context("starting the tests")?;
    let mut tally = Tally::default();
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines() {
            let line = line?;
            println!("{line}");
            if let Some(result) = read_result(&line) {
                tally += result;
            }
        }
    }
    let status = child.wait()?;
    if !status.success() && tally.failed == 0 {
        // It did not compile, or a test brought its whole program down.
        println!("the tests ended with {status}");
        tally.failed = 1;
    }
    Ok(tally)
}

/// Reads `test result: ok. 5 passed; 0 failed; ...`.
fn read_result(line: &str) -> Option<Tally> {
    let rest = line.strip_prefix("test result: ")?;
    let number =
        |word: &str| rest.split(word).next()?.rsplit([' ', ';', '.']).find(|part| !part.is_empty())?.parse().ok();
    Some(Tally { passed: number(" passed")?, failed: number(" failed")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_a_test_program_is_counted() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.10s";
        assert_eq!(read_result(line), Some(Tally { passed: 12, failed: 3 }));
        assert_eq!(read_result("test result_of_this ... ok"), None);
        assert_eq!(read_result("running 3 tests"), None);
    }

    #[test]
    fn a_program_that_dies_without_a_result_is_a_failure() {
        let tally =
            counted(Command::new("sh").args(["-c", "echo 'test result: ok. 2 passed; 0 failed;'; exit 101"])).unwrap();
        assert_eq!(tally, Tally { passed: 2, failed: 1 });
    }

    #[test]
    fn test_programs_and_the_server_are_told_apart() {
        let messages = concat!(
            r#"{"reason":"compiler-artifact","manifest_path":"/w/store/Cargo.toml","target":{"name":"it"},"profile":{"test":true},"executable":"/t/it-1"}"#,
            "\n",
            r#"{"reason":"compiler-artifact","manifest_path":"/w/cli/Cargo.toml","target":{"name":"corrente"},"profile":{"test":false},"executable":"/t/corrente"}"#,
            "\n",
            r#"{"reason":"compiler-artifact","manifest_path":"/w/api/Cargo.toml","target":{"name":"api"},"profile":{"test":false},"executable":null}"#,
        );
        let binaries = artifacts(messages);
        assert_eq!(binaries.tests.len(), 1);
        assert_eq!(binaries.tests[0].package, "store");
        assert_eq!(binaries.server, Some("/t/corrente".into()));
    }
}
