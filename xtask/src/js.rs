//! The JavaScript side: packages from the committed lock files, and the bundles that esbuild makes of `frontend/js/src`.

use crate::place::{Place, succeed};
use crate::stamp::Fingerprint;
use crate::steps::Done;
use anyhow::Result;

/// Installs what `folder/package-lock.json` names, exactly. No package's own install script is run.
pub fn packages(place: &Place, folder: &str, node: &str) -> Result<Done> {
    let folder = place.root.join(folder);
    let inputs = Fingerprint::default()
        .text(node)
        .path(&folder.join("package.json"))?
        .path(&folder.join("package-lock.json"))?;
    let stamp = folder.join("node_modules/.corrente-stamp");
    if inputs.matches(&stamp) {
        return Ok(Done::Before);
    }
    succeed(
        place
            .command("npm")
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
            .current_dir(&folder),
    )?;
    inputs.leave(&stamp)?;
    Ok(Done::Now)
}

/// Bundles the page's first script and the chunks it loads when they are needed.
pub fn bundle(place: &Place) -> Result<Done> {
    let folder = place.root.join("frontend/js");
    let inputs = Fingerprint::default()
        .path(&folder.join("src"))?
        .path(&folder.join("build.mjs"))?
        .path(&folder.join("package-lock.json"))?;
    let stamp = folder.join("dist/.stamp");
    if inputs.matches(&stamp) {
        return Ok(Done::Before);
    }
    succeed(place.command("node").arg("build.mjs").current_dir(&folder))?;
    inputs.leave(&stamp)?;
    Ok(Done::Now)
}
