//! For tests only: a migrated, isolated database per test, and builders that read like sentences.
//!
//! [`TestDatabase::new`] gives a database of its own on the engine under test: embedded by default, a native server
//! when `TEST_DATABASE_URL` is set. Never here: anything of the product. Start with [`TestDatabase`].

pub mod builders;
mod embedded;
pub mod hostile;
mod native;

use std::sync::Arc;

use store::{Database, PoolOptions};

/// The schema as a restore wants it.
pub fn history() -> store::backup::History {
    store::backup::History { steps: migration::steps(), lock: migration::LOCK }
}

/// One test's own database, gone when dropped. Dereferences to [`Database`].
#[derive(Debug, Clone)]
pub struct TestDatabase {
    database: Database,
    home: Arc<Home>,
}

#[derive(Debug)]
enum Home {
    Embedded { _directory: tempfile::TempDir },
    Native(native::OwnDatabase),
}

impl TestDatabase {
    /// A migrated, empty database. A test that cannot have one cannot go on, so this panics with the reason.
    pub async fn new() -> Self {
        Self::with(&PoolOptions::default()).await
    }

    /// [`TestDatabase::new`], opened with options; the sizes and times of the pool stay those of tests.
    pub async fn with(options: &PoolOptions) -> Self {
        let opened = match std::env::var("TEST_DATABASE_URL") {
            Ok(url) if !url.is_empty() => native::create(&url, options).await.map(|(db, own)| (db, Home::Native(own))),
            _ => embedded::create(options).await.map(|(db, directory)| (db, Home::Embedded { _directory: directory })),
        };
        match opened {
            Ok((database, home)) => Self { database, home: Arc::new(home) },
            Err(error) => panic!("no test database: {error}"),
        }
    }

    /// The database itself; clone it where a service wants one.
    pub fn db(&self) -> &Database {
        &self.database
    }

    /// The address, on a native server only.
    pub fn url(&self) -> Option<&str> {
        match &*self.home {
            Home::Native(own) => Some(own.url()),
            Home::Embedded { .. } => None,
        }
    }
}

impl std::ops::Deref for TestDatabase {
    type Target = Database;

    fn deref(&self) -> &Database {
        &self.database
    }
}

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;
