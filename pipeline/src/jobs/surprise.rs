//! What came since older runs, held against what they had forecast: demand out of its band, and forecasts adrift.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{Days, NaiveDate};
use entity::analytics::forecast_run;
use entity::words::{AlertCategory, ForecastLevel, KpiDimension};
use planning::forecast::{Backtest, CumulativeDemand};
use planning::policy::surprise::{self, LONG_DAYS, SHORT_DAYS, Series};
use planning::policy::{Observed, Promise};
use serde_json::json;
use store::Database;
use store::alerts::NewAlert;
use store::forecasts::{ForecastKey, JudgedSeries, SeriesId, Since, by_keys, demand_since, judged_series, run_before};

use super::JobError;
use super::policy::raised;

/// The categories of alerts that are raised here, and resolved when their state is gone.
pub(super) const CATEGORIES: [AlertCategory; 3] =
    [AlertCategory::DemandSpike, AlertCategory::DemandCollapse, AlertCategory::ForecastDrift];

/// Series read at a time; between pages the connection is free.
const PAGE: u64 = 1_000;
/// A run is judged up to this many times the days that it must have seen pass: an older one says little about now.
const OLDEST: usize = 2;

/// Judges the newest runs that are old enough: of a week for what rises, of four for what stays away and for forecasts as
/// such. Before the first run is a week old there is nothing to judge.
pub(super) async fn watch(db: &Database, through: NaiveDate) -> Result<Vec<NewAlert>, JobError> {
    let live = store::alerts::lasting_keys(db, &CATEGORIES).await?;
    let mut found = Found::default();
    let mut judged = HashSet::new();
    for days in [LONG_DAYS, SHORT_DAYS] {
        let Some(run) = run_before(db, through + Days::new(1) - Days::new(days as u64)).await? else { continue };
        let passed = (through - run.origin).num_days().max(0) as usize + 1;
        if passed > (OLDEST * days).min(run.horizon.unsigned_abs().into()) || !judged.insert(run.id) {
            continue;
        }
        let window = Window { run: &run, through, passed, live: &live };
        window.items(db, &mut found).await?;
        if days == LONG_DAYS {
            window.totals(db, &mut found).await?;
        }
    }
    found.named(db, &live).await
}

/// What may be an alert: of a series, by each run that it surprised, the older first.
#[derive(Default)]
struct Found {
    series: BTreeMap<(ForecastLevel, i64, i64), Vec<Judged>>,
    totals: Vec<NewAlert>,
}

/// A series that left its band, before its names are known.
struct Judged {
    observed: Observed,
    demand: CumulativeDemand,
    run_id: i64,
}

/// The days since the origin of one run.
struct Window<'a> {
    run: &'a forecast_run::Model,
    through: NaiveDate,
    passed: usize,
    live: &'a HashSet<String>,
}

