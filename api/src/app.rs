//! The application: what all requests share, and the router over it.

use std::fmt::Debug;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use chrono::{DateTime, Utc};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use store::{Database, Notice};
use tokio::net::TcpListener;

use crate::auth::trail::Trail;
use crate::auth::{Auth, secret};
use crate::cache::Caches;
use crate::config::Config;
use crate::error::StartError;
use crate::graphql::Graph;
use crate::graphql::simulations::Simulations;
use crate::http;
use crate::http::assets::Assets;
use crate::http::persisted::Documents;
use crate::http::socket::{self, Sockets};
use crate::live::Live;
use crate::metrics::Metrics;
use crate::serve::HEADER_TIME;

/// Work that the graph can ask for; cli implements it over the pipeline.
pub trait Jobs: Debug + Send + Sync + 'static {
    /// Recomputes KPIs, recommendations, alerts and views. `Err` is a sentence for the asker.
    fn refresh(&self) -> BoxFuture<'static, Result<(), String>>;
}

/// Tells the time; tests tell their own.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// What all requests share.
pub struct Shared {
    /// As it was read at start.
    pub config: Config,
    /// The one database.
    pub db: Database,
    /// Sign-in.
    pub auth: Auth,
    /// The audit log's bounded writer.
    pub trail: Trail,
    /// The graph.
    pub graph: Graph,
    /// Answers that many ask for.
    pub caches: Arc<Caches>,
    /// Documents that are known by name.
    pub documents: Documents,
    /// What is counted.
    pub metrics: Metrics,
    /// Policies being tried.
    pub simulations: Simulations,
    /// The dashboard's files.
    pub assets: Arc<dyn Assets>,
    /// Work that the graph can ask for.
    pub jobs: Option<Arc<dyn Jobs>>,
    /// The names of all migrations, as this build knows them; empty: not checked.
    pub migrations: Vec<String>,
    /// Tells the time.
    pub clock: Clock,
    /// What happens.
    pub live: Live,
    /// Sockets that are open.
    pub sockets: Sockets,
    /// How long a socket waits for what.
    pub socket_times: socket::Times,
    header_time: Duration,
}

impl Shared {
    /// What time it is.
    pub fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    /// Forgets what is believed of a user who was changed: here at once, and soon wherever else the database is served.
    pub async fn user_changed(&self, id: i64) {
        self.auth.users.evict(id);
        self.db.tell(Notice::UserChanged { id }).await;
    }
}

/// The application, ready to serve.
#[derive(Clone)]
pub struct App {
    shared: Arc<Shared>,
}

/// What an application is made of, beyond configuration and database.
pub struct AppParts {
    /// The dashboard's files.
    pub assets: Arc<dyn Assets>,
    /// Work that the graph can ask for.
    pub jobs: Option<Arc<dyn Jobs>>,
    /// The names of all migrations; empty: `/health/ready` asks only whether the database answers.
    pub migrations: Vec<String>,
    /// Tells the time.
    pub clock: Clock,
    /// How long a request's header may take; a test has less patience.
    pub header_time: Duration,
    /// How long a socket waits for what; a test has less patience.
    pub socket_times: socket::Times,
}

impl Default for AppParts {
    fn default() -> Self {
        Self {
            assets: Arc::new(http::assets::NoAssets),
            jobs: None,
            migrations: Vec::new(),
            clock: Arc::new(Utc::now),
            header_time: HEADER_TIME,
            socket_times: socket::Times::default(),
        }
    }
}

impl App {
    /// Prepares everything that can fail, so that a server that starts also serves. Call it inside a tokio runtime.
    pub fn new(config: Config, db: Database, parts: AppParts) -> Result<Self, StartError> {
        let graph = Graph::build()?;
        let secret = secret::load(&config)?;
        let auth = Auth::new(&config, &secret, &db)?;
        let trail = Trail::start(db.clone());
        let metrics = Metrics::default();
        let caches = Arc::new(Caches::new(&config.cache, &metrics));
        let live = Live::start(&db, Arc::clone(&auth.users), Arc::clone(&caches));
        let AppParts { assets, jobs, migrations, clock, header_time, socket_times } = parts;
        let simulations = Simulations::default();
        let shared = Shared {
            config,
            db,
            auth,
            trail,
            graph,
            caches,
            documents: Documents::default(),
            metrics,
            simulations,
            assets,
            jobs,
            migrations,
            clock,
            live,
            sockets: Sockets::default(),
            socket_times,
            header_time,
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// What all requests share, for the control socket and jobs.
    pub fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// Every route, with headers, request ids and panic catching around them.
    pub fn router(&self) -> Router {
        http::router(Arc::clone(&self.shared))
    }

    /// Serves until `shutdown`, then closes sockets, lets running requests finish and the audit writer empty itself.
    pub async fn serve(
        &self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send,
    ) -> Result<(), StartError> {
        let sockets = &self.shared.sockets;
        let shutdown = shutdown.then(|()| async { sockets.leave() });
        crate::serve::serve(listener, self.router(), self.shared.header_time, shutdown).await;
        sockets.gone().await;
        self.shared.trail.flush().await;
        Ok(())
    }
}
