//! How sure an item must be: the probability that demand until the next delivery is met from stock.

use serde::{Deserialize, Serialize};

use crate::abc::AbcClass;

/// Service levels by ABC class and criticality. Rows A, B, C; columns criticality 0-3, 4-6, 7-10.
///
/// An outage of a cheap but critical part stops a tower as surely as that of a dear one, so criticality lifts every class.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ServiceLevels(pub [[f64; 3]; 3]);

impl Default for ServiceLevels {
    fn default() -> Self {
        Self([[0.95, 0.97, 0.99], [0.92, 0.95, 0.98], [0.90, 0.93, 0.97]])
    }
}

impl ServiceLevels {
    /// The level for an item. Criticality is 0 to 10; 5 where nobody has said.
    pub fn of(&self, class: AbcClass, criticality: u8) -> f64 {
        let column = match criticality {
            0..=3 => 0,
            4..=6 => 1,
            _ => 2,
        };
        self.0[class as usize][column]
    }
}
