//! `cargo xtask bench NAME...`: hands over to the `bench` crate, built in release.

use crate::place::{Place, succeed};
use anyhow::Result;

pub fn run(place: &Place, arguments: &[String]) -> Result<bool> {
    succeed(place.cargo(["run", "--release", "--package", "bench", "--"]).args(arguments))?;
    Ok(true)
}
