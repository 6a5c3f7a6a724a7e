//! All order lines as columns.

use chrono::NaiveDate;
use entity::core::order;
use entity::words::OrderStatus;
use rust_decimal::Decimal;
use sea_orm::QuerySelect;

use super::lines::{LineFilter, LineOrder, filtered};
use crate::flat::{Flat, flat};
use crate::page::Window;
use crate::{Database, Result};

/// Order lines; the columns are of one length.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderColumns {
    pub item_ids: Vec<i64>,
    pub order_ids: Vec<String>,
    pub line_nos: Vec<i32>,
    pub order_dates: Vec<NaiveDate>,
    pub site_ids: Vec<i64>,
    pub supplier_ids: Vec<Option<i64>>,
    pub quantities: Vec<Decimal>,
    pub units: Vec<Option<String>>,
    pub unit_prices: Vec<Option<Decimal>>,
    pub total_prices: Vec<Option<Decimal>>,
    pub statuses: Vec<OrderStatus>,
    pub requested_dates: Vec<Option<NaiveDate>>,
    pub expected_deliveries: Vec<Option<NaiveDate>>,
    pub actual_deliveries: Vec<Option<NaiveDate>>,
    pub counts_as_demand: Vec<bool>,
}

/// The next lines that match.
pub async fn rows(db: &Database, filter: &LineFilter, window: &Window<LineOrder>) -> Result<Flat<OrderColumns>> {
    let mut select = filtered(filter);
    window.apply(QuerySelect::query(&mut select));
    let lines = select.all(db.reader()).await?;
    Ok(flat(window, lines, |columns: &mut OrderColumns, line: order::Model| {
        columns.item_ids.push(line.item_id);
        columns.order_ids.push(line.order_id);
        columns.line_nos.push(line.line_no);
        columns.order_dates.push(line.order_date);
        columns.site_ids.push(line.site_id);
        columns.supplier_ids.push(line.supplier_id);
        columns.quantities.push(line.quantity);
        columns.units.push(line.unit);
        columns.unit_prices.push(line.unit_price);
        columns.total_prices.push(line.total_price);
        columns.statuses.push(line.status);
        columns.requested_dates.push(line.requested_date);
        columns.expected_deliveries.push(line.expected_delivery);
        columns.actual_deliveries.push(line.actual_delivery);
        columns.counts_as_demand.push(line.counts_as_demand);
    }))
}
