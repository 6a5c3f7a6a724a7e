//! What the environment may say, read once at start through one function.
//!
//! Here live [`Config`] and the rules of each variable. Never here: defaults hidden anywhere else, or a second look at
//! the environment. Start with [`Config::read`]; a new variable needs a line there and one in `.env.example`.

mod measures;
mod nightly;
mod traces;
mod value;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use chrono_tz::Tz;

pub use measures::Measures;
pub use nightly::Nightly;
pub use traces::Traces;
pub use value::{ConfigError, Lookup};

/// Everything `serve` needs to know before it starts.
#[derive(Debug, Clone)]
pub struct Config {
    /// `DATABASE_URL`: a PostgreSQL server; without it the database is embedded.
    pub database_url: Option<String>,
    /// `DATABASE_REPLICA_URL`: a read replica.
    pub database_replica_url: Option<String>,
    /// `CORRENTE_DATA_DIR`: where the embedded database and generated secrets live.
    pub data_dir: PathBuf,
    /// `CORRENTE_BIND`: the address to listen on.
    pub bind: SocketAddr,
    /// `CORRENTE_CORS_ORIGINS`: foreign origins that may call the graph from a browser.
    pub cors_origins: Vec<String>,
    /// `CORRENTE_TRUSTED_PROXIES`: peers whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// `CORRENTE_TIMEZONE`: whose day it is.
    pub timezone: Tz,
    /// `CORRENTE_CURRENCY`: ISO 4217 code of every amount of money.
    pub currency: String,
    /// Sign-in: secret, lifetimes, cookie.
    pub auth: AuthConfig,
    /// Pool and times of the database.
    pub pool: PoolConfig,
    /// What one request may ask for.
    pub limits: Limits,
    /// Lifetimes of cached answers.
    pub cache: CacheConfig,
    /// What KPIs are measured against.
    pub targets: Targets,
    /// Where classes cut and alerts begin.
    pub measures: Measures,
    /// Where traces go; nowhere without it.
    pub traces: Option<Traces>,
    /// What the nightly run reads and leaves behind.
    pub nightly: Nightly,
    /// `CORRENTE_FORECAST_RUNS_KEPT`: full forecast runs kept; older ones keep their accuracy only.
    pub forecast_runs_kept: u32,
    /// `EXTERNAL_APIS_ENABLED`: may anything but the database and OTLP be connected to.
    pub external_apis_enabled: bool,
    /// `ENABLE_ML_PROCESSING`: may this server compute forecasts itself.
    pub enable_ml_processing: bool,
    /// `DATA_REFRESH_ENDPOINT_ENABLED`: may the `refreshData` mutation start anything.
    pub data_refresh_endpoint_enabled: bool,
}

/// Sign-in: secret, lifetimes, cookie.
#[derive(Clone)]
pub struct AuthConfig {
    /// `CORRENTE_JWT_SECRET`: at least 32 bytes; without it, generated and kept in the data directory (embedded only).
    pub jwt_secret: Option<Vec<u8>>,
    /// `CORRENTE_ACCESS_TOKEN_TTL`: life of an access token.
    pub access_token_ttl: Duration,
    /// `CORRENTE_SESSION_TTL`: life of a session without use.
    pub session_ttl: Duration,
    /// `CORRENTE_COOKIE_SECURE`: is the refresh cookie bound to HTTPS; by default when not bound to loopback.
    pub cookie_secure: bool,
}

impl std::fmt::Debug for AuthConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The secret must not reach a log through a derived Debug.
        f.debug_struct("AuthConfig")
            .field("jwt_secret", &self.jwt_secret.as_ref().map(|_| "***"))
            .field("access_token_ttl", &self.access_token_ttl)
            .field("session_ttl", &self.session_ttl)
            .field("cookie_secure", &self.cookie_secure)
            .finish()
    }
}

/// Pool and times of the database.
#[derive(Debug, Clone)]
pub struct PoolConfig {
    /// `CORRENTE_POOL_SIZE`: connections at most; the embedded engine has one.
    pub size: u32,
    /// `CORRENTE_POOL_WAIT`: how long a request waits for a connection before 503.
    pub wait: Duration,
    /// `CORRENTE_STATEMENT_TIMEOUT`: how long a statement may run (native servers).
    pub statement_timeout: Duration,
    /// `CORRENTE_SLOW_STATEMENT`: from how long on a statement is told in the log.
    pub slow_statement: Duration,
    /// `CORRENTE_EMBEDDED_MAX_COST`: planner cost above which the embedded engine refuses a grouped query.
    pub embedded_max_cost: f64,
}

