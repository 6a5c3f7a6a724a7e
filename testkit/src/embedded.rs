//! Embedded test databases: migrated once per history into a template directory, then copied per test.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use store::{Database, PoolOptions};

use crate::Outcome;

/// A copy of the migrated template, opened.
pub(crate) async fn create(options: &PoolOptions) -> Outcome<(Database, tempfile::TempDir)> {
    let template = template().await?;
    let directory = tempfile::Builder::new().prefix("corrente-test-").tempdir()?;
    let target = directory.path().join("postgres");
    tokio::task::spawn_blocking(move || copy(&template, &target)).await??;
    Ok((store::open_embedded(directory.path(), options).await?, directory))
}

/// The directory of the migrated template; the first test of the first process makes it, the others wait.
async fn template() -> Outcome<PathBuf> {
    let home = std::env::temp_dir().join(format!("corrente-testkit-{:016x}", migration::fingerprint()));
    fs::create_dir_all(&home)?;
    let lock = File::create(home.join("lock"))?;
    let lock = tokio::task::spawn_blocking(move || lock.lock().map(|()| lock)).await??;
    let finished = home.join("template");
    if !finished.exists() {
        let making = home.join("making");
        let _ = fs::remove_dir_all(&making);
        let database = store::open_embedded(&making, &PoolOptions::default()).await?;
        migration::up(database.writer()).await?;
        database.close().await?;
        // The rename is the commit: a template that exists is whole.
        fs::rename(making.join("postgres"), &finished)?;
    }
    drop(lock);
    Ok(finished)
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            copy(&entry.path(), &target)?;
        } else if kind.is_symlink() {
            std::os::unix::fs::symlink(fs::read_link(entry.path())?, &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
        }
    }
    fs::set_permissions(to, fs::metadata(from)?.permissions())
}
