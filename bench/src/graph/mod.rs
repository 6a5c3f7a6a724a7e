//! The served graph over a large warehouse: latency and throughput of what people ask, and the refusal of what would hurt.
//!
//! Server and clients are one process on a loopback socket, so a figure holds both; the database is a server of its own.

mod audit;
mod client;
mod hostile;
mod questions;

use std::net::SocketAddr;

use ::store::users::NewUser;
use ::store::{Database, PoolOptions};
use anyhow::{Context as _, Result};
use api::app::{App, AppParts};
use api::auth::trail::Trail;
use api::config::Config;
use chrono::Utc;
use entity::words::Role;
use sea_orm::ConnectionTrait as _;
use serde_json::json;
use tokio::net::TcpListener;

use crate::table::print;
use crate::warehouse::Warehouse;
use client::Client;
use questions::Load;

/// What to measure with.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Demand rows of the warehouse
    #[arg(long, default_value = "1000000")]
    rows: u64,
    /// How often each question is asked alone
    #[arg(long, default_value = "300")]
    times: u64,
    /// How many ask at once
    #[arg(long, default_value = "16")]
    clients: u64,
    /// Leave the database there, and ask that of an earlier run
    #[arg(long)]
    keep: bool,
}

const NAME: &str = "corrente_bench_graph";

/// What is measured.
pub struct Served {
    pub db: Database,
    address: SocketAddr,
    analyst: String,
    viewer: String,
    trail: Trail,
}

impl Served {
    /// A connection of an analyst.
    pub async fn client(&self) -> Result<Client> {
        Client::connect(self.address, &self.analyst).await
    }

    /// A connection of a viewer, from whom costs are kept.
    pub async fn viewer(&self) -> Result<Client> {
        Client::connect(self.address, &self.viewer).await
    }
}

/// Measures against a server.
pub async fn run(url: Option<&str>, arguments: &Arguments) -> Result<()> {
    let server =
        url.context("no server to measure against: run `cargo xtask bench graph`, or set BENCH_DATABASE_URL")?;
    let warehouse = Warehouse::of(arguments.rows);
    let (admin, db) = warehouse.at(server, NAME, arguments.keep, &PoolOptions::default()).await?;
    let (served, serving) = serve(&db).await?;
    let load = Load { times: arguments.times.max(1), clients: arguments.clients.max(1) };
    let answered = questions::ask(&served, &warehouse, load).await?;
    let heading = format!("Graph, PostgreSQL {}, {} rows of demand, client included", db.version(), warehouse.rows());
    print(&heading, &answered);
    print("Graph, the audit log", &audit::cost(&served, load).await?);
    print("Graph, refusals, medians of five", &hostile::refuse(&served).await?);
    serving.abort();
    db.close().await?;
    if !arguments.keep {
        admin.writer().execute_unprepared(&Warehouse::drop_statement(NAME)).await?;
    }
    Ok(())
}

/// Serves the database to an analyst and a viewer.
async fn serve(db: &Database) -> Result<(Served, tokio::task::JoinHandle<()>)> {
    let secret = |name: &str| (name == "CORRENTE_JWT_SECRET").then(|| "a secret of measurements, 32 bytes!".to_owned());
    let app = App::new(Config::read(secret)?, db.clone(), AppParts::default())?;
    let analyst = token(&app, db, "bench@example.com", Role::Analyst).await?;
    let viewer = token(&app, db, "bench-viewer@example.com", Role::Viewer).await?;
    let trail = app.shared().trail.clone();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let serving = tokio::spawn(async move {
        if let Err(error) = app.serve(listener, std::future::pending()).await {
            println!("the server ended: {error}");
        }
    });
    Ok((Served { db: db.clone(), address, analyst, viewer, trail }, serving))
}

/// A token of the person with this e-mail, who is added where there is none.
async fn token(app: &App, db: &Database, email: &str, role: Role) -> Result<String> {
    let user = if let Some(user) = ::store::users::by_email(db, email).await? {
        user
    } else {
        let new = NewUser {
            email: email.to_owned(),
            name: "Bench".into(),
            role,
            password_hash: "!".into(),
            demo: false,
            at: Utc::now(),
        };
        let client = api::auth::Client::default();
        let entry = api::auth::trail::anonymous("bench", &client, Utc::now(), "user.add", json!({}));
        ::store::users::create(db, new, entry).await?
    };
    Ok(app.shared().auth.access_tokens.sign(user.id, user.version, Utc::now())?.0)
}
