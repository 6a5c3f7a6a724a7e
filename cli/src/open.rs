//! Opening the database: by address, or embedded in the data directory.

use anyhow::{Result, bail};
use api::config::Config;
use store::{Database, Engine, StoreError};

use crate::command::Command;
use crate::context::Context;

/// How the database was found.
pub enum Opened {
    /// Open in this process.
    Here(Database),
    /// Another process has the embedded database's directory.
    Held {
        /// Its process id.
        pid: String,
    },
}

/// Opens what the configuration names; neither engine is migrated here.
pub async fn open(config: &Config) -> Result<Opened> {
    let opened = match &config.database_url {
        Some(url) => Database::connect(url, &config.pool_options()).await,
        None => embedded(config).await?,
    };
    match opened {
        Ok(db) => Ok(Opened::Here(db)),
        Err(StoreError::Held { pid, .. }) => Ok(Opened::Held { pid }),
        Err(error) => Err(error.into()),
    }
}

#[cfg(feature = "embedded")]
async fn embedded(config: &Config) -> Result<Result<Database, StoreError>> {
    Ok(store::open_embedded(&config.data_dir, &config.pool_options()).await)
}

#[cfg(not(feature = "embedded"))]
#[expect(clippy::unused_async, reason = "the build with an embedded database waits here")]
async fn embedded(_config: &Config) -> Result<Result<Database, StoreError>> {
    bail!(
        "this build has no embedded database: set DATABASE_URL to a PostgreSQL server, such as postgres://user:password@host:5432/database"
    )
}

/// Brings the schema to where the command needs it.
pub async fn prepare(context: &Context, command: &Command) -> Result<()> {
    // A backup is of the schema as it stands, so that one can be made before a migration; a restore brings its own.
    if matches!(command, Command::Migrate(_) | Command::Doctor(_) | Command::Backup(_) | Command::Restore(_)) {
        Ok(())
    } else {
        migrated(&context.db).await.map(drop)
    }
}

/// Migrates the embedded database, which is ours alone; a server's schema changes only when somebody asks for it.
/// Answers how many steps were applied.
pub async fn migrated(db: &Database) -> Result<usize> {
    if db.engine() == Engine::Embedded {
        return Ok(migration::up(db.writer()).await?);
    }
    let pending = migration::status(db.writer()).await?.iter().filter(|step| !step.applied).count();
    if pending > 0 {
        bail!("the database lacks {pending} migration(s) of this version; run `corrente migrate up` first");
    }
    Ok(0)
}