/// What one request may ask for; DESIGN section 8.
#[derive(Debug, Clone)]
pub struct Limits {
    /// `CORRENTE_MAX_BODY_BYTES`: bytes of a request's body.
    pub body_bytes: usize,
    /// `CORRENTE_MAX_TOKENS`: lexical tokens of a document.
    pub tokens: usize,
    /// `CORRENTE_MAX_DEPTH`: fields nested in one another.
    pub depth: usize,
    /// `CORRENTE_MAX_ALIASES`: aliases, fragments expanded.
    pub aliases: usize,
    /// `CORRENTE_MAX_ROOT_FIELDS`: fields of the root.
    pub root_fields: usize,
    /// `CORRENTE_MAX_DIRECTIVES`: directives at one place.
    pub directives: usize,
    /// `CORRENTE_MAX_SELECTIONS`: selections, fragments expanded.
    pub selections: usize,
    /// `CORRENTE_MAX_COST`: fields, times the length of the lists they are in.
    pub cost: usize,
    /// `CORRENTE_REQUEST_TIMEOUT`: how long a request may take.
    pub request_timeout: Duration,
    /// `CORRENTE_MAX_SOCKETS`: sockets that are open at a time.
    pub sockets: usize,
    /// `CORRENTE_MAX_SUBSCRIPTIONS`: subscriptions of one socket.
    pub subscriptions: usize,
    /// `CORRENTE_MAX_MESSAGE_BYTES`: bytes of one message of a socket.
    pub message_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 128 * 1024,
            tokens: 2_000,
            depth: 15,
            aliases: 30,
            root_fields: 20,
            directives: 10,
            selections: 10_000,
            cost: 10_000,
            request_timeout: Duration::from_secs(20),
            sockets: 2_000,
            subscriptions: 20,
            message_bytes: 64 * 1024,
        }
    }
}

/// Lifetimes of cached answers.
#[derive(Debug, Clone)]
pub struct CacheConfig {
    /// `CORRENTE_KPI_CACHE_TTL`.
    pub kpis: Duration,
    /// `CORRENTE_FORECAST_CACHE_TTL`.
    pub forecasts: Duration,
}

/// What KPIs are measured against; rates are fractions.
#[derive(Debug, Clone)]
pub struct Targets {
    /// `CORRENTE_TARGET_STOCKOUT_RATE`: of the whole, and of classes A, B and C in this order.
    pub stockout_rate: f64,
    /// Stock-out targets of the ABC classes A, B, C.
    pub stockout_rate_by_class: [f64; 3],
    /// `CORRENTE_TARGET_DELAYED_ORDERS_RATE`.
    pub delayed_orders_rate: f64,
    /// `CORRENTE_TARGET_FORECAST_MAPE`: at family-week grain.
    pub forecast_mape: f64,
    /// `CORRENTE_TARGET_CARRYING_COST_REDUCTION`: share by which carrying cost is to fall below that of the first day known.
    pub carrying_cost_reduction: f64,
    /// `CORRENTE_TARGET_TURNOVER_MIN`: turns a year.
    pub turnover_min: f64,
    /// `CORRENTE_TARGET_TURNOVER_MAX`: turns a year.
    pub turnover_max: f64,
    /// `CORRENTE_TARGET_DECISION_MINUTES`: from raised to acknowledged, median.
    pub decision_minutes: f64,
}

