//! Where an item stands at a site: its reorder point, what there is against it, and when it would run out.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::lead_time::LeadTime;
use super::recommend::PolicyInput;
use crate::forecast::cumulative::{CumulativeDemand, DemandDistribution};
use crate::forecast::normal;
use crate::round4;

/// A placed order that has not arrived.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OpenOrder {
    /// The order's number and line, as people know it.
    pub order: String,
    pub quantity: f64,
    /// Promised day; `None` when nobody promised one.
    pub expected: Option<NaiveDate>,
}

/// Demand over lead time plus review period.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LeadTimeDemand {
    pub mean: f64,
    /// At the seven published levels.
    pub quantiles: [f64; 7],
    /// At the item's service level.
    pub at_service_level: f64,
}

/// The numbers of an item at a site today.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Position {
    /// Mean lead time.
    pub lead_time_days: f64,
    pub lead_time_demand: LeadTimeDemand,
    /// The greater of `lead_time_demand.at_service_level` and the usual use.
    pub reorder_point: f64,
    /// `reorder_point - lead_time_demand.mean`; negative where seldom demand makes the quantile smaller than the mean.
    pub safety_stock: f64,
    /// Mean demand of one order cycle: what an order is meant to last.
    pub cycle_demand: f64,
    /// `reorder_point + cycle_demand`.
    pub order_up_to: f64,
    /// Days that the stock on hand lasts at the mean; `None` without stock data or without expected demand.
    pub cover_days: Option<f64>,
    /// Mean demand over lead time plus review period beyond what is on hand and on order; `None` without stock data.
    pub expected_shortage: Option<f64>,
}

/// The levels that stock is kept between.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Levels {
    /// Demand over lead time plus review period.
    distribution: DemandDistribution,
    at_service_level: f64,
    pub(crate) reorder_point: f64,
    pub(crate) safety_stock: f64,
    cycle_demand: f64,
    pub(crate) order_up_to: f64,
}

impl Levels {
    /// `least` is what the reorder point covers at least: where demand is seldom, the quantile is zero, and the shelf would
    /// be planned to lie empty.
    pub(crate) fn of(
        demand: &CumulativeDemand,
        lead_time: &LeadTime,
        review_days: usize,
        cycle_days: usize,
        service_level: f64,
        least: Option<f64>,
        integer: bool,
    ) -> Self {
        let distribution = lead_time.demand(demand, review_days, integer);
        let at_service_level = distribution.quantile(service_level);
        let at_service_level = round4(if integer { (at_service_level - 1e-9).ceil() } else { at_service_level });
        let reorder_point = at_service_level.max(least.map_or(0.0, round4));
        let cycle = demand.over(cycle_days).mean;
        let cycle_demand = round4(if integer { cycle.round() } else { cycle });
        Self {
            at_service_level,
            reorder_point,
            safety_stock: round4(reorder_point - round4(distribution.mean)),
            cycle_demand,
            order_up_to: round4(reorder_point + cycle_demand),
            distribution,
        }
    }
}

impl Position {
    pub fn of(input: &PolicyInput<'_>) -> Self {
        let PolicyInput { demand, lead_time, review_days, cycle_days, service_level, integer, .. } = *input;
        let levels = Levels::of(demand, lead_time, review_days, cycle_days, service_level, input.least(), integer);
        let Levels { distribution, at_service_level, reorder_point, safety_stock, cycle_demand, order_up_to } = levels;
        let daily = input.demand.over(30).mean / 30.0;
        let available = input.on_hand.map(|on_hand| on_hand + input.on_order.unwrap_or(0.0));
        Self {
            lead_time_days: round4(input.lead_time.mean()),
            lead_time_demand: LeadTimeDemand {
                mean: round4(distribution.mean),
                quantiles: distribution.published().values().map(round4),
                at_service_level,
            },
            reorder_point,
            safety_stock,
            cycle_demand,
            order_up_to,
            cover_days: input.on_hand.filter(|_| daily > 0.0).map(|on_hand| round4(on_hand / daily)),
            expected_shortage: available.map(|available| round4(distribution.expected_shortage(available))),
        }
    }
}

/// The textbook's safety stock for smooth demand, `z * sigma * sqrt(days)`, shown beside ours.
pub fn textbook_safety_stock(service_level: f64, daily_deviation: f64, days: f64) -> f64 {
    normal::quantile(service_level) * daily_deviation * days.max(0.0).sqrt()
}

/// When stock runs out if no new order is placed; open orders arrive when promised. `None`: not within the forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Projection {
    /// Demand at its 90 % quantile.
    pub earliest: Option<NaiveDate>,
    /// Demand at its median.
    pub likely: Option<NaiveDate>,
    /// Demand at its 10 % quantile.
    pub latest: Option<NaiveDate>,
}

impl Projection {
    /// From the stock on hand this morning and the orders with their arrival days.
    pub fn of(today: NaiveDate, on_hand: f64, arrivals: &[(NaiveDate, f64)], demand: &CumulativeDemand) -> Self {
        let horizon = demand.days.last().copied().unwrap_or(0);
        let mut dates = [None; 3];
        if on_hand <= 0.0 {
            return Self { earliest: Some(today), likely: Some(today), latest: Some(today) };
        }
        for days in 1..=horizon {
            // Lead 1 is today itself.
            let Some(date) = today.checked_add_days(Days::new(days as u64 - 1)) else {
                break;
            };
            let supply =
                on_hand + arrivals.iter().filter(|(day, _)| *day <= date).map(|(_, quantity)| quantity).sum::<f64>();
            let wanted = demand.over(days);
            for (slot, t) in dates.iter_mut().zip([0.9, 0.5, 0.1]) {
                if slot.is_none() && wanted.quantile(t) > supply {
                    *slot = Some(date);
                }
            }
        }
        Self { earliest: dates[0], likely: dates[1], latest: dates[2] }
    }
}
