//! All daily stock as columns.

use chrono::NaiveDate;
use entity::core::inventory;
use rust_decimal::Decimal;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect};
use serde_json::{Value as Json, json};

use crate::demand::FactFilter;
use crate::flat::{Flat, flat};
use crate::page::{Direction, KeyKind, SortColumn, Sorted, Window};
use crate::{Database, Result};

/// The rows' one ordering: by day, item and site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct InventoryRowOrder;

impl Sorted for InventoryRowOrder {
    type Row = inventory::Model;

    fn tag(&self) -> String {
        "inventory.rows".into()
    }

    fn columns(&self) -> Vec<SortColumn> {
        let column = |column: inventory::Column, kind| SortColumn {
            expr: column.into_expr(),
            kind,
            direction: Direction::Ascending,
            nullable: false,
        };
        vec![column(inventory::Column::FullDate, KeyKind::Date), column(inventory::Column::ItemId, KeyKind::Integer)]
    }

    fn id_column(&self) -> Expr {
        inventory::Column::SiteId.into_expr()
    }

    fn values(&self, row: &inventory::Model) -> Vec<Json> {
        vec![json!(row.full_date), json!(row.item_id)]
    }

    fn id(&self, row: &inventory::Model) -> i64 {
        row.site_id
    }
}

/// Daily stock; the columns are of one length.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct InventoryColumns {
    pub item_ids: Vec<i64>,
    pub site_ids: Vec<i64>,
    pub dates: Vec<NaiveDate>,
    pub on_hand: Vec<Decimal>,
    pub on_order: Vec<Option<Decimal>>,
    pub safety_stock: Vec<Option<Decimal>>,
    pub reorder_point: Vec<Option<Decimal>>,
    pub days_of_cover: Vec<Option<f64>>,
}

/// The next rows that match.
pub async fn rows(
    db: &Database,
    filter: &FactFilter,
    window: &Window<InventoryRowOrder>,
) -> Result<Flat<InventoryColumns>> {
    use inventory::Column;
    let [item, site, day] = [Column::ItemId, Column::SiteId, Column::FullDate].map(sea_orm::ColumnTrait::into_expr);
    let mut select = inventory::Entity::find().filter(filter.condition(&item, &site, &day));
    window.apply(QuerySelect::query(&mut select));
    let found = select.all(db.reader()).await?;
    Ok(flat(window, found, |columns: &mut InventoryColumns, row: inventory::Model| {
        columns.item_ids.push(row.item_id);
        columns.site_ids.push(row.site_id);
        columns.dates.push(row.full_date);
        columns.on_hand.push(row.on_hand);
        columns.on_order.push(row.on_order);
        columns.safety_stock.push(row.safety_stock);
        columns.reorder_point.push(row.reorder_point);
        columns.days_of_cover.push(row.days_of_cover);
    }))
}
