//! Daily stock as rows.

use async_graphql::{Context, ID, Object, Result};
use rust_decimal::Decimal;

use super::{opaque, rows, site_codes, skus};
use crate::graphql::column::Column;
use crate::graphql::ids::Kind;
use crate::graphql::scalars::{Date, amount, number};

rows! {
    /// A page of daily stock, by day, item and site.
    InventoryRows,
    /// Daily stock as columns; a day without a record is no row.
    InventoryColumns, store::inventory::InventoryColumns
}

#[Object]
/// Daily stock as columns; a day without a record is no row.
impl InventoryColumns {
    /// The days.
    async fn dates(&self) -> Column<Date> {
        self.0.dates.iter().copied().map(Date).collect()
    }

    /// Which item, by id.
    async fn item_ids(&self) -> Column<ID> {
        opaque(Kind::Item, &self.0.item_ids)
    }

    /// Which item, by the company's own code, such as `010825`.
    async fn skus(&self, ctx: &Context<'_>) -> Result<Column<String>> {
        skus(ctx, &self.0.item_ids).await
    }

    /// At which site, by id.
    async fn site_ids(&self) -> Column<ID> {
        opaque(Kind::Site, &self.0.site_ids)
    }

    /// At which site, by code.
    async fn site_codes(&self, ctx: &Context<'_>) -> Result<Column<String>> {
        site_codes(ctx, &self.0.site_ids).await
    }

    /// On hand at the end of the day, in the item's unit.
    async fn on_hand(&self) -> Column<f64> {
        self.0.on_hand.iter().copied().map(amount).collect()
    }

    /// Ordered and not yet received; an entry is null where the company never records receipts.
    async fn on_order(&self) -> Column<Option<f64>> {
        amounts(&self.0.on_order)
    }

    /// The safety stock that held on the day; an entry is null where none was recorded.
    async fn safety_stock(&self) -> Column<Option<f64>> {
        amounts(&self.0.safety_stock)
    }

    /// The reorder point that held on the day; an entry is null where none was recorded.
    async fn reorder_point(&self) -> Column<Option<f64>> {
        amounts(&self.0.reorder_point)
    }

    /// How many days the stock lasts, as it was recorded; an entry is null where nothing was.
    async fn days_of_cover(&self) -> Column<Option<f64>> {
        self.0.days_of_cover.iter().map(|days| days.map(number)).collect()
    }
}

fn amounts(values: &[Option<Decimal>]) -> Column<Option<f64>> {
    values.iter().map(|value| value.map(amount)).collect()
}
