//! Whole tables as columns, page after page.

use async_graphql::{Context, Object, Result};
use store::flat::FlatArgs;
use store::page::{Sorted, Window};

use crate::error::user;
use crate::graphql::context::ContextExt;
use crate::graphql::types::rows::demand::{DemandRows, FactFilter};
use crate::graphql::types::rows::forecast::{ForecastRowFilter, ForecastRows};
use crate::graphql::types::rows::inventory::InventoryRows;
use crate::graphql::types::rows::order::{OrderFilter, OrderRows};

/// Whole tables as columns, for dataframes and BI tools.
#[derive(Default)]
pub struct Rows;

#[Object]
/// Whole tables as columns, for dataframes and BI tools.
impl Rows {
    /// Daily demand as columns, by day, item and site: what the next load brings comes last. Lighter than objects, and cheap:
    /// a page costs 1 + first / 100 and its fields.
    async fn demand_rows(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which demand.")] filter: Option<FactFilter>,
        #[graphql(desc = "How many rows, 1 to 10,000; 1,000 without it.")] first: Option<i32>,
        #[graphql(desc = "Only those behind this cursor.")] after: Option<String>,
    ) -> Result<DemandRows> {
        let filter = filter.unwrap_or_default().into_store()?;
        let window = window(store::demand::DemandRowOrder, first, after)?;
        let page = store::demand::rows(ctx.db(), &filter, &window).await;
        page.map(Into::into).map_err(|failure| ctx.failed(&failure))
    }

    /// Daily stock as columns, by day, item and site; empty where the company has no stock data.
    async fn inventory_rows(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which stock.")] filter: Option<FactFilter>,
        #[graphql(desc = "How many rows, 1 to 10,000; 1,000 without it.")] first: Option<i32>,
        #[graphql(desc = "Only those behind this cursor.")] after: Option<String>,
    ) -> Result<InventoryRows> {
        let filter = filter.unwrap_or_default().into_store()?;
        let window = window(store::inventory::InventoryRowOrder, first, after)?;
        let page = store::inventory::rows(ctx.db(), &filter, &window).await;
        page.map(Into::into).map_err(|failure| ctx.failed(&failure))
    }

    /// Order lines as columns, the newest first, then by order, line and item.
    async fn order_rows(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which lines.")] filter: Option<OrderFilter>,
        #[graphql(desc = "How many rows, 1 to 10,000; 1,000 without it.")] first: Option<i32>,
        #[graphql(desc = "Only those behind this cursor.")] after: Option<String>,
    ) -> Result<OrderRows> {
        let filter = filter.unwrap_or_default().into_store()?;
        let window = window(store::orders::LineOrder, first, after)?;
        let page = store::orders::rows(ctx.db(), &filter, &window).await;
        page.map(Into::into).map_err(|failure| ctx.failed(&failure))
    }

    /// Forecast days of one run as columns, by item, site and day; empty before anything was forecast.
    async fn forecast_rows(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which days.")] filter: Option<ForecastRowFilter>,
        #[graphql(desc = "How many rows, 1 to 10,000; 1,000 without it.")] first: Option<i32>,
        #[graphql(desc = "Only those behind this cursor.")] after: Option<String>,
    ) -> Result<ForecastRows> {
        let filter = filter.unwrap_or_default().into_store()?;
        let window = window(store::forecasts::ForecastRowOrder, first, after)?;
        let page = store::forecasts::rows(ctx.db(), &filter, &window).await;
        page.map(Into::into).map_err(|failure| ctx.failed(&failure))
    }
}

/// Checks a request for rows.
fn window<O: Sorted>(order: O, first: Option<i32>, after: Option<String>) -> Result<Window<O>> {
    let asked = FlatArgs { first: first.map(i64::from), after };
    asked.window(order).map_err(|problem| user(format!("{problem}.")))
}
