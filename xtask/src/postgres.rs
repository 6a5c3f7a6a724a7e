//! A native PostgreSQL for one run of the tests or of a measurement: its own directory, a free port, an unprivileged
//! user, gone at the end.
//!
//! Its text order is that of a person (ICU, pt-BR), not of bytes, so that a query which forgets its collation
//! differs from the embedded database here and not first at a customer's.

use crate::need;
use crate::place::{Place, output};
use anyhow::{Context, Result, bail};
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Of every server here.
const SETTINGS: [&str; 3] = ["listen_addresses=127.0.0.1", "max_wal_size=8GB", "log_min_messages=warning"];

/// What a server is started for.
#[derive(Debug, Clone, Copy)]
pub enum Purpose {
    /// Speed before durability, and room for many tests at a time.
    Tests,
    /// As an operator would set it up on two cores: durable, with memory for its work.
    Measuring,
}

impl Purpose {
    fn settings(self) -> &'static [&'static str] {
        match self {
            Self::Tests => &[
                "fsync=off",
                "synchronous_commit=off",
                "full_page_writes=off",
                "shared_buffers=256MB",
                "max_connections=200",
                "max_locks_per_transaction=1024",
            ],
            Self::Measuring => &[
                "shared_buffers=2GB",
                "effective_cache_size=8GB",
                "work_mem=64MB",
                "maintenance_work_mem=512MB",
                "random_page_cost=1.1",
                "checkpoint_timeout=15min",
            ],
        }
    }
}

/// Runs PostgreSQL until our end of the pipe closes, however this process ends, waits for its orderly stop
/// and removes its folder.
const KEEPER: &str = r#""$@" & server=$!; cat >/dev/null; kill -INT $server; wait $server; rm -rf "$0""#;

/// A running server; dropping it stops it.
pub struct Server {
    /// For `TEST_DATABASE_URL`; the user may create databases.
    pub url: String,
    pub version: String,
    folder: PathBuf,
    keeper: Child,
}

impl Server {
    pub fn start(place: &Place, purpose: Purpose) -> Result<Self> {
        let programs = programs(place)?;
        let user = unprivileged_user(place)?;
        let folder = std::env::temp_dir().join(format!("corrente-postgres-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder)?;
        if let Some(user) = user {
            std::os::unix::fs::chown(&folder, Some(user.id), Some(user.group))
                .context("giving the folder to its user")?;
        }
        let as_user = |program: &Path| {
            let mut command = place.command(program);
            command.current_dir(&folder).env_remove("CARGO_TARGET_DIR");
            if let Some(user) = user {
                user.apply(&mut command);
            }
            command
        };

        let data = folder.join("data");
        let initdb = |locale: &[&str]| {
            let _ = fs::remove_dir_all(&data);
            let mut command = as_user(&programs.join("initdb"));
            command
                .args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync", "--pgdata"])
                .arg(&data)
                .args(locale);
            output(&mut command)
        };
        if initdb(&["--locale-provider=icu", "--icu-locale=pt-BR", "--locale=C.UTF-8"]).is_err() {
            // Before PostgreSQL 15, or built without ICU.
            initdb(&["--locale=C.UTF-8"]).or_else(|_| initdb(&["--no-locale"]))?;
        }

        let log = folder.join("log");
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let mut command = as_user(Path::new("sh"));
        command.args(["-c", KEEPER]).arg(&folder).arg(programs.join("postgres")).arg("-D").arg(&data);
        command.arg("-k").arg(&folder).args(["-p", &port.to_string()]);
        for setting in SETTINGS.iter().chain(purpose.settings()) {
            command.args(["-c", setting]);
        }
        own_group(&mut command);
        let keeper = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(fs::File::create(&log)?).spawn()?;
        let version = output(place.command(programs.join("postgres")).arg("--version"))?;
        let mut server = Self {
            url: format!("postgres://postgres@127.0.0.1:{port}/postgres"),
            version: version.split_whitespace().nth(2).unwrap_or("of unknown version").to_owned(),
            folder,
            keeper,
        };
        server.wait_until_ready(place, &programs, port, &log)?;
        Ok(server)
    }

    fn wait_until_ready(&mut self, place: &Place, programs: &Path, port: u16, log: &Path) -> Result<()> {
        let started = Instant::now();
        let (port, wait) = (port.to_string(), Duration::from_millis(50));
        loop {
            let ready =
                place.command(programs.join("pg_isready")).args(["-q", "-h", "127.0.0.1", "-p", &port]).status();
            if ready.is_ok_and(|status| status.success()) {
                return Ok(());
            }
            if started.elapsed() > Duration::from_mins(1) || self.keeper.try_wait()?.is_some() {
                bail!("PostgreSQL did not start: {}", fs::read_to_string(log).unwrap_or_default().trim());
            }
            std::thread::park_timeout(wait);
        }
    }

    /// Stops the server and removes its directory; dropping does the same without a word about failures.
    pub fn stop(mut self) -> Result<()> {
        self.end().context("stopping PostgreSQL")
    }

    fn end(&mut self) -> Result<()> {
        drop(self.keeper.stdin.take());
        self.keeper.wait()?;
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder)?;
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.end();
    }
}

/// Ctrl-C reaches this program only; the server ends with the pipe.
fn own_group(command: &mut Command) {
    use std::os::unix::process::CommandExt as _;
    command.process_group(0);
}

/// The folder of the newest server programs, from Debian's packages or PATH.
fn programs(place: &Place) -> Result<PathBuf> {
    if let Some(folder) = installed() {
        return Ok(folder);
    }
    need::debian_package(
        place,
        "postgresql",
        "a native PostgreSQL to test or measure against (`test --no-native` goes without)",
    )?;
    installed().context("the package postgresql brought no server programs")
}

fn installed() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let folder = entry.ok()?.path();
            Some((folder.file_name()?.to_str()?.parse().ok()?, folder.join("bin")))
        })
        .filter(|(_, folder)| folder.join("initdb").is_file())
        .collect();
    versions.sort();
    versions.pop().map(|(_, folder)| folder).or_else(|| need::find_program("initdb")?.parent().map(PathBuf::from))
}

