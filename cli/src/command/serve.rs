//! `corrente serve`: the dashboard and the graph, until somebody says stop.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use api::app::{App, AppParts};
use api::auth::DEMO_PASSWORD;
use api::config::Config;
use chrono::Utc;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use store::Engine;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::assets::Dashboard;
use crate::command::{demo, user};
use crate::context::Context;
use crate::control::{self, Control, Serving};
use crate::jobs::{self, RefreshJob, Wanted};
use crate::open::{self, Opened};
use crate::output::Output;

/// The demo's people, who exist only where the demo company does, and whose password everybody knows.
const DEMO_USERS: [(&str, &str, user::RoleName); 3] = [
    ("admin@demo.corrente", "Demo Admin", user::RoleName::Admin),
    ("analyst@demo.corrente", "Demo Analyst", user::RoleName::Analyst),
    ("viewer@demo.corrente", "Demo Viewer", user::RoleName::Viewer),
];

/// How long running requests and commands may take to end.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where to serve, and what.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The address to listen on [default: `CORRENTE_BIND`, or 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR")]
    bind: Option<SocketAddr>,
    /// Load the demo company into an empty database, with three people to sign in as
    #[arg(long)]
    demo: bool,
}

/// Tells each step with the time since the start, here and to those who ask meanwhile.
struct Steps<'a> {
    out: &'a dyn Output,
    started: Instant,
    control: Arc<Control>,
}

impl Steps<'_> {
    /// What is being done now and takes a while.
    fn begin(&self, line: &str) {
        self.control.starting(line);
        self.tell(line);
    }

    fn tell(&self, line: impl AsRef<str>) {
        self.out.out(&format!("[{:7.2} s] {}", self.started.elapsed().as_secs_f64(), line.as_ref()));
    }
}

/// Opens, finishes what is overdue, serves.
pub async fn run(arguments: Arguments, mut config: Config, out: &Arc<dyn Output>) -> Result<u8> {
    let steps = Steps { out: out.as_ref(), started: Instant::now(), control: Arc::default() };
    if let Some(bind) = arguments.bind {
        config.bind = bind;
    }
    let cwd = std::env::current_dir().context("cannot tell the current directory")?;
    let taken = || format!("cannot listen on {}", config.bind);
    // An address in use is told now, not after minutes of loading; the real listener comes when we are ready.
    drop(TcpListener::bind(config.bind).await.with_context(taken)?);
    let db = match open::open(&config).await? {
        Opened::Here(db) => db,
        Opened::Held { pid } => {
            bail!("the embedded database in {} is held by process {pid}", config.data_dir.display())
        }
    };
    let config = Arc::new(config);
    let context =
        Context { db: db.clone(), out: Arc::clone(out), cwd, config: Arc::clone(&config), password: None, app: None };
    let served = commanded(&context, arguments.demo, &steps).await;
    // The first error is the one to tell.
    let closed = db.close().await;
    served?;
    closed?;
    steps.tell("stopped");
    Ok(0)
}

/// Prepares and serves; where the database is ours alone, others give their commands to us meanwhile.
async fn commanded(context: &Context, demo: bool, steps: &Steps<'_>) -> Result<()> {
    let directory = (context.db.engine() == Engine::Embedded).then_some(&context.config.data_dir);
    let commands = match directory {
        Some(directory) => Some(tokio::spawn(Arc::clone(&steps.control).serve(control::listen(directory)?))),
        None => None,
    };
    let served = match prepare(context, demo, steps).await {
        Ok(()) => serve(context, steps).await,
        Err(error) => Err(error),
    };
    if let (Some(commands), Some(directory)) = (commands, directory) {
        commands.abort();
        control::forget(directory);
    }
    served
}

