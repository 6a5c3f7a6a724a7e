//! What was computed elsewhere into the database: forecasts as runs, features, key figures, and the books, in one
//! transaction. Killed anywhere, the state is that before or after.
//!
//! Raw SQL throughout: rows land in temporary tables, which no entity knows.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde_json::{Value as Json, json};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

use super::close::{chain, end_run};
use super::loader::{Loader, drop_landed};
use super::merge::run;
use super::piece::Piece;
use super::{offline_pieces, sql};
use crate::audit::NewEntry;
use crate::partitions::{Partitioned, ensure_on, month_of};
use crate::{Database, Engine, Notice, Result};

/// A run whose series and days have landed under its place.
#[derive(Debug, Clone, PartialEq)]
pub struct OfflineRun {
    /// The first day forecast.
    pub origin: NaiveDate,
    /// Days.
    pub horizon: i16,
    /// How often each model is named.
    pub models: Json,
    pub series: i64,
    /// How many lines of each file, by the files' places.
    pub lines: Vec<(usize, u64)>,
}

/// The key figures of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct OfflineKpis {
    /// The columns of `analytics.kpis_daily` that the file gives.
    pub columns: Vec<&'static str>,
    /// Objects with `full_date`, `dimension`, `member` and those columns.
    pub rows: Json,
}

/// A file of the load.
#[derive(Debug, Clone, PartialEq)]
pub struct OfflineFile {
    /// Its import run, which has begun.
    pub run: i64,
    pub read: u64,
    pub rejected: u64,
    /// Lines with a doubt.
    pub flagged: u64,
    pub kpis: Option<OfflineKpis>,
    pub audit: NewEntry,
}

/// Everything that the load brings beside what has landed.
#[derive(Debug, Clone, PartialEq)]
pub struct OfflineLoad {
    /// Of one origin, what is to become the current one comes last.
    pub runs: Vec<OfflineRun>,
    pub files: Vec<OfflineFile>,
    pub now: DateTime<Utc>,
}

/// What became of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunEnd {
    /// The run that holds it: a new one, or the one that said the same already.
    pub id: i64,
    pub unchanged: bool,
    /// Whether it is the run that lists and totals are read from.
    pub current: bool,
    /// Whether it holds every series of the run that was current before.
    pub complete: bool,
}

/// What became of the load.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OfflineMerged {
    pub runs: Vec<RunEnd>,
    /// How many lines of each file changed something.
    pub changed: Vec<u64>,
    /// Tables that were written, for [`settle_tables`](super::settle_tables).
    pub touched: Vec<String>,
}

/// What may be referred to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OfflineStored {
    /// Ids by sku.
    pub items: HashMap<String, i64>,
    /// Ids by code.
    pub sites: HashMap<String, i64>,
    pub families: HashSet<String>,
    /// Codes.
    pub regions: HashSet<String>,
}

/// Such a load under way; there is one load of any sort at a time.
#[derive(Debug)]
pub struct Offline<'d> {
    loader: Loader<'d>,
}

impl<'d> Offline<'d> {
    /// Waits until no other load is under way, with a word about it, and begins one.
    pub async fn begin(db: &'d Database, progress: &(dyn Fn(&str) + Send + Sync)) -> Result<Self> {
        let mut loader = Loader::begin(db, progress).await?;
        let until = if db.engine() == Engine::Native { "ON COMMIT DROP" } else { "" };
        loader.line().await?.execute(AssertSqlSafe(offline_pieces::landing(until))).await?;
        Ok(Self { loader })
    }

    /// What is stored, as no other load can change it before this one ends.
    pub async fn stored(&mut self) -> Result<OfflineStored> {
        let mut line = self.loader.line().await?;
        let items: Vec<(String, i64)> =
            sqlx::query_as("SELECT sku, id FROM core.dim_item").fetch_all(&mut *line).await?;
        let sites: Vec<(String, i64)> =
            sqlx::query_as("SELECT code, id FROM core.dim_site").fetch_all(&mut *line).await?;
        let families: Vec<(String,)> =
            sqlx::query_as("SELECT DISTINCT family FROM core.dim_item WHERE family IS NOT NULL")
                .fetch_all(&mut *line)
                .await?;
        let regions: Vec<(String,)> = sqlx::query_as("SELECT code FROM core.dim_region").fetch_all(&mut *line).await?;
        Ok(OfflineStored {
            items: items.into_iter().collect(),
            sites: sites.into_iter().collect(),
            families: families.into_iter().map(|(family,)| family).collect(),
            regions: regions.into_iter().map(|(code,)| code).collect(),
        })
    }

