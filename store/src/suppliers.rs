//! Questions about suppliers, and what their orders teach about them.

use std::collections::HashMap;

use entity::core::supplier;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use crate::page::among;
use crate::statement::raw;
use crate::{Database, Result};

/// Every supplier, by folded name.
pub async fn all(db: &Database) -> Result<Vec<supplier::Model>> {
    Ok(supplier::Entity::find()
        .order_by_asc(supplier::Column::NameFolded)
        .order_by_asc(supplier::Column::Id)
        .all(db.reader())
        .await?)
}

/// Suppliers by id; absent ids are absent from the answer.
pub async fn by_ids(db: &Database, ids: &[i64]) -> Result<HashMap<i64, supplier::Model>> {
    let rows =
        supplier::Entity::find().filter(among(supplier::Column::Id.into_expr(), ids.to_vec())).all(db.reader()).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// Recomputes lead times, on-time rate and reliability of every supplier from its received orders; returns how many
/// suppliers changed. A supplier without received orders has none of them.
///
/// Lead time is days from purchase (else order) to delivery; reliability is the share of deliveries no later than 1.5
/// times the supplier's own median.
pub async fn learn_from_orders(db: &Database) -> Result<u64> {
    // percentile_cont and UPDATE ... FROM over an aggregate have no builder.
    let done = raw(
        r"WITH received AS (
              SELECT supplier_id, (actual_delivery - COALESCE(purchased_date, order_date))::float8 AS days,
                     CASE WHEN expected_delivery IS NOT NULL THEN (actual_delivery <= expected_delivery)::int END AS on_time
              FROM core.fact_orders
              WHERE supplier_id IS NOT NULL AND status = 'RECEIVED' AND actual_delivery >= COALESCE(purchased_date, order_date)),
          times AS (
              SELECT supplier_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY days) AS median,
                     percentile_cont(0.9) WITHIN GROUP (ORDER BY days) AS p90, avg(on_time)::float8 AS on_time
              FROM received GROUP BY supplier_id),
          learnt AS (
              SELECT s.id, t.median, t.p90, t.on_time,
                     (SELECT avg((r.days <= 1.5 * t.median)::int)::float8 FROM received r WHERE r.supplier_id = s.id) AS reliability
              FROM core.dim_supplier s LEFT JOIN times t ON t.supplier_id = s.id)
          UPDATE core.dim_supplier s
          SET lead_time_median_days = l.median, lead_time_p90_days = l.p90, on_time_rate = l.on_time, reliability = l.reliability
          FROM learnt l
          WHERE l.id = s.id AND (s.lead_time_median_days, s.lead_time_p90_days, s.on_time_rate, s.reliability)
                IS DISTINCT FROM (l.median, l.p90, l.on_time, l.reliability)",
        [],
    )
    .execute(db.writer())
    .await?;
    Ok(done)
}
