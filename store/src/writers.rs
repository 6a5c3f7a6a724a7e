//! Who has just written, and therefore reads the primary.

use std::collections::HashMap;
use std::sync::Mutex;

use chrono::{DateTime, TimeDelta, Utc};

/// How long a person who wrote reads the primary: longer than a healthy replica lags.
const MEMORY: TimeDelta = TimeDelta::seconds(5);
/// So many marks, and the old ones are thrown out.
const MARKS: usize = 1_000;

/// When each person wrote last, in this process.
#[derive(Debug, Default)]
pub(crate) struct Writers(Mutex<HashMap<i64, DateTime<Utc>>>);

impl Writers {
    pub(crate) fn mark(&self, user_id: i64, now: DateTime<Utc>) {
        let Ok(mut marks) = self.0.lock() else { return };
        if marks.len() >= MARKS {
            marks.retain(|_, &mut at| is_fresh(at, now));
        }
        marks.insert(user_id, now);
    }

    pub(crate) fn wrote_lately(&self, user_id: i64, now: DateTime<Utc>) -> bool {
        // Nobody panics while holding the lock; if somebody did, the primary is right for everybody.
        self.0.lock().map_or(true, |marks| marks.get(&user_id).is_some_and(|&at| is_fresh(at, now)))
    }
}

/// A mark of the future is fresh as well: the clock was set back.
fn is_fresh(at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now - at < MEMORY
}
