//! The application: what all requests share, and the router over it.

use std::fmt::Debug;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use store::Database;
use tokio::net::TcpListener;
use tokio::sync::broadcast;

use crate::auth::trail::Trail;
use crate::auth::{Auth, secret};
use crate::config::Config;
use crate::error::StartError;
use crate::graphql::Graph;
use crate::graphql::simulations::Simulations;
use crate::http;
use crate::http::assets::Assets;
use crate::serve::HEADER_TIME;

/// Events that may wait for a slow listener.
const EVENTS_WAITING: usize = 256;

/// Work that the graph can ask for; cli implements it over the pipeline.
pub trait Jobs: Debug + Send + Sync + 'static {
    /// Recomputes KPIs, recommendations, alerts and views. `Err` is a sentence for the asker.
    fn refresh(&self) -> BoxFuture<'static, Result<(), String>>;
}

/// Something that happened in this process and that sessions may want to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Data were loaded or computed.
    DataRefreshed,
    /// An alert is new.
    AlertRaised {
        /// Its id.
        id: i64,
    },
    /// A user was changed outside a request.
    UserChanged {
        /// Their id.
        id: i64,
    },
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
    events: broadcast::Sender<Event>,
    header_time: Duration,
}

impl Shared {
    /// What time it is.
    pub fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    /// Tells everybody who listens; a changed user is forgotten at once.
    pub fn publish(&self, event: Event) {
        if let Event::UserChanged { id } = event {
            self.auth.users.evict(id);
        }
        // Nobody listens: that is not an error.
        let _ = self.events.send(event);
    }

    /// Listens from now on.
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
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
}

impl Default for AppParts {
    fn default() -> Self {
        Self {
            assets: Arc::new(http::assets::NoAssets),
            jobs: None,
            migrations: Vec::new(),
            clock: Arc::new(Utc::now),
            header_time: HEADER_TIME,
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
        let (events, _) = broadcast::channel(EVENTS_WAITING);
        let AppParts { assets, jobs, migrations, clock, header_time } = parts;
        let simulations = Simulations::default();
        let shared = Shared {
            config,
            db,
            auth,
            trail,
            graph,
            simulations,
            assets,
            jobs,
            migrations,
            clock,
            events,
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

    /// Serves until `shutdown`, then lets running requests finish and the audit writer empty itself.
    pub async fn serve(
        &self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send,
    ) -> Result<(), StartError> {
        crate::serve::serve(listener, self.router(), self.shared.header_time, shutdown).await;
        self.shared.trail.flush().await;
        Ok(())
    }
}
