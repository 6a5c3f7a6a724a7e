//! Forecast days of items.

use arrow::array::RecordBatch;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use store::Database;
use store::forecasts::{ForecastColumns, ForecastFilter, ForecastRowOrder};

use super::{ExportError, Filters, Place, Table};
use crate::graphql::ids::Kind;
use crate::graphql::scalars::number;
use crate::http::export::codes::Codes;
use crate::http::export::sheet::Sheet;

/// Forecast days of one run, by item, site and day; a line without a site is of the item over all sites.
pub struct Forecasts {
    filter: ForecastFilter,
    place: Place,
    codes: Codes,
}

impl Forecasts {
    pub async fn open(db: &Database, filters: &mut Filters) -> Result<Self, ExportError> {
        let runs = filters.ids("runId", Kind::ForecastRun)?.unwrap_or_default();
        if runs.len() > 1 {
            return Err(ExportError::Asked("runId may be given once only.".into()));
        }
        let filter = ForecastFilter {
            run_id: runs.first().copied(),
            from: filters.day("from")?,
            to: filters.day("to")?,
            item_ids: filters.items(db).await?,
            site_ids: filters.sites(db).await?,
            over_all_sites: filters.word("overAllSites")?,
        };
        Ok(Self { filter, place: Place::default(), codes: Codes::default() })
    }

    fn sheet(&self, rows: &ForecastColumns) -> Result<RecordBatch, ExportError> {
        let numbers = |values: &[Option<f64>]| values.iter().map(|value| value.map(number)).collect::<Vec<_>>();
        Sheet::of(rows.dates.len())
            .days("date", rows.dates.iter().copied().map(Some))
            .texts("sku", rows.item_ids.iter().map(|id| self.codes.sku(*id)))
            .texts("site", rows.site_ids.iter().map(|id| self.codes.site(*id)))
            .counts("lead", rows.leads.iter().copied().map(i64::from))
            .numbers("mean", rows.means.iter().map(|mean| Some(number(*mean))))
            .numbers("p025", numbers(&rows.p025))
            .numbers("p10", numbers(&rows.p10))
            .numbers("p25", numbers(&rows.p25))
            .numbers("p50", numbers(&rows.p50))
            .numbers("p75", numbers(&rows.p75))
            .numbers("p90", numbers(&rows.p90))
            .numbers("p975", numbers(&rows.p975))
            .texts("model", rows.models.iter().map(Some))
            .batch()
    }
}

impl Table for Forecasts {
    fn empty(&self) -> Result<RecordBatch, ExportError> {
        self.sheet(&ForecastColumns::default())
    }

    fn next<'a>(&'a mut self, db: &'a Database) -> BoxFuture<'a, Result<Option<RecordBatch>, ExportError>> {
        async move {
            let Some(window) = self.place.flat(ForecastRowOrder)? else { return Ok(None) };
            let page = store::forecasts::rows(db, &self.filter, &window).await?;
            self.place.pass_flat(&page);
            self.codes.learn_items(db, page.columns.item_ids.iter().copied()).await?;
            self.codes.learn_sites(db, page.columns.site_ids.iter().copied()).await?;
            self.sheet(&page.columns).map(Some)
        }
        .boxed()
    }
}
