//! Flat rows: whole tables as columns, a page of up to 10,000 rows at a time, for charts, dataframes and BI tools.
//!
//! A column is made only when it is selected. Codes that people know (sku, site, supplier) cost one statement a page.

pub mod demand;
pub mod forecast;
pub mod inventory;
pub mod order;

use std::collections::HashMap;
use std::hash::Hash;

use async_graphql::{Context, Result, SimpleObject};

use crate::graphql::column::Column;
use crate::graphql::context::ContextExt;
use crate::graphql::ids::{self, Kind};

/// Where a page of rows ends. A pull that goes on until hasNextPage is false has read every row once.
#[derive(Debug, Clone, SimpleObject)]
pub struct RowsPageInfo {
    /// Do rows follow?
    pub has_next_page: bool,
    /// The cursor of the last row; give it as `after` for the next page. Null on an empty page.
    pub end_cursor: Option<String>,
}

/// Declares a page of rows and its columns, over the store's.
macro_rules! rows {
    ($(#[$doc:meta])* $rows:ident, $(#[$of:meta])* $columns:ident, $stored:ty) => {
        $(#[$doc])*
        #[derive(Debug, Clone, async_graphql::SimpleObject)]
        pub struct $rows {
            /// The rows as columns of one length, in the order of the rows.
            columns: $columns,
            /// Where this page ends.
            page_info: $crate::graphql::types::rows::RowsPageInfo,
        }

        $(#[$of])*
        #[derive(Debug, Clone)]
        pub struct $columns(std::sync::Arc<$stored>);

        impl From<store::flat::Flat<$stored>> for $rows {
            fn from(page: store::flat::Flat<$stored>) -> Self {
                let page_info =
                    $crate::graphql::types::rows::RowsPageInfo { has_next_page: page.has_next, end_cursor: page.end_cursor };
                Self { columns: $columns(std::sync::Arc::new(page.columns)), page_info }
            }
        }
    };
}
pub(crate) use rows;

/// Ids as they leave.
fn opaque(kind: Kind, rows: &[i64]) -> Column<async_graphql::ID> {
    rows.iter().map(|id| ids::encode(kind, *id)).collect()
}

/// The sku of each item.
async fn skus(ctx: &Context<'_>, rows: &[i64]) -> Result<Column<String>> {
    let ids = distinct(rows.iter().copied());
    let codes = store::items::skus_of(ctx.db(), &ids).await.map_err(|failure| ctx.failed(&failure))?;
    Ok(coded(rows, &codes))
}

/// The code of each site.
async fn site_codes(ctx: &Context<'_>, rows: &[i64]) -> Result<Column<String>> {
    let ids = distinct(rows.iter().copied());
    let codes = store::sites::codes(ctx.db(), &ids).await.map_err(|failure| ctx.failed(&failure))?;
    Ok(coded(rows, &codes))
}

/// Each value once.
fn distinct<T: Copy + Eq + Hash + Ord>(values: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut values: Vec<T> = values.into_iter().collect();
    values.sort_unstable();
    values.dedup();
    values
}

/// The code of each id; what is gone from the dimension is empty.
fn coded(rows: &[i64], codes: &HashMap<i64, String>) -> Column<String> {
    rows.iter().map(|id| codes.get(id).cloned().unwrap_or_default()).collect()
}
