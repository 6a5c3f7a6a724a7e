//! The crates that ask a database, once more on a native PostgreSQL.

use super::Tally;
use super::rust::{Binaries, counted};
use crate::place::Place;
use crate::postgres::{Purpose, Server};
use crate::python;
use anyhow::{Result, bail};
use std::path::Path;

/// The crates whose tests open a database through `testkit`.
const ASKS_A_DATABASE: [&str; 6] = ["api", "cli", "migration", "pipeline", "store", "testkit"];

pub fn run(place: &Place, binaries: &Binaries, interpreter: Option<&Path>, filters: &[String]) -> Result<Tally> {
    let server = Server::start(place, Purpose::Tests)?;
    println!("PostgreSQL {} answers on {}", server.version, server.url);
    let mut tally = Tally::default();
    let mut any = false;
    for test in binaries.tests.iter().filter(|test| ASKS_A_DATABASE.contains(&test.package.as_str())) {
        any = true;
        println!("-- {}", test.package);
        let mut command = place.command(&test.program);
        command.current_dir(&test.folder).env("CARGO_MANIFEST_DIR", &test.folder).env("TEST_DATABASE_URL", &server.url);
        command.envs(interpreter.map(|interpreter| (python::VARIABLE, interpreter)));
        tally += counted(command.args(filters))?;
    }
    server.stop()?;
    if !any {
        bail!("no test program of a crate that asks a database was found");
    }
    Ok(tally)
}