/// Everything that must be done before the first answer.
async fn prepare(context: &Context, demo: bool, steps: &Steps<'_>) -> Result<()> {
    let db = &context.db;
    match db.engine() {
        Engine::Native => steps.tell(format!("connected to PostgreSQL {}", db.version())),
        Engine::Embedded => {
            let directory = context.config.data_dir.display();
            steps.tell(format!("opened the embedded PostgreSQL {} in {directory}", db.version()));
            steps.tell("it is for trial, tests and one small company; set DATABASE_URL for production");
        }
    }
    steps.control.starting("migrating the schema");
    let applied = open::migrated(db).await?;
    if applied > 0 {
        steps.tell(format!("migrated: {applied} step(s)"));
    }
    // On a server of its own another replica may be loading right now; the embedded database has only us.
    if db.engine() == Engine::Embedded {
        for run in store::import_runs::interrupt_running(db, Utc::now()).await? {
            steps.tell(format!("the import of {} was interrupted; the data are those before it", run.file));
        }
        store::forecasts::fail_running(db, Utc::now()).await?;
    }
    if demo {
        load_demo(context, steps).await?;
    }
    if jobs::overdue(db).await? {
        steps.begin("KPIs and views are older than the data: refreshing");
        steps.tell(jobs::refresh(db, &context.config).await?);
    }
    if store::users::all(db).await?.is_empty() {
        steps.tell("nobody can sign in yet: `corrente user add EMAIL --role admin`");
    }
    Ok(())
}

/// The demo company where the database is empty, its people, and its first forecast.
async fn load_demo(context: &Context, steps: &Steps<'_>) -> Result<()> {
    let db = &context.db;
    if !store::settings::is_demo(db).await? {
        steps.begin("loading the demo company");
        demo::run(context, demo::Arguments::default()).await?;
        steps.tell("loaded the demo company");
    }
    if store::forecasts::current_run(db).await?.is_some() {
        // Whoever made it: there is something to show.
    } else if let Err(refusal) = jobs::may_forecast(&context.config) {
        steps.tell(refusal.to_string());
    } else {
        steps.begin("forecasting");
        let progress = context.progress();
        let told = jobs::forecast(db, &context.config, Wanted::default(), &progress).await;
        progress.finish();
        steps.tell(told?);
        steps.tell(jobs::refresh(db, &context.config).await?);
    }
    for (email, name, role) in DEMO_USERS {
        if store::users::by_email(db, email).await?.is_none() {
            user::add(context, email, name, role, DEMO_PASSWORD.into(), true).await?;
        }
    }
    context.say("sign in as (password last):");
    for (email, ..) in DEMO_USERS {
        context.say(format!("  {email}  {DEMO_PASSWORD}"));
    }
    Ok(())
}

/// Lets as many files be open as the system grants without being asked: each connection is one.
fn more_files() {
    let limit = getrlimit(Resource::Nofile);
    // Where that is refused, the limit stays what it was.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
}

/// Answers until SIGINT or SIGTERM, then lets what runs come to its end.
async fn serve(context: &Context, steps: &Steps<'_>) -> Result<()> {
    let (db, config) = (&context.db, &context.config);
    let parts = AppParts {
        assets: Arc::new(Dashboard),
        jobs: Some(Arc::new(RefreshJob { db: db.clone(), config: Arc::clone(config) })),
        migrations: migration::status(db.writer()).await?.into_iter().map(|step| step.name).collect(),
        clock: Arc::new(Utc::now),
        ..AppParts::default()
    };
    more_files();
    let app = App::new((**config).clone(), db.clone(), parts)?;
    let listener = TcpListener::bind(config.bind).await.with_context(|| format!("cannot listen on {}", config.bind))?;
    if !Dashboard::is_there() {
        steps.tell("this build carries no dashboard; the graph is served alone");
    }
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let stop = CancellationToken::new();
    let mut serving = tokio::spawn({
        let (app, stop) = (app.clone(), stop.clone());
        async move { app.serve(listener, stop.cancelled_owned()).await }
    });
    steps.control.ready(Serving { db: db.clone(), config: Arc::clone(config), app: app.clone() });
    steps.tell(format!("serving http://{}", config.bind));
    let ended = tokio::select! {
        ended = &mut serving => Some(ended),
        _ = interrupt.recv() => None,
        _ = terminate.recv() => None,
    };
    steps.tell("stopping");
    steps.control.stopping();
    stop.cancel();
    steps.control.running.close();
    // A connection that never ends must not keep us; a command that runs is waited for as long.
    let _ = tokio::time::timeout(PATIENCE, steps.control.running.wait()).await;
    let ended = match ended {
        Some(ended) => Some(ended),
        None => tokio::time::timeout(PATIENCE, &mut serving).await.ok(),
    };
    if let Some(ended) = ended {
        ended??;
    } else {
        serving.abort();
    }
    Ok(())
}
