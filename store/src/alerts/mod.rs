//! Questions about alerts, who has read them, and how jobs raise and resolve them.

mod inbox;
mod read;
mod sync;

pub use inbox::{mark_all_read, mark_read, resolve};
pub use read::{Alert, AlertFilter, InboxOrder, by_ids, by_item_ids, count, lasting_keys, page};
pub use sync::{NewAlert, Synced, clear, raise, sync};
