//! `cargo xtask ci`: what has to hold before a merge. It builds into a folder that outlives the clone, so that only the
//! house's own crates are compiled anew; every step runs whatever became of the one before, and a table closes the run.

use crate::place::{Place, output, succeed};
use crate::steps::{Done, Steps};
use crate::test::{Options, Tally};
use crate::{need, schema, test, tidy, tools};
use anyhow::{Context, Result};
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long to wait for another run to let the shared folder go; past that, a folder of our own is faster.
const PATIENCE: Duration = Duration::from_mins(25);

pub fn run(here: &Place) -> Result<bool> {
    let rustc = output(here.command("rustc").arg("--version"))?;
    let (target, lock) = shared_target(&here.cache, &key(&rustc))?;
    println!("building into {}", target.display());
    let environment: Vec<(&'static str, OsString)> = vec![
        ("CI", "true".into()),
        ("CARGO_INCREMENTAL", "0".into()),
        // Half the size on disk and less to link; a panic still names its file and line.
        ("CARGO_PROFILE_DEV_DEBUG", "0".into()),
    ];
    let place = here.moved(target, here.cache.join("tools").join(key(&rustc)), environment);
    forget_own_crates(&place)?;

    let mut steps = Steps::new(9);
    steps.try_step("format", || succeed(&mut place.cargo(["fmt", "--all", "--check"])).map(|()| Done::Now));
    steps.try_step("tidy", || tidy::run(&place).map(verdict));
    let clippy = |what: &[&str]| {
        let command = ["clippy", "--locked", "--quiet"].iter().chain(what).chain(&["--", "-D", "warnings"]).copied();
        succeed(&mut place.cargo(command)).map(|()| Done::Now)
    };
    steps.try_step("lints", || clippy(&["--workspace", "--all-targets"]));
    // What the container's image is built from.
    steps.try_step("lints, no embedded database", || clippy(&["-p", "cli", "--no-default-features"]));
    steps.try_step("lints, WebAssembly", || {
        tools::wasm_target(&place)?;
        clippy(&["-p", "frontend", "--target", tools::WASM])
    });
    steps.try_step("documentation", || {
        succeed(
            place.cargo(["doc", "--workspace", "--no-deps", "--locked", "--quiet"]).env("RUSTDOCFLAGS", "-D warnings"),
        )?;
        Ok(Done::Now)
    });
    steps.try_step("licences and advisories", || deny(&place));
    let mut tally = Tally::default();
    steps.try_step("tests", || {
        tally = test::all(&place, &Options::default());
        Ok(verdict(tally.failed == 0))
    });
    steps.try_step("schema", || {
        let server = test::server(&place)?.context("there is no program `corrente` to ask")?;
        let sdl = schema::print(place.command(server).arg("schema"))?;
        Ok(verdict(schema::compare(&place, &sdl)))
    });
    if lock.is_none() {
        let _ = fs::remove_dir_all(&place.target);
    }
    println!("{}\n{} passed, {} failed", steps.table(), tally.passed, tally.failed);
    Ok(steps.all_well())
}

fn verdict(well: bool) -> Done {
    if well { Done::Now } else { Done::Badly }
}

/// Installing cargo-deny takes longer than all the rest; it is used where it is there.
fn deny(place: &Place) -> Result<Done> {
    let there = need::find_program("cargo-deny").is_some() || place.tools.join("bin/cargo-deny").is_file();
    if !there {
        println!("      cargo-deny is not installed; `cargo install cargo-deny` brings it");
        return Ok(Done::LeftOut);
    }
    succeed(&mut place.cargo(["deny", "check"]))?;
    Ok(Done::Now)
}

/// A shared build folder is only right for what the registry brings. The house's own crates have the same names in every
/// clone, and Cargo tells them apart by the times of their files alone: an older clone would be taken for built.
fn forget_own_crates(place: &Place) -> Result<()> {
    let names: Vec<String> = tidy::members(place)?.into_iter().map(|member| member.name).collect();
    for more in [&[][..], &["--target", tools::WASM], &["--target", tools::WASM, "--profile", "wasm-release"]] {
        let mut command = place.cargo(["clean", "--quiet"]);
        for name in &names {
            command.args(["--package", name]);
        }
        output(command.args(more))?;
    }
    Ok(())
}

/// The compiler's version as a folder's name.
fn key(rustc: &str) -> String {
    let letter = |letter: char| {
        if letter.is_ascii_alphanumeric() || letter == '.' { letter } else { '-' }
    };
    rustc.trim().chars().map(letter).collect::<String>().replace("--", "-").trim_matches('-').to_owned()
}

/// The build folder for this compiler, and the lock that keeps other runs out of it for as long as it lives;
/// without a lock it is a folder for this run only.
fn shared_target(cache: &Path, key: &str) -> Result<(PathBuf, Option<File>)> {
    let folder = cache.join("ci").join(key);
    fs::create_dir_all(&folder)?;
    let started = Instant::now();
    let lock = File::create(folder.join("lock")).context("creating the cache's lock file")?;
    let mut told = false;
    loop {
        if lock.try_lock().is_ok() {
            return Ok((folder.join("target"), Some(lock)));
        }
        if started.elapsed() > PATIENCE {
            return Ok((folder.join(format!("target-{}", std::process::id())), None));
        }
        if !told {
            println!("waiting for another run to let {} go", folder.display());
            told = true;
        }
        std::thread::park_timeout(Duration::from_secs(1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compilers_version_names_a_folder() {
        assert_eq!(key("rustc 1.95.0 (59807616e 2026-04-14)\n"), "rustc-1.95.0-59807616e-2026-04-14");
    }

    #[test]
    fn the_shared_folder_is_held_by_one_run_at_a_time() {
        let cache = std::env::temp_dir().join(format!("corrente-ci-{}", std::process::id()));
        let (target, lock) = shared_target(&cache, "one").unwrap();
        assert!(File::create(target.with_file_name("lock")).unwrap().try_lock().is_err());
        drop(lock);
        assert!(shared_target(&cache, "one").is_ok());
        fs::remove_dir_all(cache).unwrap();
    }
}
