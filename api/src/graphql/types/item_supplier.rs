//! From whom an item is bought, and how that went.

use std::sync::Arc;

use async_graphql::{Context, Object};
use store::orders::ItemSupplier as Bought;

use super::supplier::Supplier;
use crate::graphql::context::{Analyst, ContextExt};
use crate::graphql::page::lines;
use crate::graphql::scalars::{Date, amount, number};

/// A supplier of an item, with what the item's own order lines tell of it; cancelled lines tell nothing.
pub struct ItemSupplier {
    bought: Arc<Vec<Bought>>,
    at: usize,
}

impl ItemSupplier {
    /// All of an item.
    pub fn all(bought: &Arc<Vec<Bought>>) -> Vec<Self> {
        (0..bought.len()).map(|at| Self { bought: Arc::clone(bought), at }).collect()
    }

    fn row(&self) -> &Bought {
        &self.bought[self.at]
    }

    fn last_unit_price_of(&self, _proof: &Analyst) -> Option<f64> {
        self.row().last_unit_price.map(amount)
    }
}

#[Object]
/// A supplier of an item, with what the item's own order lines tell of it; cancelled lines tell nothing.
impl ItemSupplier {
    /// Who.
    async fn supplier(&self) -> Supplier {
        self.row().supplier.clone().into()
    }

    /// How many order lines of the item went to it, such as 14.
    async fn lines(&self) -> i32 {
        lines(self.row().lines)
    }

    /// The day of the newest of them.
    async fn last_ordered(&self) -> Date {
        Date(self.row().last_ordered)
    }

    /// Days from purchase to delivery of this item, such as 12.5: half of its deliveries took no longer. Null where none
    /// is recorded; the supplier's own median then says more.
    async fn lead_time_median_days(&self) -> Option<f64> {
        self.row().lead_time_days.map(number)
    }

    /// What one unit cost on the newest line with a price, in the company's currency.
    async fn last_unit_price(&self, ctx: &Context<'_>) -> Option<f64> {
        ctx.analyst().and_then(|analyst| self.last_unit_price_of(&analyst))
    }
}
