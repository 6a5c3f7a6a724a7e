//! What a monitor reads at `/metrics`: requests, their time and statements, refusals, caches, pool, sockets, freshness.

use std::collections::BTreeSet;
use std::sync::atomic::AtomicU64;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

use crate::app::Shared;

/// Operations that are told apart by name; those that come later are one.
const OPERATIONS: usize = 100;
/// Characters of an operation's name at most.
const LONGEST_NAME: usize = 64;
/// How long the database may take to say how fresh its data are.
const PATIENCE: Duration = Duration::from_secs(1);

type Labels<const N: usize> = [(&'static str, String); N];

/// One request of the graph, once it is answered.
#[derive(Debug, Clone)]
pub struct Observed {
    /// `query`, `mutation`, or `none` where it was not even that.
    pub kind: &'static str,
    /// As the document names it.
    pub operation: Option<String>,
    /// The statements that its reads took.
    pub statements: Option<u64>,
}

/// Everything that is counted.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<Labels<3>, Counter>,
    seconds: Family<Labels<1>, Histogram, fn() -> Histogram>,
    statements: Histogram,
    refused: Family<Labels<1>, Counter>,
    remembered: Family<Labels<2>, Counter>,
    pool: Family<Labels<1>, Gauge>,
    sockets: Gauge,
    database: Gauge,
    age: Family<Labels<1>, Gauge>,
    stale: Family<Labels<1>, Gauge>,
    memory: Gauge<f64, AtomicU64>,
    names: Mutex<BTreeSet<String>>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("corrente");
        let seconds: Family<_, Histogram, fn() -> Histogram> =
            Family::new_with_constructor(|| Histogram::new(exponential_buckets(0.001, 2.0, 15)));
        let metrics = Self {
            requests: Family::default(),
            seconds,
            statements: Histogram::new([0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0]),
            refused: Family::default(),
            remembered: Family::default(),
            pool: Family::default(),
            sockets: Gauge::default(),
            database: Gauge::default(),
            age: Family::default(),
            stale: Family::default(),
            memory: Gauge::default(),
            names: Mutex::default(),
            registry: Registry::default(),
        };
        let build: Family<Labels<1>, Gauge> = Family::default();
        build.get_or_create(&[("version", env!("CARGO_PKG_VERSION").to_owned())]).set(1);
        registry.register("build", "The version that runs", build);
        registry.register("requests", "Requests of the graph", metrics.requests.clone());
        let time = metrics.seconds.clone();
        registry.register_with_unit("request_duration", "From the request's head to its answer", Unit::Seconds, time);
        registry.register("request_statements", "Statements that a request's reads took", metrics.statements.clone());
        registry.register("errors", "Errors of answers, by code", metrics.refused.clone());
        registry.register("cache_requests", "Questions to a cache", metrics.remembered.clone());
        registry.register("pool_connections", "Connections to the database", metrics.pool.clone());
        registry.register("sockets", "Open sockets", metrics.sockets.clone());
        registry.register("database_up", "Whether the database answers", metrics.database.clone());
        let age = metrics.age.clone();
        registry.register_with_unit("data_age", "Since a kind of data was loaded or computed", Unit::Seconds, age);
        registry.register("data_stale", "Whether a kind of data is older than what it rests on", metrics.stale.clone());
        let memory = metrics.memory.clone();
        registry.register_with_unit("resident_memory", "Memory of the process", Unit::Bytes, memory);
        Self { registry, ..metrics }
    }
}

impl Metrics {
    /// Counts a request of the graph.
    pub fn request(&self, observed: &Observed, status: u16, codes: &[&'static str], took: Duration) {
        let operation = self.name(observed.operation.as_deref());
        let labels = [("kind", observed.kind.to_owned()), ("operation", operation), ("status", status.to_string())];
        self.requests.get_or_create(&labels).inc();
        self.seconds.get_or_create(&[("kind", observed.kind.to_owned())]).observe(took.as_secs_f64());
        if let Some(statements) = observed.statements {
            self.statements.observe(statements as f64);
        }
        for code in codes {
            self.refused.get_or_create(&[("code", (*code).to_owned())]).inc();
        }
    }

    /// Counts questions to a cache that it answered, or not.
    pub fn cache(&self, cache: &'static str, result: &'static str) -> Counter {
        self.remembered.get_or_create_owned(&[("cache", cache.to_owned()), ("result", result.to_owned())])
    }

    /// Whoever asks decides how operations are called, so only so many names are kept.
    fn name(&self, operation: Option<&str>) -> String {
        let Some(name) = operation else { return "unnamed".into() };
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        if names.contains(name) {
            return name.to_owned();
        }
        if names.len() >= OPERATIONS || name.len() > LONGEST_NAME {
            return "other".into();
        }
        names.insert(name.to_owned());
        name.to_owned()
    }

    /// All of it as `OpenMetrics` text.
    pub async fn text(&self, shared: &Shared) -> String {
        let (used, idle) = shared.db.connections();
        for (state, count) in [("used", used), ("idle", idle)] {
            self.pool.get_or_create(&[("state", state.to_owned())]).set(i64::from(count));
        }
        self.sockets.set(i64::try_from(shared.sockets.count()).unwrap_or(i64::MAX));
        self.memory.set(resident_bytes().unwrap_or_default());
        let fresh = tokio::time::timeout(PATIENCE, store::freshness::all(&shared.db)).await;
        self.database.set(i64::from(matches!(fresh, Ok(Ok(_)))));
        for row in fresh.ok().and_then(Result::ok).into_iter().flatten() {
            let kind = [("kind", row.kind.as_str().to_owned())];
            self.age.get_or_create(&kind).set((shared.now() - row.refreshed_at).num_seconds());
            self.stale.get_or_create(&kind).set(i64::from(row.stale));
        }
        let mut text = String::new();
        // Writing to a String does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

/// The memory of this process, where the system tells it.
fn resident_bytes() -> Option<f64> {
    const PAGE: f64 = 4_096.0;
    let told = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: f64 = told.split(' ').nth(1)?.parse().ok()?;
    Some(pages * PAGE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_so_many_operations_are_told_apart() {
        let metrics = Metrics::default();
        for number in 0..OPERATIONS {
            assert_eq!(metrics.name(Some(&format!("Op{number}"))), format!("Op{number}"));
        }
        assert_eq!(metrics.name(Some("Another")), "other");
        assert_eq!(metrics.name(Some("Op7")), "Op7");
        assert_eq!(metrics.name(None), "unnamed");
        assert_eq!(Metrics::default().name(Some(&"x".repeat(LONGEST_NAME + 1))), "other");
    }
}
