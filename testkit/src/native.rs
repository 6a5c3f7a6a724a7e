//! Test databases on a native server: one migrated template, copied by `CREATE DATABASE ... TEMPLATE`.

use std::time::Duration;

use sea_orm::{ConnectionTrait, TransactionTrait};
use store::{Database, PoolOptions};
use tokio::sync::Mutex;

use crate::Outcome;

/// Drops its database when it goes.
#[derive(Debug)]
pub(crate) struct OwnDatabase {
    server: String,
    name: String,
    url: String,
}

impl OwnDatabase {
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for OwnDatabase {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        // Drop cannot wait, and the test's runtime may be ending: a thread with a runtime of its own can.
        let cleaning = std::thread::spawn(move || {
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
            runtime.block_on(async {
                if let Ok(server) = Database::connect(&server, &small_pool()).await {
                    // FORCE ends connections that the test left open; a failure leaves an empty database behind.
                    let _ = server
                        .writer()
                        .execute_unprepared(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
                        .await;
                }
            });
        });
        let _ = cleaning.join();
    }
}

/// A copy of the migrated template on the server at `url`.
pub(crate) async fn create(url: &str, options: &PoolOptions) -> Outcome<(Database, OwnDatabase)> {
    static TEMPLATE: Mutex<bool> = Mutex::const_new(false);
    let template = format!("corrente_template_{:016x}", migration::fingerprint());
    let server = Database::connect(url, &small_pool()).await?;
    let mut ready = TEMPLATE.lock().await;
    if !*ready {
        ensure_template(&server, url, &template).await?;
        *ready = true;
    }
    let name = format!("corrente_test_{}_{}", std::process::id(), unique());
    server.writer().execute_unprepared(&format!("CREATE DATABASE {name} TEMPLATE {template}")).await?;
    drop(ready);
    server.close().await?;
    let own = OwnDatabase { server: url.to_owned(), url: with_database(url, &name), name };
    let options = PoolOptions { max_connections: 6, acquire_timeout: Duration::from_secs(30), ..options.clone() };
    Ok((Database::connect(&own.url, &options).await?, own))
}

/// Makes the template under a lock on the server, so that several test binaries may start at once.
async fn ensure_template(server: &Database, url: &str, template: &str) -> Outcome<()> {
    let lock = server.writer().begin().await?;
    lock.execute_unprepared("SELECT pg_advisory_xact_lock(7310)").await?;
    let found = format!("SELECT 1 FROM pg_database WHERE datname = '{template}'");
    let found = lock.query_one_raw(sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, found)).await?;
    if found.is_none() {
        let making = format!("{template}_making");
        let writer = server.writer();
        writer.execute_unprepared(&format!("DROP DATABASE IF EXISTS {making} WITH (FORCE)")).await?;
        writer.execute_unprepared(&format!("CREATE DATABASE {making}")).await?;
        let database = Database::connect(&with_database(url, &making), &small_pool()).await?;
        migration::up(database.writer()).await?;
        database.close().await?;
        writer.execute_unprepared(&format!("ALTER DATABASE {making} RENAME TO {template}")).await?;
    }
    lock.commit().await?;
    Ok(())
}

fn small_pool() -> PoolOptions {
    PoolOptions { max_connections: 2, acquire_timeout: Duration::from_secs(30), ..PoolOptions::default() }
}

/// The same server, another database.
fn with_database(url: &str, name: &str) -> String {
    let (address, query) = url.split_once('?').map_or((url, None), |(address, query)| (address, Some(query)));
    let (server, _) = address.rsplit_once('/').unwrap_or((address, ""));
    query.map_or_else(|| format!("{server}/{name}"), |query| format!("{server}/{name}?{query}"))
}

fn unique() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}
