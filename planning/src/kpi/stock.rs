//! Demand and stock: how much was wanted, how much was there, what it is worth.

use super::ratio;
use crate::abc::AbcClass;

/// One item at one site.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StockLine {
    /// The item is active and the site too; others do not count as out of stock.
    pub active: bool,
    pub abc: Option<AbcClass>,
    /// `None`: not recorded.
    pub on_hand: Option<f64>,
    pub unit_cost: Option<f64>,
}

/// Demand of one item-site-day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DayDemand {
    pub quantity: f64,
    pub unit_cost: Option<f64>,
    pub abc: Option<AbcClass>,
    /// The item-site was out of stock that day, so the demand could not be met from the shelf.
    pub stocked_out: bool,
}

/// Units demanded; `None` when there is no demand data at all for the period.
pub fn total_demand(days: &[DayDemand]) -> Option<f64> {
    (!days.is_empty()).then(|| days.iter().map(|day| day.quantity).sum())
}

/// Active item-sites at zero on hand, of the active ones whose stock is recorded; of one ABC class if given.
pub fn stock_out_rate(lines: &[StockLine], class: Option<AbcClass>) -> Option<f64> {
    let counted = lines
        .iter()
        .filter(|line| line.active && (class.is_none() || line.abc == class))
        .filter_map(|line| line.on_hand);
    let (out, all) =
        counted.fold((0.0, 0.0), |(out, all), on_hand| (out + f64::from(u8::from(on_hand <= 0.0)), all + 1.0));
    ratio(out, all)
}

/// Units demanded on days with stock, of all units demanded. `stock_known` is whether the company records stock: without it
/// no day is flagged, and a fill rate of one would be made up.
pub fn fill_rate(days: &[DayDemand], stock_known: bool) -> Option<f64> {
    let all: f64 = days.iter().map(|day| day.quantity).sum();
    let met: f64 = days.iter().filter(|day| !day.stocked_out).map(|day| day.quantity).sum();
    stock_known.then(|| ratio(met, all)).flatten()
}

/// A-class share of the value demanded, over lines with a cost.
pub fn a_share(days: &[DayDemand]) -> Option<f64> {
    let valued = days.iter().filter_map(|day| day.unit_cost.map(|cost| (day.quantity * cost, day.abc)));
    let (a, all) = valued.fold((0.0, 0.0), |(a, all), (value, class)| {
        (if class == Some(AbcClass::A) { a + value } else { a }, all + value)
    });
    ratio(a, all)
}

/// Stock on hand at cost; `None` when no line has both.
pub fn inventory_value(lines: &[StockLine]) -> Option<f64> {
    let valued: Vec<f64> = lines.iter().filter_map(|line| Some(line.on_hand? * line.unit_cost?)).collect();
    (!valued.is_empty()).then(|| valued.iter().sum())
}

/// What holding this inventory for a year costs, at a yearly rate (0.20: capital, space, loss).
pub fn carrying_cost(inventory_value: Option<f64>, yearly_rate: f64) -> Option<f64> {
    inventory_value.map(|value| value * yearly_rate)
}

/// Times a year that the mean inventory is used up: value demanded in the period, scaled to a year, over mean inventory value.
pub fn turnover(demand_value: Option<f64>, period_days: f64, mean_inventory_value: Option<f64>) -> Option<f64> {
    ratio(demand_value? * 365.0 / period_days, mean_inventory_value?).filter(|_| period_days > 0.0)
}

/// Days that the stock on hand lasts at the forecast's mean demand per day.
pub fn days_of_cover(on_hand: Option<f64>, mean_daily_demand: Option<f64>) -> Option<f64> {
    ratio(on_hand?, mean_daily_demand?)
}
