//! Orders, line by line.

use std::sync::Arc;

use async_graphql::resolver_utils::enum_value;
use async_graphql::{Context, Enum, Object, Result, Value};
use entity::core::order;

use super::site::Site;
use super::supplier::Supplier;
use crate::graphql::column::Cell;
use crate::graphql::context::{Analyst, ContextExt};
use crate::graphql::scalars::{Date, amount};
use crate::loaders::{SiteById, SupplierById};

/// How an order line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "entity::words::OrderStatus")]
pub enum OrderStatus {
    /// It was ordered.
    Placed,
    /// It came.
    Received,
    /// It will not come.
    Cancelled,
    /// It is late.
    Delayed,
}

impl Cell for OrderStatus {
    fn value(&self) -> Value {
        enum_value(*self)
    }
}

/// A line of an order: a purchase that was asked for, or a replenishment.
#[derive(Clone)]
pub struct OrderLine(Arc<order::Model>);

impl From<order::Model> for OrderLine {
    fn from(row: order::Model) -> Self {
        Self(Arc::new(row))
    }
}

impl OrderLine {
    fn unit_price_of(&self, _proof: &Analyst) -> Option<f64> {
        self.0.unit_price.map(amount)
    }

    fn total_price_of(&self, _proof: &Analyst) -> Option<f64> {
        self.0.total_price.map(amount)
    }
}

#[Object]
/// A line of an order: a purchase that was asked for, or a replenishment.
impl OrderLine {
    /// The order's own number, such as `4500012`.
    async fn order_id(&self) -> &str {
        &self.0.order_id
    }

    /// The line's place in the order.
    async fn line_number(&self) -> i32 {
        self.0.line_no
    }

    /// The day that the line counts for: requested, else purchased.
    async fn date(&self) -> Date {
        Date(self.0.order_date)
    }

    /// For which site.
    async fn site(&self, ctx: &Context<'_>) -> Result<Option<Site>> {
        let loaded = ctx.loaders().sites.load(SiteById(self.0.site_id)).await;
        Ok(loaded.map_err(|failure| ctx.failed(&failure))?.map(Site))
    }

    /// From which supplier; null where nobody knows.
    async fn supplier(&self, ctx: &Context<'_>) -> Result<Option<Supplier>> {
        let Some(id) = self.0.supplier_id else { return Ok(None) };
        let loaded = ctx.loaders().suppliers.load(SupplierById(id)).await;
        Ok(loaded.map_err(|failure| ctx.failed(&failure))?.map(Supplier))
    }

    /// How much, in the line's unit.
    async fn quantity(&self) -> f64 {
        amount(self.0.quantity)
    }

    /// The unit that the line names, such as `UN`; null where it names none.
    async fn unit(&self) -> Option<&str> {
        self.0.unit.as_deref()
    }

    /// What one unit was bought for, in the company's currency; null where nobody knows.
    async fn unit_price(&self, ctx: &Context<'_>) -> Option<f64> {
        ctx.analyst().and_then(|analyst| self.unit_price_of(&analyst))
    }

    /// Quantity times unit price, in the company's currency; null where nobody knows the price.
    async fn total_price(&self, ctx: &Context<'_>) -> Option<f64> {
        ctx.analyst().and_then(|analyst| self.total_price_of(&analyst))
    }

    /// How the line stands.
    async fn status(&self) -> OrderStatus {
        self.0.status.into()
    }

    /// When it was asked for; null where nobody wrote it down.
    async fn requested_date(&self) -> Option<Date> {
        self.0.requested_date.map(Date)
    }

    /// When it was promised for; null where nothing was.
    async fn expected_delivery(&self) -> Option<Date> {
        self.0.expected_delivery.map(Date)
    }

    /// When it came; null where it has not, or nobody records receipts.
    async fn actual_delivery(&self) -> Option<Date> {
        self.0.actual_delivery.map(Date)
    }

    /// True of a line of a purchase file, which is demand; false of replenishment.
    async fn counts_as_demand(&self) -> bool {
        self.0.counts_as_demand
    }
}