    /// Sends a piece to the database.
    pub async fn land(&mut self, piece: Piece) -> Result<()> {
        self.loader.land(piece).await
    }

    /// Merges what has landed and what `load` brings besides, and ends.
    pub async fn finish(mut self, load: &OfflineLoad) -> Result<OfflineMerged> {
        let merged = if let Some(mut transaction) = self.loader.held.take() {
            let merged = everything(&mut transaction, load).await?;
            transaction.commit().await?;
            merged
        } else {
            let mut connection = self.loader.db.pool().acquire().await?;
            let mut transaction = connection.begin().await?;
            transaction.execute(sql::BOUNDS).await?;
            let merged = everything(&mut transaction, load).await?;
            transaction.commit().await?;
            drop_landed(&mut connection).await?;
            merged
        };
        self.loader.db.tell(Notice::DataRefreshed).await;
        Ok(merged)
    }
}

async fn everything(connection: &mut PgConnection, load: &OfflineLoad) -> Result<OfflineMerged> {
    connection.execute("ANALYZE landed_points; ANALYZE landed_series; ANALYZE landed_features").await?;
    let mut merged = OfflineMerged { changed: vec![0; load.files.len()], ..OfflineMerged::default() };
    for (place, new) in load.runs.iter().enumerate() {
        let end = forecast_run(connection, place as i32, new, load.now, &mut merged.touched).await?;
        if !end.unchanged {
            for (file, lines) in &new.lines {
                merged.changed[*file] += lines;
            }
        }
        merged.runs.push(end);
    }
    settle_current(connection, load, &mut merged).await?;
    features(connection, &mut merged).await?;
    for (place, file) in load.files.iter().enumerate() {
        if let Some(kpis) = &file.kpis {
            merged.changed[place] += figures(connection, kpis, load.now, &mut merged.touched).await?;
        }
    }
    if merged.touched.iter().any(|table| table == "analytics.kpis_daily") {
        refresh(connection, "mv_kpis_latest").await?;
    }
    for (place, file) in load.files.iter().enumerate() {
        books(connection, place as i32, file, merged.changed[place]).await?;
    }
    merged.touched.sort_unstable();
    merged.touched.dedup();
    Ok(merged)
}

/// The newest ready run over everything.
const CURRENT: &str = "(SELECT id FROM analytics.forecast_runs WHERE status = 'READY' AND complete ORDER BY origin DESC, id DESC LIMIT 1)";

const LANDED: &str =
    "level, item_id, site_id, member, target_date, lead, mean, p025, p10, p25, p50, p75, p90, p975, model";

/// The days of a run, whatever table they are in, as [`LANDED`] has them.
const STORED: &str =
    "SELECT CASE WHEN site_id = 0 THEN 'ITEM' ELSE 'ITEM_SITE' END, item_id, site_id, '', target_date, lead, mean,
        p025, p10, p25, p50, p75, p90, p975, model FROM analytics.forecasts WHERE run_id = $2 AND origin = $3
    UNION ALL SELECT level, 0, 0, member, target_date, lead, mean, p025, p10, p25, p50, p75, p90, p975, model
    FROM analytics.forecast_totals WHERE run_id = $2 AND origin = $3";

