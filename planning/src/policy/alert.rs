//! What somebody should know at once.
//!
//! An alert is raised by a state, not by an event: the same state gives the same key, so a refresh recognises it instead of
//! raising it again, and resolves those whose key no longer appears. The level may change under the same key.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::message::{Message, MessageCode};
use super::position::{OpenOrder, Position, Projection};

/// Ordered by gravity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AlertLevel {
    Normal,
    Warning,
    Critical,
}

impl AlertLevel {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "NORMAL",
            Self::Warning => "WARNING",
            Self::Critical => "CRITICAL",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AlertCategory {
    Stockout,
    StockoutRisk,
    BelowReorderPoint,
    Overstock,
    DelayedOrder,
    DemandSpike,
    DemandCollapse,
    ForecastDrift,
    DataQuality,
    StaleData,
    JobFailure,
}

impl AlertCategory {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stockout => "STOCKOUT",
            Self::StockoutRisk => "STOCKOUT_RISK",
            Self::BelowReorderPoint => "BELOW_REORDER_POINT",
            Self::Overstock => "OVERSTOCK",
            Self::DelayedOrder => "DELAYED_ORDER",
            Self::DemandSpike => "DEMAND_SPIKE",
            Self::DemandCollapse => "DEMAND_COLLAPSE",
            Self::ForecastDrift => "FORECAST_DRIFT",
            Self::DataQuality => "DATA_QUALITY",
            Self::StaleData => "STALE_DATA",
            Self::JobFailure => "JOB_FAILURE",
        }
    }
}

/// What an alert is about: natural codes, which survive a reload of the database, and the names people read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject<'a> {
    pub sku: &'a str,
    pub site_code: &'a str,
    pub item: &'a str,
    pub site: &'a str,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    pub level: AlertLevel,
    pub category: AlertCategory,
    /// Stable identity: category and natural codes, never numbers or dates that move.
    pub key: String,
    pub message: Message,
}

impl Alert {
    pub(super) fn new(level: AlertLevel, category: AlertCategory, about: &[&str], message: Message) -> Self {
        Self { level, category, key: format!("{}/{}", category.as_str(), about.join("/")), message }
    }

    fn of(level: AlertLevel, category: AlertCategory, subject: Subject<'_>, code: MessageCode) -> Self {
        let message = Message::new(code).text("item", subject.item).text("site", subject.site);
        Self::new(level, category, &[subject.sku, subject.site_code], message)
    }

    fn number(mut self, name: &str, value: f64) -> Self {
        self.message = self.message.number(name, value);
        self
    }

    fn date(mut self, name: &str, value: NaiveDate) -> Self {
        self.message = self.message.date(name, value);
        self
    }
}

/// Out of stock while demand is expected; likely to be before help arrives; or below the reorder point. Each is a category
/// of its own, so that whoever has read that stock is low is told anew when it is about to run out.
///
/// `available` is on hand plus on order; `arrival` the day on which an order of today would arrive.
pub fn stock(
    subject: Subject<'_>,
    on_hand: f64,
    available: f64,
    position: &Position,
    projection: Projection,
    arrival: NaiveDate,
) -> Option<Alert> {
    if position.lead_time_demand.mean <= 0.0 {
        return None;
    }
    if on_hand <= 0.0 {
        // An empty shelf that the policy wants empty is a fact, not an emergency.
        let level = if position.reorder_point > 0.0 { AlertLevel::Critical } else { AlertLevel::Warning };
        return Some(Alert::of(level, AlertCategory::Stockout, subject, MessageCode::Stockout));
    }
    if let Some(date) = projection.likely.filter(|date| *date < arrival) {
        let alert = Alert::of(AlertLevel::Critical, AlertCategory::StockoutRisk, subject, MessageCode::StockoutRisk);
        return Some(alert.date("date", date));
    }
    (available < position.reorder_point).then(|| {
        Alert::of(AlertLevel::Warning, AlertCategory::BelowReorderPoint, subject, MessageCode::BelowReorderPoint)
            .number("available", available)
            .number("reorder_point", position.reorder_point)
    })
}

/// Stock above the order-up-to level that covers more than `days`.
pub fn overstock(subject: Subject<'_>, on_hand: f64, position: &Position, days: f64) -> Option<Alert> {
    let cover = position.cover_days.filter(|cover| *cover > days && on_hand > position.order_up_to)?;
    Some(
        Alert::of(AlertLevel::Normal, AlertCategory::Overstock, subject, MessageCode::Overstock)
            .number("cover", cover.round()),
    )
}

/// An open order past its promised day; critical after `grave_days`.
pub fn delayed_order(subject: Subject<'_>, order: &OpenOrder, today: NaiveDate, grave_days: i64) -> Option<Alert> {
    let promised = order.expected.filter(|day| *day < today)?;
    let days = (today - promised).num_days();
    let level = if days > grave_days { AlertLevel::Critical } else { AlertLevel::Warning };
    let message = Message::new(MessageCode::DelayedOrder)
        .text("item", subject.item)
        .text("order", &order.order)
        .number("days", days as f64)
        .date("date", promised);
    Some(Alert::new(level, AlertCategory::DelayedOrder, &[&order.order, subject.sku], message))
}

/// A file of which more than `share` of the lines was rejected.
pub fn data_quality(file: &str, read: usize, rejected: usize, share: f64) -> Option<Alert> {
    (rejected as f64 > share * read as f64).then(|| {
        let message = Message::new(MessageCode::DataQuality)
            .text("file", file)
            .number("rejected", rejected as f64)
            .number("read", read as f64);
        Alert::new(AlertLevel::Warning, AlertCategory::DataQuality, &[file], message)
    })
}

/// Data that end more than `days` before the wall clock's day; critical at four times that.
pub fn stale_data(data_through: NaiveDate, wall_clock: NaiveDate, days: i64) -> Option<Alert> {
    let age = (wall_clock - data_through).num_days();
    let level = if age > 4 * days { AlertLevel::Critical } else { AlertLevel::Warning };
    (age > days).then(|| {
        let message = Message::new(MessageCode::StaleData).date("date", data_through).number("days", age as f64);
        Alert::new(level, AlertCategory::StaleData, &["demand"], message)
    })
}

/// A job that failed.
pub fn job_failure(job: &str) -> Alert {
    Alert::new(
        AlertLevel::Critical,
        AlertCategory::JobFailure,
        &[job],
        Message::new(MessageCode::JobFailure).text("job", job),
    )
}

/// A nightly run of which these steps failed.
pub fn nightly_failure(steps: &[&str]) -> Alert {
    Alert::new(
        AlertLevel::Critical,
        AlertCategory::JobFailure,
        &["nightly"],
        Message::new(MessageCode::NightlyFailure).text("steps", &steps.join(", ")),
    )
}
