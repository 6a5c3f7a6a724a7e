//! Everything that follows from the facts and the current forecast: classes, lead times, KPIs, recommendations, alerts.

use std::time::Instant;

use chrono::{DateTime, Days, NaiveDate, Utc};
use entity::words::{AlertCategory, DataKind, KpiDimension};
use planning::abc::{AbcCuts, XyzCuts};
use planning::policy::alert;
use serde::Serialize;
use serde_json::{Value as Json, json};
use store::Database;
use store::alerts::NewAlert;

use super::kpi::Stretch;
use super::policy::{self, Findings};
use super::watch::{REFRESH, watched};
use super::{JobError, class, judge_imports, kpi, surprise};

/// Raised when a version decides or watches differently: what an older one stored is then not what this one would.
const RULES: u32 = 2;
/// The setting that tells what the stored figures were computed with.
const BASIS: &str = "kpi_basis";

/// What the facts do not say.
#[derive(Debug, Clone, PartialEq)]
pub struct RefreshOptions {
    /// Cost of holding stock, a fraction of its value a year.
    pub carrying_rate: f64,
    /// The company's currency, noted beside the figures.
    pub currency: String,
    pub abc_cuts: AbcCuts,
    pub xyz_cuts: XyzCuts,
    /// A delivery within this many medians of its supplier is a reliable one.
    pub reliability_tolerance: f64,
    /// Days between two mornings on which a buyer acts on recommendations.
    pub review_days: usize,
    /// Demand older than this many days makes an alert.
    pub stale_days: i64,
    /// An import that rejects more than this share of its lines makes an alert.
    pub max_reject_share: f64,
    /// Compute even though nothing has changed.
    pub force: bool,
}

impl RefreshOptions {
    /// The defaults, in a currency.
    pub fn new(currency: impl Into<String>) -> Self {
        Self {
            carrying_rate: 0.2,
            currency: currency.into(),
            abc_cuts: AbcCuts::default(),
            xyz_cuts: XyzCuts::default(),
            reliability_tolerance: 1.5,
            review_days: 1,
            stale_days: 7,
            max_reject_share: 0.05,
            force: false,
        }
    }

    /// What the figures depend on beside the data: other options, other figures.
    fn basis(&self) -> Json {
        json!({
            "carryingRate": self.carrying_rate, "currency": self.currency, "abcCuts": self.abc_cuts,
            "xyzCuts": self.xyz_cuts, "reliabilityTolerance": self.reliability_tolerance, "reviewDays": self.review_days, "rules": RULES,
        })
    }
}

/// What a refresh did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RefreshReport {
    /// False: nothing had changed since the last refresh, and nothing was computed.
    pub computed: bool,
    /// Days whose KPIs were computed anew.
    pub kpi_days: u64,
    /// Rows of KPIs that say something else than before.
    pub kpis_changed: u64,
    /// Recommendations that stand; of a refresh that computed them.
    pub recommendations: u64,
    /// Alerts that are new.
    pub alerts_raised: u64,
    pub seconds: f64,
}

/// Computes what is older than the data, the forecast or the options it rests on, or older than what people decided; when
/// nothing is, nothing is computed and the report says so. Each part is stored whole or not at all; a refresh that was
/// interrupted is simply repeated. A failure raises an alert, which the next success resolves.
///
/// Today is the day after demand's `dataThrough`; the wall clock only tells how old that is.
pub async fn refresh(db: &Database, options: &RefreshOptions) -> Result<RefreshReport, JobError> {
    watched(db, REFRESH, run(db, options)).await
}

