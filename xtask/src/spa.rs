//! The dashboard's files: Trunk builds `frontend` into `dist/`, and every text file gets a brotli copy beside it.

use crate::place::{Place, output, succeed};
use crate::stamp::Fingerprint;
use crate::steps::{Done, Steps};
use crate::{js, need, tools};
use anyhow::Result;

/// How many steps [`steps`] takes.
pub const STEPS: usize = 7;

/// Everything from an empty machine to a filled `dist/`.
pub fn steps(place: &Place, steps: &mut Steps) -> Result<()> {
    let mut node = String::new();
    steps.step("what the machine brings", || {
        need::c_compiler()?;
        node = need::node(place)?;
        Ok(Done::Now)
    })?;
    steps.step("Rust's WebAssembly target", || tools::wasm_target(place))?;
    steps.step(&tools::TRUNK.title(), || tools::TRUNK.install(place))?;
    steps.step(&tools::WASM_BINDGEN.title(), || tools::WASM_BINDGEN.install(place))?;
    steps.step("JavaScript packages", || js::packages(place, "frontend/js", &node))?;
    steps.step("JavaScript bundles", || js::bundle(place))?;
    steps.step("dashboard (WebAssembly)", || build(place))
}

fn build(place: &Place) -> Result<Done> {
    let mut inputs = Fingerprint::default().text(&output(place.command("rustc").arg("--version"))?);
    for name in ["frontend", "style", "index.html", "Trunk.toml", "schema.graphql", "Cargo.toml", "Cargo.lock"] {
        inputs = inputs.path(&place.root.join(name))?;
    }
    // The stamp is about dist/, which is the clone's own even where the build output is shared.
    let stamp = place.root.join("target/xtask/dist.stamp");
    let dist = place.root.join("dist");
    if dist.join("index.html").is_file() && inputs.matches(&stamp) {
        return Ok(Done::Before);
    }
    succeed(place.command(place.tools.join("bin/trunk")).args(["build", "--release"]).env_remove("NO_COLOR"))?;
    succeed(place.command("node").arg("frontend/js/precompress.mjs").arg(&dist))?;
    inputs.leave(&stamp)?;
    Ok(Done::Now)
}
