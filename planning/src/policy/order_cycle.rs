//! How long one order is meant to last.

use crate::abc::AbcClass;

/// Days of demand that an order covers beyond the reorder point, by ABC class: A, B, C.
///
/// What is dear is ordered often and little, as its stock costs more than its orders; what is cheap is ordered seldom. (The
/// economic order quantity says the same: days between orders go with one over the root of the value used in a day.)
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderCycles(pub [usize; 3]);

impl Default for OrderCycles {
    fn default() -> Self {
        Self([7, 14, 30])
    }
}

impl OrderCycles {
    pub fn of(&self, class: AbcClass) -> usize {
        self.0[class as usize]
    }
}
