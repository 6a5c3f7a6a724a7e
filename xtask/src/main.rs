//! `cargo xtask`: how this house is built, tested and kept in order. Plain Rust on `std::process`, so that it compiles
//! in seconds on a fresh machine. What never lives here: anything the product itself needs at run time.
//!
//! Start at [`run`] for the way from a fresh clone to a served dashboard, at [`ci`] for what has to hold before a merge,
//! at [`tidy`] for the rules of the house.
#![allow(clippy::print_stdout, reason = "this program's output is its terminal")]

mod bench;
mod ci;
mod js;
mod need;
mod place;
mod postgres;
mod python;
mod run;
mod schema;
mod shots;
mod spa;
mod stamp;
mod steps;
mod test;
mod tidy;
mod tools;

use anyhow::{Result, bail};
use place::Place;
use std::process::ExitCode;

const HELP: &str = "cargo xtask COMMAND

  run [--bind ADDR]      build everything and serve the dashboard with the demo company
  dashboard              build the dashboard alone, into dist/
  test [FILTER...]       every test: embedded, native PostgreSQL, browser  [--no-native] [--no-browser]
  ci                     what has to hold before a merge: format, lints, tidy, schema, docs, every test
  schema [--check]       write schema.graphql from the code, or compare it
  tidy                   the rules of the house
  bench [NAME...]        measure; see `cargo xtask bench help`
  shots [PATH...]        pictures of the pages, light and dark, into target/shots";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Runs the named command; `Ok(false)` is a finding that the command has already told about.
fn dispatch(arguments: &[String]) -> Result<bool> {
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", arguments),
    };
    let place = Place::here()?;
    match command {
        "run" => run::run(&place, rest).map(|()| true),
        "test" => Ok(test::run(&place, &test::Options::parse(rest)?)),
        "dashboard" => run::build_dashboard(&place).map(|()| true),
        "ci" => ci::run(&place),
        "schema" => schema::run(&place, rest),
        "tidy" => tidy::run(&place),
        "bench" => bench::run(&place, rest),
        "shots" => shots::run(&place, rest),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(true)
        }
        other => bail!("there is no command `{other}`\n\n{HELP}"),
    }
}
