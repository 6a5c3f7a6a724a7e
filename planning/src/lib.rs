//! The mathematics of Corrente: from a demand history to a number somebody acts on.
//!
//! What lives here:
//! - [`forecast`]: demand series in, mean and seven measured quantiles per day out, with the backtest that earned them;
//! - [`policy`]: stock, open orders and a demand distribution in, an explained recommendation or an alert out;
//! - [`simulate`]: a policy tried on many futures of a forecast: fill rate, stock-outs, average stock;
//! - [`features`]: a demand history in, what is known at the end of each day out;
//! - [`kpi`]: counted facts in, one number or an honest `None` out;
//! - [`abc`]: the ABC (value) and XYZ (variability) classes of items.
//!
//! What never happens here: IO, a clock, an environment variable, a dependency on another crate of the house.
//! `today`, seeds and progress are parameters, bad input becomes a missing day or `None`, and nothing panics on data.
//! Every function is deterministic: the same input and seed give the same bits, in any order of the input.
//!
//! Where to start: [`forecast::forecast_all`] runs everything of the first module; [`policy::recommend`] is the heart of the second.
//! Quantities are `f64` in the item's own unit, money is `f64` in the company's currency, rates are fractions (0.05, not 5),
//! and a forecast's lead 1 is the first step after the last step of its data.

pub mod abc;
pub mod features;
pub mod forecast;
pub mod kpi;
pub mod policy;
pub mod simulate;
mod split_mix;

/// Rounds to the four decimals that the database keeps, so that a published number is the number that was computed with.
pub fn round4(value: f64) -> f64 {
    let rounded = (value * 10_000.0).round() / 10_000.0;
    // Minus zero would print as "-0".
    if rounded == 0.0 { 0.0 } else { rounded }
}
