//! Trying policies on many futures: work for the processor, kept off the threads that answer, and only so much at once.

use std::sync::Arc;
use std::thread::available_parallelism;

use chrono::{DateTime, Utc};
use entity::words::DataKind;
use planning::policy::{LeadTimes, Receipt};
use store::{Database, StoreError};
use tokio::sync::{Mutex, Semaphore};

/// What simulations share: the lead times learnt from all receipts, and how many may run at once.
#[derive(Debug)]
pub struct Simulations {
    running: Semaphore,
    learnt: Mutex<Option<Learnt>>,
}

/// Lead times, and the load of orders that they were learnt after.
#[derive(Debug)]
struct Learnt {
    loaded: DateTime<Utc>,
    lead_times: Arc<LeadTimes>,
}

impl Default for Simulations {
    fn default() -> Self {
        // More than there are processors would only keep each other waiting.
        let most = available_parallelism().map_or(1, usize::from);
        Self { running: Semaphore::new(most), learnt: Mutex::default() }
    }
}

impl Simulations {
    /// The lead times of every item and site; learnt anew when orders were loaded since.
    pub async fn lead_times(&self, db: &Database) -> Result<Arc<LeadTimes>, StoreError> {
        let loaded = store::freshness::all(db).await?;
        let loaded = loaded.iter().find(|row| row.kind == DataKind::Orders).map(|row| row.refreshed_at);
        // Held while they are learnt, so that many who ask at once learn them once.
        let mut learnt = self.learnt.lock().await;
        if let Some(known) = learnt.as_ref().filter(|known| Some(known.loaded) == loaded) {
            return Ok(Arc::clone(&known.lead_times));
        }
        let observed = store::orders::lead_times(db).await?;
        let lead_times = self.run(move || LeadTimes::learn(&observed.iter().map(receipt).collect::<Vec<_>>())).await?;
        let lead_times = Arc::new(lead_times);
        *learnt = loaded.map(|loaded| Learnt { loaded, lead_times: Arc::clone(&lead_times) });
        Ok(lead_times)
    }

    /// Does `work` on a thread that nobody waits on for answers.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, StoreError> {
        let ended = |reason: String| StoreError::Corrupt(format!("a simulation ended early: {reason}"));
        let _permit = self.running.acquire().await.map_err(|closed| ended(closed.to_string()))?;
        tokio::task::spawn_blocking(work).await.map_err(|panic| ended(panic.to_string()))
    }
}

fn receipt(observed: &store::orders::LeadTime) -> Receipt {
    let store::orders::LeadTime { item_id, site_id, supplier_id, days } = *observed;
    Receipt { item: item_id, site: site_id, supplier: supplier_id, days: usize::try_from(days).unwrap_or(0) }
}
