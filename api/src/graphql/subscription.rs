//! What a dashboard hears of without asking. Each event is an execution of its own, with loaders, rights and a clock of its
//! own, so that nothing is remembered from one to the next; what happened comes with the request as its [`Occasion`].

use async_graphql::{Context, Result, SimpleObject, Subscription as AsSubscription};
use futures::stream::{self, Stream, StreamExt as _};

use super::context::ContextExt;
use super::scalars::DateTime;
use super::types::alert::Alert;
use super::types::freshness::{self, Freshness};
use super::types::recommendation::Recommendation;
use super::types::words::AlertLevel;
use crate::live::Event;

/// What this execution is about; without one, the operation is only checked.
pub struct Occasion(pub Event);

/// What happens, as it happens.
#[derive(Default)]
pub struct Subscription;

/// That data were loaded or computed.
#[derive(SimpleObject)]
pub struct DataRefreshed {
    /// When it was heard of.
    pub at: DateTime,
    /// How fresh each kind of data is now.
    pub freshness: Vec<Freshness>,
}

#[AsSubscription]
/// What happens, as it happens; over WebSocket, by graphql-transport-ws.
impl Subscription {
    /// Each alert when it is raised.
    async fn alert_raised(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "AlertLevel::Normal", desc = "Only alerts of at least this level.")]
        min_level: AlertLevel,
    ) -> impl Stream<Item = Alert> + use<> {
        let least = entity::words::AlertLevel::from(min_level);
        let alerts = match occasion(ctx) {
            Some(Event::AlertsRaised(alerts)) => {
                alerts.iter().filter(|alert| alert.row.level >= least).cloned().collect()
            }
            _ => Vec::new(),
        };
        stream::iter(alerts).map(Alert::from)
    }

    /// Each recommendation when somebody acknowledges, completes, dismisses or reopens it. New ones come with
    /// `dataRefreshed`.
    async fn recommendation_changed(&self, ctx: &Context<'_>) -> impl Stream<Item = Recommendation> + use<> {
        let changed = match occasion(ctx) {
            Some(Event::RecommendationsChanged(rows)) => rows.to_vec(),
            _ => Vec::new(),
        };
        stream::iter(changed).map(Recommendation::from)
    }

    /// That data were loaded or computed: what is on the screen may be old.
    async fn data_refreshed(&self, ctx: &Context<'_>) -> impl Stream<Item = Result<DataRefreshed>> + use<> {
        let refreshed = match occasion(ctx) {
            Some(Event::DataRefreshed) => Some(
                freshness::all(ctx).await.map(|freshness| DataRefreshed { at: DateTime(ctx.request().now), freshness }),
            ),
            _ => None,
        };
        stream::iter(refreshed)
    }
}

/// Which events an operation on this root field hears of.
pub fn concerns(field: &str, event: &Event) -> bool {
    match event {
        Event::AlertsRaised(_) => field == "alertRaised",
        Event::RecommendationsChanged(_) => field == "recommendationChanged",
        Event::DataRefreshed => field == "dataRefreshed",
        Event::UserChanged(_) | Event::Missed => false,
    }
}

fn occasion<'a>(ctx: &Context<'a>) -> Option<&'a Event> {
    ctx.data_opt::<Occasion>().map(|occasion| &occasion.0)
}
