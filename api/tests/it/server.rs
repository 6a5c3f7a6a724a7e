//! The router of one test, and how it is asked.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};

use api::app::{App, AppParts};
use api::auth::password;
use api::config::Config;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use chrono::{DateTime, TimeDelta, Utc};
use entity::words::Role;
use serde_json::{Value, json};
use store::users::NewUser;
use testkit::TestDatabase;
use tower::ServiceExt;

/// The password of every user of every test.
pub const PASSWORD: &str = "correct horse battery staple";

/// Hashed once: Argon2 is slow on purpose.
static HASH: LazyLock<String> = LazyLock::new(|| password::hash(PASSWORD).unwrap());

/// A server with a database of its own, a clock that tests move, and one user a role.
pub struct Server {
    pub app: App,
    pub db: TestDatabase,
    moved: Arc<AtomicI64>,
}

/// An answer, read.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    pub fn data(&self) -> Value {
        let body = self.json();
        assert!(body.get("errors").is_none(), "unexpected errors: {body}");
        body["data"].clone()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The cookie that it set, as a browser sends it back.
    pub fn cookie(&self) -> &str {
        self.header("set-cookie").split(';').next().unwrap_or_default()
    }

    /// The code of the first error.
    pub fn code(&self) -> String {
        self.json()["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned()
    }
}

impl Server {
    pub async fn start() -> Self {
        Self::with(Config::for_tests(), AppParts::default()).await
    }

    pub async fn with(config: Config, parts: AppParts) -> Self {
        // Opening a database takes a large future, which every test would carry.
        Self::over(Box::pin(TestDatabase::new()).await, config, parts).await
    }

    /// A server of a database that is there.
    pub async fn over(db: TestDatabase, config: Config, parts: AppParts) -> Self {
        let moved = Arc::new(AtomicI64::new(0));
        let offset = Arc::clone(&moved);
        let clock = Arc::new(move || Utc::now() + TimeDelta::seconds(offset.load(Ordering::Relaxed)));
        let app = App::new(config, db.db().clone(), AppParts { clock, ..parts }).unwrap();
        let server = Self { app, db, moved };
        for role in [Role::Viewer, Role::Analyst, Role::Admin] {
            server.add_user(&email(role), role).await;
        }
        server
    }

    /// A second server of the same database, as another process would be: it shares nothing with the first but the
    /// database. `None` on the embedded engine, which one process holds.
    pub async fn beside(&self, config: Config, parts: AppParts) -> Option<App> {
        let options = store::PoolOptions { max_connections: 6, ..config.pool_options() };
        let db = Box::pin(store::Database::connect(self.db.url()?, &options)).await.unwrap();
        Some(App::new(config, db, parts).unwrap())
    }

    pub async fn add_user(&self, email: &str, role: Role) -> i64 {
        let new = NewUser {
            email: email.into(),
            name: format!("A {role}"),
            role,
            password_hash: HASH.clone(),
            demo: false,
            at: self.now(),
        };
        store::users::create(self.db.db(), new, self.entry("user.add")).await.unwrap().id
    }

    pub fn entry(&self, action: &str) -> store::audit::NewEntry {
        api::auth::trail::anonymous("a test", &api::auth::Client::default(), self.now(), action, json!({}))
    }

    /// The audit log's entries of an action, the newest first.
    pub async fn log(&self, action: &str) -> Vec<entity::support::audit_log::Model> {
        self.app.shared().trail.flush().await;
        let filter = store::audit::AuditFilter { action: Some(action.into()), ..Default::default() };
        let window = store::page::PageArgs::first(1_000).window(store::audit::LogOrder).unwrap();
        store::audit::page(self.db.db(), &filter, &window).await.unwrap().rows
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.app.shared().now()
    }

    /// Moves the server's clock.
    pub fn pass(&self, seconds: i64) {
        self.moved.fetch_add(seconds, Ordering::Relaxed);
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        Self::send_to(&self.app, request).await
    }

    /// Sends a request to a server, which may be one [beside](Self::beside) this.
    pub async fn send_to(app: &App, request: Request<Body>) -> Answer {
        // On a task of its own, as a connection's requests are: there a yield lets others go first.
        let response = tokio::spawn(app.router().oneshot(request)).await.unwrap().unwrap();
        let (parts, body) = response.into_parts();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: to_bytes(body, usize::MAX).await.unwrap().to_vec(),
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// Asks the graph with a token, or without one.
    pub async fn ask(&self, token: Option<&str>, query: &str, variables: Value) -> Answer {
        self.ask_with(token, "", query, variables).await
    }

    /// Asks the graph with a cookie, or without one where it is empty.
    pub async fn ask_with(&self, token: Option<&str>, cookie: &str, query: &str, variables: Value) -> Answer {
        self.send(Self::question(token, cookie, query, &variables)).await
    }

    /// A question to the graph.
    pub fn question(token: Option<&str>, cookie: &str, query: &str, variables: &Value) -> Request<Body> {
        let mut request = Request::post("/graphql")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/graphql-response+json");
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if !cookie.is_empty() {
            request = request.header(header::COOKIE, cookie);
        }
        let body = json!({ "query": query, "variables": variables }).to_string();
        request.body(Body::from(body)).unwrap()
    }

    /// A token of the user with this role.
    pub async fn token(&self, role: Role) -> String {
        let user = store::users::by_email(self.db.db(), &email(role)).await.unwrap().unwrap();
        self.app.shared().auth.access_tokens.sign(user.id, user.version, self.now()).unwrap().0
    }

    /// Asks as `role`.
    pub async fn as_role(&self, role: Role, query: &str) -> Answer {
        let token = self.token(role).await;
        self.ask(Some(&token), query, json!({})).await
    }
}

/// The e-mail of the user with this role.
pub fn email(role: Role) -> String {
    format!("{}@example.com", role.as_str().to_lowercase())
}
