//! KPIs of a day, with what they are measured against.

use std::sync::Arc;

use async_graphql::{Context, Object, Result, SimpleObject};
use entity::analytics::kpi;

use super::words::{AccuracyReason, KpiDimension};
use crate::config::Targets;
use crate::graphql::context::{Analyst, ContextExt};
use crate::graphql::scalars::{Date, number};
use crate::loaders::{FirstCarryingCost, FirstForecast};

/// Values of one day with their targets; null where the company has no data for them. Rates are fractions.
pub struct Kpi {
    days: Arc<Vec<kpi::Model>>,
    at: usize,
}

impl Kpi {
    /// All of an answer.
    pub fn all(days: &Arc<Vec<kpi::Model>>) -> Vec<Self> {
        (0..days.len()).map(|at| Self { days: Arc::clone(days), at }).collect()
    }

    fn row(&self) -> &kpi::Model {
        &self.days[self.at]
    }

    fn money(&self, _proof: &Analyst) -> Money {
        Money {
            inventory_value: self.row().inventory_value,
            carrying_cost: self.row().carrying_cost,
            demand_value: self.row().demand_value,
        }
    }
}

/// The amounts of money of a day, which only an analyst gets.
struct Money {
    inventory_value: Option<f64>,
    carrying_cost: Option<f64>,
    demand_value: Option<f64>,
}

#[Object]
/// Values of one day with their targets; null where the company has no data for them. Rates are fractions.
impl Kpi {
    /// The day they hold for.
    async fn date(&self) -> Date {
        Date(self.row().full_date)
    }

    /// What they are broken down by.
    async fn dimension(&self) -> KpiDimension {
        self.row().dimension.into()
    }

    /// Which family, region (by code) or ABC class; empty for the whole.
    async fn member(&self) -> &str {
        &self.row().member
    }

    /// Demand of the trailing 30 days.
    async fn total_demand(&self) -> Option<f64> {
        self.row().total_demand.map(number)
    }

    /// Active item-sites with nothing on hand, of all.
    async fn stockout_rate(&self) -> Option<f64> {
        self.row().stockout_rate.map(number)
    }

    /// Demand that could be met from stock, of all.
    async fn fill_rate(&self) -> Option<f64> {
        self.row().fill_rate.map(number)
    }

    /// Late orders, of those promised for the trailing 30 days.
    async fn delayed_orders_rate(&self) -> Option<f64> {
        self.row().delayed_orders_rate.map(number)
    }

    /// Share of A items in demand value.
    async fn a_class_share(&self) -> Option<f64> {
        self.row().a_class_share.map(number)
    }

    /// Error of the forecasts of the trailing 28 days, by family and week, weighted by demand.
    async fn forecast_wape(&self) -> Option<f64> {
        self.row().forecast_wape.map(number)
    }

    /// The same, as a mean of percentages.
    async fn forecast_mape(&self) -> Option<f64> {
        self.row().forecast_mape.map(number)
    }

    /// Why one of the two errors, or both, are null.
    async fn accuracy_reason(&self, ctx: &Context<'_>) -> Result<Option<AccuracyReason>> {
        let (row, dimension) = (self.row(), self.row().dimension);
        if row.forecast_mape.is_some() {
            return Ok(None);
        }
        if row.forecast_wape.is_some() {
            return Ok(Some(AccuracyReason::ZeroWeek));
        }
        if dimension == entity::words::KpiDimension::AbcClass {
            return Ok(Some(AccuracyReason::NotForecast));
        }
        let first = ctx.loaders().first_forecast.load(FirstForecast).await.map_err(|failure| ctx.failed(&failure))?;
        Ok(Some(match first {
            None => AccuracyReason::NoForecast,
            Some(first) if planning::kpi::known_from(*first) > row.full_date => AccuracyReason::TooYoung,
            Some(_) => AccuracyReason::NoDemand,
        }))
    }

    /// Turns of the stock a year.
    async fn turnover(&self) -> Option<f64> {
        self.row().turnover.map(number)
    }

    /// How many days the stock lasts.
    async fn days_of_cover(&self) -> Option<f64> {
        self.row().days_of_cover.map(number)
    }

    /// From a recommendation's raising to its acknowledgement, median, in minutes.
    async fn decision_minutes(&self) -> Option<f64> {
        self.row().decision_minutes.map(number)
    }

    /// Stock at cost, in the company's currency.
    async fn inventory_value(&self, ctx: &Context<'_>) -> Option<f64> {
        ctx.analyst().and_then(|analyst| self.money(&analyst).inventory_value).map(number)
    }

    /// What holding that stock costs a year.
    async fn carrying_cost(&self, ctx: &Context<'_>) -> Option<f64> {
        ctx.analyst().and_then(|analyst| self.money(&analyst).carrying_cost).map(number)
    }

    /// Demand of the trailing 30 days at cost.
    async fn demand_value(&self, ctx: &Context<'_>) -> Option<f64> {
        ctx.analyst().and_then(|analyst| self.money(&analyst).demand_value).map(number)
    }

    /// What they are measured against.
    async fn targets(&self, ctx: &Context<'_>) -> Result<KpiTargets> {
        let targets = &ctx.request().shared.config.targets;
        let mut against = KpiTargets::of(targets, self.row());
        // Money, and a statement of its own: only for an analyst who asks for it.
        if let Some(analyst) = ctx.analyst().filter(|_| ctx.look_ahead().field("carryingCost").exists()) {
            let first = FirstCarryingCost { dimension: self.row().dimension, member: self.row().member.clone() };
            let first = ctx.loaders().first_carrying_costs.load(first).await.map_err(|failure| ctx.failed(&failure))?;
            against.carrying_cost = first.and_then(|first| carrying_cost_target(&analyst, targets, *first));
        }
        Ok(against)
    }
}

/// The carrying cost that is aimed at, from the one that the company began with.
fn carrying_cost_target(_proof: &Analyst, targets: &Targets, first: f64) -> Option<f64> {
    (first > 0.0).then(|| number(first * (1.0 - targets.carrying_cost_reduction)))
}

/// What KPIs are measured against.
#[derive(Debug, Clone, SimpleObject)]
pub struct KpiTargets {
    /// At most this; an ABC class has its own.
    pub stockout_rate: f64,
    /// At most this.
    pub delayed_orders_rate: f64,
    /// At most this.
    pub forecast_mape: f64,
    /// At least this.
    pub turnover_min: f64,
    /// At most this.
    pub turnover_max: f64,
    /// At most this.
    pub decision_minutes: f64,
    /// At most this, in the company's currency: what the first day known cost, less the reduction that is aimed at.
    pub carrying_cost: Option<f64>,
}

impl KpiTargets {
    fn of(targets: &Targets, row: &kpi::Model) -> Self {
        let [a, b, c] = targets.stockout_rate_by_class;
        let stockout_rate = match (row.dimension, row.member.as_str()) {
            (entity::words::KpiDimension::AbcClass, "A") => a,
            (entity::words::KpiDimension::AbcClass, "B") => b,
            (entity::words::KpiDimension::AbcClass, "C") => c,
            _ => targets.stockout_rate,
        };
        Self {
            stockout_rate,
            delayed_orders_rate: targets.delayed_orders_rate,
            forecast_mape: targets.forecast_mape,
            turnover_min: targets.turnover_min,
            turnover_max: targets.turnover_max,
            decision_minutes: targets.decision_minutes,
            carrying_cost: None,
        }
    }
}
