//! The numbers that led to a recommendation, and what happens if nobody follows it.

use async_graphql::{ComplexObject, Context, SimpleObject};
use chrono::NaiveDate;
use serde_json::Value as Json;

use crate::graphql::context::{Analyst, ContextExt};
use crate::graphql::scalars::{Date, number};

/// The numbers that led to a recommendation; null where the company has no such data.
#[derive(Debug, Clone, SimpleObject)]
pub struct Explanation {
    /// Stock at the time.
    pub on_hand: Option<f64>,
    /// Ordered and not yet received at the time.
    pub on_order: Option<f64>,
    /// From order to delivery, mean.
    pub lead_time_days: Option<f64>,
    /// Days between two looks at the stock.
    pub review_days: Option<f64>,
    /// Days that one order is meant to last.
    pub cycle_days: Option<f64>,
    /// Demand over lead time and review period.
    pub lead_time_demand: Option<LeadTimeDemand>,
    /// The probability of meeting that demand that the item deserves.
    pub service_level: Option<f64>,
    /// `reorderPoint - leadTimeDemand.mean`.
    pub safety_stock: Option<f64>,
    /// What one use takes: the median quantity of the days with demand, in a year. A shelf in use is never planned to hold less.
    pub usual_use: Option<f64>,
    /// The quantile of that demand at the service level, or the usual use where that is more.
    pub reorder_point: Option<f64>,
    /// Mean demand of the days that one order is meant to last.
    pub cycle_demand: Option<f64>,
    /// What an order fills up to: `reorderPoint + cycleDemand`.
    pub order_up_to: Option<f64>,
    /// An order is of at least this.
    pub min_quantity: Option<f64>,
    /// An order is of at most this, in whole packs.
    pub max_quantity: Option<f64>,
    /// An order is of a multiple of this; without it, of whole units where `wholeUnits`.
    pub pack: Option<f64>,
    /// Is the item counted in whole units?
    pub whole_units: Option<bool>,
    /// What the giving site could spare when this was decided; of REALLOCATE.
    pub spare: Option<f64>,
    /// The quantity of the open order; of EXPEDITE.
    pub order_quantity: Option<f64>,
    /// The safety stock of the textbooks, to compare; of smooth demand, which alone it is meant for.
    pub textbook_safety_stock: Option<TextbookSafetyStock>,
    /// The formulas with these numbers in them; they recompute by hand.
    pub formula: String,
    /// When stock runs out without an order, and what that costs.
    pub if_nothing_is_done: Option<IfNothingIsDone>,
}

/// Demand over lead time and review period.
#[derive(Debug, Clone, SimpleObject)]
pub struct LeadTimeDemand {
    /// Expected.
    pub mean: f64,
    /// The median.
    #[graphql(name = "p50")]
    pub p50: Option<f64>,
    /// At most this with probability 0.9.
    #[graphql(name = "p90")]
    pub p90: Option<f64>,
    /// At most this with probability 0.975.
    #[graphql(name = "p975")]
    pub p975: Option<f64>,
    /// At most this with the probability of `serviceLevel`: the reorder point.
    pub at_service_level: Option<f64>,
}

/// The textbook's `z * sigma * sqrt(days)`: it decides nothing, and lets a reader check the quantile that does.
#[derive(Debug, Clone, SimpleObject)]
pub struct TextbookSafetyStock {
    /// The standard normal quantile at the service level.
    pub z: f64,
    /// Standard deviation of a day's demand, by the band of a week's.
    pub sigma: f64,
    /// Mean lead time and review period.
    pub days: f64,
    /// `z * sigma * sqrt(days)`.
    pub safety_stock: f64,
    /// `leadTimeDemand.mean + safetyStock`.
    pub reorder_point: f64,
    /// The formulas with these numbers in them.
    pub formula: String,
}

/// What happens if no order is placed: when stock runs out, and what that costs. A day is null where it is not within the
/// forecast.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(complex)]
pub struct IfNothingIsDone {
    /// With high demand.
    pub earliest: Option<Date>,
    /// With median demand.
    pub likely: Option<Date>,
    /// With low demand.
    pub latest: Option<Date>,
    /// Mean demand over lead time and review period that stock and open orders do not meet, in the item's unit.
    pub expected_shortage: Option<f64>,
    #[graphql(skip)]
    money: Money,
}

