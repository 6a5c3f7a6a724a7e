//! What to do about stock, and why.
//!
//! Reading order: [`service_level`] and [`lead_time`] (the inputs), [`position`] (reorder point and what stands against it),
//! [`recommend`] (one recommendation with every number that led to it), [`textbook`] (the safety stock of the textbooks beside
//! ours), [`decide`] (an item at all its sites), [`alert`] (what somebody should know at once), [`surprise`] (what came against
//! what was forecast), [`message`] (both languages' sentences, in one file).
//!
//! Nothing here knows a clock: `today` is the company's, the day after its demand data end, and lead 1 of a forecast is
//! today. Every published number is rounded to four decimals before the next is computed from it, so a reader with a pocket
//! calculator gets the same.

pub mod alert;
mod decide;
pub mod lead_time;
mod lead_times;
pub mod message;
mod order_cycle;
pub mod position;
mod recommend;
mod recommendation;
pub mod service_level;
pub mod surprise;
pub mod textbook;

pub use alert::{Alert, AlertCategory, AlertLevel, Subject};
pub use decide::{SiteDecision, decide};
pub use lead_time::LeadTime;
pub use lead_times::{LeadTimes, Receipt};
pub use message::{Locale, Message, MessageCode};
pub use order_cycle::OrderCycles;
pub(crate) use position::Levels;
pub use position::{LeadTimeDemand, OpenOrder, Position, Projection};
pub use recommend::{PolicyInput, Rules, Spare, order_quantity, recommend};
pub use recommendation::{Explanation, IfNothingIsDone, Priority, Recommendation, RecommendationKind, UnknownName};
pub use service_level::ServiceLevels;
pub use surprise::{Observed, Promise};
pub use textbook::TextbookSafetyStock;
