//! How good forecasts were, at the grain where people feel it: a family's week.

use chrono::{Datelike as _, Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::ratio;

/// Forecast (made before the week began) and actual demand of one family, or one item, in one week.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FamilyWeek {
    pub forecast: f64,
    pub actual: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ForecastAccuracy {
    /// Sum of absolute errors over sum of actuals.
    pub wape: f64,
    /// Mean of absolute relative errors; `None` if any actual is zero, where it has no meaning.
    pub mape: Option<f64>,
}

/// Accuracy over family-weeks of the trailing 28 days; `None` without any demand in them.
pub fn forecast_accuracy(weeks: &[FamilyWeek]) -> Option<ForecastAccuracy> {
    let error = |week: &FamilyWeek| (week.actual - week.forecast).abs();
    let wape = ratio(weeks.iter().map(error).sum(), weeks.iter().map(|week| week.actual).sum())?;
    let relative: f64 = weeks.iter().map(|week| error(week) / week.actual).sum();
    let mape = weeks.iter().all(|week| week.actual > 0.0).then(|| relative / weeks.len() as f64);
    Some(ForecastAccuracy { wape, mape })
}

/// Sum of errors over sum of actuals, above zero for too much forecast; `None` without any demand.
pub fn bias(weeks: &[FamilyWeek]) -> Option<f64> {
    ratio(weeks.iter().map(|week| week.forecast - week.actual).sum(), weeks.iter().map(|week| week.actual).sum())
}

/// The first day on which a forecast from `origin` on can be judged: the Sunday of the first whole week (from Monday) that
/// it saw ahead of it.
pub fn known_from(origin: NaiveDate) -> NaiveDate {
    let to_monday = (7 - origin.weekday().num_days_from_monday()) % 7;
    origin + Days::new(u64::from(to_monday) + 6)
}
