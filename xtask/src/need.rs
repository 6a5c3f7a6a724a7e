//! What the machine has to bring, said in one sentence when it is missing; and what Debian's packages can add.

use crate::place::{Place, output, succeed};
use anyhow::{Result, bail};
use std::path::PathBuf;

const OLDEST_NODE: u32 = 20;

/// Node.js 20 or later with npm; returns Node's version.
pub fn node(place: &Place) -> Result<String> {
    let Ok(version) = output(place.command("node").arg("--version")) else {
        bail!(
            "Node.js is missing: install Node.js {OLDEST_NODE} or later (on Debian: `apt-get install nodejs npm`, or from nodejs.org)"
        );
    };
    let version = version.trim().to_owned();
    if node_major(&version).is_none_or(|major| major < OLDEST_NODE) {
        bail!("Node.js {version} is too old: Corrente's build needs {OLDEST_NODE} or later");
    }
    if output(place.command("npm").arg("--version")).is_err() {
        bail!("npm is missing: it comes with Node.js (on Debian: `apt-get install npm`)");
    }
    Ok(version)
}

fn node_major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// A C compiler, which the server's compression and allocator need.
pub fn c_compiler() -> Result<()> {
    let named = std::env::var_os("CC").map(PathBuf::from);
    if named.is_none() && !["cc", "gcc", "clang"].iter().any(|name| find_program(name).is_some()) {
        bail!("a C compiler is missing: install one (on Debian: `apt-get install build-essential`)");
    }
    Ok(())
}

/// The first program of that name on PATH.
pub fn find_program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// Whether this process runs as root.
pub fn root(place: &Place) -> bool {
    output(place.command("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// Installs a Debian package where that is possible without asking anybody; otherwise says what to install and what for.
pub fn debian_package(place: &Place, package: &str, purpose: &str) -> Result<()> {
    let sudo = if root(place) {
        None
    } else if find_program("sudo").is_some() && output(place.command("sudo").args(["-n", "true"])).is_ok() {
        Some("sudo")
    } else {
        bail!("{purpose} needs {package}: install it first (on Debian or Ubuntu: `sudo apt-get install {package}`)");
    };
    if find_program("apt-get").is_none() {
        bail!("{purpose} needs {package}: install it with this system's package manager");
    }
    let apt = |arguments: &[&str]| {
        let mut command = place.command(sudo.unwrap_or("apt-get"));
        if sudo.is_some() {
            command.args(["-n", "apt-get"]);
        }
        succeed(
            command
                .args(["-q", "-y", "-o", "Dpkg::Use-Pty=0"])
                .args(arguments)
                .env("DEBIAN_FRONTEND", "noninteractive"),
        )
    };
    println!("      installing {package} ({purpose})");
    // The package lists may be fresh enough; refreshing them takes longer than most installations.
    if apt(&["install", "--no-install-recommends", package]).is_err() {
        apt(&["update"])?;
        apt(&["install", "--no-install-recommends", package])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_versions_are_read_and_nonsense_is_not() {
        assert_eq!(node_major("v20.20.2"), Some(20));
        assert_eq!(node_major("v9.0.0"), Some(9));
        assert_eq!(node_major("20"), None);
        assert_eq!(node_major(""), None);
    }
}
