//! The dashboard's files, embedded into the binary by a release build and read from `dist/` by any other.

use std::borrow::Cow;

use api::http::assets::Assets;
use rust_embed::RustEmbed;

/// What Trunk left in `dist/`; nothing, when the dashboard was never built.
#[derive(RustEmbed)]
#[folder = "../dist"]
#[allow_missing = true]
struct Dist;

/// The embedded dashboard.
pub struct Dashboard;

impl Dashboard {
    /// Was the dashboard there when this binary was built?
    pub fn is_there() -> bool {
        Dist::get(api::http::assets::INDEX).is_some()
    }
}

impl Assets for Dashboard {
    fn get(&self, path: &str) -> Option<Cow<'static, [u8]>> {
        Dist::get(path).map(|file| file.data)
    }
}
