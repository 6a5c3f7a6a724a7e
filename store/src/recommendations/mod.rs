//! Questions about recommendations, and the ways they change: by people ([`set_status`]) and by a refresh ([`sync()`]).

mod read;
mod status;
mod sync;

pub use read::{QueueOrder, QueueSort, RecommendationFilter, by_ids, by_item_ids, count, decision_minutes, page};
pub use status::{NewStatus, StatusChange, set_status};
pub use sync::{NewRecommendation, Synced, sync};
