//! The safety stock of the textbooks, shown beside ours where the textbook's assumptions hold.
//!
//! `z * sigma * sqrt(L)` takes demand of a day as normal and days as independent, which smooth demand comes near and sparse
//! demand does not (Silver, Pyke and Thomas 2017, chapter 6). Nothing is decided by it: it lets a reader who knows the formula
//! check the quantile that decides.

use serde::{Deserialize, Serialize};

use super::recommendation::Recommendation;
use crate::forecast::DemandClass;
use crate::forecast::cumulative::CumulativeDemand;
use crate::forecast::normal;
use crate::round4;

/// Days whose spread gives the deviation of one: a week, so that weekdays and weekends are in it alike.
const WEEK: usize = 7;

/// `z * sigma * sqrt(lead_time_days + review_days)`, with its parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TextbookSafetyStock {
    /// The standard normal quantile at the service level.
    pub z: f64,
    /// Standard deviation of a day's demand, in units: the 80 % band of a week's demand over `2 * 1.2816 * sqrt(7)`.
    pub sigma: f64,
    /// Mean lead time and review period.
    pub days: f64,
    /// Units.
    pub safety_stock: f64,
    /// Mean demand over those days and this safety stock.
    pub reorder_point: f64,
    /// The formula with these numbers in it.
    pub formula: String,
}

impl TextbookSafetyStock {
    /// For a service level, the stored demand of an item at a site, `days` of lead time and review, and mean demand over them.
    pub fn of(service_level: f64, demand: &CumulativeDemand, days: f64, mean: f64) -> Self {
        let week = demand.over(WEEK);
        let band = 2.0 * normal::quantile(0.9);
        let sigma = round4((week.quantile(0.9) - week.quantile(0.1)) / band / (WEEK as f64).sqrt());
        let z = round4(normal::quantile(service_level));
        let safety_stock = round4(z * sigma * days.max(0.0).sqrt());
        let reorder_point = round4(mean + safety_stock);
        let formula = format!(
            "safetyStock = {z} * {sigma} * sqrt({days}) = {safety_stock}; reorderPoint = {mean} + {safety_stock} = {reorder_point}"
        );
        Self { z, sigma, days, safety_stock, reorder_point, formula }
    }
}

impl Recommendation {
    /// Puts the textbook's safety stock beside ours; only smooth demand is what the textbook means.
    #[must_use]
    pub fn beside_textbook(mut self, class: DemandClass, demand: &CumulativeDemand) -> Self {
        let why = &self.explanation;
        self.explanation.textbook_safety_stock = (class == DemandClass::Smooth).then(|| {
            let days = round4(why.lead_time_days + why.review_days as f64);
            TextbookSafetyStock::of(why.service_level, demand, days, why.lead_time_demand.mean)
        });
        self
    }
}
