//! The WASM side's tools: rustup's target, and Trunk and wasm-bindgen at the versions that `Trunk.toml` names.

use crate::need::find_program;
use crate::place::{Place, output, succeed};
use crate::steps::Done;
use anyhow::{Result, bail};
use std::path::Path;

pub const WASM: &str = "wasm32-unknown-unknown";

/// A program from the Rust registry at one version.
pub struct Tool {
    package: &'static str,
    program: &'static str,
    version: &'static str,
    /// Whether the versions in the package's own lock file still resolve.
    locked: bool,
    /// 0 compiles fastest; 1 where the program itself has real work to do.
    optimise: &'static str,
}

pub const TRUNK: Tool = Tool { package: "trunk", program: "trunk", version: "0.21.14", locked: true, optimise: "0" };
pub const WASM_BINDGEN: Tool =
    Tool { package: "wasm-bindgen-cli", program: "wasm-bindgen", version: "0.2.130", locked: false, optimise: "1" };

/// Adds the WASM target to the toolchain in use.
pub fn wasm_target(place: &Place) -> Result<Done> {
    let sysroot = output(place.command("rustc").args(["--print", "sysroot"]))?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(WASM).join("lib").is_dir() {
        return Ok(Done::Before);
    }
    if find_program("rustup").is_none() {
        bail!(
            "the Rust toolchain lacks {WASM}, and there is no rustup to add it: install Rust by rustup (https://rustup.rs)"
        );
    }
    succeed(place.command("rustup").args(["target", "add", WASM]))?;
    Ok(Done::Now)
}

impl Tool {
    /// What a step is called.
    pub fn title(&self) -> String {
        format!("{} {}", self.package, self.version)
    }

    /// Installs the tool unless it is there at this version. Without TLS and optimisation it builds in a third of the time;
    /// it never needs the network.
    pub fn install(&self, place: &Place) -> Result<Done> {
        let program = place.tools.join("bin").join(self.program);
        if output(place.command(&program).arg("--version"))
            .is_ok_and(|said| said.trim().ends_with(&format!(" {}", self.version)))
        {
            return Ok(Done::Before);
        }
        let mut command = place.cargo(["install", "--force", "--no-default-features"]);
        command.arg(format!("{}@{}", self.package, self.version)).arg("--root").arg(&place.tools);
        if self.locked {
            command.arg("--locked");
        }
        println!("      building it once, a few minutes on a small machine");
        succeed(
            command
                // Kept between clones: the next installation links what is compiled already.
                .env("CARGO_TARGET_DIR", place.cache.join("tools-build"))
                .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", self.optimise)
                .env("CARGO_PROFILE_RELEASE_LTO", "off")
                .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
                .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
                .env("CARGO_PROFILE_RELEASE_STRIP", "none"),
        )?;
        Ok(Done::Now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str) -> String {
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)).unwrap()
    }

    #[test]
    fn every_file_names_the_same_tool_versions() {
        let trunk = read("Trunk.toml");
        assert!(trunk.contains(&format!("trunk-version = \"={}\"", TRUNK.version)));
        assert!(trunk.contains(&format!("wasm_bindgen = \"{}\"", WASM_BINDGEN.version)));
        assert!(
            read("Cargo.lock").contains(&format!("name = \"wasm-bindgen\"\nversion = \"{}\"", WASM_BINDGEN.version))
        );
        let binaryen = trunk.split("wasm_opt = \"version_").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        assert!(read("frontend/js/package.json").contains(&format!("\"binaryen\": \"{binaryen}.")));
    }
}
