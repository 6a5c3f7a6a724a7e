//! Promises: those of suppliers about deliveries, and our own about deciding quickly.

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::ratio;

/// An order line with a promised date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delivery {
    pub promised: NaiveDate,
    /// `None`: not yet.
    pub received: Option<NaiveDate>,
    pub cancelled: bool,
}

/// Lines received after their promised day or still open past it, of those promised for the 30 days before `today`.
pub fn delayed_orders(deliveries: &[Delivery], today: NaiveDate) -> Option<f64> {
    let from = today.checked_sub_days(Days::new(30))?;
    let due = deliveries.iter().filter(|d| !d.cancelled && d.promised >= from && d.promised < today);
    // All of them were due before today, so one that has not come is late.
    let (late, all) = due.fold((0.0, 0.0), |(late, all), d| {
        let on_time = d.received.is_some_and(|day| day <= d.promised);
        (late + f64::from(u8::from(!on_time)), all + 1.0)
    });
    ratio(late, all)
}

/// A recommendation that somebody acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    pub raised: DateTime<Utc>,
    pub acknowledged: DateTime<Utc>,
}

/// Median minutes from raised to acknowledged.
pub fn minutes_to_decision(decisions: &[Decision]) -> Option<f64> {
    let mut minutes: Vec<f64> =
        decisions.iter().map(|d| (d.acknowledged - d.raised).num_seconds() as f64 / 60.0).collect();
    minutes.sort_by(f64::total_cmp);
    let middle = minutes.len() / 2;
    let upper = minutes.get(middle).copied()?;
    Some(if minutes.len() % 2 == 1 { upper } else { f64::midpoint(minutes[middle - 1], upper) })
}
