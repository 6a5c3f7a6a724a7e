//! A row of features for each day of a history.

use std::f64::consts::TAU;

use chrono::{Datelike, Days as Later, NaiveDate};

use super::days::Days;
use crate::round4;

/// Demand of an item-site, a day after the other.
#[derive(Debug, Clone, Copy)]
pub struct History<'a> {
    pub first_day: NaiveDate,
    /// Units a day from `first_day`; what is no quantity is not known.
    pub quantities: &'a [f64],
    /// Whether the day was out of stock, so that its demand is not known; shorter counts as `false`.
    pub stocked_out: &'a [bool],
}

/// What is known apart from the history.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The site's holidays, ascending.
    pub holidays: &'a [NaiveDate],
    pub indicators: &'a [Indicator],
}

/// A figure from outside, such as inflation or rain.
#[derive(Debug, Clone, PartialEq)]
pub struct Indicator {
    pub code: String,
    /// By day, ascending.
    pub values: Vec<(NaiveDate, f64)>,
}

impl Indicator {
    /// The last value on `day` or before it.
    pub fn on(&self, day: NaiveDate) -> Option<f64> {
        let next = self.values.partition_point(|(of, _)| *of <= day);
        next.checked_sub(1).map(|at| self.values[at].1).filter(|value| value.is_finite())
    }
}

/// One value, of the kind that the list names.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    Number(f64),
    Count(i32),
    Flag(bool),
}

/// The features of one day.
#[derive(Debug, Clone, PartialEq)]
pub struct FeatureRow {
    pub date: NaiveDate,
    /// In the order of [`FEATURES`](super::FEATURES), then one number for each indicator; `None` is not known.
    pub values: Vec<Option<Value>>,
}

/// The rows from `from` on, a day each, to the history's last day.
pub fn rows<'a>(
    history: &'a History<'a>,
    known: Known<'a>,
    from: NaiveDate,
) -> impl Iterator<Item = FeatureRow> + use<'a> {
    let days = Days::new(history);
    let first = usize::try_from((from - history.first_day).num_days()).unwrap_or(0);
    (first..history.quantities.len()).filter_map(move |at| {
        let date = history.first_day.checked_add_days(Later::new(at as u64))?;
        Some(FeatureRow { date, values: values(&days, at, date, known) })
    })
}

fn values(days: &Days<'_>, at: usize, date: NaiveDate, known: Known<'_>) -> Vec<Option<Value>> {
    let number = |value: Option<f64>| value.map(|value| Value::Number(round4(value)));
    let count = |value: usize| Some(Value::Count(i32::try_from(value).unwrap_or(i32::MAX)));
    let lag = |lag| number(days.demand(at, lag));
    let windows = [7, 28, 91].map(|length| days.window(at, length));
    let [week, month, quarter] = &windows;
    let mut values = vec![
        lag(0),
        Some(Value::Flag(days.stocked_out(at))),
        lag(1),
        lag(7),
        lag(14),
        lag(28),
        lag(91),
        lag(364),
        number(week.mean),
        number(month.mean),
        number(quarter.mean),
        count(week.demand_days),
        count(month.demand_days),
        count(quarter.demand_days),
        count(week.stockout_days),
        count(month.stockout_days),
        count(quarter.stockout_days),
        days.since_demand(at).and_then(count),
        count(at),
    ];
    values.extend(calendar(date));
    values.extend(holidays(date, known.holidays));
    values.extend(season(date).map(|value| Some(Value::Number(value))));
    values.extend(known.indicators.iter().map(|indicator| indicator.on(date).map(Value::Number)));
    values
}

fn calendar(date: NaiveDate) -> [Option<Value>; 7] {
    let count = |value: u32| Some(Value::Count(value as i32));
    let weekday = date.weekday().number_from_monday();
    let length = u32::from(date.num_days_in_month());
    [
        count(weekday),
        Some(Value::Flag(weekday > 5)),
        count(date.day()),
        count(length - date.day()),
        count(date.iso_week().week()),
        count(date.month()),
        count(date.month0() / 3 + 1),
    ]
}

fn holidays(date: NaiveDate, holidays: &[NaiveDate]) -> [Option<Value>; 3] {
    let later = holidays.partition_point(|holiday| *holiday <= date);
    let days = |from: NaiveDate, to: NaiveDate| Some(Value::Count(i32::try_from((to - from).num_days()).ok()?));
    let last = later.checked_sub(1).map(|at| holidays[at]);
    [
        Some(Value::Flag(last == Some(date))),
        holidays.get(later).and_then(|next| days(date, *next)),
        last.and_then(|last| days(last, date)),
    ]
}

fn season(date: NaiveDate) -> [f64; 2] {
    let length = if date.leap_year() { 366.0 } else { 365.0 };
    let angle = TAU * f64::from(date.ordinal0()) / length;
    [angle.sin(), angle.cos()].map(round4)
}
