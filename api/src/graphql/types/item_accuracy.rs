//! How good the forecasts of one item turned out to be.

use async_graphql::SimpleObject;
use planning::kpi::{FamilyWeek, bias, forecast_accuracy};
use store::forecasts::JudgedWeek;

use crate::graphql::scalars::{Date, number};

/// Forecasts of an item beside the demand that came, by whole weeks from Monday that are over: each week by the newest
/// forecast made before it began, so nothing here was known when it was forecast.
#[derive(Debug, Clone, SimpleObject)]
pub struct ItemAccuracy {
    /// The Mondays, the oldest first.
    pub weeks: Vec<Date>,
    /// What was forecast for each week, in the item's unit.
    pub forecasts: Vec<f64>,
    /// What was wanted in it, in the item's unit.
    pub actuals: Vec<f64>,
    /// Sum of absolute errors over sum of demand, such as 0.35; null without demand.
    pub wape: Option<f64>,
    /// Sum of errors over sum of demand; above zero is forecasting too much. Null without demand.
    pub bias: Option<f64>,
}

impl ItemAccuracy {
    /// From the weeks that were forecast; `None` without any.
    pub fn of(weeks: &[JudgedWeek]) -> Option<Self> {
        let judged: Vec<FamilyWeek> =
            weeks.iter().map(|week| FamilyWeek { forecast: week.forecast, actual: week.actual }).collect();
        (!weeks.is_empty()).then(|| Self {
            weeks: weeks.iter().map(|week| Date(week.week)).collect(),
            forecasts: weeks.iter().map(|week| number(week.forecast)).collect(),
            actuals: weeks.iter().map(|week| number(week.actual)).collect(),
            wape: forecast_accuracy(&judged).map(|accuracy| number(accuracy.wape)),
            bias: bias(&judged).map(number),
        })
    }
}
