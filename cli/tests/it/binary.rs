//! Starting `corrente`, and what came of it.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// What a run left behind.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Run {
    /// The one line on standard error that begins with `error: `.
    pub fn sentence(&self) -> &str {
        let errors: Vec<&str> = self.err.lines().filter(|line| line.starts_with("error: ")).collect();
        assert_eq!(errors.len(), 1, "one sentence is expected: {self:?}");
        errors[0]
    }
}

/// The binary with an environment of its own.
pub fn command(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_corrente"));
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if ["CORRENTE_", "DATABASE_", "OTEL_"].iter().any(|ours| name.starts_with(ours)) {
            command.env_remove(name.as_ref());
        }
    }
    command.env("CORRENTE_DATA_DIR", data).stdin(Stdio::null());
    command
}

/// Runs to the end.
pub fn run(mut command: Command) -> Run {
    let output = command.output().unwrap();
    Run {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Runs with arguments in a data directory.
pub fn corrente(data: &Path, arguments: &[&str]) -> Run {
    let mut command = command(data);
    command.args(arguments);
    run(command)
}

/// A company so small that it loads in a second.
pub const SMALL_DEMO: [&str; 9] = ["demo", "--items", "12", "--sites", "3", "--days", "120", "--until", "2026-06-30"];

/// The JSON object that a run printed last.
pub fn report(run: &Run) -> serde_json::Value {
    let last = run.out.lines().last().unwrap_or_default();
    serde_json::from_str(last).unwrap_or_else(|_| panic!("no JSON last: {run:?}"))
}

/// The purchasing workbook of the pipeline's tests.
pub fn workbook() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../pipeline/tests/fixtures/purchases.xlsx")
}

/// A server of ours; dropping it ends it.
pub struct Server {
    child: Child,
    pub address: String,
}

impl Server {
    /// Starts `serve` on a free port and waits until it says that it serves.
    pub fn start(data: &Path) -> Self {
        Self::start_with(data, &[])
    }

    /// [`Server::start`] with more variables.
    pub fn start_with(data: &Path, variables: &[(&str, &str)]) -> Self {
        Self::begin(data, &[], variables, "serving http://")
    }

    /// Starts `serve` with more arguments, and waits until it says something.
    pub fn start_until(data: &Path, more: &[&str], says: &str) -> Self {
        Self::begin(data, more, &[], says)
    }

    fn begin(data: &Path, more: &[&str], variables: &[(&str, &str)], says: &str) -> Self {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut command = command(data);
        command.args(["serve", "--bind", &free.to_string()]).args(more).envs(variables.iter().copied());
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut server = Self { child, address: free.to_string() };
        let mut told = String::new();
        while let Some(line) = lines.next() {
            told.push_str(&line.unwrap());
            told.push('\n');
            if told.contains(says) {
                // What else it says goes nowhere, but it must be able to say it.
                std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
                return server;
            }
        }
        let ended = server.child.wait().unwrap();
        panic!("the server ended ({ended}) before it served: {told}");
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to stop, and answers its exit code.
    pub fn stop(mut self) -> Option<i32> {
        let asked = Command::new("kill").args(["-TERM", &self.pid().to_string()]).status().unwrap();
        assert!(asked.success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Already gone is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
