//! What a policy would come to if the forecast is right: Monte-Carlo over its distribution.
//!
//! Many futures are drawn (`futures`: days from their own quantiles, and a level that a future's days share); in each the
//! shelf is kept by the same rules that recommend, reviewed every so many days, and counted after a warm-up. Unmet demand
//! is lost, as a site that finds no part looks elsewhere. Same input and seed, same figures. Start at [`simulate_policy`].

mod futures;

pub use futures::DailyDemand;

use futures::Futures;
use serde::{Deserialize, Serialize};

use crate::forecast::cumulative::CumulativeDemand;
use crate::policy::{LeadTime, Levels, order_quantity};
use crate::round4;
use crate::split_mix::SplitMix;

/// Days that a future is counted over.
const YEAR: usize = 365;
/// Futures, unless somebody asks for more: a share is then within three hundredths of the truth at most.
pub const PATHS: usize = 500;

/// A policy for one item at one site, and what it is tried on.
#[derive(Debug, Clone, Copy)]
pub struct Trial<'a> {
    /// Mean and quantiles of each day ahead; what lies beyond them repeats their last weeks.
    pub days: &'a [DailyDemand],
    pub demand: &'a CumulativeDemand,
    pub lead_time: &'a LeadTime,
    /// At least one day.
    pub review_days: usize,
    pub cycle_days: usize,
    pub service_level: f64,
    /// What one use takes, which the reorder point covers at least.
    pub usual_use: Option<f64>,
    pub unit_cost: Option<f64>,
    pub min_quantity: Option<f64>,
    pub max_quantity: Option<f64>,
    pub pack: Option<f64>,
    /// Whether the item is counted in whole units.
    pub integer: bool,
    /// Futures to draw, at least one.
    pub paths: usize,
    pub seed: u64,
}

/// A year under the policy: means over the futures.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SimulatedPolicy {
    pub reorder_point: f64,
    pub safety_stock: f64,
    pub order_up_to: f64,
    /// Units given out, of the units wanted; 1 where nothing is wanted.
    pub fill_rate: f64,
    /// Times a year that the shelf runs empty while something is wanted: stretches of days with unmet demand.
    pub stock_outs: f64,
    /// Share of days that close with nothing on hand.
    pub stock_out_rate: f64,
    /// Mean of the evenings' stock, in units.
    pub average_stock: f64,
    /// `average_stock * unit_cost`; `None` without a cost.
    pub average_value: Option<f64>,
    pub orders_per_year: f64,
}

/// Tries a policy.
pub fn simulate_policy(trial: &Trial<'_>) -> SimulatedPolicy {
    let levels = Levels::of(
        trial.demand,
        trial.lead_time,
        trial.review_days,
        trial.cycle_days,
        trial.service_level,
        trial.usual_use,
        trial.integer,
    );
    let futures = Futures::new(trial.days, trial.demand, trial.integer);
    let mut random = SplitMix::new(trial.seed);
    let paths = trial.paths.max(1);
    let mut sums = Sums::default();
    for path in 0..paths {
        let level = futures.level((path as f64 + 0.5) / paths as f64);
        Shelf::new(trial, levels.reorder_point, levels.order_up_to).live(
            trial,
            &futures,
            level,
            &mut random,
            &mut sums,
        );
    }
    let years = paths as f64;
    let evenings = years * YEAR as f64;
    let average_stock = round4(sums.stock / evenings);
    SimulatedPolicy {
        reorder_point: levels.reorder_point,
        safety_stock: levels.safety_stock,
        order_up_to: levels.order_up_to,
        fill_rate: if sums.wanted > 0.0 { round4(sums.given_out / sums.wanted) } else { 1.0 },
        stock_outs: round4(sums.stock_outs / years),
        stock_out_rate: round4(sums.empty / evenings),
        average_stock,
        average_value: trial.unit_cost.map(|cost| round4(average_stock * cost)),
        orders_per_year: round4(sums.orders / years),
    }
}

/// What all futures come to together.
#[derive(Debug, Default)]
struct Sums {
    wanted: f64,
    given_out: f64,
    stock: f64,
    empty: f64,
    stock_outs: f64,
    orders: f64,
}

/// The shelf in one future; it begins as full as the policy ever makes it.
struct Shelf {
    on_hand: f64,
    /// (day of arrival, quantity).
    open: Vec<(usize, f64)>,
    reorder_point: f64,
    order_up_to: f64,
    warm_up: usize,
}

impl Shelf {
    fn new(trial: &Trial<'_>, reorder_point: f64, order_up_to: f64) -> Self {
        // Two rounds from order to order, so that the full start is forgotten.
        let warm_up = 2 * (trial.lead_time.mean().ceil() as usize + trial.review_days + trial.cycle_days);
        Self { on_hand: order_up_to, open: Vec::new(), reorder_point, order_up_to, warm_up }
    }

    fn live(mut self, trial: &Trial<'_>, futures: &Futures, level: f64, random: &mut SplitMix, sums: &mut Sums) {
        let mut short_before = false;
        for day in 0..self.warm_up + YEAR {
            let counts = day >= self.warm_up;
            if day % trial.review_days.max(1) == 0 && self.order(trial, day, random) && counts {
                sums.orders += 1.0;
            }
            let on_hand = &mut self.on_hand;
            self.open.retain(|(arrives, quantity)| {
                let comes = *arrives <= day;
                *on_hand += if comes { *quantity } else { 0.0 };
                !comes
            });
            let wanted = futures.draw(day, level, random);
            let given_out = wanted.min(self.on_hand);
            self.on_hand -= given_out;
            let short = given_out < wanted;
            if counts {
                sums.wanted += wanted;
                sums.given_out += given_out;
                sums.stock += self.on_hand;
                sums.empty += f64::from(u8::from(self.on_hand <= 0.0));
                sums.stock_outs += f64::from(u8::from(short && !short_before));
            }
            // Days on which nothing is wanted end no shortage.
            short_before = short || (short_before && wanted <= 0.0);
        }
    }

    /// Orders where the rules say so; what is ordered today comes a lead time later.
    fn order(&mut self, trial: &Trial<'_>, day: usize, random: &mut SplitMix) -> bool {
        let available = self.on_hand + self.open.iter().map(|(_, quantity)| quantity).sum::<f64>();
        if available >= self.reorder_point {
            return false;
        }
        let needed = self.order_up_to - available;
        let quantity = order_quantity(needed, trial.min_quantity, trial.max_quantity, trial.pack, trial.integer);
        self.open.push((day + trial.lead_time.at(random.unit()), quantity));
        quantity > 0.0
    }
}
