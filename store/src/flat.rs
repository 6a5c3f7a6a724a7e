//! Flat rows: whole tables as columns, for charts, dataframes and BI tools that read to the end.
//!
//! A page is found by its predecessor's last row, so a pull neither repeats nor skips rows while loads go on: what a
//! load brings ahead of the cursor is read, what it brings behind waits for the next pull.

use crate::page::{PageError, Sorted, Window, checked_rows};

/// Rows of a flat page where nobody asks for a number.
pub const DEFAULT_FLAT_ROWS: u64 = 1_000;
/// Rows of a flat page at most.
pub const MAX_FLAT_ROWS: u64 = 10_000;

/// A flat page as a person asks for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FlatArgs {
    /// How many rows, 1 to 10,000.
    pub first: Option<i64>,
    /// Only rows behind this cursor.
    pub after: Option<String>,
}

/// A page of columns, all of one length.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Flat<C> {
    pub columns: C,
    /// The last row's cursor; `None` of an empty page.
    pub end_cursor: Option<String>,
    /// Whether rows follow.
    pub has_next: bool,
}

impl FlatArgs {
    /// Checks the request against `order`.
    pub fn window<O: Sorted>(&self, order: O) -> Result<Window<O>, PageError> {
        let rows = self.first.map_or(Ok(DEFAULT_FLAT_ROWS), |asked| checked_rows("first", asked, MAX_FLAT_ROWS))?;
        Window::forward(order, rows, self.after.as_deref())
    }
}

/// Rows as columns: `add` puts one row into them.
pub(crate) fn flat<O: Sorted, C: Default>(
    window: &Window<O>,
    mut rows: Vec<O::Row>,
    mut add: impl FnMut(&mut C, O::Row),
) -> Flat<C> {
    let (end_cursor, has_next) = window.cut(&mut rows);
    let mut columns = C::default();
    for row in rows {
        add(&mut columns, row);
    }
    Flat { columns, end_cursor, has_next }
}
