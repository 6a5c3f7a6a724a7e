//! PostgreSQL inside this process: the directory, its lock, and the server on a private socket.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use pglite_oxide::PgliteServer;

use crate::{Database, PoolOptions, Result, StoreError};

/// The running server and the lock on its directory, which ends with the process however it ends.
#[derive(Debug)]
pub(crate) struct EmbeddedServer {
    /// Present until it is stopped.
    server: Option<PgliteServer>,
    url: String,
    cluster: PathBuf,
    sockets: PathBuf,
    _lock: File,
}

/// Opens (and makes, the first time) the database kept in `directory/postgres`.
///
/// Fails with [`StoreError::Held`] when another process holds the directory.
pub async fn open(directory: &Path, options: &PoolOptions) -> Result<Database> {
    let directory = directory.to_path_buf();
    let started = tokio::task::spawn_blocking(move || EmbeddedServer::start(&directory));
    let server = started.await.map_err(|error| StoreError::Corrupt(error.to_string()))??;
    Database::embedded(server, options).await
}

impl EmbeddedServer {
    fn start(directory: &Path) -> Result<Self> {
        let failed = |reason: String| StoreError::Embedded { directory: directory.display().to_string(), reason };
        private_directory(directory).map_err(|error| failed(error.to_string()))?;
        let lock = hold(directory)?;
        let sockets = std::env::temp_dir().join(format!("corrente-{}-{}", std::process::id(), unique()));
        private_directory(&sockets).map_err(|error| failed(error.to_string()))?;
        let server = PgliteServer::builder()
            .path(directory.join("postgres"))
            .unix(sockets.join(".s.PGSQL.5432"))
            // The engine's own fsync must stay off: its file system cannot fsync a directory, and a checkpoint that
            // tries brings the server down. What a process writes outlives the process; against a power cut,
            // `sync` flushes from outside after each load (docs/decisions/0003).
            .postgres_config("full_page_writes", "on")
            .postgres_config("work_mem", "32MB")
            .postgres_config("maintenance_work_mem", "64MB")
            .start()
            .map_err(|error| failed(format!("{error:#}")))?;
        // The server's own address leaves the host out, which our client refuses to read.
        let url = server.connection_uri().replacen("@/", "@localhost/", 1);
        Ok(Self { server: Some(server), url, cluster: directory.join("postgres"), sockets, _lock: lock })
    }

    /// Where the one connection goes.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Flushes every file of the cluster to the disk; call it after CHECKPOINT.
    pub(crate) fn sync(&self) -> std::io::Result<()> {
        sync_tree(&self.cluster)
    }

    /// Stops the server and waits for it; its client must be closed before.
    pub(crate) fn shutdown(mut self) -> Result<()> {
        let stopped = self.server.take().map_or(Ok(()), PgliteServer::shutdown);
        stopped.map_err(|error| StoreError::Embedded {
            directory: self.sockets.display().to_string(),
            reason: format!("{error:#}"),
        })
    }
}

impl Drop for EmbeddedServer {
    fn drop(&mut self) {
        if let Some(server) = self.server.take() {
            // Stopping waits until the client is gone, and the client may live on the very thread that drops us.
            std::thread::spawn(move || drop(server));
        }
        // The socket directory is ours alone; a leftover is harmless and swept by the system.
        let _ = fs::remove_dir_all(&self.sockets);
    }
}

/// Takes the directory's lock, or names the process that has it.
fn hold(directory: &Path) -> Result<File> {
    let path = directory.join("corrente.lock");
    let failed = |error: std::io::Error| StoreError::Embedded {
        directory: directory.display().to_string(),
        reason: error.to_string(),
    };
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path)
        .map_err(failed)?;
    if file.try_lock().is_err() {
        let mut pid = String::new();
        let _ = file.read_to_string(&mut pid);
        let pid = if pid.trim().is_empty() { "unknown".into() } else { pid.trim().to_owned() };
        return Err(StoreError::Held { directory: directory.display().to_string(), pid });
    }
    file.set_len(0)
        .and_then(|()| file.rewind())
        .and_then(|()| write!(file, "{}", std::process::id()))
        .map_err(failed)?;
    Ok(file)
}

fn sync_tree(directory: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        // The server goes on while we flush: what it removed meanwhile needs no flushing.
        let flushed = entry.file_type().and_then(|kind| {
            if kind.is_dir() {
                sync_tree(&entry.path())
            } else if kind.is_file() {
                File::open(entry.path())?.sync_all()
            } else {
                Ok(())
            }
        });
        flushed.or_else(|error| if error.kind() == std::io::ErrorKind::NotFound { Ok(()) } else { Err(error) })?;
    }
    File::open(directory)?.sync_all()
}

fn private_directory(path: &Path) -> std::io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

fn unique() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}
