//! From whom items were bought.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::core::supplier;
use rust_decimal::Decimal;
use sea_orm::FromQueryResult as _;

use crate::statement::raw;
use crate::{Database, Result};

/// A supplier of an item, with what the item's lines tell of it; cancelled lines tell nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemSupplier {
    pub supplier: supplier::Model,
    pub lines: i64,
    /// The day that the newest line counts for.
    pub last_ordered: NaiveDate,
    /// Of the newest line that has one.
    pub last_unit_price: Option<Decimal>,
    /// Median days from purchase (else order) to delivery of the item's received lines.
    pub lead_time_days: Option<f64>,
}

/// The suppliers of each item, the one ordered from last first; every asked item is in the answer.
pub async fn suppliers_by_items(db: &Database, item_ids: &[i64]) -> Result<HashMap<i64, Vec<ItemSupplier>>> {
    // percentile_cont and an ordered array_agg have no builder.
    let rows = raw(
        "SELECT f.*, s.* FROM ( \
             SELECT item_id, supplier_id, count(*) AS lines, max(order_date) AS last_ordered, \
                    (array_agg(unit_price ORDER BY order_date DESC, order_id DESC, line_no DESC) FILTER (WHERE unit_price IS NOT NULL))[1] AS last_unit_price, \
                    percentile_cont(0.5) WITHIN GROUP (ORDER BY CASE WHEN status = 'RECEIVED' AND actual_delivery >= COALESCE(purchased_date, order_date) \
                                                       THEN (actual_delivery - COALESCE(purchased_date, order_date))::float8 END) AS lead_time_days \
             FROM core.fact_orders WHERE item_id = ANY($1) AND supplier_id IS NOT NULL AND status <> 'CANCELLED' GROUP BY 1, 2) f \
         JOIN core.dim_supplier s ON s.id = f.supplier_id \
         ORDER BY f.item_id, f.last_ordered DESC, s.name_folded, s.id",
        [item_ids.to_vec().into()],
    )
    .all(db.reader())
    .await?;
    let mut answer: HashMap<i64, Vec<ItemSupplier>> = item_ids.iter().map(|&id| (id, Vec::new())).collect();
    for row in rows {
        let bought = ItemSupplier {
            supplier: supplier::Model::from_query_result(&row, "")?,
            lines: row.try_get("", "lines")?,
            last_ordered: row.try_get("", "last_ordered")?,
            last_unit_price: row.try_get("", "last_unit_price")?,
            lead_time_days: row.try_get("", "lead_time_days")?,
        };
        answer.entry(row.try_get("", "item_id")?).or_default().push(bought);
    }
    Ok(answer)
}
