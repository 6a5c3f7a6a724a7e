//! `cargo xtask shots [PATH...]`: pictures of the pages of the real binary with the demo company, into `target/shots`.

use crate::place::{Place, succeed};
use crate::steps::Done;
use crate::{js, need, run, test};
use anyhow::{Context, Result, bail};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// An administrator, who sees every page.
const LOGIN: &str = "admin@demo.corrente";
const PAGES: [&str; 11] = [
    "/login",
    "/",
    "/materials",
    "/forecasts",
    "/inventory",
    "/recommendations",
    "/alerts",
    "/admin/users",
    "/admin/audit",
    "/admin/imports",
    "/admin/tokens",
];

pub fn run(place: &Place, arguments: &[String]) -> Result<bool> {
    drop(run::build(place)?);
    let node = need::node(place)?;
    if js::packages(place, "e2e", &node)? == Done::Now {
        println!("Playwright installed");
    }
    let chromium = test::browser::chromium(place)?;

    let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
    let mut command = place.command(place.target.join("release/corrente"));
    command.args(["serve", "--demo", "--bind", &address.to_string()]);
    // A demo company of its own, kept between runs.
    command.env("CORRENTE_DATA_DIR", place.root.join("target/shots-data")).env_remove("DATABASE_URL");
    let mut server = Server::start(command)?;
    let password = server.password_of(LOGIN, address)?;

    let folder = place.root.join("target/shots");
    let mut shots = place.command("node");
    shots.arg("e2e/shots.mjs").arg(format!("http://{address}")).arg(&folder).args([LOGIN, &password]);
    if arguments.is_empty() {
        shots.args(PAGES);
    } else {
        shots.args(arguments);
    }
    succeed(shots.env("CORRENTE_CHROMIUM", chromium))?;
    Ok(true)
}

/// A server of ours; dropping it ends it in order.
struct Server {
    child: Child,
    lines: Receiver<String>,
}

impl Server {
    fn start(mut command: Command) -> Result<Self> {
        let mut child = command.stdout(Stdio::piped()).spawn().context("starting the server")?;
        let stdout = child.stdout.take().context("the server has no stdout")?;
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                println!("      {line}");
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Ok(Self { child, lines })
    }

    /// Waits until the server is ready and finds the password it printed beside the login: the last word of that line.
    fn password_of(&mut self, login: &str, address: SocketAddr) -> Result<String> {
        let started = Instant::now();
        let mut password = None;
        while started.elapsed() < Duration::from_mins(10) {
            if let Ok(line) = self.lines.recv_timeout(Duration::from_millis(200)) {
                password = password.or_else(|| word_after(&line, login));
                continue;
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended with {status} before it was ready");
            }
            if ready(address) {
                return password.with_context(|| format!("the server printed no password for {login}"));
            }
        }
        bail!("the server was not ready within ten minutes")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // SIGTERM, so that the embedded database closes in order.
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        if !asked.is_ok_and(|status| status.success()) {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

fn word_after(line: &str, login: &str) -> Option<String> {
    let (_, rest) = line.split_once(login)?;
    rest.split_whitespace().last().map(str::to_owned)
}

fn ready(address: SocketAddr) -> bool {
    let ask = || -> Result<String> {
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        stream.write_all(
            format!("GET /health/ready HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes(),
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}

#[cfg(test)]
mod tests {
    use super::word_after;

    #[test]
    fn the_password_is_the_last_word_beside_the_login() {
        assert_eq!(
            word_after("  analyst@demo.corrente   ANALYST  secret-1", "analyst@demo.corrente"),
            Some("secret-1".to_owned())
        );
        assert_eq!(word_after("admin@demo.corrente  secret", "analyst@demo.corrente"), None);
    }
}
