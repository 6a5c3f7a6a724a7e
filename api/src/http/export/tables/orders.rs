//! Order lines.

use arrow::array::RecordBatch;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use store::Database;
use store::orders::{LineFilter, LineOrder, OrderColumns};

use super::{Asker, ExportError, Filters, Place, Table, amounts, known};
use crate::graphql::context::Analyst;
use crate::graphql::ids::Kind;
use crate::http::export::codes::Codes;
use crate::http::export::sheet::Sheet;

/// Order lines, the newest first.
pub struct Orders {
    filter: LineFilter,
    place: Place,
    codes: Codes,
    analyst: Option<Analyst>,
}

impl Orders {
    pub async fn open(db: &Database, filters: &mut Filters, asker: &Asker) -> Result<Self, ExportError> {
        let filter = LineFilter {
            from: filters.day("from")?,
            to: filters.day("to")?,
            item_ids: filters.items(db).await?,
            site_ids: filters.sites(db).await?,
            supplier_ids: filters.ids("supplierIds", Kind::Supplier)?,
            statuses: filters.words("statuses")?,
            counts_as_demand: filters.word("countsAsDemand")?,
        };
        Ok(Self { filter, place: Place::default(), codes: Codes::default(), analyst: asker.analyst.clone() })
    }

    fn sheet(&self, rows: &OrderColumns) -> Result<RecordBatch, ExportError> {
        let sheet = Sheet::of(rows.order_dates.len())
            .days("date", rows.order_dates.iter().copied().map(Some))
            .texts("order", rows.order_ids.iter().map(Some))
            .counts("line", rows.line_nos.iter().copied().map(i64::from))
            .texts("sku", rows.item_ids.iter().map(|id| self.codes.sku(*id)))
            .texts("site", rows.site_ids.iter().map(|id| self.codes.site(*id)))
            .texts("supplier", rows.supplier_ids.iter().map(|id| id.and_then(|id| self.codes.supplier(id))))
            .numbers("quantity", amounts(&rows.quantities))
            .texts("unit", rows.units.iter().map(Option::as_ref))
            .texts("status", rows.statuses.iter().map(|status| Some(status.as_str())))
            .days("requested", rows.requested_dates.iter().copied())
            .days("expected_delivery", rows.expected_deliveries.iter().copied())
            .days("actual_delivery", rows.actual_deliveries.iter().copied())
            .flags("counts_as_demand", rows.counts_as_demand.iter().copied());
        match &self.analyst {
            Some(analyst) => with_prices(analyst, sheet, rows).batch(),
            None => sheet.batch(),
        }
    }
}

fn with_prices(_proof: &Analyst, sheet: Sheet, rows: &OrderColumns) -> Sheet {
    sheet.numbers("unit_price", known(&rows.unit_prices)).numbers("total_price", known(&rows.total_prices))
}

impl Table for Orders {
    fn empty(&self) -> Result<RecordBatch, ExportError> {
        self.sheet(&OrderColumns::default())
    }

    fn next<'a>(&'a mut self, db: &'a Database) -> BoxFuture<'a, Result<Option<RecordBatch>, ExportError>> {
        async move {
            let Some(window) = self.place.flat(LineOrder)? else { return Ok(None) };
            let page = store::orders::rows(db, &self.filter, &window).await?;
            self.place.pass_flat(&page);
            self.codes.learn_items(db, page.columns.item_ids.iter().copied()).await?;
            self.codes.learn_sites(db, page.columns.site_ids.iter().copied()).await?;
            self.codes.learn_suppliers(db, page.columns.supplier_ids.iter().copied().flatten()).await?;
            self.sheet(&page.columns).map(Some)
        }
        .boxed()
    }
}
