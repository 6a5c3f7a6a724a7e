//! `cargo xtask test [FILTER...]`: every test of the house, and one line that says how many passed.
//!
//! Python's packages come first, for the test of `docs/OFFLINE.md`; then everything on the embedded database, then the
//! crates that ask a database again on a native PostgreSQL that is started for them, then the browser against the binary.

pub mod browser;
mod native;
mod rust;

use crate::place::Place;
use crate::{python, run};
use anyhow::{Result, bail};
use std::ops::AddAssign;
use std::path::PathBuf;
use std::time::Instant;

/// What to leave out, and which tests to run.
#[derive(Default)]
pub struct Options {
    /// Parts of test names; empty is all.
    pub filters: Vec<String>,
    pub no_browser: bool,
    pub no_native: bool,
}

impl Options {
    pub fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Self::default();
        for argument in arguments {
            match argument.as_str() {
                "--no-browser" => options.no_browser = true,
                "--no-native" => options.no_native = true,
                flag if flag.starts_with('-') => {
                    bail!("usage: cargo xtask test [FILTER...] [--no-browser] [--no-native]")
                }
                filter => options.filters.push(filter.to_owned()),
            }
        }
        Ok(options)
    }
}

/// How many tests passed and failed. A runner that could not do its work counts as one failure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: u64,
    pub failed: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// Runs the tests and ends with one plain line; false when a test failed.
pub fn run(place: &Place, options: &Options) -> bool {
    let tally = all(place, options);
    println!("{} passed, {} failed", tally.passed, tally.failed);
    tally.failed == 0
}

/// Runs the tests without the last line.
pub fn all(place: &Place, options: &Options) -> Tally {
    let mut tally = Tally::default();
    if !options.no_browser {
        // The server embeds dist/, so it comes first: otherwise the server would be compiled twice.
        tally += part("dashboard", || run::build_dashboard(place).map(|()| Tally::default()));
    }
    let mut interpreter = None;
    tally += part("Python packages", || {
        interpreter = Some(python::environment(place)?);
        Ok(Tally::default())
    });
    let python = interpreter.as_deref();
    tally += part("Rust, embedded database", || rust::everything(place, python, &options.filters));
    let mut binaries = rust::Binaries::default();
    if !(options.no_native && options.no_browser) {
        tally += part("test programs", || {
            binaries = rust::binaries(place)?;
            Ok(Tally::default())
        });
    }
    if !options.no_native {
        tally += part("Rust, native PostgreSQL", || native::run(place, &binaries, python, &options.filters));
    }
    if !options.no_browser {
        tally += part("browser", || browser::run(place, binaries.server.as_ref(), &options.filters));
    }
    tally
}

/// The `corrente` that the tests were built with, if there is one yet.
pub fn server(place: &Place) -> Result<Option<PathBuf>> {
    Ok(rust::binaries(place)?.server)
}

fn part(title: &str, work: impl FnOnce() -> Result<Tally>) -> Tally {
    println!("== {title}");
    let started = Instant::now();
    let tally = work().unwrap_or_else(|error| {
        println!("{title}: {error:#}");
        Tally { passed: 0, failed: 1 }
    });
    println!("== {title}: {} passed, {} failed, {:.1} s", tally.passed, tally.failed, started.elapsed().as_secs_f64());
    tally
}
