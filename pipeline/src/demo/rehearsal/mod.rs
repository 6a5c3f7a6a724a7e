//! The demo company's last days lived again under other buyers: the same wants, suppliers and deliveries, another policy.
//!
//! Until the rehearsal begins, the company's own policy has kept the shelves, so every buyer starts from the same stock,
//! the same open orders and the same books. A morning runs: the buyer reads the [`Books`], which know nothing of today,
//! and acts; then goods come, are given out, and the shelf closes. What becomes of a line depends on its shelf and day
//! alone, so that buyers who order alike are served alike.
//!
//! Start at [`Rehearsal`]; a [`Buyer`] is a policy: [`Recommended`] is ours, [`Textbook`] the one in every textbook.

mod books;
mod outcome;
mod recommended;
mod textbook;
mod world;

pub use books::{Books, ShelfBook};
pub use outcome::{ClassFigures, Outcome};
pub use recommended::{Recommended, RecommendedOptions};
pub use textbook::Textbook;
pub use world::Rehearsal;

/// What a buyer does on a morning; shelves are named by their place in [`Books::shelves`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Action {
    /// Orders so many units from a supplier.
    Order { shelf: usize, quantity: f64 },
    /// Sends so many units to the same item's shelf at another site.
    Move { from: usize, to: usize, quantity: f64 },
}

/// Days that one order is meant to last.
pub const CYCLE_DAYS: usize = 30;

/// A policy.
pub trait Buyer {
    /// Called every morning; how often a shelf is looked at is the buyer's choice, see [`ShelfBook::due`].
    fn morning(&mut self, books: &Books<'_>) -> Vec<Action>;
}
