//! Questions about orders: their lines, what is open, what is late, how long suppliers take.
//!
//! Start with [`page`] for lists of lines, [`rows`] for all of them as columns.

mod lines;
mod rows;
mod suppliers;

pub use lines::{LineFilter, LineOrder, count, page};
pub use rows::{OrderColumns, rows};
pub use suppliers::{ItemSupplier, suppliers_by_items};

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::core::order;
use entity::words::OrderStatus;
use rust_decimal::Decimal;
use sea_orm::{ColumnTrait as _, EntityTrait as _, FromQueryResult as _, QueryFilter as _, QuerySelect as _};

use crate::page::{among, names};
use crate::statement::{self, raw};
use crate::{Database, Result};

/// What is on its way to a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenOrders {
    pub lines: i64,
    pub quantity: Decimal,
    /// The earliest promised day; `None` where none was promised.
    pub earliest_expected: Option<NaiveDate>,
    /// The latest promised day.
    pub latest_expected: Option<NaiveDate>,
}

/// Promised lines of an item-site that were due in a window, and how many of them were late.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delays {
    pub item_id: i64,
    pub site_id: i64,
    pub due: i64,
    pub delayed: i64,
}

/// One observed lead time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadTime {
    pub item_id: i64,
    pub site_id: i64,
    pub supplier_id: Option<i64>,
    /// From purchase (else order) to delivery, zero or more.
    pub days: i32,
}

/// The newest `limit` order lines of each item, newest first; every asked item is in the answer.
pub async fn by_items(db: &Database, item_ids: &[i64], limit: u64) -> Result<HashMap<i64, Vec<order::Model>>> {
    // LATERAL over unnested keys, so that each item is cut at its own limit.
    let rows = raw(
        "SELECT o.* FROM (SELECT DISTINCT unnest($1::bigint[]) AS item_id) k \
         CROSS JOIN LATERAL (SELECT * FROM core.fact_orders f WHERE f.item_id = k.item_id \
                             ORDER BY f.order_date DESC, f.order_id DESC, f.line_no DESC LIMIT $2) o \
         ORDER BY o.item_id, o.order_date DESC, o.order_id DESC, o.line_no DESC",
        [item_ids.to_vec().into(), statement::limit(limit)],
    )
    .all(db.reader())
    .await?;
    let mut answer: HashMap<i64, Vec<order::Model>> = item_ids.iter().map(|&id| (id, Vec::new())).collect();
    for row in rows {
        let line = order::Model::from_query_result(&row, "")?;
        answer.entry(line.item_id).or_default().push(line);
    }
    Ok(answer)
}

/// Open replenishment of every (item, site): placed or delayed, not delivered. Lines of purchase files, whose receipts
/// nobody records, are not among them.
pub async fn open_by_item_site(db: &Database) -> Result<HashMap<(i64, i64), OpenOrders>> {
    type Row = (i64, i64, i64, Decimal, Option<NaiveDate>, Option<NaiveDate>);
    let rows: Vec<Row> = order::Entity::find()
        .select_only()
        .columns([order::Column::ItemId, order::Column::SiteId])
        .column_as(order::Column::LineNo.count(), "lines")
        .column_as(order::Column::Quantity.sum(), "quantity")
        .column_as(order::Column::ExpectedDelivery.min(), "earliest")
        .column_as(order::Column::ExpectedDelivery.max(), "latest")
        .filter(among(
            order::Column::Status.into_expr(),
            names(&[OrderStatus::Placed, OrderStatus::Delayed], OrderStatus::as_str),
        ))
        .filter(order::Column::ActualDelivery.is_null())
        .filter(order::Column::CountsAsDemand.eq(false))
        .group_by(order::Column::ItemId)
        .group_by(order::Column::SiteId)
        .into_tuple()
        .all(db.reader())
        .await?;
    Ok(rows
        .into_iter()
        .map(|(item, site, lines, quantity, earliest_expected, latest_expected)| {
            ((item, site), OpenOrders { lines, quantity, earliest_expected, latest_expected })
        })
        .collect())
}

/// Lines with a promised day in the `days` days that end on `through`, per item-site; late is delivered after the
/// promise, or promised before `through` and still open.
pub async fn delays(db: &Database, through: NaiveDate, days: u32) -> Result<Vec<Delays>> {
    // An aggregate with FILTER has no builder.
    let rows = raw(
        "SELECT item_id, site_id, count(*) AS due, \
                count(*) FILTER (WHERE actual_delivery > expected_delivery OR (actual_delivery IS NULL AND expected_delivery < $1)) AS delayed \
         FROM core.fact_orders WHERE expected_delivery <= $1 AND expected_delivery > $1 - $2::int AND status <> 'CANCELLED' \
         GROUP BY item_id, site_id ORDER BY item_id, site_id",
        [through.into(), i32::try_from(days).unwrap_or(i32::MAX).into()],
    )
    .all(db.reader())
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Delays {
                item_id: row.try_get("", "item_id")?,
                site_id: row.try_get("", "site_id")?,
                due: row.try_get("", "due")?,
                delayed: row.try_get("", "delayed")?,
            })
        })
        .collect()
}

/// Every observed lead time of received lines, by item and supplier.
pub async fn lead_times(db: &Database) -> Result<Vec<LeadTime>> {
    // The difference of two dates is an integer to PostgreSQL, and unknown to the builder.
    let rows = raw(
        "SELECT item_id, site_id, supplier_id, actual_delivery - COALESCE(purchased_date, order_date) AS days FROM core.fact_orders \
         WHERE status = 'RECEIVED' AND actual_delivery >= COALESCE(purchased_date, order_date) \
         ORDER BY item_id, site_id, supplier_id NULLS LAST, order_date, order_id, line_no",
        [],
    )
    .all(db.reader())
    .await?;
    rows.iter()
        .map(|row| {
            Ok(LeadTime {
                item_id: row.try_get("", "item_id")?,
                site_id: row.try_get("", "site_id")?,
                supplier_id: row.try_get("", "supplier_id")?,
                days: row.try_get("", "days")?,
            })
        })
        .collect()
}
