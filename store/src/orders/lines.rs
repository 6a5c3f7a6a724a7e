//! Order lines, page by page.

use chrono::NaiveDate;
use entity::core::order;
use entity::words::OrderStatus;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect, QueryTrait as _, Select};
use serde_json::{Value as Json, json};

use crate::counts::counted;
use crate::page::{Direction, KeyKind, Page, SortColumn, Sorted, Window, among, names};
use crate::{Database, Result};

/// Which order lines; `None` does not restrict, an empty list matches nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct LineFilter {
    /// The first day that a line counts for, included.
    pub from: Option<NaiveDate>,
    /// The last day, included.
    pub to: Option<NaiveDate>,
    pub item_ids: Option<Vec<i64>>,
    pub site_ids: Option<Vec<i64>>,
    pub supplier_ids: Option<Vec<i64>>,
    pub statuses: Option<Vec<OrderStatus>>,
    /// True: lines of purchase files; false: replenishment.
    pub counts_as_demand: Option<bool>,
}

/// The lines' one ordering: newest first, then by order, line and item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct LineOrder;

impl Sorted for LineOrder {
    type Row = order::Model;

    fn tag(&self) -> String {
        "orders.lines".into()
    }

    fn columns(&self) -> Vec<SortColumn> {
        use order::Column;
        let column =
            |column: Column, kind, direction| SortColumn { expr: column.into_expr(), kind, direction, nullable: false };
        vec![
            column(Column::OrderDate, KeyKind::Date, Direction::Descending),
            column(Column::OrderId, KeyKind::Text, Direction::Ascending),
            column(Column::LineNo, KeyKind::Integer, Direction::Ascending),
        ]
    }

    /// The item: no two lines of an order, line number and day have the same.
    fn id_column(&self) -> Expr {
        order::Column::ItemId.into_expr()
    }

    fn values(&self, row: &order::Model) -> Vec<Json> {
        vec![json!(row.order_date), json!(row.order_id), json!(row.line_no)]
    }

    fn id(&self, row: &order::Model) -> i64 {
        row.item_id
    }
}

/// One page of the lines that match.
pub async fn page(db: &Database, filter: &LineFilter, window: &Window<LineOrder>) -> Result<Page<order::Model>> {
    let mut select = filtered(filter);
    window.apply(QuerySelect::query(&mut select));
    Ok(window.page(select.all(db.reader()).await?))
}

/// How many lines match; counted once per filter and version of the data.
pub async fn count(db: &Database, filter: &LineFilter) -> Result<u64> {
    let select = filtered(filter).select_only().column(order::Column::ItemId).into_query();
    counted(db, "orders", filter, &select).await
}

pub(super) fn filtered(filter: &LineFilter) -> Select<order::Entity> {
    use order::Column;
    order::Entity::find()
        .apply_if(filter.from, |select, from| select.filter(Column::OrderDate.gte(from)))
        .apply_if(filter.to, |select, to| select.filter(Column::OrderDate.lte(to)))
        .apply_if(filter.item_ids.clone(), |select, items| select.filter(among(Column::ItemId.into_expr(), items)))
        .apply_if(filter.site_ids.clone(), |select, sites| select.filter(among(Column::SiteId.into_expr(), sites)))
        .apply_if(filter.supplier_ids.clone(), |select, suppliers| {
            select.filter(among(Column::SupplierId.into_expr(), suppliers))
        })
        .apply_if(filter.statuses.as_deref(), |select, statuses| {
            select.filter(among(Column::Status.into_expr(), names(statuses, OrderStatus::as_str)))
        })
        .apply_if(filter.counts_as_demand, |select, counts| select.filter(Column::CountsAsDemand.eq(counts)))
}
