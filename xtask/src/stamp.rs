//! Fingerprints: a step is not repeated while the content of its inputs stays the same.
//! Times of files are never looked at, since a fresh clone or a switched branch changes them all.

use anyhow::{Context, Result};
use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::Path;

/// Names that never count as input: outputs and downloads beside the sources.
const NOT_INPUT: [&str; 3] = ["node_modules", "dist", "target"];

/// Collects the inputs of a step.
#[derive(Default)]
pub struct Fingerprint(DefaultHasher);

impl Fingerprint {
    /// Adds a text, such as a version.
    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        text.hash(&mut self.0);
        self
    }

    /// Adds a file, or a folder with everything below it; what does not exist counts as absent.
    pub fn path(mut self, path: &Path) -> Result<Self> {
        self.add(path).with_context(|| format!("reading {}", path.display()))?;
        Ok(self)
    }

    fn add(&mut self, path: &Path) -> Result<()> {
        if path.is_dir() {
            let mut entries = fs::read_dir(path)?.map(|entry| Ok(entry?.file_name())).collect::<Result<Vec<_>>>()?;
            entries.sort();
            for name in entries.iter().filter(|name| !NOT_INPUT.iter().any(|not| name == not)) {
                name.hash(&mut self.0);
                self.add(&path.join(name))?;
            }
        } else if path.exists() {
            fs::read(path)?.hash(&mut self.0);
        } else {
            "absent".hash(&mut self.0);
        }
        Ok(())
    }

    /// Whether `stamp` was left by a run with these same inputs.
    pub fn matches(&self, stamp: &Path) -> bool {
        fs::read_to_string(stamp).is_ok_and(|text| text == self.word())
    }

    /// Leaves the stamp; called last, so that an interrupted step is repeated.
    pub fn leave(&self, stamp: &Path) -> Result<()> {
        if let Some(folder) = stamp.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(stamp, self.word()).with_context(|| format!("writing {}", stamp.display()))
    }

    fn word(&self) -> String {
        format!("{:016x}", self.0.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> std::path::PathBuf {
        let folder = std::env::temp_dir().join(format!("corrente-stamp-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("sub")).unwrap();
        fs::write(folder.join("sub/a"), "one").unwrap();
        folder
    }

    #[test]
    fn a_stamp_holds_until_content_changes() {
        let folder = scratch("content");
        let stamp = folder.join("target/stamp");
        let of = || Fingerprint::default().text("1.0").path(&folder).unwrap();
        assert!(!of().matches(&stamp));
        of().leave(&stamp).unwrap();
        fs::write(folder.join("sub/a"), "one").unwrap();
        assert!(of().matches(&stamp), "the same content written again is the same input");
        fs::write(folder.join("sub/a"), "two").unwrap();
        assert!(!of().matches(&stamp));
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_renamed_or_added_file_is_another_input() {
        let folder = scratch("names");
        let stamp = folder.join("target/stamp");
        let of = || Fingerprint::default().path(&folder).unwrap();
        of().leave(&stamp).unwrap();
        fs::rename(folder.join("sub/a"), folder.join("sub/b")).unwrap();
        assert!(!of().matches(&stamp));
        fs::rename(folder.join("sub/b"), folder.join("sub/a")).unwrap();
        assert!(of().matches(&stamp));
        fs::write(folder.join("sub/c"), "").unwrap();
        assert!(!of().matches(&stamp));
        fs::remove_dir_all(folder).unwrap();
    }
}