impl Config {
    /// Reads every variable through `lookup`; the first wrong one stops with its name, value and what is allowed.
    pub fn read(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let env = Lookup::new(&lookup);
        let defaults = Limits::default();
        let bind: SocketAddr =
            env.parsed("CORRENTE_BIND", "127.0.0.1:8080", "an address and port such as 127.0.0.1:8080")?;
        let data_dir = PathBuf::from(env.text("CORRENTE_DATA_DIR", "./.corrente"));
        let config = Self {
            nightly: Nightly::read(&env, &data_dir)?,
            traces: Traces::read(&env)?,
            database_url: env.address("DATABASE_URL")?,
            database_replica_url: env.address("DATABASE_REPLICA_URL")?,
            data_dir,
            bind,
            cors_origins: env.origins("CORRENTE_CORS_ORIGINS")?,
            trusted_proxies: env.list("CORRENTE_TRUSTED_PROXIES", "IP addresses separated by commas")?,
            timezone: env.parsed("CORRENTE_TIMEZONE", "America/Bahia", "an IANA time zone such as America/Bahia")?,
            currency: env.currency("CORRENTE_CURRENCY", "BRL")?,
            auth: AuthConfig {
                jwt_secret: env.secret("CORRENTE_JWT_SECRET", 32)?,
                access_token_ttl: env.duration("CORRENTE_ACCESS_TOKEN_TTL", "15m", "30s", "24h")?,
                session_ttl: env.duration("CORRENTE_SESSION_TTL", "8h", "1m", "90d")?,
                cookie_secure: env.flag("CORRENTE_COOKIE_SECURE", !bind.ip().is_loopback())?,
            },
            pool: PoolConfig {
                size: env.number("CORRENTE_POOL_SIZE", 16, 1, 500)?,
                wait: env.duration("CORRENTE_POOL_WAIT", "3s", "100ms", "60s")?,
                statement_timeout: env.duration("CORRENTE_STATEMENT_TIMEOUT", "15s", "100ms", "1h")?,
                slow_statement: env.duration("CORRENTE_SLOW_STATEMENT", "1s", "1ms", "1h")?,
                embedded_max_cost: env.number("CORRENTE_EMBEDDED_MAX_COST", 2_000_000.0, 1.0, 1e15)?,
            },
            limits: Limits {
                body_bytes: env.number("CORRENTE_MAX_BODY_BYTES", defaults.body_bytes, 1_024, 16 * 1024 * 1024)?,
                tokens: env.number("CORRENTE_MAX_TOKENS", defaults.tokens, 10, 100_000)?,
                depth: env.number("CORRENTE_MAX_DEPTH", defaults.depth, 3, 32)?,
                aliases: env.number("CORRENTE_MAX_ALIASES", defaults.aliases, 0, 10_000)?,
                root_fields: env.number("CORRENTE_MAX_ROOT_FIELDS", defaults.root_fields, 1, 1_000)?,
                directives: env.number("CORRENTE_MAX_DIRECTIVES", defaults.directives, 0, 1_000)?,
                selections: env.number("CORRENTE_MAX_SELECTIONS", defaults.selections, 10, 1_000_000)?,
                cost: env.number("CORRENTE_MAX_COST", defaults.cost, 10, 100_000_000)?,
                request_timeout: env.duration("CORRENTE_REQUEST_TIMEOUT", "20s", "100ms", "10m")?,
                sockets: env.number("CORRENTE_MAX_SOCKETS", defaults.sockets, 0, 1_000_000)?,
                subscriptions: env.number("CORRENTE_MAX_SUBSCRIPTIONS", defaults.subscriptions, 1, 1_000)?,
                message_bytes: env.number("CORRENTE_MAX_MESSAGE_BYTES", defaults.message_bytes, 1_024, 1_048_576)?,
            },
            cache: CacheConfig {
                kpis: env.duration("CORRENTE_KPI_CACHE_TTL", "5m", "0s", "24h")?,
                forecasts: env.duration("CORRENTE_FORECAST_CACHE_TTL", "1h", "0s", "24h")?,
            },
            targets: Targets::read(&env)?,
            measures: Measures::read(&env)?,
            forecast_runs_kept: env.number("CORRENTE_FORECAST_RUNS_KEPT", 30, 1, 10_000)?,
            external_apis_enabled: env.flag("EXTERNAL_APIS_ENABLED", false)?,
            enable_ml_processing: env.flag("ENABLE_ML_PROCESSING", true)?,
            data_refresh_endpoint_enabled: env.flag("DATA_REFRESH_ENDPOINT_ENABLED", false)?,
        };
        if config.database_url.is_some() && config.auth.jwt_secret.is_none() {
            return Err(ConfigError::Missing {
                name: "CORRENTE_JWT_SECRET",
                reason: "with DATABASE_URL set, every replica must sign with the same secret of at least 32 bytes",
            });
        }
        Ok(config)
    }

    /// The defaults, for tests: nothing set but a secret.
    pub fn for_tests() -> Self {
        let read = Self::read(|name| match name {
            "CORRENTE_JWT_SECRET" => Some("a secret of tests, 32 bytes long!".into()),
            // A test writes and reads what it wrote.
            "CORRENTE_KPI_CACHE_TTL" | "CORRENTE_FORECAST_CACHE_TTL" => Some("0s".into()),
            _ => None,
        });
        match read {
            Ok(config) => config,
            Err(error) => unreachable!("the defaults are right: {error}"),
        }
    }

    /// What the store needs to open its pool.
    pub fn pool_options(&self) -> store::PoolOptions {
        store::PoolOptions {
            max_connections: self.pool.size,
            // Within that time there must also be an answer.
            acquire_timeout: self.pool.wait.mul_f64(0.9),
            statement_timeout: self.pool.statement_timeout,
            slow_statement: self.pool.slow_statement,
            embedded_max_cost: self.pool.embedded_max_cost,
            replica_url: self.database_replica_url.clone(),
        }
    }
}

impl Targets {
    fn read(env: &Lookup<'_>) -> Result<Self, ConfigError> {
        let rate = |name, default| env.number(name, default, 0.0, 1.0);
        Ok(Self {
            stockout_rate: rate("CORRENTE_TARGET_STOCKOUT_RATE", 0.03)?,
            stockout_rate_by_class: [
                rate("CORRENTE_TARGET_STOCKOUT_RATE_A", 0.02)?,
                rate("CORRENTE_TARGET_STOCKOUT_RATE_B", 0.05)?,
                rate("CORRENTE_TARGET_STOCKOUT_RATE_C", 0.10)?,
            ],
            delayed_orders_rate: rate("CORRENTE_TARGET_DELAYED_ORDERS_RATE", 0.05)?,
            forecast_mape: rate("CORRENTE_TARGET_FORECAST_MAPE", 0.15)?,
            carrying_cost_reduction: rate("CORRENTE_TARGET_CARRYING_COST_REDUCTION", 0.20)?,
            turnover_min: env.number("CORRENTE_TARGET_TURNOVER_MIN", 8.0, 0.0, 1_000.0)?,
            turnover_max: env.number("CORRENTE_TARGET_TURNOVER_MAX", 12.0, 0.0, 1_000.0)?,
            decision_minutes: env.number("CORRENTE_TARGET_DECISION_MINUTES", 30.0, 0.0, 1e6)?,
        })
    }
}
