//! The server itself: its size, its indexes, its replica, what runs on it, and the head of the audit log.

use chrono::{DateTime, Utc};

use super::patient;
use crate::statement::raw;
use crate::{Database, Result};

/// How the audit log ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// How many entries the head counts.
    pub entries: i64,
    /// Whether the last entry is the one that the head remembers.
    pub fits: bool,
}

/// An import or a forecast that says it is still running.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    pub what: String,
    pub since: DateTime<Utc>,
}

/// How far a replica is behind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lag {
    /// Whether the server follows another at all.
    pub follows: bool,
    /// Seconds since the last change it knows of was made on the primary; 0 when it has replayed all it received.
    pub seconds: f64,
}

/// Bytes of the whole database.
pub async fn database_bytes(db: &Database) -> Result<i64> {
    let rows = patient(db, "SELECT pg_database_size(current_database())", Vec::new()).await?;
    Ok(rows.first().map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default())
}

/// Indexes that a failed or broken-off build left unusable.
pub async fn invalid_indexes(db: &Database) -> Result<Vec<String>> {
    let sql = "SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
               WHERE c.relnamespace::regnamespace::text IN ('core', 'analytics', 'support') \
               AND NOT (i.indisvalid AND i.indisready) ORDER BY 1";
    patient(db, sql, Vec::new()).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// The end of the audit log against its head; `None` when the head itself is gone.
pub async fn audit_head(db: &Database) -> Result<Option<Head>> {
    // One statement sees one state, so that no entry comes between the last one and the head.
    let sql = "SELECT h.entries, h.entries = coalesce(l.id, 0) AND h.hash = coalesce(l.hash, decode(repeat('00', 32), 'hex')) \
               FROM support.audit_head h \
               LEFT JOIN LATERAL (SELECT id, hash FROM support.audit_logs ORDER BY id DESC LIMIT 1) l ON true";
    let rows = patient(db, sql, Vec::new()).await?;
    rows.first().map(|row| Ok(Head { entries: row.try_get_by_index(0)?, fits: row.try_get_by_index(1)? })).transpose()
}

/// The oldest import and the oldest forecast that say they are still running.
pub async fn oldest_running(db: &Database) -> Result<Vec<Running>> {
    let sql = "(SELECT 'import of ' || file, started_at FROM support.import_runs WHERE status = 'RUNNING' ORDER BY started_at LIMIT 1) \
               UNION ALL \
               (SELECT 'forecast ' || id, started_at FROM analytics.forecast_runs WHERE status = 'RUNNING' ORDER BY started_at LIMIT 1)";
    let rows = patient(db, sql, Vec::new()).await?;
    rows.iter().map(|row| Ok(Running { what: row.try_get_by_index(0)?, since: row.try_get_by_index(1)? })).collect()
}

/// How far the replica is behind, asked of the replica.
pub async fn lag(db: &Database, now: DateTime<Utc>) -> Result<Option<Lag>> {
    let sql = "SELECT pg_is_in_recovery(), CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0 \
               ELSE coalesce(extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()), 0) END::float8";
    let row = raw(sql, []).one(db.reading_for(None, now).reader()).await?;
    row.map(|row| Ok(Lag { follows: row.try_get_by_index(0)?, seconds: row.try_get_by_index(1)? })).transpose()
}
