//! Daily demand.

use arrow::array::RecordBatch;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use store::Database;
use store::demand::{DemandColumns, DemandRowOrder, FactFilter};

use super::{Asker, ExportError, Filters, Place, Table, amounts, facts, known};
use crate::graphql::context::Analyst;
use crate::http::export::codes::Codes;
use crate::http::export::sheet::Sheet;

/// Daily demand, by day, item and site.
pub struct Demand {
    filter: FactFilter,
    place: Place,
    codes: Codes,
    analyst: Option<Analyst>,
}

impl Demand {
    pub async fn open(db: &Database, filters: &mut Filters, asker: &Asker) -> Result<Self, ExportError> {
        let filter = facts(db, filters).await?;
        Ok(Self { filter, place: Place::default(), codes: Codes::default(), analyst: asker.analyst.clone() })
    }

    fn sheet(&self, rows: &DemandColumns) -> Result<RecordBatch, ExportError> {
        let sheet = Sheet::of(rows.dates.len())
            .days("date", rows.dates.iter().copied().map(Some))
            .texts("sku", rows.item_ids.iter().map(|id| self.codes.sku(*id)))
            .texts("site", rows.site_ids.iter().map(|id| self.codes.site(*id)))
            .numbers("quantity", amounts(&rows.quantities))
            .flags("stocked_out", rows.stocked_out.iter().copied());
        match &self.analyst {
            Some(analyst) => with_costs(analyst, sheet, rows).batch(),
            None => sheet.batch(),
        }
    }
}

fn with_costs(_proof: &Analyst, sheet: Sheet, rows: &DemandColumns) -> Sheet {
    sheet.numbers("unit_cost", known(&rows.unit_costs)).numbers("total_cost", known(&rows.total_costs))
}

impl Table for Demand {
    fn empty(&self) -> Result<RecordBatch, ExportError> {
        self.sheet(&DemandColumns::default())
    }

    fn next<'a>(&'a mut self, db: &'a Database) -> BoxFuture<'a, Result<Option<RecordBatch>, ExportError>> {
        async move {
            let Some(window) = self.place.flat(DemandRowOrder)? else { return Ok(None) };
            let page = store::demand::rows(db, &self.filter, &window).await?;
            self.place.pass_flat(&page);
            self.codes.learn_items(db, page.columns.item_ids.iter().copied()).await?;
            self.codes.learn_sites(db, page.columns.site_ids.iter().copied()).await?;
            self.sheet(&page.columns).map(Some)
        }
        .boxed()
    }
}
