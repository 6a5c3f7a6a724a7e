//! Where things are: the workspace, the build's output, the tools, the cache; and commands that start there.

use anyhow::{Context, Result, bail};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The folders of one run of xtask.
#[derive(Clone)]
pub struct Place {
    /// The workspace's root.
    pub root: PathBuf,
    /// Cargo's target directory: the workspace's own, or the shared one of `ci`.
    pub target: PathBuf,
    /// Where Trunk and wasm-bindgen are installed; programs are in its `bin`.
    pub tools: PathBuf,
    /// What may be kept between clones and runs.
    pub cache: PathBuf,
    environment: Vec<(&'static str, OsString)>,
}

impl Place {
    /// The place of the workspace that this xtask belongs to.
    pub fn here() -> Result<Self> {
        // Cargo sets the variable at run time, which stays right when two clones share a target directory.
        let own = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = own.parent().context("xtask has no parent directory")?.to_path_buf();
        let target = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(directory) => root.join(directory),
            None => root.join("target"),
        };
        Ok(Self { tools: root.join("target/tools"), cache: cache_folder()?, root, target, environment: Vec::new() })
    }

    /// The same workspace with its build output and tools elsewhere, and variables for every command started there.
    pub fn moved(&self, target: PathBuf, tools: PathBuf, environment: Vec<(&'static str, OsString)>) -> Self {
        Self { target, tools, environment, ..self.clone() }
    }

    /// A command that starts at the root, finds the pinned tools first and builds into this place's target directory.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut path = vec![self.tools.join("bin"), self.root.join("frontend/js/node_modules/.bin")];
        path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
        let mut command = Command::new(program);
        command.current_dir(&self.root).stdin(Stdio::null()).env("CARGO_TARGET_DIR", &self.target);
        if let Ok(path) = std::env::join_paths(path) {
            command.env("PATH", path);
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// `cargo` with the given arguments.
    pub fn cargo<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = self.command("cargo");
        command.args(arguments);
        command
    }
}

fn cache_folder() -> Result<PathBuf> {
    let base = match (std::env::var_os("XDG_CACHE_HOME"), std::env::var_os("HOME")) {
        (Some(cache), _) if Path::new(&cache).is_absolute() => PathBuf::from(cache),
        (_, Some(home)) => PathBuf::from(home).join(".cache"),
        _ => bail!("neither XDG_CACHE_HOME nor HOME says where the cache folder is"),
    };
    Ok(base.join("corrente"))
}

/// Runs a command to its end with its output on the terminal; a failure names the command.
pub fn succeed(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("could not start {}", line(command)))?;
    if !status.success() {
        bail!("{} failed ({status})", line(command));
    }
    Ok(())
}

/// Runs a command and returns what it wrote to stdout; a failure tells what it wrote to stderr.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("could not start {}", line(command)))?;
    if !output.status.success() {
        bail!("{} failed ({}): {}", line(command), output.status, String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn line(command: &Command) -> String {
    let mut words =
        vec![Path::new(command.get_program()).file_name().unwrap_or(command.get_program()).to_string_lossy()];
    words.extend(command.get_args().map(|argument| argument.to_string_lossy()));
    format!("`{}`", words.join(" "))
}
