//! Daily stock.

use arrow::array::RecordBatch;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use store::Database;
use store::demand::FactFilter;
use store::inventory::{InventoryColumns, InventoryRowOrder};

use super::{ExportError, Filters, Place, Table, amounts, facts, known};
use crate::graphql::scalars::number;
use crate::http::export::codes::Codes;
use crate::http::export::sheet::Sheet;

/// Daily stock, by day, item and site.
pub struct Inventory {
    filter: FactFilter,
    place: Place,
    codes: Codes,
}

impl Inventory {
    pub async fn open(db: &Database, filters: &mut Filters) -> Result<Self, ExportError> {
        Ok(Self { filter: facts(db, filters).await?, place: Place::default(), codes: Codes::default() })
    }

    fn sheet(&self, rows: &InventoryColumns) -> Result<RecordBatch, ExportError> {
        Sheet::of(rows.dates.len())
            .days("date", rows.dates.iter().copied().map(Some))
            .texts("sku", rows.item_ids.iter().map(|id| self.codes.sku(*id)))
            .texts("site", rows.site_ids.iter().map(|id| self.codes.site(*id)))
            .numbers("on_hand", amounts(&rows.on_hand))
            .numbers("on_order", known(&rows.on_order))
            .numbers("safety_stock", known(&rows.safety_stock))
            .numbers("reorder_point", known(&rows.reorder_point))
            .numbers("days_of_cover", rows.days_of_cover.iter().map(|days| days.map(number)))
            .batch()
    }
}

impl Table for Inventory {
    fn empty(&self) -> Result<RecordBatch, ExportError> {
        self.sheet(&InventoryColumns::default())
    }

    fn next<'a>(&'a mut self, db: &'a Database) -> BoxFuture<'a, Result<Option<RecordBatch>, ExportError>> {
        async move {
            let Some(window) = self.place.flat(InventoryRowOrder)? else { return Ok(None) };
            let page = store::inventory::rows(db, &self.filter, &window).await?;
            self.place.pass_flat(&page);
            self.codes.learn_items(db, page.columns.item_ids.iter().copied()).await?;
            self.codes.learn_sites(db, page.columns.site_ids.iter().copied()).await?;
            self.sheet(&page.columns).map(Some)
        }
        .boxed()
    }
}