async fn run(db: &Database, options: &RefreshOptions) -> Result<RefreshReport, JobError> {
    let started = Instant::now();
    let now = Utc::now();
    let since = store::freshness::mark(db).await?;
    let bounds = store::demand::bounds(db).await?;
    let (Some(first), Some(through)) = (bounds.first, bounds.data_through) else { return Err(JobError::NoDemand) };
    let mut report = RefreshReport {
        computed: false,
        kpi_days: 0,
        kpis_changed: 0,
        recommendations: 0,
        alerts_raised: judge_imports(db, options.max_reject_share).await?,
        seconds: 0.0,
    };
    let stale = stale_data(through, now, options.stale_days);
    if options.force || !is_current(db, options, through, now).await? {
        let stretch = Stretch { first: first.min(through), through, carrying_rate: options.carrying_rate, now };
        compute(db, options, stretch, stale, &mut report).await?;
        let kinds = [DataKind::Kpis, DataKind::Recommendations];
        store::freshness::computed(db, &kinds, through, Utc::now(), since).await?;
        store::settings::set(db, BASIS, &options.basis()).await?;
    } else {
        // The age of the data grows by itself.
        let alerts = stale.into_iter().collect();
        report.alerts_raised +=
            store::alerts::sync(db, &[AlertCategory::StaleData], alerts, now).await?.raised.len() as u64;
    }
    report.seconds = started.elapsed().as_secs_f64();
    Ok(report)
}

/// Whether everything that a refresh computes is what it would compute now.
async fn is_current(
    db: &Database,
    options: &RefreshOptions,
    through: NaiveDate,
    now: DateTime<Utc>,
) -> Result<bool, JobError> {
    let fresh = store::freshness::all(db).await?;
    let stands = |kind| fresh.iter().any(|row| row.kind == kind && !row.stale && row.data_through == Some(through));
    if !stands(DataKind::Kpis) || !stands(DataKind::Recommendations) {
        return Ok(false);
    }
    if store::settings::get::<Json>(db, BASIS).await? != Some(options.basis()) {
        return Ok(false);
    }
    let newest = store::kpis::range(db, KpiDimension::All, None, Some(through), Some(through)).await?;
    let minutes = kpi::decision_minutes(db, now).await?;
    Ok(newest.first().is_some_and(|row| row.decision_minutes == minutes))
}

async fn compute(
    db: &Database,
    options: &RefreshOptions,
    stretch: Stretch,
    stale: Option<NewAlert>,
    report: &mut RefreshReport,
) -> Result<(), JobError> {
    let today = stretch.through + Days::new(1);
    let mut written = vec!["analytics.recommendations", "analytics.alerts"];
    if class::classify(db, stretch.through, options.abc_cuts, options.xyz_cuts).await? > 0 {
        written.push("core.dim_item");
    }
    if store::suppliers::learn_from_orders(db, options.reliability_tolerance, today).await? > 0 {
        written.push("core.dim_supplier");
    }
    let kpis = kpi::compute(db, stretch).await?;
    if kpis.changed > 0 {
        store::kpis::refresh_latest(db).await?;
        written.extend(["analytics.kpis_daily", "analytics.mv_kpis_latest"]);
    }
    // Without a forecast nothing can be decided, but the age of the data can be told.
    let Findings { recommendations, mut alerts } = match store::forecasts::current_run(db).await? {
        Some(run) => policy::decide(db, run.id, today, options.review_days).await?,
        None => Findings::default(),
    };
    alerts.extend(stale);
    alerts.extend(surprise::watch(db, stretch.through).await?);
    *report = RefreshReport {
        computed: true,
        kpi_days: kpis.days,
        kpis_changed: kpis.changed,
        recommendations: recommendations.len() as u64,
        ..report.clone()
    };
    store::recommendations::sync(db, recommendations, stretch.now).await?;
    let categories: Vec<AlertCategory> = policy::CATEGORIES.into_iter().chain(surprise::CATEGORIES).collect();
    let synced = store::alerts::sync(db, &categories, alerts, stretch.now).await?;
    report.alerts_raised += synced.raised.len() as u64;
    Ok(store::load::settle_tables(db, &written).await?)
}

fn stale_data(through: NaiveDate, now: DateTime<Utc>, days: i64) -> Option<NewAlert> {
    let alert = alert::stale_data(through, now.date_naive(), days)?;
    policy::raised(alert, None, json!({"dataThrough": through}))
}
