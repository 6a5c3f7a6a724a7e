//! Everything that follows from the facts and the current forecast: classes, lead times, KPIs, recommendations, alerts.

use std::time::Instant;

use chrono::{Days, Utc};
use entity::words::DataKind;
use planning::policy::alert;
use serde::Serialize;
use serde_json::json;
use store::Database;

use super::kpi::Stretch;
use super::policy::{self, Findings};
use super::{JobError, class, kpi};

/// Demand older than this many days makes an alert.
const STALE_DAYS: i64 = 7;
/// The setting that tells what the money figures were computed with.
const BASIS: &str = "kpi_basis";

/// What the facts do not say.
#[derive(Debug, Clone, PartialEq)]
pub struct RefreshOptions {
    /// Cost of holding stock, a fraction of its value a year.
    pub carrying_rate: f64,
    /// The company's currency, noted beside the figures.
    pub currency: String,
}

/// What a refresh did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RefreshReport {
    /// Days whose KPIs were computed anew.
    pub kpi_days: u64,
    /// Recommendations that stand.
    pub recommendations: u64,
    /// Alerts that are new.
    pub alerts_raised: u64,
    pub seconds: f64,
}

/// Computes everything anew. Each part is stored whole or not at all; a refresh that was interrupted is simply repeated.
///
/// Today is the day after demand's `dataThrough`; the wall clock only tells how old that is.
pub async fn refresh(db: &Database, options: &RefreshOptions) -> Result<RefreshReport, JobError> {
    let started = Instant::now();
    let now = Utc::now();
    let bounds = store::demand::bounds(db).await?;
    let (Some(first), Some(through)) = (bounds.first, bounds.data_through) else { return Err(JobError::NoDemand) };
    let today = through + Days::new(1);
    class::classify(db, through).await?;
    store::suppliers::learn_from_orders(db).await?;
    let stretch = Stretch { first: first.min(through), through, carrying_rate: options.carrying_rate, now };
    let kpi_days = kpi::compute(db, stretch).await?;
    store::settings::set(db, BASIS, &json!({"carryingRate": options.carrying_rate, "currency": options.currency}))
        .await?;
    store::freshness::set(db, DataKind::Kpis, Some(through), now).await?;
    // Without a forecast nothing can be decided, but the age of the data can be told.
    let Findings { recommendations, mut alerts } = match store::forecasts::current_run(db).await? {
        Some(run) => policy::decide(db, run.id, today).await?,
        None => Findings::default(),
    };
    let stale = alert::stale_data(through, now.date_naive(), STALE_DAYS);
    alerts.extend(stale.and_then(|alert| policy::raised(alert, None, json!({"dataThrough": through}))));
    let found = recommendations.len() as u64;
    store::recommendations::sync(db, recommendations, now).await?;
    let synced = store::alerts::sync(db, &policy::CATEGORIES, alerts, now).await?;
    store::kpis::refresh_views(db).await?;
    store::freshness::set(db, DataKind::Recommendations, Some(through), now).await?;
    db.settle().await?;
    Ok(RefreshReport {
        kpi_days,
        recommendations: found,
        alerts_raised: synced.raised.len() as u64,
        seconds: started.elapsed().as_secs_f64(),
    })
}
