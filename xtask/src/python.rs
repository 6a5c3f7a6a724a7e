//! Python for the test of the offline contract: a virtual environment with the packages of `cli/tests/requirements.txt`.

use crate::need;
use crate::place::{Place, output, succeed};
use crate::stamp::Fingerprint;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::PathBuf;

/// Where the packages and their versions stand.
const REQUIREMENTS: &str = "cli/tests/requirements.txt";
/// What the tests are told the interpreter by.
pub const VARIABLE: &str = "CORRENTE_TEST_PYTHON";
/// The pinned packages are not made for older ones.
const OLDEST_MINOR: u32 = 11;

/// The interpreter of the environment, which is made or brought up to date where it has to be.
pub fn environment(place: &Place) -> Result<PathBuf> {
    let folder = place.tools.join("python");
    let python = folder.join("bin/python");
    let version = interpreter(place)?;
    let inputs = Fingerprint::default().text(&version).path(&place.root.join(REQUIREMENTS))?;
    let stamp = folder.join("corrente-stamp");
    if inputs.matches(&stamp) && python.is_file() {
        return Ok(python);
    }
    println!("      installing the packages of {REQUIREMENTS}");
    // An environment of another interpreter cannot be mended.
    let _ = fs::remove_dir_all(&folder);
    make(place, &folder)?;
    let mut install = place.command(&python);
    install.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--only-binary",
        ":all:",
        "-r",
        REQUIREMENTS,
    ]);
    succeed(&mut install)
        .context("pandas and pyarrow, which the test of docs/OFFLINE.md runs with, cannot be installed")?;
    inputs.leave(&stamp)?;
    Ok(python)
}

/// Python 3 of the machine; returns its version.
fn interpreter(place: &Place) -> Result<String> {
    let Ok(version) = output(place.command("python3").arg("--version")) else {
        bail!(
            "Python is missing, and the test of docs/OFFLINE.md runs one: install Python 3.{OLDEST_MINOR} or later (on Debian: `apt-get install python3 python3-venv`)"
        );
    };
    if minor(&version).is_none_or(|minor| minor < OLDEST_MINOR) {
        bail!("{} is too old: the test of docs/OFFLINE.md needs Python 3.{OLDEST_MINOR} or later", version.trim());
    }
    Ok(version)
}

fn minor(version: &str) -> Option<u32> {
    version.trim().strip_prefix("Python 3.")?.split('.').next()?.parse().ok()
}

/// Makes the environment; Debian keeps what that takes in a package of its own.
fn make(place: &Place, folder: &std::path::Path) -> Result<()> {
    let make = || output(place.command("python3").args(["-m", "venv"]).arg(folder));
    if make().is_ok() {
        return Ok(());
    }
    need::debian_package(place, "python3-venv", "the test of docs/OFFLINE.md")?;
    make().map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn python_versions_are_read_and_nonsense_is_not() {
        assert_eq!(minor("Python 3.11.7\n"), Some(11));
        assert_eq!(minor("Python 2.7.18"), None);
        assert_eq!(minor(""), None);
    }
}