/// Stores a run, unless a ready one of its origin says the same.
async fn forecast_run(
    connection: &mut PgConnection,
    place: i32,
    new: &OfflineRun,
    now: DateTime<Utc>,
    touched: &mut Vec<String>,
) -> Result<RunEnd> {
    let others = "SELECT id, complete FROM analytics.forecast_runs WHERE status = 'READY' AND origin = $1 ORDER BY id DESC LIMIT 50";
    let others: Vec<(i64, bool)> = sqlx::query_as(others).bind(new.origin).fetch_all(&mut *connection).await?;
    let same = format!(
        "SELECT (SELECT count(*) FROM landed_points WHERE run = $1) = (SELECT count(*) FROM ({STORED}) s) \
         AND NOT EXISTS (SELECT {LANDED} FROM landed_points WHERE run = $1 EXCEPT SELECT * FROM ({STORED}) s)"
    );
    for (id, complete) in others {
        let same = sqlx::query_as(AssertSqlSafe(same.clone())).bind(place).bind(id).bind(new.origin);
        let (same,): (bool,) = same.fetch_one(&mut *connection).await?;
        if same {
            return Ok(RunEnd { id, unchanged: true, current: false, complete });
        }
    }
    let whole = format!(
        "SELECT NOT EXISTS (SELECT FROM analytics.forecast_series s WHERE s.run_id = {CURRENT} AND NOT EXISTS ( \
             SELECT FROM landed_series l WHERE l.run = $1 AND l.level = s.level AND l.item_id = s.item_id \
             AND l.site_id = s.site_id AND l.member = s.member))"
    );
    let (complete,): (bool,) = sqlx::query_as(AssertSqlSafe(whole)).bind(place).fetch_one(&mut *connection).await?;
    ensure_on(connection, Partitioned::Forecasts, month_of(new.origin)).await?;
    let insert = "INSERT INTO analytics.forecast_runs (origin, horizon, data_through, status, source, complete, models, series, started_at, finished_at)
        VALUES ($1, $2, $3, 'READY', 'LOADED', $4, $5, $6, $7, clock_timestamp()) RETURNING id";
    let insert = sqlx::query_as(insert)
        .bind(new.origin)
        .bind(new.horizon)
        .bind(new.origin - Days::new(1))
        .bind(complete)
        .bind(&new.models)
        .bind(new.series)
        .bind(now);
    let (id,): (i64,) = insert.fetch_one(&mut *connection).await?;
    let series = "INSERT INTO analytics.forecast_series (run_id, level, item_id, site_id, member, model, demand_class, cumulative)
        SELECT $2, level, item_id, site_id, member, model, demand_class, cumulative FROM landed_series WHERE run = $1";
    run(connection, sqlx::query(series).bind(place).bind(id)).await?;
    let values = "target_date, lead, mean, p025, p10, p25, p50, p75, p90, p975, model";
    for (table, names, levels) in [
        ("forecasts", "item_id, site_id", "level IN ('ITEM', 'ITEM_SITE')"),
        ("forecast_totals", "level, member", "level NOT IN ('ITEM', 'ITEM_SITE')"),
    ] {
        let points = format!(
            "INSERT INTO analytics.{table} (run_id, origin, {names}, {values}) \
             SELECT $2, $3, {names}, {values} FROM landed_points WHERE run = $1 AND {levels}"
        );
        run(connection, sqlx::query(AssertSqlSafe(points)).bind(place).bind(id).bind(new.origin)).await?;
    }
    touched.extend(["forecast_runs", "forecast_series", "forecast_totals"].map(|table| format!("analytics.{table}")));
    touched.push(format!("analytics.{}", Partitioned::Forecasts.partition(month_of(new.origin))));
    Ok(RunEnd { id, unchanged: false, current: false, complete })
}

/// Shows the run that is current now, and tells what is older than the new runs.
async fn settle_current(connection: &mut PgConnection, load: &OfflineLoad, merged: &mut OfflineMerged) -> Result<()> {
    let current = format!("SELECT {CURRENT}");
    let (current,): (Option<i64>,) = sqlx::query_as(AssertSqlSafe(current)).fetch_one(&mut *connection).await?;
    for end in &mut merged.runs {
        end.current = current == Some(end.id);
    }
    let news = merged.runs.iter().zip(&load.runs).filter(|(end, _)| !end.unchanged);
    if news.clone().next().is_none() {
        return Ok(());
    }
    let dependents: &[&str] = &["KPIS", "RECOMMENDATIONS"];
    run(connection, sqlx::query(sql::STALE).bind(dependents)).await?;
    if let Some((_, new)) = news.clone().find(|(end, _)| end.current) {
        refresh(connection, "mv_forecasts_latest").await?;
        merged.touched.push("analytics.mv_forecasts_latest".into());
        let fresh = "INSERT INTO support.freshness (kind, data_through, refreshed_at, stale) VALUES ('FORECASTS', $1, now(), false)
            ON CONFLICT (kind) DO UPDATE SET data_through = excluded.data_through, refreshed_at = excluded.refreshed_at, stale = false";
        run(connection, sqlx::query(fresh).bind(new.origin - Days::new(1))).await?;
    }
    Ok(())
}

