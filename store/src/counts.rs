//! Counts of long lists, kept until a load changes what they count.
//!
//! What only loads and jobs change (items, order lines, suppliers) is counted once per filter and version of the data;
//! what people change (recommendations, alerts) is counted each time and is small. The version is read from the
//! database itself, so that a load by another process empties these counts as well.

use std::collections::HashMap;
use std::fmt::Debug;
use std::sync::Mutex;

use sea_orm::sea_query::SelectStatement;
use sea_orm::{ConnectionTrait as _, DbBackend};

use crate::statement::raw;
use crate::{Database, Result};

/// Filters whose counts are kept at most; beyond it all are forgotten, which costs a recount each.
const KEPT: usize = 512;

/// What changes with every load and every job: when data were last refreshed, the newest run of an import and how it
/// went, and the newest item, which a load without a run brings.
const VERSION: &str = "SELECT concat_ws(' ', (SELECT max(refreshed_at) FROM support.freshness), \
     (SELECT id || status FROM support.import_runs ORDER BY started_at DESC, id DESC LIMIT 1), (SELECT max(id) FROM core.dim_item))";

/// The kept counts, of one version.
#[derive(Debug, Default)]
pub(crate) struct Counts(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    version: String,
    counts: HashMap<String, u64>,
}

impl Counts {
    fn is_known(&self, name: &str) -> bool {
        self.0.lock().is_ok_and(|kept| kept.counts.contains_key(name))
    }

    fn get(&self, name: &str, version: &str) -> Option<u64> {
        self.0.lock().ok().filter(|kept| kept.version == version).and_then(|kept| kept.counts.get(name).copied())
    }

    fn keep(&self, name: String, version: String, count: u64) {
        let Ok(mut kept) = self.0.lock() else { return };
        if kept.version != version {
            kept.counts.clear();
            kept.version = version;
        }
        if kept.counts.len() >= KEPT {
            kept.counts.clear();
        }
        kept.counts.insert(name, count);
    }
}

/// How many rows `select` of `list` has, which `filter` restricts. A first count and the version come in one
/// statement, so that they are of one moment; a known count costs one small statement that asks for the version.
pub(crate) async fn counted(db: &Database, list: &str, filter: &impl Debug, select: &SelectStatement) -> Result<u64> {
    // A filter's Debug text says all of its fields, so equal texts are equal filters.
    let name = format!("{list} {filter:?}");
    if db.counts().is_known(&name) {
        let version = raw(VERSION, []).one(db.reader()).await?;
        let version: String = version.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default();
        if let Some(count) = db.counts().get(&name, &version) {
            return Ok(count);
        }
    }
    let select = DbBackend::Postgres.build(select);
    let sql = format!("SELECT ({VERSION}) AS version, (SELECT count(*) FROM ({}) counted) AS count", select.sql);
    let values = select.values.map(|values| values.0).unwrap_or_default();
    let row = db.reader().query_one_raw(raw(sql, values).into()).await?;
    let Some(row) = row else { return Ok(0) };
    let (version, count): (String, i64) = (row.try_get("", "version")?, row.try_get("", "count")?);
    let count = count.unsigned_abs();
    db.counts().keep(name, version, count);
    Ok(count)
}
