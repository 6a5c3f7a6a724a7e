//! Key figures, from counted facts.
//!
//! Each function takes what it counts and answers `None` where there is nothing to count: a company without stock data has
//! no stock-out rate, and zero would be a lie. Rates are fractions. [`Targets`] holds what they are compared with.
//!
//! Reading order: [`stock`] (what lies there and what is missing), [`orders`] (what was promised), [`accuracy`] (what was
//! forecast), [`targets`].

pub mod accuracy;
pub mod orders;
pub mod stock;
pub mod targets;

pub use accuracy::{FamilyWeek, ForecastAccuracy, bias, forecast_accuracy, known_from};
pub use orders::{Decision, Delivery, delayed_orders, minutes_to_decision};
pub use stock::{
    DayDemand, StockLine, a_share, carrying_cost, days_of_cover, fill_rate, inventory_value, stock_out_rate,
    total_demand, turnover,
};
pub use targets::{Goal, Targets};

/// `part / whole`, where there is a whole.
fn ratio(part: f64, whole: f64) -> Option<f64> {
    let quotient = part / whole;
    (whole > 0.0 && quotient.is_finite()).then_some(quotient)
}
