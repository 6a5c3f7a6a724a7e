//! What a resolver can ask of its request: `ctx.viewer()`, `ctx.loaders()`, and proof of a role.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_graphql::{Context, Error, Result};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::words::Role;
use store::demand::Bounds;
use store::{Database, StoreError};
use tokio::sync::OnceCell;

use crate::app::Shared;
use crate::auth::{Client, Viewer};
use crate::error::{self, Code};
use crate::loaders::Loaders;

/// One request, put into its context by the handler.
pub struct RequestContext {
    /// What all requests share.
    pub shared: Arc<Shared>,
    /// Who asks; `None` when nobody is signed in.
    pub viewer: Option<Arc<Viewer>>,
    /// Where from.
    pub client: Client,
    /// The refresh cookie that came along.
    pub refresh_token: Option<String>,
    /// Where this request's questions go: the replica, or the primary for who has just written.
    pub db: Database,
    /// For logs and bland errors.
    pub request_id: String,
    /// When it came.
    pub now: DateTime<Utc>,
    /// This request's own.
    pub loaders: Loaders,
    bounds: OnceCell<Bounds>,
    reported: AtomicBool,
}

/// Proof that the viewer may read costs and decide; only [`Analyst::of`] makes it.
#[derive(Debug, Clone)]
pub struct Analyst {
    viewer: Arc<Viewer>,
}

/// Proof that the viewer may see people, the audit log and imports; only [`ContextExt`] makes it.
#[derive(Debug, Clone)]
pub struct Admin {
    viewer: Arc<Viewer>,
}

impl Analyst {
    /// The proof, where the viewer's role is one.
    pub fn of(viewer: &Arc<Viewer>) -> Option<Self> {
        (viewer.role >= Role::Analyst).then(|| Self { viewer: Arc::clone(viewer) })
    }

    /// Who it is.
    pub fn viewer(&self) -> &Viewer {
        &self.viewer
    }
}

impl Admin {
    /// Who it is.
    pub fn viewer(&self) -> &Viewer {
        &self.viewer
    }
}

impl RequestContext {
    /// A request with empty loaders.
    pub fn new(
        shared: Arc<Shared>,
        db: Database,
        viewer: Option<Arc<Viewer>>,
        client: Client,
        refresh_token: Option<String>,
        request_id: String,
        now: DateTime<Utc>,
    ) -> Self {
        let loaders = Loaders::new(&db);
        Self {
            shared,
            db,
            viewer,
            client,
            refresh_token,
            request_id,
            now,
            loaders,
            bounds: OnceCell::new(),
            reported: AtomicBool::new(false),
        }
    }

    /// A failure of the store as a field's error. Its chain is logged once a request, however many fields waited for it.
    pub fn failed(&self, failure: &StoreError) -> Error {
        let id = self.request_id.as_str();
        let first = !self.reported.swap(true, Ordering::Relaxed);
        if let StoreError::Busy(reason) = failure {
            if first {
                tracing::warn!(request_id = id, reason, "the database is busy or away");
            }
            return error::field(
                Code::Unavailable,
                format!("The data cannot be read just now; try again soon (request {id})."),
            );
        }
        if let StoreError::TooExpensive { .. } = failure {
            // Nobody's fault but the question's, and its sentence says what to change.
            return error::field(Code::TooExpensive, failure.to_string());
        }
        if first {
            tracing::error!(request_id = id, error = %error::chain(failure), "a field failed");
        }
        error::internal(id)
    }
}

/// How resolvers reach their request.
pub trait ContextExt {
    /// The request itself.
    fn request(&self) -> &RequestContext;

    /// The database, for the one call of `store` that a resolver may make.
    fn db(&self) -> &Database {
        &self.request().db
    }

    /// This request's loaders.
    fn loaders(&self) -> &Loaders {
        &self.request().loaders
    }

    /// Who is signed in. The policy has refused everybody else before, so an error here is a second lock.
    fn viewer(&self) -> Result<&Arc<Viewer>> {
        self.request().viewer.as_ref().ok_or_else(|| error::field(Code::Unauthenticated, "Sign in to read this."))
    }

    /// Proof that the viewer may read costs; without it the field is null and the policy has written the error.
    fn analyst(&self) -> Option<Analyst> {
        Analyst::of(self.request().viewer.as_ref()?)
    }

    /// Proof that the viewer is an ADMIN; without it the field is null and the policy has written the error.
    fn admin(&self) -> Option<Admin> {
        let viewer = self.request().viewer.as_ref().filter(|viewer| viewer.role >= Role::Admin)?;
        Some(Admin { viewer: Arc::clone(viewer) })
    }

    /// The proof of [`ContextExt::analyst`] for an operation that makes no sense without it.
    fn require_analyst(&self) -> Result<Analyst> {
        self.analyst().ok_or_else(|| error::field(Code::Forbidden, "Your role may not do this."))
    }

    /// The proof of [`ContextExt::admin`] for an operation that makes no sense without it.
    fn require_admin(&self) -> Result<Admin> {
        self.admin().ok_or_else(|| error::field(Code::Forbidden, "Your role may not do this."))
    }

    /// A failure of the store as this field's error.
    fn failed(&self, failure: &StoreError) -> Error {
        self.request().failed(failure)
    }

    /// Between which days there is demand; asked once a request.
    fn bounds(&self) -> impl Future<Output = Result<Bounds>> + Send
    where
        Self: Sync,
    {
        async move {
            let request = self.request();
            let asked = request.bounds.get_or_try_init(|| store::demand::bounds(&request.db)).await;
            asked.copied().map_err(|failure| request.failed(&failure))
        }
    }
}

impl ContextExt for Context<'_> {
    fn request(&self) -> &RequestContext {
        self.data_unchecked::<RequestContext>()
    }
}

/// The company's today: the day after the last one that demand is known of.
pub fn today(bounds: Bounds) -> Option<NaiveDate> {
    bounds.data_through.map(|day| day + TimeDelta::days(1))
}
