//! What is known of each user's current state, so that a request need not ask the database who is asking.
//!
//! Whatever changes a user in this process evicts them here. On a native server other processes change users too, so an
//! entry is believed for a second only; the embedded database has no other process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use store::{Database, Engine};

use super::Viewer;

/// How long an entry is believed where other processes may change users.
const BELIEVED: Duration = Duration::from_secs(1);
/// Entries kept at most.
const KEPT: usize = 10_000;

/// What counts of a user.
#[derive(Debug)]
pub struct Known {
    /// Who it is.
    pub viewer: Arc<Viewer>,
    /// May they still come in?
    pub active: bool,
    /// Grows with every change that must end running sessions.
    pub version: i64,
    since: Instant,
}

/// The users that asked something lately.
#[derive(Debug)]
pub struct Users {
    known: Mutex<HashMap<i64, Arc<Known>>>,
    alone: bool,
}

impl Users {
    /// Nobody is known yet.
    pub fn new(db: &Database) -> Self {
        Self { known: Mutex::new(HashMap::new()), alone: db.engine() == Engine::Embedded }
    }

    /// The user as they are now; `None` when there is none with this id.
    pub async fn get(&self, db: &Database, id: i64) -> store::Result<Option<Arc<Known>>> {
        let remembered = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned();
        if let Some(known) = remembered.filter(|known| self.alone || known.since.elapsed() < BELIEVED) {
            return Ok(Some(known));
        }
        // Taken before the question, so that a change during it makes the entry old rather than wrong for longer.
        let since = Instant::now();
        let Some(user) = store::users::by_id(db, id).await? else {
            self.evict(id);
            return Ok(None);
        };
        let viewer = Arc::new(Viewer { id, email: user.email, name: user.name, role: user.role, api_token: None });
        let known = Arc::new(Known { viewer, active: user.active, version: user.version, since });
        let mut all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= KEPT {
            all.clear();
        }
        all.insert(id, Arc::clone(&known));
        Ok(Some(known))
    }

    /// Forgets everybody.
    pub fn forget(&self) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Forgets a user who was changed.
    pub fn evict(&self, id: i64) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }
}
