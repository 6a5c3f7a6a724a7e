//! The control socket: other commands run inside the `serve` that holds the embedded database.
//!
//! The socket is there from the moment the database is held; until the server serves, askers are told what it is at.
//! The asker sends one JSON line, [`Request`]; the server answers with one JSON line per [`Frame`], the last an exit.

use std::ffi::OsString;
use std::fs::{self, File, Permissions};
use std::os::fd::AsRawFd as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use anyhow::{Context as _, Result, bail};
use api::app::App;
use api::config::Config;
use clap::Parser as _;
use serde::{Deserialize, Serialize};
use store::Database;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_util::task::TaskTracker;

use crate::command::{self, Cli, Command};
use crate::context::Context;
use crate::output::{self, Output};

/// The socket's name in the data directory.
const NAME: &str = "corrente.sock";
/// Bytes that the system takes as a socket's path, the closing zero left out.
const LONGEST_PATH: usize = 107;
/// Bytes of a request; thousands of file names fit.
const LONGEST_REQUEST: u64 = 4 * 1024 * 1024;

#[derive(Serialize, Deserialize)]
struct Request {
    args: Vec<String>,
    cwd: PathBuf,
    password: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Frame {
    Out(String),
    Err(String),
    Exit(u8),
}

/// Runs the command in the process `pid`, which holds `directory`; answers its exit code.
pub async fn ask(
    directory: &Path,
    pid: &str,
    args: Vec<OsString>,
    cwd: &Path,
    password: Option<String>,
    out: &dyn Output,
) -> Result<u8> {
    let address = Address::of(directory)?;
    let Ok(stream) = UnixStream::connect(&address.path).await else {
        bail!(
            "the embedded database in {} is held by process {pid}, which takes no commands now; try again when it has ended or is serving",
            directory.display()
        );
    };
    let args = args
        .into_iter()
        .map(|argument| argument.into_string().map_err(|bad| anyhow::anyhow!("{} is not UTF-8", bad.display())));
    let request = Request { args: args.collect::<Result<_>>()?, cwd: cwd.to_path_buf(), password };
    let (read, mut write) = stream.into_split();
    let mut line = serde_json::to_vec(&request)?;
    line.push(b'\n');
    write.write_all(&line).await?;
    let mut lines = BufReader::new(read).lines();
    while let Some(line) = lines.next_line().await? {
        match serde_json::from_str(&line)
            .context("the server's answer cannot be read; is it another version of corrente?")?
        {
            Frame::Out(line) => out.out(&line),
            Frame::Err(line) => out.err(&line),
            Frame::Exit(code) => return Ok(code),
        }
    }
    bail!("process {pid} ended before the command was done")
}

/// The server's end.
pub struct Control {
    state: RwLock<State>,
    /// Commands that run now.
    pub running: TaskTracker,
}

/// What the server can do for an asker.
enum State {
    /// Nothing yet: it is at this.
    Starting(String),
    /// Commands run on this.
    Serving(Box<Serving>),
    /// Nothing any more.
    Stopping,
}

/// What commands run on.
#[derive(Clone)]
pub struct Serving {
    pub db: Database,
    /// The server's configuration.
    pub config: Arc<Config>,
    /// The server itself.
    pub app: App,
}

/// Makes the socket. The directory's lock is ours, so a socket that is already there was left behind.
pub fn listen(directory: &Path) -> Result<UnixListener> {
    let address = Address::of(directory)?;
    let bound = fs::remove_file(&address.path).or_else(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Ok(()),
        _ => Err(error),
    });
    let listener = bound.and_then(|()| UnixListener::bind(&address.path));
    let listener =
        listener.with_context(|| format!("cannot make the control socket {}", directory.join(NAME).display()))?;
    fs::set_permissions(&address.path, Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// Takes the socket away.
pub fn forget(directory: &Path) {
    // Whoever comes next replaces a leftover.
    let _ = fs::remove_file(directory.join(NAME));
}

impl Default for Control {
    fn default() -> Self {
        Self { state: RwLock::new(State::Starting("opening the database".into())), running: TaskTracker::new() }
    }
}

impl Control {
    /// Askers are told from now on that the server is at `step`.
    pub fn starting(&self, step: &str) {
        self.set(State::Starting(step.to_owned()));
    }

    /// Commands are taken from now on.
    pub fn ready(&self, serving: Serving) {
        self.set(State::Serving(Box::new(serving)));
    }

    /// No commands are taken any more.
    pub fn stopping(&self) {
        self.set(State::Stopping);
    }

    fn set(&self, state: State) {
        // The lock is held for an assignment only, which cannot leave anything half done.
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = state;
    }

    /// What commands run on, or why none can.
    fn serving(&self) -> Result<Serving, String> {
        match &*self.state.read().unwrap_or_else(PoisonError::into_inner) {
            State::Starting(step) => {
                Err(format!("`corrente serve` is still starting: {step}; try again when it serves"))
            }
            State::Serving(serving) => Ok((**serving).clone()),
            State::Stopping => Err("`corrente serve` is stopping; try again when it has ended".into()),
        }
    }

    /// Answers askers until it is dropped.
    pub async fn serve(self: Arc<Self>, listener: UnixListener) {
        while let Ok((stream, _)) = listener.accept().await {
            let control = Arc::clone(&self);
            self.running.spawn(async move {
                // The asker went away; what it asked for is done all the same.
                let _ = control.answer(stream).await;
            });
        }
    }

    async fn answer(&self, stream: UnixStream) -> Result<()> {
        let (read, mut write) = stream.into_split();
        let mut line = String::new();
        BufReader::new(tokio::io::AsyncReadExt::take(read, LONGEST_REQUEST)).read_line(&mut line).await?;
        let (frames, waiting) = unbounded_channel();
        let done = match serde_json::from_str::<Request>(&line) {
            Ok(request) => self.start(request, &frames),
            Err(error) => {
                let _ = frames.send(Frame::Err(format!("error: the request cannot be read: {error}")));
                let _ = frames.send(Frame::Exit(2));
                Ok(())
            }
        };
        drop(frames);
        done?;
        forward(waiting, &mut write).await
    }

    /// Starts the command; its frames come as it goes on.
    fn start(&self, request: Request, frames: &UnboundedSender<Frame>) -> Result<()> {
        let out = Arc::new(Remote(frames.clone()));
        let cli = Cli::try_parse_from(std::iter::once("corrente".to_owned()).chain(request.args));
        let command = match cli {
            Ok(Cli { command }) => command,
            Err(error) => {
                out.err(error.to_string().trim_end());
                frames.send(Frame::Exit(2))?;
                return Ok(());
            }
        };
        let refused = match &command {
            Command::Restore(_) => Some(
                "a running server cannot be restored into; stop `corrente serve` first, and restore into an empty database",
            ),
            Command::Serve(_) | Command::Migrate(_) | Command::Schema => {
                Some("a running server cannot do this to itself; stop `corrente serve` first")
            }
            _ => None,
        };
        let serving = match (refused, self.serving()) {
            (None, Ok(serving)) => serving,
            (Some(refused), _) => return refuse(frames, refused),
            (None, Err(reason)) => return refuse(frames, &reason),
        };
        let context = Context {
            db: serving.db,
            out: out.clone(),
            cwd: request.cwd,
            config: serving.config,
            password: request.password,
            app: Some(serving.app),
        };
        // Commands need not be Send, so each has a thread to itself; what they spawn runs on the server's runtime.
        let runtime = tokio::runtime::Handle::current();
        self.running.spawn_blocking(move || {
            let code = runtime.block_on(command::run(&context, command)).unwrap_or_else(|error| {
                context.out.err(&format!("error: {}", output::sentence(&error)));
                1
            });
            // An asker that is gone needs no exit code.
            let _ = out.0.send(Frame::Exit(code));
        });
        Ok(())
    }
}

fn refuse(frames: &UnboundedSender<Frame>, reason: &str) -> Result<()> {
    frames.send(Frame::Err(format!("error: {reason}")))?;
    Ok(frames.send(Frame::Exit(1))?)
}

async fn forward(mut frames: UnboundedReceiver<Frame>, write: &mut (impl tokio::io::AsyncWrite + Unpin)) -> Result<()> {
    while let Some(frame) = frames.recv().await {
        let mut line = serde_json::to_vec(&frame)?;
        line.push(b'\n');
        write.write_all(&line).await?;
    }
    Ok(())
}

/// The asker's terminal.
struct Remote(UnboundedSender<Frame>);

impl Output for Remote {
    fn out(&self, line: &str) {
        let _ = self.0.send(Frame::Out(line.to_owned()));
    }

    fn err(&self, line: &str) {
        let _ = self.0.send(Frame::Err(line.to_owned()));
    }

    fn draws(&self) -> bool {
        false
    }
}

/// A path that the system takes, however deep the directory lies.
struct Address {
    path: PathBuf,
    _directory: Option<File>,
}

impl Address {
    fn of(directory: &Path) -> Result<Self> {
        let path = directory.join(NAME);
        if path.as_os_str().as_bytes().len() <= LONGEST_PATH {
            return Ok(Self { path, _directory: None });
        }
        // Through an open handle the directory has a short name.
        let open = File::open(directory).with_context(|| format!("cannot open {}", directory.display()))?;
        let handle = PathBuf::from(format!("/proc/self/fd/{}", open.as_raw_fd()));
        if !handle.exists() {
            bail!(
                "the path of {} is too long for a socket ({LONGEST_PATH} bytes at most); choose a shorter CORRENTE_DATA_DIR",
                path.display()
            );
        }
        Ok(Self { path: handle.join(NAME), _directory: Some(open) })
    }
}
