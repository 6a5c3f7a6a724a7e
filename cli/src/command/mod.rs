//! The subcommands, one file each: its arguments and its `run`, which answers the exit code.
//!
//! Never here: how the database was opened, or which process runs the command. Start with [`Command`].

pub mod backtest;
pub mod backup;
pub mod demo;
pub mod doctor;
pub mod forecast;
pub mod import;
pub mod load;
pub mod migrate;
pub mod nightly;
pub mod refresh;
pub mod restore;
pub mod schema;
pub mod serve;
pub mod token;
pub mod user;
pub mod verify_audit;

use anyhow::{Result, bail};
use clap::{Parser, Subcommand};

use crate::context::Context;

/// Purchase and stock history in; forecasts, recommendations and one typed graph out.
#[derive(Debug, Parser)]
#[command(name = "corrente", version, max_term_width = 100, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the dashboard and the graph
    Serve(serve::Arguments),
    /// Bring the database's schema up or down, or show how it stands
    Migrate(migrate::Arguments),
    /// Load a deterministic company that does not exist
    Demo(demo::Arguments),
    /// Load files: xlsx, csv, parquet
    Import(import::Arguments),
    /// Forecast every series, and write features
    Forecast(forecast::Arguments),
    /// Load forecasts, features and key figures that were made elsewhere
    Load(load::Arguments),
    /// Measure what forecasts would have been worth
    Backtest(backtest::Arguments),
    /// Bring KPIs, recommendations, alerts and views up to date
    Refresh(refresh::Arguments),
    /// Import what is in the inbox, forecast, refresh and back up
    Nightly(nightly::Arguments),
    /// Add and change people who may sign in
    #[command(subcommand)]
    User(user::Arguments),
    /// Make and revoke the tokens of BI tools
    #[command(subcommand)]
    Token(token::Arguments),
    /// Print the graph's SDL
    Schema,
    /// Write everything that is stored into one file
    Backup(backup::Arguments),
    /// Fill an empty database from a backup
    Restore(restore::Arguments),
    /// Check that nobody changed the audit log
    VerifyAudit,
    /// Check the database and this machine, and say what to do
    Doctor(doctor::Arguments),
}

impl Command {
    /// The password that the command wants, from wherever the asker has it; never from an argument, which others can see.
    pub fn password(&self, environment: impl Fn(&str) -> Option<String>) -> Result<Option<String>> {
        match self {
            Self::User(arguments) => arguments.password(environment),
            _ => Ok(None),
        }
    }
}

/// Runs a command on an open database.
pub async fn run(context: &Context, command: Command) -> Result<u8> {
    match command {
        Command::Migrate(arguments) => migrate::run(context, arguments).await,
        Command::Demo(arguments) => demo::run(context, arguments).await,
        Command::Import(arguments) => import::run(context, arguments).await,
        Command::Forecast(arguments) => forecast::run(context, &arguments).await,
        Command::Load(arguments) => load::run(context, &arguments).await,
        Command::Backtest(arguments) => backtest::run(context, &arguments).await,
        Command::Refresh(arguments) => refresh::run(context, &arguments).await,
        Command::Nightly(arguments) => nightly::run(context, &arguments).await,
        Command::User(arguments) => user::run(context, arguments).await,
        Command::Token(arguments) => token::run(context, arguments).await,
        Command::Backup(arguments) => backup::run(context, arguments).await,
        Command::Restore(arguments) => restore::run(context, arguments).await,
        Command::VerifyAudit => verify_audit::run(context).await,
        Command::Doctor(arguments) => doctor::run(context, arguments).await,
        Command::Schema => schema::run(context.out.as_ref()),
        Command::Serve(_) => bail!("the database is open already"),
    }
}