/// Refreshes a view inside the transaction; readers are kept waiting only for one that was never populated.
async fn refresh(connection: &mut PgConnection, view: &str) -> Result<()> {
    let populated = "SELECT ispopulated FROM pg_matviews WHERE schemaname = 'analytics' AND matviewname = $1";
    let (populated,): (bool,) = sqlx::query_as(populated).bind(view).fetch_one(&mut *connection).await?;
    let concurrently = if populated { "CONCURRENTLY " } else { "" };
    let refresh = format!("REFRESH MATERIALIZED VIEW {concurrently}analytics.{view}");
    connection.execute(AssertSqlSafe(refresh)).await?;
    Ok(())
}

async fn features(connection: &mut PgConnection, merged: &mut OfflineMerged) -> Result<()> {
    const KEY: &str = "item_id, site_id, full_date, schema_version";
    let counts = format!(
        "SELECT l.file, count(*) FROM landed_features l LEFT JOIN analytics.features_store t USING ({KEY}) \
         WHERE t.features IS DISTINCT FROM l.features GROUP BY l.file"
    );
    let counts: Vec<(i32, i64)> = sqlx::query_as(AssertSqlSafe(counts)).fetch_all(&mut *connection).await?;
    if counts.is_empty() {
        return Ok(());
    }
    for (file, count) in counts {
        merged.changed[file as usize] += count as u64;
    }
    let insert = format!(
        "INSERT INTO analytics.features_store AS t ({KEY}, features) SELECT {KEY}, features FROM landed_features ORDER BY {KEY} \
         ON CONFLICT ({KEY}) DO UPDATE SET features = excluded.features WHERE t.features IS DISTINCT FROM excluded.features"
    );
    run(connection, sqlx::query(AssertSqlSafe(insert))).await?;
    merged.touched.push("analytics.features_store".into());
    Ok(())
}

/// Writes key figures; what the file has no column for stays as it is. Answers how many rows changed.
async fn figures(
    connection: &mut PgConnection,
    kpis: &OfflineKpis,
    now: DateTime<Utc>,
    touched: &mut Vec<String>,
) -> Result<u64> {
    if kpis.columns.is_empty() {
        return Ok(0);
    }
    let list = |prefix: &str| kpis.columns.iter().map(|name| format!("{prefix}{name}")).collect::<Vec<_>>().join(", ");
    let set = kpis.columns.iter().map(|name| format!("{name} = excluded.{name}")).collect::<Vec<_>>().join(", ");
    let types = kpis.columns.iter().map(|name| format!("{name} float8")).collect::<Vec<_>>().join(", ");
    let (names, ours, theirs) = (list(""), list("t."), list("excluded."));
    let insert = format!(
        "INSERT INTO analytics.kpis_daily AS t (full_date, dimension, member, {names}, computed_at) \
         SELECT full_date, dimension, member, {names}, $2 FROM jsonb_to_recordset($1) AS d (full_date date, dimension text, member text, {types}) \
         ON CONFLICT (full_date, dimension, member) DO UPDATE SET {set}, computed_at = excluded.computed_at \
         WHERE ROW({ours}) IS DISTINCT FROM ROW({theirs})"
    );
    let changed = run(connection, sqlx::query(AssertSqlSafe(insert)).bind(&kpis.rows).bind(now)).await?;
    if changed > 0 {
        touched.extend(["analytics.kpis_daily".into(), "analytics.mv_kpis_latest".into()]);
    }
    Ok(changed)
}

/// Stores the refused lines of a file, closes its run, and chains the audit log's entry.
async fn books(connection: &mut PgConnection, place: i32, file: &OfflineFile, changed: u64) -> Result<()> {
    let lines =
        "INSERT INTO support.import_rejects (run_id, severity, sheet, line, column_name, reason, value, expected)
        SELECT $1, severity, sheet, line, column_name, reason, value, expected FROM landed_refused WHERE file = $2
        ORDER BY severity DESC, sheet NULLS FIRST, line";
    run(connection, sqlx::query(lines).bind(file.run).bind(place)).await?;
    let unchanged = (file.read - file.rejected).saturating_sub(changed);
    end_run(connection, file.run, [file.read, changed, unchanged, file.rejected, file.flagged]).await?;
    let mut entry = file.audit.clone();
    if let Json::Object(details) = &mut entry.details {
        let counts = json!({"read": file.read, "loaded": changed, "unchanged": unchanged, "rejected": file.rejected, "flagged": file.flagged});
        details.extend(counts.as_object().cloned().unwrap_or_default());
    }
    chain(connection, entry).await
}
