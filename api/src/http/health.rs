//! Is the process alive, is it ready, and how does it stand?

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::SecondsFormat;
use serde_json::{Value, json};
use store::{Database, Engine};

use crate::app::Shared;

/// How long the database may take to answer before it counts as away.
const PATIENCE: Duration = Duration::from_secs(3);

/// The process answers; nothing else is asked.
pub async fn live() -> Response {
    answer(StatusCode::OK, json!({ "status": "ok" }))
}

/// The database answers and has the schema of this build.
pub async fn ready(State(shared): State<Arc<Shared>>) -> Response {
    match readiness(&shared).await {
        Ok(()) => answer(StatusCode::OK, json!({ "status": "ok" })),
        Err(reason) => answer(StatusCode::SERVICE_UNAVAILABLE, json!({ "status": "unavailable", "reason": reason })),
    }
}

/// How everything stands, for people and monitors.
pub async fn health(State(shared): State<Arc<Shared>>) -> Response {
    let ready = readiness(&shared).await;
    let (demo, freshness) = if ready.is_ok() { details(&shared.db).await } else { (Value::Null, json!([])) };
    let status = if ready.is_ok() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let engine = match shared.db.engine() {
        Engine::Embedded => "embedded",
        Engine::Native => "native",
    };
    let body = json!({
        "status": if ready.is_ok() { "ok" } else { "unavailable" },
        "database": if ready.is_ok() { "ok" } else { "unavailable" },
        "timestamp": shared.now().to_rfc3339_opts(SecondsFormat::Secs, true),
        "version": env!("CARGO_PKG_VERSION"),
        "engine": engine,
        "postgresql": shared.db.version(),
        "demo": demo,
        "freshness": freshness,
    });
    answer(status, body)
}

async fn readiness(shared: &Shared) -> Result<(), &'static str> {
    let asked = tokio::time::timeout(PATIENCE, store::health::migrations(&shared.db)).await;
    let applied = match asked {
        Ok(Ok(applied)) => applied,
        Ok(Err(error)) => {
            tracing::warn!(error = %crate::error::chain(&error), "the database does not answer");
            return Err("the database does not answer");
        }
        Err(_) => return Err("the database does not answer in time"),
    };
    let missing = shared.migrations.iter().any(|migration| !applied.contains(migration));
    if missing { Err("the database is not migrated") } else { Ok(()) }
}

async fn details(db: &Database) -> (Value, Value) {
    let demo = store::settings::is_demo(db).await.map_or(Value::Null, Value::Bool);
    let rows = store::freshness::all(db).await.unwrap_or_default();
    let rows = rows.into_iter().map(|row| {
        json!({
            "kind": row.kind.as_str(),
            "dataThrough": row.data_through,
            "refreshedAt": row.refreshed_at.to_rfc3339_opts(SecondsFormat::Secs, true),
            "stale": row.stale,
        })
    });
    (demo, rows.collect())
}

fn answer(status: StatusCode, body: Value) -> Response {
    (status, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}