/// Someone other than root, who PostgreSQL refuses to run as.
#[derive(Clone, Copy)]
struct User {
    id: u32,
    group: u32,
}

impl User {
    fn apply(self, command: &mut Command) {
        use std::os::unix::process::CommandExt as _;
        command.uid(self.id).gid(self.group);
    }
}

/// None when this process is unprivileged already.
fn unprivileged_user(place: &Place) -> Result<Option<User>> {
    if !need::root(place) {
        return Ok(None);
    }
    let users = fs::read_to_string("/etc/passwd").context("reading the list of users")?;
    let user = find_user(&users, "postgres").or_else(|| find_user(&users, "nobody"));
    user.map(Some).context("PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody")
}

fn find_user(users: &str, name: &str) -> Option<User> {
    let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
    let mut numbers = line.split(':').skip(2).map(str::parse);
    Some(User { id: numbers.next()?.ok()?, group: numbers.next()?.ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_found_by_whole_name() {
        let users = "root:x:0:0::/root:/bin/sh\npostgresql:x:9:9::/:\npostgres:x:101:104::/:/bin/sh\n";
        let user = find_user(users, "postgres").unwrap();
        assert_eq!((user.id, user.group), (101, 104));
        assert!(find_user(users, "nobody").is_none());
    }

    #[test]
    fn a_server_starts_answers_and_leaves_nothing_behind() {
        // Only where PostgreSQL is installed: `cargo xtask test` installs it, plain `cargo test` must not.
        let Some(programs) = installed() else { return };
        let place = Place::here().unwrap();
        let server = Server::start(&place, Purpose::Tests).unwrap();
        let folder = server.folder.clone();
        let answer =
            output(place.command(programs.join("psql")).args([&server.url, "-Atc", "show server_version_num"]))
                .unwrap();
        assert!(answer.trim().parse::<u32>().unwrap() >= 140_000);
        let order = "select string_agg(x, '' order by x) from (values ('b'), ('A'), ('a')) v(x)";
        let order = output(place.command(programs.join("psql")).args([&server.url, "-Atc", order])).unwrap();
        assert_ne!(order.trim(), "Aab", "text is not ordered by bytes unless a query asks for it");
        let url = server.url.clone();
        server.stop().unwrap();
        assert!(!folder.exists());
        assert!(output(place.command(programs.join("pg_isready")).args(["-d", &url])).is_err());
    }
}
