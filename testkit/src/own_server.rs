//! A native server that one test has for itself, so that it may stop it.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use store::Database;

use crate::Outcome;
use crate::native::small_pool;

/// How long the server may take to start.
const PATIENCE: Duration = Duration::from_mins(1);
/// Few tests need a server, and each for a moment: speed before durability.
const SETTINGS: [&str; 5] = [
    "listen_addresses=127.0.0.1",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "log_min_messages=fatal",
];
/// Runs the server until our end of the pipe closes, however this process ends; SIGINT ends its sessions and stops it.
const KEEPER: &str = r#""$@" & server=$!; cat >/dev/null; kill -INT $server; wait $server"#;

/// A server of the programs, and of the user, of the one under test. Dropping it stops it and removes its folder.
#[derive(Debug)]
pub struct OwnServer {
    url: String,
    port: String,
    programs: PathBuf,
    /// Someone other than root, as whom PostgreSQL refuses to run; `None` where we are that already.
    user: Option<(u32, u32)>,
    folder: tempfile::TempDir,
    keeper: Option<Child>,
}

impl OwnServer {
    /// Starts one on this machine, where the server at `url` must be too.
    pub(crate) async fn start_beside(url: &str) -> Outcome<Self> {
        let under_test = Database::connect(url, &small_pool()).await?;
        let programs = setting(&under_test, "SELECT setting FROM pg_config WHERE name = 'BINDIR'").await?;
        let data = setting(&under_test, "SELECT current_setting('data_directory')").await?;
        under_test.close().await?;
        let owner = fs::metadata(data)?;
        let user = (owner.uid() != fs::metadata("/proc/self")?.uid()).then(|| (owner.uid(), owner.gid()));
        let folder = tempfile::Builder::new().prefix("corrente-own-server-").tempdir()?;
        if let Some((user, group)) = user {
            std::os::unix::fs::chown(folder.path(), Some(user), Some(group))?;
        }
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port().to_string();
        let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
        let mut server = Self { url, port, programs: programs.into(), user, folder, keeper: None };
        let made = server
            .as_user(&server.programs.join("initdb"))
            .args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync", "--pgdata"])
            .arg(server.data())
            .output()?;
        if !made.status.success() {
            return Err(String::from_utf8_lossy(&made.stderr).into());
        }
        server.start()?;
        server.wait_until_ready()?;
        Ok(server)
    }

    /// Its address; the same after each start.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Starts it again, without waiting until it answers.
    pub fn start(&mut self) -> std::io::Result<()> {
        let mut command = self.as_user(Path::new("sh"));
        command.args(["-c", KEEPER, "keeper"]).arg(self.programs.join("postgres")).arg("-D").arg(self.data());
        command.arg("-k").arg(self.folder.path()).args(["-p", &self.port]);
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        // What ends this program from the keyboard reaches the server through the pipe alone.
        command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        self.keeper = Some(command.spawn()?);
        Ok(())
    }

    /// Stops it as an operator would who does not wait for its sessions; when this returns, nobody listens any more.
    pub fn stop(&mut self) -> std::io::Result<()> {
        if let Some(mut keeper) = self.keeper.take() {
            drop(keeper.stdin.take());
            keeper.wait()?;
        }
        Ok(())
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn as_user(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.folder.path());
        if let Some((user, group)) = self.user {
            command.uid(user).gid(group);
        }
        command
    }

    fn wait_until_ready(&mut self) -> Outcome<()> {
        let started = Instant::now();
        let asking = self.programs.join("pg_isready");
        while !Command::new(&asking).args(["-q", "-h", "127.0.0.1", "-p", &self.port]).status()?.success() {
            let ended = self.keeper.as_mut().is_none_or(|keeper| !matches!(keeper.try_wait(), Ok(None)));
            if ended || started.elapsed() > PATIENCE {
                return Err("PostgreSQL did not start".into());
            }
            std::thread::park_timeout(Duration::from_millis(20));
        }
        Ok(())
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        // Its folder goes after it; nobody is left to tell a failure.
        let _ = self.stop();
    }
}

async fn setting(db: &Database, sql: &str) -> Outcome<String> {
    let row = db.writer().query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
    Ok(row.ok_or("the server under test does not say where it is")?.try_get_by_index(0)?)
}
