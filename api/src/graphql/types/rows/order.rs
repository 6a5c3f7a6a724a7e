//! Order lines as rows.

use async_graphql::{Context, ID, InputObject, Object, Result};
use chrono::NaiveDate;

use super::{distinct, opaque, rows, site_codes, skus};
use crate::graphql::column::Column;
use crate::graphql::context::{Analyst, ContextExt};
use crate::graphql::ids::{self, Kind};
use crate::graphql::scalars::{Date, amount};
use crate::graphql::types::order::OrderStatus;

rows! {
    /// A page of order lines, the newest first.
    OrderRows,
    /// Order lines as columns.
    OrderColumns, store::orders::OrderColumns
}

impl OrderColumns {
    fn unit_prices_of(&self, _proof: &Analyst) -> Column<Option<f64>> {
        self.0.unit_prices.iter().map(|price| price.map(amount)).collect()
    }

    fn total_prices_of(&self, _proof: &Analyst) -> Column<Option<f64>> {
        self.0.total_prices.iter().map(|price| price.map(amount)).collect()
    }
}

#[Object]
/// Order lines as columns.
impl OrderColumns {
    /// The days that the lines count for: requested, else purchased.
    async fn dates(&self) -> Column<Date> {
        self.0.order_dates.iter().copied().map(Date).collect()
    }

    /// The orders' own numbers, such as `4500012`.
    async fn order_ids(&self) -> Column<String> {
        self.0.order_ids.iter().cloned().collect()
    }

    /// The lines' places in their orders.
    async fn line_numbers(&self) -> Column<i32> {
        self.0.line_nos.iter().copied().collect()
    }

    /// Which item, by id.
    async fn item_ids(&self) -> Column<ID> {
        opaque(Kind::Item, &self.0.item_ids)
    }

    /// Which item, by the company's own code, such as `010825`.
    async fn skus(&self, ctx: &Context<'_>) -> Result<Column<String>> {
        skus(ctx, &self.0.item_ids).await
    }

    /// For which site, by id.
    async fn site_ids(&self) -> Column<ID> {
        opaque(Kind::Site, &self.0.site_ids)
    }

    /// For which site, by code.
    async fn site_codes(&self, ctx: &Context<'_>) -> Result<Column<String>> {
        site_codes(ctx, &self.0.site_ids).await
    }

    /// From which supplier, by id; an entry is null where nobody knows.
    async fn supplier_ids(&self) -> Column<Option<ID>> {
        self.0.supplier_ids.iter().map(|id| id.map(|id| ids::encode(Kind::Supplier, id))).collect()
    }

    /// From which supplier, by code; an entry is null where nobody knows.
    async fn supplier_codes(&self, ctx: &Context<'_>) -> Result<Column<Option<String>>> {
        let ids = distinct(self.0.supplier_ids.iter().copied().flatten());
        let codes = store::suppliers::codes(ctx.db(), &ids).await.map_err(|failure| ctx.failed(&failure))?;
        Ok(self.0.supplier_ids.iter().map(|id| id.and_then(|id| codes.get(&id).cloned())).collect())
    }

    /// How much, in the line's unit.
    async fn quantities(&self) -> Column<f64> {
        self.0.quantities.iter().copied().map(amount).collect()
    }

    /// The units of the lines, such as `UN`; an entry is null where the line names none.
    async fn units(&self) -> Column<Option<String>> {
        self.0.units.iter().cloned().collect()
    }

    /// What one unit was bought for, in the company's currency; an entry is null where nobody knows.
    async fn unit_prices(&self, ctx: &Context<'_>) -> Option<Column<Option<f64>>> {
        ctx.analyst().map(|analyst| self.unit_prices_of(&analyst))
    }

    /// Quantity times unit price, in the company's currency; an entry is null where nobody knows the price.
    async fn total_prices(&self, ctx: &Context<'_>) -> Option<Column<Option<f64>>> {
        ctx.analyst().map(|analyst| self.total_prices_of(&analyst))
    }

    /// How the lines stand.
    async fn statuses(&self) -> Column<OrderStatus> {
        self.0.statuses.iter().copied().map(OrderStatus::from).collect()
    }

    /// When they were asked for; an entry is null where nobody wrote it down.
    async fn requested_dates(&self) -> Column<Option<Date>> {
        days(&self.0.requested_dates)
    }

    /// When they were promised for; an entry is null where nothing was.
    async fn expected_deliveries(&self) -> Column<Option<Date>> {
        days(&self.0.expected_deliveries)
    }

    /// When they came; an entry is null of what has not, or where nobody records receipts.
    async fn actual_deliveries(&self) -> Column<Option<Date>> {
        days(&self.0.actual_deliveries)
    }

    /// True of lines of purchase files, which are demand; false of replenishment.
    async fn count_as_demand(&self) -> Column<bool> {
        self.0.counts_as_demand.iter().copied().collect()
    }
}

fn days(days: &[Option<NaiveDate>]) -> Column<Option<Date>> {
    days.iter().map(|day| day.map(Date)).collect()
}

/// Which order lines; what is left out does not restrict, an empty list matches nothing.
#[derive(Debug, Default, InputObject)]
pub struct OrderFilter {
    /// The first day that a line counts for.
    pub from: Option<Date>,
    /// The last day, included.
    pub to: Option<Date>,
    /// Of these items.
    pub item_ids: Option<Vec<ID>>,
    /// For these sites.
    pub site_ids: Option<Vec<ID>>,
    /// From these suppliers.
    pub supplier_ids: Option<Vec<ID>>,
    /// That stand so.
    pub statuses: Option<Vec<OrderStatus>>,
    /// True: lines of purchase files; false: replenishment.
    pub counts_as_demand: Option<bool>,
}

impl OrderFilter {
    /// The store's filter, or a sentence for the asker.
    pub fn into_store(self) -> Result<store::orders::LineFilter> {
        Ok(store::orders::LineFilter {
            from: self.from.map(|day| day.0),
            to: self.to.map(|day| day.0),
            item_ids: ids::expect_all(Kind::Item, self.item_ids)?,
            site_ids: ids::expect_all(Kind::Site, self.site_ids)?,
            supplier_ids: ids::expect_all(Kind::Supplier, self.supplier_ids)?,
            statuses: self.statuses.map(|statuses| statuses.into_iter().map(Into::into).collect()),
            counts_as_demand: self.counts_as_demand,
        })
    }
}
