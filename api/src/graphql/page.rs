//! Connections: the graph's words around the store's keyset pages.

use async_graphql::{Result, SimpleObject};
use store::page::{PageArgs, Sorted, Window};

use crate::error::user;

/// Where a page stands in its list.
#[derive(Debug, Clone, SimpleObject)]
pub struct PageInfo {
    /// Are there entries behind this page?
    pub has_next_page: bool,
    /// Are there entries before it?
    pub has_previous_page: bool,
    /// The cursor of the first entry; null on an empty page.
    pub start_cursor: Option<String>,
    /// The cursor of the last entry; give it as `after` for the next page.
    pub end_cursor: Option<String>,
}

/// Checks a page request under `order`.
pub fn window<O: Sorted>(
    order: O,
    first: Option<i32>,
    after: Option<String>,
    last: Option<i32>,
    before: Option<String>,
) -> Result<Window<O>> {
    let asked = PageArgs { first: first.map(i64::from), after, last: last.map(i64::from), before };
    asked.window(order).map_err(|problem| user(format!("{problem}.")))
}

/// A count as it leaves; no 64-bit number leaves as `Int`.
pub fn count(rows: u64) -> i32 {
    i32::try_from(rows).unwrap_or(i32::MAX)
}

/// A stored number of lines as it leaves.
pub fn lines(lines: i64) -> i32 {
    i32::try_from(lines).unwrap_or(i32::MAX)
}

/// Declares a connection: `Name`, its edge, its node, the store's row it is made of, and how the list is counted.
macro_rules! connection {
    ($(#[$doc:meta])* $connection:ident, $edge:ident, $node:ident, $row:ty, $filter:ty) => {
        $(#[$doc])*
        pub struct $connection {
            page: store::page::Page<$node>,
            filter: $filter,
        }

        impl $connection {
            /// A page of the list that `filter` describes.
            pub fn new(page: store::page::Page<$row>, filter: $filter) -> Self {
                let store::page::Page { rows, cursors, has_next, has_previous } = page;
                let rows = rows.into_iter().map($node::from).collect();
                Self { page: store::page::Page { rows, cursors, has_next, has_previous }, filter }
            }
        }

        #[async_graphql::Object]
        $(#[$doc])*
        impl $connection {
            /// The entries, each with its cursor.
            async fn edges(&self) -> Vec<$edge> {
                let pairs = self.page.cursors.iter().cloned().zip(self.page.rows.iter().cloned());
                pairs.map(|(cursor, node)| $edge { cursor, node }).collect()
            }

            /// The entries without their cursors.
            async fn nodes(&self) -> Vec<$node> {
                self.page.rows.clone()
            }

            /// Where this page stands in the list.
            async fn page_info(&self) -> $crate::graphql::page::PageInfo {
                $crate::graphql::page::PageInfo {
                    has_next_page: self.page.has_next,
                    has_previous_page: self.page.has_previous,
                    start_cursor: self.page.cursors.first().cloned(),
                    end_cursor: self.page.cursors.last().cloned(),
                }
            }

            /// How long the whole list is. Counted only when selected.
            async fn total_count(&self, ctx: &async_graphql::Context<'_>) -> async_graphql::Result<i32> {
                let rows = self.filter.count(ctx).await?;
                Ok($crate::graphql::page::count(rows))
            }
        }

        /// An entry of a list with its cursor.
        #[derive(Clone, async_graphql::SimpleObject)]
        pub struct $edge {
            /// Marks this place; give it as `after` or `before`.
            pub cursor: String,
            /// The entry.
            pub node: $node,
        }
    };
}
pub(crate) use connection;
