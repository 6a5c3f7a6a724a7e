//! What happens, told to those who are connected: notices of the database become events of this process.

use std::sync::Arc;
use std::time::Duration;

use entity::analytics::recommendation;
use store::alerts::Alert;
use store::{Database, Notice, Notices};
use tokio::sync::{broadcast, watch};
use tokio_util::task::AbortOnDropHandle;

use crate::auth::users::Users;
use crate::cache::Caches;
use crate::error::chain;

/// Events that may wait for a slow listener.
const WAITING: usize = 256;

/// Something that happened, with what everybody who hears of it would ask for next.
#[derive(Debug, Clone)]
pub enum Event {
    /// Data were loaded or computed.
    DataRefreshed,
    /// These alerts are new.
    AlertsRaised(Arc<Vec<Alert>>),
    /// These recommendations have another status.
    RecommendationsChanged(Arc<Vec<recommendation::Model>>),
    /// A user was changed.
    UserChanged(i64),
    /// Events may have been missed.
    Missed,
}

/// Hears the database's notices, and tells them to everybody who is connected.
#[derive(Debug)]
pub struct Live {
    events: broadcast::Sender<Event>,
    hearing: watch::Receiver<bool>,
    _listener: AbortOnDropHandle<()>,
}

impl Live {
    /// Begins to listen.
    pub fn start(db: &Database, users: Arc<Users>, caches: Arc<Caches>) -> Self {
        let (events, _) = broadcast::channel(WAITING);
        let (hears, hearing) = watch::channel(false);
        let notices = db.notices();
        // The database is closed when its last handle is gone; this one must not keep it.
        let listener = tokio::spawn(listen(notices, db.clone(), (users, caches), events.clone(), hears));
        Self { events, hearing, _listener: AbortOnDropHandle::new(listener) }
    }

    /// Listens from now on.
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    /// Waits until no notice can be missed any more; false when that takes too long.
    pub async fn hears(&self, patience: Duration) -> bool {
        let mut hearing = self.hearing.clone();
        matches!(tokio::time::timeout(patience, hearing.wait_for(|hears| *hears)).await, Ok(Ok(_)))
    }
}

async fn listen(
    mut notices: Notices,
    db: Database,
    (users, caches): (Arc<Users>, Arc<Caches>),
    events: broadcast::Sender<Event>,
    hears: watch::Sender<bool>,
) {
    notices.ready().await;
    hears.send_replace(true);
    while let Some(notice) = notices.next().await {
        match &notice {
            Notice::UserChanged { id } => users.evict(*id),
            Notice::DataRefreshed => caches.forget(),
            Notice::Missed => {
                users.forget();
                caches.forget();
            }
            _ => {}
        }
        if events.receiver_count() == 0 {
            continue;
        }
        let event = event(&db, notice).await.unwrap_or_else(|failure| {
            tracing::warn!(error = %chain(&failure), "what happened cannot be read");
            Event::Missed
        });
        // Nobody listens any more: that is not an error.
        let _ = events.send(event);
    }
}

/// The notice with its rows, which are read once for all who hear of them.
async fn event(db: &Database, notice: Notice) -> store::Result<Event> {
    Ok(match notice {
        Notice::DataRefreshed => Event::DataRefreshed,
        Notice::AlertsRaised { ids } => {
            // Nobody has read what is new, so anybody's view of it will do.
            let mut found = store::alerts::by_ids(db, 0, &ids).await?;
            Event::AlertsRaised(Arc::new(ids.iter().filter_map(|id| found.remove(id)).collect()))
        }
        Notice::RecommendationsChanged { ids } => {
            let mut found = store::recommendations::by_ids(db, &ids).await?;
            Event::RecommendationsChanged(Arc::new(ids.iter().filter_map(|id| found.remove(id)).collect()))
        }
        Notice::UserChanged { id } => Event::UserChanged(id),
        Notice::Missed => Event::Missed,
    })
}
