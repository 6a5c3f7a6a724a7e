//! `cargo xtask run`: from a fresh clone to a served dashboard with the demo company; the second time, in seconds.

use crate::place::{Place, succeed};
use crate::spa;
use crate::steps::{Done, Steps};
use anyhow::{Context, Result, bail};
use std::fs::{self, File};
use std::process::{Command, Stdio};

/// `arguments` may hold `--bind ADDR`.
pub fn run(place: &Place, arguments: &[String]) -> Result<()> {
    let bind = match arguments {
        [] => None,
        [flag, address] if flag == "--bind" => Some(address),
        _ => bail!("usage: cargo xtask run [--bind ADDR]"),
    };
    let lock = build(place)?;
    drop(lock);

    let mut server = place.command(place.target.join("release/corrente"));
    server.stdin(Stdio::inherit()).env_remove("CARGO_TARGET_DIR").args(["serve", "--demo"]);
    if let Some(address) = bind {
        server.args(["--bind", address]);
    }
    become_process(&mut server)
}

/// Builds the dashboard and the server that embeds it. The lock that is returned keeps a second xtask in the same clone
/// from building into the same folders.
pub fn build(place: &Place) -> Result<File> {
    let lock = lock(place)?;
    let mut steps = Steps::new(spa::STEPS + 1);
    spa::steps(place, &mut steps)?;
    steps.step("server", || {
        // Cargo itself knows what has changed; asking it takes less than a second.
        succeed(&mut place.cargo(["build", "--release", "--package", "cli"]))?;
        Ok(Done::Now)
    })?;
    Ok(lock)
}

/// Builds the dashboard alone.
pub fn build_dashboard(place: &Place) -> Result<()> {
    let _lock = lock(place)?;
    spa::steps(place, &mut Steps::new(spa::STEPS))
}

fn lock(place: &Place) -> Result<File> {
    let folder = place.root.join("target/xtask");
    fs::create_dir_all(&folder)?;
    let lock = File::create(folder.join("lock")).context("creating xtask's lock file")?;
    if lock.try_lock().is_err() {
        println!("waiting for another xtask in this clone");
        lock.lock().context("waiting for another xtask")?;
    }
    Ok(lock)
}

/// The server takes this process's place, so that Ctrl-C and exit codes are its own.
#[cfg(unix)]
fn become_process(command: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt as _;
    Err(command.exec()).context("could not start the server")
}

#[cfg(not(unix))]
fn become_process(command: &mut Command) -> Result<()> {
    succeed(command)
}
