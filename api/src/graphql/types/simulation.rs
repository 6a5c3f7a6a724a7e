//! What a policy would come to: simulated, beside the policy in force.

use std::sync::Arc;

use async_graphql::{Context, Object, Result, SimpleObject};
use chrono::NaiveDate;
use entity::core::item;
use entity::words::AbcClass;
use planning::forecast::CumulativeDemand;
use planning::policy::{LeadTime, OrderCycles, ServiceLevels};
use planning::simulate::{DailyDemand, PATHS, SimulatedPolicy as Figures, Trial, simulate_policy};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use crate::graphql::context::{Analyst, ContextExt};
use crate::graphql::scalars::{Date, number};

/// Every simulation draws the same futures, so that two policies differ by themselves and not by luck.
const SEED: u64 = 1;

/// What stock is kept by, as far as people may turn it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    pub service_level: f64,
    /// Mean lead time; `None`: as it was learnt.
    pub lead_time_days: Option<u16>,
    pub review_days: usize,
}

/// An item at a site, and what policies are tried on there.
#[derive(Debug, Clone)]
pub struct Ground {
    pub item: Arc<item::Model>,
    pub on_hand: Option<Decimal>,
    /// What one use takes.
    pub usual_use: Option<f64>,
    /// Days between two looks at the stock, as recommendations have them.
    pub review_days: usize,
    pub lead_time: LeadTime,
    pub demand: CumulativeDemand,
    pub days: Vec<DailyDemand>,
    pub origin: NaiveDate,
    pub data_through: NaiveDate,
}

/// A policy for an item at a site and the one in force there, each tried on the same futures of the forecast for a year.
#[derive(Debug, Clone, SimpleObject)]
pub struct PolicySimulation {
    /// The policy that was asked about.
    policy: SimulatedPolicy,
    /// The policy that recommendations follow now.
    in_force: SimulatedPolicy,
    /// How many futures were drawn; the same question gives the same answer.
    futures: i32,
    /// The first day of the forecast that they were drawn from.
    origin: Date,
    /// The last day of demand that the forecast saw.
    data_through: Date,
}

/// A policy, and a year under it: means over the futures. Unmet demand is lost.
#[derive(Debug, Clone)]
pub struct SimulatedPolicy {
    figures: Figures,
    service_level: f64,
    lead_time_days: f64,
    review_days: usize,
    cycle_days: usize,
}

impl Ground {
    /// The settings that recommendations follow.
    pub fn in_force(&self) -> Settings {
        let criticality = self.item.criticality.clamp(0, 10) as u8;
        let service_level = ServiceLevels::default().of(self.abc(), criticality);
        Settings { service_level, lead_time_days: None, review_days: self.review_days }
    }

    /// Tries `asked` beside the settings in force. It computes for a while: not on a thread that answers.
    pub fn compare(&self, asked: Settings) -> PolicySimulation {
        let in_force = self.in_force();
        let current = self.simulate(in_force);
        let policy = if asked == in_force { current.clone() } else { self.simulate(asked) };
        PolicySimulation {
            policy,
            in_force: current,
            futures: PATHS as i32,
            origin: Date(self.origin),
            data_through: Date(self.data_through),
        }
    }

    fn simulate(&self, settings: Settings) -> SimulatedPolicy {
        let Settings { service_level, lead_time_days, review_days } = settings;
        // Another mean keeps the spread that was learnt.
        let lead_time = lead_time_days.map_or_else(
            || self.lead_time.clone(),
            |days| self.lead_time.later((f64::from(days) - self.lead_time.mean()).round() as i64),
        );
        let cycle_days = OrderCycles::default().of(self.abc());
        let item = &self.item;
        let trial = Trial {
            days: &self.days,
            demand: &self.demand,
            lead_time: &lead_time,
            review_days,
            cycle_days,
            service_level,
            usual_use: self.usual_use,
            unit_cost: item.unit_cost.map(float),
            min_quantity: item.min_order_quantity.map(float),
            max_quantity: item.max_order_quantity.map(float),
            pack: item.pack_size.map(float),
            integer: self.demand.is_whole() && self.on_hand.is_none_or(|on_hand| on_hand.fract().is_zero()),
            paths: PATHS,
            seed: SEED,
        };
        let figures = simulate_policy(&trial);
        SimulatedPolicy { figures, service_level, lead_time_days: lead_time.mean(), review_days, cycle_days }
    }

    fn abc(&self) -> planning::abc::AbcClass {
        match self.item.abc_class {
            Some(AbcClass::A) => planning::abc::AbcClass::A,
            Some(AbcClass::B) => planning::abc::AbcClass::B,
            Some(AbcClass::C) | None => planning::abc::AbcClass::C,
        }
    }
}

impl SimulatedPolicy {
    fn average_value_of(&self, _proof: &Analyst) -> Option<f64> {
        self.figures.average_value.map(number)
    }
}

#[Object]
/// A policy, and a year under it: means over the futures. Unmet demand is lost.
impl SimulatedPolicy {
    /// The probability that demand until the next delivery is met from stock, such as 0.95.
    async fn service_level(&self) -> f64 {
        number(self.service_level)
    }

    /// Mean days from order to receipt; each future draws them around it.
    async fn lead_time_days(&self) -> f64 {
        number(self.lead_time_days)
    }

    /// Days between two looks at the stock.
    async fn review_days(&self) -> i32 {
        self.review_days as i32
    }

    /// Days that one order is meant to last.
    async fn cycle_days(&self) -> i32 {
        self.cycle_days as i32
    }

    /// Order when there is less on hand and on order, in the item's unit.
    async fn reorder_point(&self) -> f64 {
        number(self.figures.reorder_point)
    }

    /// What the reorder point holds beyond mean demand until the next delivery, in the item's unit.
    async fn safety_stock(&self) -> f64 {
        number(self.figures.safety_stock)
    }

    /// Order so much that this is on hand and on order, in the item's unit.
    async fn order_up_to(&self) -> f64 {
        number(self.figures.order_up_to)
    }

    /// Units given out, of the units wanted, such as 0.982; 1 where nothing is wanted.
    async fn fill_rate(&self) -> f64 {
        number(self.figures.fill_rate)
    }

    /// How often in a year the shelf is empty when something is wanted.
    async fn stock_outs(&self) -> f64 {
        number(self.figures.stock_outs)
    }

    /// Share of days that end with nothing on hand, such as 0.013.
    async fn stock_out_rate(&self) -> f64 {
        number(self.figures.stock_out_rate)
    }

    /// Mean stock at the end of a day, in the item's unit.
    async fn average_stock(&self) -> f64 {
        number(self.figures.average_stock)
    }

    /// Mean stock at cost, in the company's currency; null where the item's cost is not known.
    async fn average_value(&self, ctx: &Context<'_>) -> Result<Option<f64>> {
        Ok(ctx.analyst().and_then(|analyst| self.average_value_of(&analyst)))
    }

    /// Orders placed in a year.
    async fn orders_per_year(&self) -> f64 {
        number(self.figures.orders_per_year)
    }
}

fn float(value: Decimal) -> f64 {
    value.to_f64().unwrap_or(0.0)
}
