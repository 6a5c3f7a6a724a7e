//! Where `corrente nightly` finds files and leaves backups.

use std::path::{Path, PathBuf};

use super::value::{ConfigError, Lookup};

/// What the nightly run reads and leaves behind.
#[derive(Debug, Clone)]
pub struct Nightly {
    /// `CORRENTE_INBOX`: the directory of the files to import; `inbox` in the data directory without it.
    pub inbox: PathBuf,
    /// `CORRENTE_BACKUP_DIR`: where backups go; `backups` in the data directory without it.
    pub backup_dir: PathBuf,
    /// `CORRENTE_BACKUPS_KEPT`: nightly backups kept; older ones are removed. 0: none is made.
    pub backups_kept: usize,
}

impl Nightly {
    pub(super) fn read(env: &Lookup<'_>, data_dir: &Path) -> Result<Self, ConfigError> {
        let directory = |name, default| {
            let text = env.text(name, "");
            if text.is_empty() { data_dir.join(default) } else { PathBuf::from(text) }
        };
        Ok(Self {
            inbox: directory("CORRENTE_INBOX", "inbox"),
            backup_dir: directory("CORRENTE_BACKUP_DIR", "backups"),
            backups_kept: env.number("CORRENTE_BACKUPS_KEPT", 7, 0, 10_000)?,
        })
    }
}
