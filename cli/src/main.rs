//! The one binary, `corrente`: it reads the arguments and the environment, opens the database, and runs one command.
//!
//! Here lives the wiring, one file per subcommand under [`command`]. Never here: SQL, formulas, or what a file means.
//! Start with [`run`]; a command that finds the embedded database held by `serve` goes through [`control`].

mod assets;
mod command;
mod context;
mod control;
mod jobs;
mod open;
mod output;

use std::ffi::OsString;
use std::io::IsTerminal as _;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use api::config::Config;
use api::telemetry::Telemetry;
use clap::Parser as _;
use tracing_subscriber::layer::{Identity, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer, Registry};

use command::{Cli, Command};
use context::Context;
use open::Opened;
use output::{Output, Terminal};

/// Many small objects per answer: measured faster than the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What is logged when nobody says otherwise; the pool's warnings are about its one embedded connection being busy.
const LOGGED: &str = "warn,sqlx=error";

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(asked) => {
            let code = if asked.use_stderr() { 2 } else { 0 };
            // Nobody reads any more: nothing to tell, and nobody to tell it to.
            let _ = asked.print();
            return ExitCode::from(code);
        }
    };
    let out: Arc<dyn Output> = Arc::new(Terminal::new());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let done = runtime.context("cannot start the runtime").and_then(|runtime| runtime.block_on(run(cli, &out)));
    done.map_or_else(
        |error| {
            out.err(&format!("error: {}", output::sentence(&error)));
            ExitCode::FAILURE
        },
        ExitCode::from,
    )
}

/// Runs one command here, or inside the `serve` that holds the database; answers the exit code.
async fn run(cli: Cli, out: &Arc<dyn Output>) -> Result<u8> {
    if !matches!(cli.command, Command::Serve(_)) {
        log(None::<Identity>);
    }
    let command = match cli.command {
        Command::Schema => return command::schema::run(out.as_ref()),
        Command::Serve(arguments) => return serve(arguments, out).await,
        Command::Backtest(arguments) => match &arguments.input {
            Some(file) => return command::backtest::on_file(&arguments, file, out).await,
            None => Command::Backtest(arguments),
        },
        Command::Restore(arguments) => match command::restore::check(&arguments, out.as_ref()) {
            Some(checked) => return checked,
            None => Command::Restore(arguments),
        },
        other => other,
    };
    let config = configuration(false)?;
    let password = command.password(|name| std::env::var(name).ok())?;
    let cwd = std::env::current_dir().context("cannot tell the current directory")?;
    match open::open(&config).await? {
        Opened::Held { pid } => {
            let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
            control::ask(&config.data_dir, &pid, arguments, &cwd, password, out.as_ref()).await
        }
        Opened::Here(db) => {
            let context =
                Context { db: db.clone(), out: Arc::clone(out), cwd, config: Arc::new(config), password, app: None };
            let done = open::prepare(&context, &command).await;
            let done = match done {
                Ok(()) => command::run(&context, command).await,
                Err(error) => Err(error),
            };
            // The command's own error comes first: that the database cannot be closed either follows from it.
            let closed = db.close().await;
            let code = done?;
            closed?;
            Ok(code)
        }
    }
}

/// Serves; traces go with it, where a collector is named, and the last of them are sent at the end.
async fn serve(arguments: command::serve::Arguments, out: &Arc<dyn Output>) -> Result<u8> {
    let config = configuration(true)?;
    let telemetry = config.traces.as_ref().map(Telemetry::start).transpose()?;
    log(telemetry.as_ref().map(Telemetry::layer));
    let served = Box::pin(command::serve::run(arguments, config, out)).await;
    if let Some(telemetry) = telemetry {
        telemetry.end().await;
    }
    served
}

/// The environment's configuration. Only `serve` signs tokens, so only `serve` insists on a secret.
fn configuration(signs: bool) -> Result<Config> {
    Ok(Config::read(|name| {
        let value = std::env::var(name).ok().filter(|value| !value.trim().is_empty());
        if name == "CORRENTE_JWT_SECRET" && !signs { value.or_else(|| Some("-".repeat(32))) } else { value }
    })?)
}

/// Log lines go to standard error, as `CORRENTE_LOG` filters them; spans go to `traces`.
fn log(traces: Option<impl Layer<Registry> + Send + Sync>) {
    let filter =
        std::env::var("CORRENTE_LOG").ok().filter(|filter| !filter.is_empty()).unwrap_or_else(|| LOGGED.into());
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new(LOGGED));
    let colours = std::io::stderr().is_terminal();
    let lines = tracing_subscriber::fmt::layer().with_ansi(colours).with_writer(std::io::stderr);
    tracing_subscriber::registry().with(traces).with(lines.with_filter(filter)).init();
}
