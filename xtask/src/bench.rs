//! `cargo xtask bench NAME...`: hands over to the `bench` crate, built in release, with a PostgreSQL of its own.

use crate::place::{Place, succeed};
use crate::postgres::{Purpose, Server};
use anyhow::Result;

/// What asks a database; the others need no server.
const ASKS_A_DATABASE: [&str; 3] = ["graph", "ingest", "store"];

pub fn run(place: &Place, arguments: &[String]) -> Result<bool> {
    let mut command = place.cargo(["run", "--release", "--package", "bench", "--"]);
    command.args(arguments);
    let given = std::env::var_os("BENCH_DATABASE_URL").is_some();
    if given || !arguments.iter().any(|argument| ASKS_A_DATABASE.contains(&argument.as_str())) {
        succeed(&mut command)?;
        return Ok(true);
    }
    let server = Server::start(place, Purpose::Measuring)?;
    println!("PostgreSQL {} answers on {}", server.version, server.url);
    let measured = succeed(command.env("BENCH_DATABASE_URL", &server.url));
    server.stop()?;
    measured?;
    Ok(true)
}
