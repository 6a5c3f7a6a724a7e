//! What people are told of imports: that a file lost more of its lines than the company allows.

use chrono::{Days, Utc};
use entity::words::AlertCategory;
use planning::policy::alert;
use serde_json::json;
use store::Database;

use super::JobError;
use super::policy::raised;

/// An import older than this is history: its file has been replaced by others, or nobody misses it.
const DAYS: u64 = 30;

/// Judges the newest import of every file of the last 30 days: one that rejected more than `share` of its lines has an
/// alert, until the file is imported again with fewer rejects or the import is that old. Answers how many alerts are new.
pub async fn judge_imports(db: &Database, share: f64) -> Result<u64, JobError> {
    let now = Utc::now();
    let runs = store::import_runs::newest_by_file(db, now - Days::new(DAYS)).await?;
    let found = runs.iter().filter_map(|run| {
        let (read, rejected) = (count(run.read_lines), count(run.rejected_lines));
        let alert = alert::data_quality(&run.file, read, rejected, share)?;
        raised(alert, None, json!({"run": run.id, "read": read, "rejected": rejected, "share": share}))
    });
    let synced = store::alerts::sync(db, &[AlertCategory::DataQuality], found.collect(), now).await?;
    Ok(synced.raised.len() as u64)
}

fn count(lines: i64) -> usize {
    usize::try_from(lines).unwrap_or(0)
}
