//! Questions about suppliers, and what their orders teach about them.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::core::supplier;
use entity::words::SupplierType;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect, QueryTrait as _, Select,
};

use crate::counts::counted;
use crate::fold::like_words;
use crate::names::{NameOrder, Named};
use crate::page::{Page, Window, among, names};
use crate::statement::raw;
use crate::{Database, Result};

/// Which suppliers; `None` does not restrict, an empty list matches nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct SupplierFilter {
    /// Words that must all appear in code or name, whatever their case and accents.
    pub search: Option<String>,
    pub kinds: Option<Vec<SupplierType>>,
    pub active: Option<bool>,
}

/// The list of suppliers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Suppliers;

/// An ordering of suppliers.
pub type SupplierOrder = NameOrder<Suppliers>;

impl Named for Suppliers {
    type Row = supplier::Model;
    const LIST: &'static str = "suppliers";

    fn columns() -> [Expr; 3] {
        use supplier::Column;
        [Column::Id.into_expr(), Column::Code.into_expr(), Column::NameFolded.into_expr()]
    }

    fn values(row: &supplier::Model) -> (i64, &str, &str) {
        (row.id, &row.code, &row.name_folded)
    }
}

/// One page of the suppliers that match.
pub async fn page(
    db: &Database,
    filter: &SupplierFilter,
    window: &Window<SupplierOrder>,
) -> Result<Page<supplier::Model>> {
    let mut select = filtered(filter);
    window.apply(QuerySelect::query(&mut select));
    Ok(window.page(select.all(db.reader()).await?))
}

/// How many suppliers match; counted once per filter and version of the data.
pub async fn count(db: &Database, filter: &SupplierFilter) -> Result<u64> {
    let select = filtered(filter).select_only().column(supplier::Column::Id).into_query();
    counted(db, "suppliers", filter, &select).await
}

fn filtered(filter: &SupplierFilter) -> Select<supplier::Entity> {
    use supplier::Column;
    supplier::Entity::find()
        .apply_if(filter.search.as_deref(), |select, search| {
            like_words(search).into_iter().fold(select, |select, word| {
                let code = Expr::cust("lower(\"dim_supplier\".\"code\")").like(word.clone());
                select.filter(code.or(Column::NameFolded.like(word)))
            })
        })
        .apply_if(filter.kinds.as_deref(), |select, kinds| {
            select.filter(among(Column::Kind.into_expr(), names(kinds, SupplierType::as_str)))
        })
        .apply_if(filter.active, |select, active| select.filter(Column::Active.eq(active)))
}

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

/// Recomputes lead times, on-time rate and reliability of every supplier from its order lines; returns how many
/// suppliers changed. What a supplier has no lines for is `None`.
///
/// Lead time is days from purchase (else order) to delivery, of received lines. On time is a line that came by its
/// promised day, of those that came and those whose day has passed: a line that is overdue on `today` counts as late
/// before it comes. Reliability is the share of deliveries that took no longer than `tolerance` times the supplier's own
/// median.
pub async fn learn_from_orders(db: &Database, tolerance: f64, today: NaiveDate) -> Result<u64> {
    // percentile_cont and UPDATE ... FROM over an aggregate have no builder. Lines of a sort (purchase files, or orders)
    // whose receipts nobody records cannot be overdue: there an absent receipt says nothing.
    let done = raw(
        r"WITH recorded AS (SELECT DISTINCT counts_as_demand FROM core.fact_orders WHERE actual_delivery IS NOT NULL),
          lines AS (
              SELECT supplier_id,
                     CASE WHEN status = 'RECEIVED' AND actual_delivery >= COALESCE(purchased_date, order_date)
                          THEN (actual_delivery - COALESCE(purchased_date, order_date))::float8 END AS days,
                     CASE WHEN actual_delivery IS NOT NULL THEN (actual_delivery <= expected_delivery)::int
                          WHEN expected_delivery < $2 AND counts_as_demand IN (SELECT counts_as_demand FROM recorded) THEN 0 END AS on_time
              FROM core.fact_orders WHERE supplier_id IS NOT NULL AND status <> 'CANCELLED'),
          times AS (
              SELECT supplier_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY days) AS median,
                     percentile_cont(0.9) WITHIN GROUP (ORDER BY days) AS p90, avg(on_time)::float8 AS on_time
              FROM lines GROUP BY supplier_id),
          kept AS (
              SELECT l.supplier_id, avg((l.days <= $1 * t.median)::int)::float8 AS reliability
              FROM lines l JOIN times t ON t.supplier_id = l.supplier_id GROUP BY l.supplier_id),
          learnt AS (
              SELECT s.id, t.median, t.p90, t.on_time, k.reliability
              FROM core.dim_supplier s
              LEFT JOIN times t ON t.supplier_id = s.id LEFT JOIN kept k ON k.supplier_id = s.id)
          UPDATE core.dim_supplier s
          SET lead_time_median_days = l.median, lead_time_p90_days = l.p90, on_time_rate = l.on_time, reliability = l.reliability
          FROM learnt l
          WHERE l.id = s.id AND (s.lead_time_median_days, s.lead_time_p90_days, s.on_time_rate, s.reliability)
                IS DISTINCT FROM (l.median, l.p90, l.on_time, l.reliability)",
        [tolerance.into(), today.into()],
    )
    .execute(db.writer())
    .await?;
    Ok(done)
}

/// The codes of suppliers by id; absent ids are absent from the answer.
pub async fn codes(db: &Database, ids: &[i64]) -> Result<HashMap<i64, String>> {
    let select = supplier::Entity::find().select_only().columns([supplier::Column::Id, supplier::Column::Code]);
    let select = select.filter(among(supplier::Column::Id.into_expr(), ids.to_vec()));
    Ok(select.into_tuple::<(i64, String)>().all(db.reader()).await?.into_iter().collect())
}
