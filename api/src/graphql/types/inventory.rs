//! Stock: now, and by day.

use std::sync::Arc;

use async_graphql::Object;
use rust_decimal::Decimal;

use crate::graphql::page::count;
use crate::graphql::scalars::{Date, amount, dates, number};

/// The newest stock of an item over all sites.
pub struct Stock(pub Arc<store::inventory::Stock>);

#[Object]
/// The newest stock of an item over all sites.
impl Stock {
    /// In the item's unit.
    async fn on_hand(&self) -> f64 {
        amount(self.0.on_hand)
    }

    /// Ordered and not yet received; null where the company never records receipts.
    async fn on_order(&self) -> Option<f64> {
        self.0.on_order.map(amount)
    }

    /// How many days it lasts at the mean demand of the last 13 weeks; null without such demand.
    async fn days_of_cover(&self) -> Option<f64> {
        self.0.days_of_cover.map(number)
    }

    /// The day of the newest record.
    async fn as_of(&self) -> Date {
        Date(self.0.as_of)
    }

    /// How many sites have none.
    async fn stocked_out_sites(&self) -> i32 {
        count(u64::try_from(self.0.stocked_out_sites).unwrap_or_default())
    }
}

/// Stock by day, as columns of one length; a day without a record is absent.
pub struct InventorySeries(pub Arc<store::inventory::InventorySeries>);

#[Object]
/// Stock by day, as columns of one length; a day without a record is absent.
impl InventorySeries {
    /// The days.
    async fn dates(&self) -> Vec<Date> {
        dates(&self.0.dates)
    }

    /// On hand at the end of the day.
    async fn on_hand(&self) -> Vec<f64> {
        self.0.on_hand.iter().copied().map(amount).collect()
    }

    /// Ordered and not yet received; null where the company never records receipts.
    async fn on_order(&self) -> Option<Vec<Option<f64>>> {
        column(&self.0.on_order)
    }

    /// The safety stock that held on the day.
    async fn safety_stock(&self) -> Option<Vec<Option<f64>>> {
        column(&self.0.safety_stock)
    }

    /// The reorder point that held on the day.
    async fn reorder_point(&self) -> Option<Vec<Option<f64>>> {
        column(&self.0.reorder_point)
    }

    /// The last day that is known.
    async fn data_through(&self) -> Option<Date> {
        self.0.data_through.map(Date)
    }
}

/// A column, or nothing where the company never records it.
fn column(values: &[Option<Decimal>]) -> Option<Vec<Option<f64>>> {
    values.iter().any(Option::is_some).then(|| values.iter().map(|value| value.map(amount)).collect())
}
