//! What the key figures are compared with.

use serde::{Deserialize, Serialize};

use crate::abc::AbcClass;

/// Where a figure should be.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Goal {
    Below(f64),
    AtMost(f64),
    Between(f64, f64),
}

impl Goal {
    pub fn met(self, value: f64) -> bool {
        match self {
            Self::Below(most) => value < most,
            Self::AtMost(most) => value <= most,
            Self::Between(least, most) => (least..=most).contains(&value),
        }
    }
}

/// The company's targets; the defaults are the design's.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Targets {
    pub stock_out_rate: Goal,
    /// For A, B and C.
    pub stock_out_rate_by_class: [Goal; 3],
    pub delayed_orders: Goal,
    /// Relative change of carrying cost against the period before.
    pub carrying_cost_change: Goal,
    pub turnover: Goal,
    pub minutes_to_decision: Goal,
    /// MAPE of family-weeks.
    pub forecast_mape: Goal,
}

impl Targets {
    pub fn stock_out_rate(&self, class: Option<AbcClass>) -> Goal {
        class.map_or(self.stock_out_rate, |class| self.stock_out_rate_by_class[class as usize])
    }
}

impl Default for Targets {
    fn default() -> Self {
        Self {
            stock_out_rate: Goal::Below(0.03),
            stock_out_rate_by_class: [Goal::Below(0.02), Goal::Below(0.05), Goal::Below(0.10)],
            delayed_orders: Goal::Below(0.05),
            carrying_cost_change: Goal::AtMost(-0.20),
            turnover: Goal::Between(8.0, 12.0),
            minutes_to_decision: Goal::Below(30.0),
            forecast_mape: Goal::Below(0.15),
        }
    }
}
