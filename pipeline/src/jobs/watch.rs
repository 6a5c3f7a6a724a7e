//! What people are told of the jobs themselves: that one failed, until it succeeds again.

use chrono::Utc;
use planning::policy::alert;
use serde_json::json;
use store::Database;

use super::JobError;
use super::policy::raised;

/// The jobs by the names that alerts call them.
pub(super) const FORECAST: &str = "forecast";
pub(super) const REFRESH: &str = "refresh";

/// Does `work`, and keeps the alert of `job` true to how it ended. Without demand there is nothing to do, which is no
/// failure, and no success either.
pub(super) async fn watched<T>(
    db: &Database,
    job: &'static str,
    work: impl Future<Output = Result<T, JobError>>,
) -> Result<T, JobError> {
    let done = work.await;
    let alert = alert::job_failure(job);
    match &done {
        Ok(_) => {
            store::alerts::clear(db, &alert.key, Utc::now()).await?;
        }
        Err(JobError::NoDemand) => {}
        Err(error) => {
            if let Some(new) = raised(alert, None, json!({"reason": error.to_string()})) {
                // A database that is away takes no alert either, and the first error is the one to tell.
                let _ = store::alerts::raise(db, new, Utc::now()).await;
            }
        }
    }
    done
}

/// Tells that a nightly run failed at `steps`, each with its reason.
pub async fn nightly_failed(db: &Database, steps: &[(&str, String)]) -> Result<(), JobError> {
    let names: Vec<&str> = steps.iter().map(|(step, _)| *step).collect();
    let reasons: serde_json::Map<String, serde_json::Value> =
        steps.iter().map(|(step, reason)| ((*step).to_owned(), json!(reason))).collect();
    if let Some(new) = raised(alert::nightly_failure(&names), None, json!({ "reasons": reasons })) {
        store::alerts::raise(db, new, Utc::now()).await?;
    }
    Ok(())
}

/// Tells that a nightly run succeeded, which resolves what the one before it may have raised.
pub async fn nightly_done(db: &Database) -> Result<(), JobError> {
    store::alerts::clear(db, &alert::nightly_failure(&[]).key, Utc::now()).await?;
    Ok(())
}