/// What only analysts read of it.
#[derive(Debug, Clone, Copy)]
struct Money {
    unit_cost: Option<f64>,
    value_at_risk: Option<f64>,
}

impl IfNothingIsDone {
    fn money_of(&self, _proof: &Analyst) -> Money {
        self.money
    }
}

#[ComplexObject]
impl IfNothingIsDone {
    /// What one unit cost when this was decided, in the company's currency, as in 2.5; null where no cost is known.
    async fn unit_cost(&self, ctx: &Context<'_>) -> Option<f64> {
        ctx.analyst().and_then(|analyst| self.money_of(&analyst).unit_cost)
    }

    /// The value of the demand that goes unmet, in the company's currency: `expectedShortage * unitCost`, as in 99.5; null
    /// where no cost is known.
    async fn value_at_risk(&self, ctx: &Context<'_>) -> Option<f64> {
        ctx.analyst().and_then(|analyst| self.money_of(&analyst).value_at_risk)
    }
}

impl Explanation {
    /// Reads what the refresh stored; a number that it did not have is null.
    pub(super) fn read(stored: &Json) -> Self {
        let value = |name: &str| stored.get(name).and_then(Json::as_f64).map(number);
        Self {
            on_hand: value("onHand"),
            on_order: value("onOrder"),
            lead_time_days: value("leadTimeDays"),
            review_days: value("reviewDays"),
            cycle_days: value("cycleDays"),
            lead_time_demand: stored.get("leadTimeDemand").and_then(LeadTimeDemand::read),
            service_level: value("serviceLevel"),
            safety_stock: value("safetyStock"),
            usual_use: value("usualUse"),
            reorder_point: value("reorderPoint"),
            cycle_demand: value("cycleDemand"),
            order_up_to: value("orderUpTo"),
            min_quantity: value("minQuantity"),
            max_quantity: value("maxQuantity"),
            pack: value("pack"),
            whole_units: stored.get("wholeUnits").and_then(Json::as_bool),
            spare: value("spare"),
            order_quantity: value("orderQuantity"),
            textbook_safety_stock: stored.get("textbookSafetyStock").and_then(TextbookSafetyStock::read),
            formula: stored.get("formula").and_then(Json::as_str).unwrap_or_default().to_owned(),
            if_nothing_is_done: stored
                .get("ifNothingIsDone")
                .and_then(|undone| IfNothingIsDone::read(undone, value("unitCost"))),
        }
    }
}

impl LeadTimeDemand {
    fn read(stored: &Json) -> Option<Self> {
        // Stored at the seven published levels: 0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975.
        let quantile =
            |at: usize| stored.get("quantiles").and_then(|all| all.get(at)).and_then(Json::as_f64).map(number);
        Some(Self {
            mean: number(stored.get("mean")?.as_f64()?),
            p50: quantile(3),
            p90: quantile(5),
            p975: quantile(6),
            at_service_level: stored.get("atServiceLevel").and_then(Json::as_f64).map(number),
        })
    }
}

impl TextbookSafetyStock {
    fn read(stored: &Json) -> Option<Self> {
        let value = |name: &str| stored.get(name).and_then(Json::as_f64).map(number);
        Some(Self {
            z: value("z")?,
            sigma: value("sigma")?,
            days: value("days")?,
            safety_stock: value("safetyStock")?,
            reorder_point: value("reorderPoint")?,
            formula: stored.get("formula")?.as_str()?.to_owned(),
        })
    }
}

impl IfNothingIsDone {
    fn read(stored: &Json, unit_cost: Option<f64>) -> Option<Self> {
        let days = stored.get("stockoutDate")?;
        let day =
            |name: &str| days.get(name).and_then(Json::as_str).and_then(|day| day.parse::<NaiveDate>().ok()).map(Date);
        let value = |name: &str| stored.get(name).and_then(Json::as_f64).map(number);
        Some(Self {
            earliest: day("earliest"),
            likely: day("likely"),
            latest: day("latest"),
            expected_shortage: value("expectedShortage"),
            money: Money { unit_cost, value_at_risk: value("valueAtRisk") },
        })
    }
}
