//! Answers that many ask for and that change only when data do: KPIs, grouped demand, forecasts of wholes.
//!
//! What is kept is what the store said, so an error is never kept, and each request still resolves its own fields by its own
//! rights. An entry is of one role, one state of the data and a limited life, and of many who ask for it at once only one asks
//! the database: the primary, because a replica may not have followed yet and its answer would stay.

use std::fmt::Debug;
use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::NaiveDate;
use entity::analytics::kpi;
use entity::words::{KpiDimension, Role};
use moka::future::Cache;
use prometheus_client::metrics::counter::Counter;
use store::StoreError;
use store::demand::{DemandQuery, Grouped};
use store::forecasts::{Forecast, ForecastKey};

use crate::config::CacheConfig;
use crate::metrics::Metrics;

/// Rows that one cache keeps at most: some ten megabytes.
const ROWS: u64 = 200_000;

/// Everything that is remembered.
#[derive(Debug)]
pub struct Caches {
    /// KPIs of a range of days.
    pub kpis: Remembered<KpiQuery, Vec<kpi::Model>>,
    /// Grouped demand.
    pub demand: Remembered<DemandQuery, Grouped>,
    /// Forecasts of families, regions and the whole.
    pub forecasts: Remembered<ForecastKey, Option<Arc<Forecast>>>,
}

/// Which KPIs; of the newest day where no day is named.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct KpiQuery {
    /// The first day.
    pub from: Option<NaiveDate>,
    /// The last day.
    pub to: Option<NaiveDate>,
    /// What they are broken down by.
    pub dimension: KpiDimension,
    /// Only these.
    pub members: Option<Vec<String>>,
}

/// How much memory an answer takes.
pub trait Rows {
    /// Roughly, in rows.
    fn rows(&self) -> usize;
}

impl Rows for Vec<kpi::Model> {
    fn rows(&self) -> usize {
        self.len()
    }
}

impl Rows for Grouped {
    fn rows(&self) -> usize {
        self.groups.iter().map(|group| group.quantities.len() * (1 + group.columns.len())).sum()
    }
}

impl Rows for Option<Arc<Forecast>> {
    fn rows(&self) -> usize {
        self.as_ref().map_or(0, |forecast| forecast.dates.len())
    }
}

impl Caches {
    /// Empty ones.
    pub fn new(config: &CacheConfig, metrics: &Metrics) -> Self {
        Self {
            kpis: Remembered::new(config.kpis, "kpis", metrics),
            demand: Remembered::new(config.kpis, "demand", metrics),
            forecasts: Remembered::new(config.forecasts, "forecasts", metrics),
        }
    }

    /// Forgets everything, because data have changed.
    pub fn forget(&self) {
        self.kpis.forget();
        self.demand.forget();
        self.forecasts.forget();
    }

    /// The name, hits and misses of each.
    pub fn counts(&self) -> [(&'static str, u64, u64); 3] {
        let told = |name, (hits, misses)| (name, hits, misses);
        [
            told("kpis", self.kpis.counts()),
            told("demand", self.demand.counts()),
            told("forecasts", self.forecasts.counts()),
        ]
    }
}

/// Answers of one kind.
pub struct Remembered<K, V> {
    /// `None` where nothing is to be remembered.
    cache: Option<Cache<Key<K>, Arc<V>>>,
    /// Grows when data change: who began to ask before that must not answer those who ask after it.
    state: AtomicU64,
    hits: Counter,
    misses: Counter,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key<K> {
    question: K,
    role: Role,
    state: u64,
}

impl<K, V> Debug for Remembered<K, V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Remembered").field("hits", &self.hits).field("misses", &self.misses).finish_non_exhaustive()
    }
}

impl<K, V> Remembered<K, V>
where
    K: Debug + Clone + Eq + Hash + Send + Sync + 'static,
    V: Rows + Send + Sync + 'static,
{
    fn new(life: Duration, name: &'static str, metrics: &Metrics) -> Self {
        let cache = (!life.is_zero()).then(|| {
            let weigh = |_: &Key<K>, answer: &Arc<V>| u32::try_from(answer.rows() + 1).unwrap_or(u32::MAX);
            Cache::builder().max_capacity(ROWS).weigher(weigh).time_to_live(life).build()
        });
        let (hits, misses) = (metrics.cache(name, "hit"), metrics.cache(name, "miss"));
        Self { cache, state: AtomicU64::new(0), hits, misses }
    }

    /// The answer to `question` for `role`: as remembered, or by `ask`.
    pub async fn get(
        &self,
        role: Role,
        question: K,
        ask: impl AsyncFnOnce(&K) -> Result<V, StoreError>,
    ) -> Result<Arc<V>, Arc<StoreError>> {
        let Some(cache) = &self.cache else {
            self.misses.inc();
            return Ok(Arc::new(ask(&question).await?));
        };
        let key = Key { question: question.clone(), role, state: self.state.load(Ordering::Acquire) };
        let entry = cache.entry(key).or_try_insert_with(async { ask(&question).await.map(Arc::new) }).await?;
        let counter = if entry.is_fresh() { &self.misses } else { &self.hits };
        counter.inc();
        Ok(entry.into_value())
    }

    fn forget(&self) {
        self.state.fetch_add(1, Ordering::AcqRel);
        if let Some(cache) = &self.cache {
            // Nobody finds them any more; this lets go of their memory.
            cache.invalidate_all();
        }
    }

    fn counts(&self) -> (u64, u64) {
        (self.hits.get(), self.misses.get())
    }
}