impl Window<'_> {
    /// Items, and items at sites.
    async fn items(&self, db: &Database, found: &mut Found) -> Result<(), JobError> {
        let since = demand_since(db, self.run.origin, self.through).await?;
        let mut whole: HashMap<i64, Since> = HashMap::new();
        for ((item, _), at) in &since {
            let sum = whole.entry(*item).or_default();
            sum.quantity += at.quantity;
            // Of days that sites may share: at least so many with demand, at most so many without stock.
            sum.demand_days = sum.demand_days.max(at.demand_days);
            sum.stocked_out_days += at.stocked_out_days;
        }
        for level in [ForecastLevel::Item, ForecastLevel::ItemSite] {
            let mut after: Option<SeriesId> = None;
            loop {
                let page = judged_series(db, self.run.id, level, after.as_ref(), PAGE).await?;
                let Some(last) = page.last() else { break };
                after = Some(last.id.clone());
                for JudgedSeries { id, cumulative, .. } in page {
                    let came = match level {
                        ForecastLevel::Item => whole.get(&id.item_id),
                        _ => since.get(&(id.item_id, id.site_id)),
                    };
                    let came = came.copied().unwrap_or_default();
                    let observed = Observed {
                        sum: came.quantity,
                        days: self.passed,
                        demand_days: came.demand_days.unsigned_abs() as usize,
                        stocked_out_days: came.stocked_out_days.unsigned_abs() as usize,
                    };
                    // What was loaded from elsewhere may have come without a distribution.
                    let Ok(demand) = serde_json::from_value::<CumulativeDemand>(cumulative) else { continue };
                    // Whether it stands already is asked once its key is known; the looser thresholds find all that could.
                    let nameless = Series { sku: "", item: "", site: None };
                    if surprise::demand(nameless, observed, &demand, |_| true).is_some() {
                        let judged = Judged { observed, demand, run_id: self.run.id };
                        found.series.entry((level, id.item_id, id.site_id)).or_default().push(judged);
                    }
                }
            }
        }
        Ok(())
    }

    /// Families, regions and the whole.
    async fn totals(&self, db: &Database, found: &mut Found) -> Result<(), JobError> {
        let levels = [
            (ForecastLevel::Family, KpiDimension::Family),
            (ForecastLevel::Region, KpiDimension::Region),
            (ForecastLevel::All, KpiDimension::All),
        ];
        for (level, dimension) in levels {
            let mut came: HashMap<String, HashMap<NaiveDate, f64>> = HashMap::new();
            for day in store::kpi_facts::demand(db, dimension, self.run.origin, self.through).await? {
                came.entry(day.member).or_default().insert(day.day, day.material);
            }
            let series = judged_series(db, self.run.id, level, None, PAGE).await?;
            if series.is_empty() {
                continue;
            }
            let key = |id: &SeriesId| ForecastKey {
                series: id.clone(),
                horizon: self.passed as i16,
                run_id: Some(self.run.id),
            };
            let keys: Vec<ForecastKey> = series.iter().map(|series| key(&series.id)).collect();
            let bands = by_keys(db, &keys).await?;
            for JudgedSeries { id, backtest, cumulative } in series {
                let Some(band) = bands.get(&key(&id)) else { continue };
                let days = came.remove(&id.member).unwrap_or_default();
                let on = |day: &NaiveDate| days.get(day).copied().unwrap_or(0.0);
                let misses = band.dates.iter().zip(band.p10.iter().zip(&band.p90)).filter(|(day, (low, high))| {
                    low.is_some_and(|low| on(day) < low) || high.is_some_and(|high| on(day) > high)
                });
                let Ok(demand) = serde_json::from_value::<CumulativeDemand>(cumulative) else { continue };
                let backtest: Backtest = serde_json::from_value(backtest).unwrap_or_default();
                let promise = Promise {
                    sum: demand.over(self.passed),
                    coverage80: backtest.metrics.coverage80,
                    misses: misses.count(),
                };
                let observed = Observed {
                    sum: days.values().sum(),
                    days: self.passed,
                    demand_days: days.values().filter(|quantity| **quantity > 0.0).count(),
                    stocked_out_days: 0,
                };
                let alert =
                    surprise::drift(level.as_str(), &id.member, observed, &promise, |key| self.live.contains(key));
                let inputs = json!({
                    "runId": self.run.id, "origin": self.run.origin, "days": self.passed, "actual": observed.sum,
                    "mean": promise.sum.mean, "quantiles": promise.sum.quantiles, "misses": promise.misses,
                    "coverage80": promise.coverage80,
                });
                found.totals.extend(alert.and_then(|alert| raised(alert, None, inputs)));
            }
        }
        Ok(())
    }
}

impl Found {
    /// Every alert with its names. What nobody buys or stocks any more is left out, and so is an item of which a site says
    /// it already: a planner acts at the site.
    async fn named(self, db: &Database, live: &HashSet<String>) -> Result<Vec<NewAlert>, JobError> {
        let mut ids: Vec<i64> = self.series.keys().map(|(_, item, _)| *item).collect();
        ids.sort_unstable();
        ids.dedup();
        let items = store::items::by_ids(db, &ids).await?;
        let sites: HashMap<i64, store::sites::Site> = if self.series.is_empty() {
            HashMap::new()
        } else {
            store::sites::all(db).await?.into_iter().map(|site| (site.row.id, site)).collect()
        };
        let mut alerts = self.totals;
        let mut told: HashSet<(i64, AlertCategory)> = HashSet::new();
        // Sites before items: the level of sites ranks first.
        for ((level, item_id, site_id), judged) in self.series {
            let Some(item) = items.get(&item_id).filter(|item| item.active) else { continue };
            let site = match level {
                ForecastLevel::ItemSite => match sites.get(&site_id).filter(|site| site.row.active) {
                    Some(site) => Some((site.row.code.as_str(), site.row.name.as_str())),
                    None => continue,
                },
                _ => None,
            };
            let series = Series { sku: &item.sku, item: &item.name, site };
            // The younger run has the first word.
            let alert = judged.iter().rev().find_map(|judged| {
                let distribution = judged.demand.over(judged.observed.days);
                let alert = surprise::demand(series, judged.observed, &judged.demand, |key| live.contains(key))?;
                let inputs = json!({
                    "runId": judged.run_id, "days": judged.observed.days, "actual": judged.observed.sum,
                    "demandDays": judged.observed.demand_days, "mean": distribution.mean, "quantiles": distribution.quantiles,
                });
                raised(alert, Some((item_id, site_id)), inputs)
            });
            let Some(alert) = alert else { continue };
            let first = told.insert((item_id, alert.category));
            if first || site.is_some() {
                alerts.push(alert);
            }
        }
        Ok(alerts)
    }
}
