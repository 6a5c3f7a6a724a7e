//! Recommendations.

use arrow::array::RecordBatch;
use entity::analytics::recommendation::Model;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use store::Database;
use store::recommendations::{QueueOrder, RecommendationFilter};

use super::{Asker, ExportError, Filters, Place, Table};
use crate::graphql::context::Analyst;
use crate::graphql::scalars::{amount, number};
use crate::graphql::types::recommendation::sentence;
use crate::http::export::codes::Codes;
use crate::http::export::format::Locale;
use crate::http::export::sheet::Sheet;

/// Recommendations, by priority and the day to act by.
pub struct Recommendations {
    filter: RecommendationFilter,
    place: Place,
    codes: Codes,
    analyst: Option<Analyst>,
    locale: Locale,
}

impl Recommendations {
    pub async fn open(db: &Database, filters: &mut Filters, asker: &Asker) -> Result<Self, ExportError> {
        let filter = RecommendationFilter {
            types: filters.words("types")?,
            priorities: filters.words("priorities")?,
            statuses: filters.words("statuses")?,
            item_ids: filters.items(db).await?,
            site_ids: filters.sites(db).await?,
            withdrawn: false,
        };
        let Asker { analyst, locale, .. } = asker.clone();
        Ok(Self { filter, place: Place::default(), codes: Codes::default(), analyst, locale })
    }

    fn sheet(&self, rows: &[Model]) -> Result<RecordBatch, ExportError> {
        let sheet = Sheet::of(rows.len())
            .texts("type", rows.iter().map(|row| Some(row.kind.as_str())))
            .texts("priority", rows.iter().map(|row| Some(row.priority.as_str())))
            .texts("status", rows.iter().map(|row| Some(row.status.as_str())))
            .texts("sku", rows.iter().map(|row| self.codes.sku(row.item_id)))
            .texts("site", rows.iter().map(|row| self.codes.site(row.site_id)))
            .numbers("quantity", rows.iter().map(|row| row.quantity.map(amount)))
            .days("act_by", rows.iter().map(|row| Some(row.act_by)))
            .texts("message", rows.iter().map(|row| Some(sentence(&row.message, self.locale.of_sentences()))))
            .instants("raised_at", rows.iter().map(|row| Some(row.raised_at)))
            .instants("acknowledged_at", rows.iter().map(|row| row.acknowledged_at));
        match &self.analyst {
            Some(analyst) => with_values(analyst, sheet, rows).batch(),
            None => sheet.batch(),
        }
    }
}

fn with_values(_proof: &Analyst, sheet: Sheet, rows: &[Model]) -> Sheet {
    sheet.numbers("value_at_risk", rows.iter().map(|row| row.value_at_risk.map(number)))
}

impl Table for Recommendations {
    fn empty(&self) -> Result<RecordBatch, ExportError> {
        self.sheet(&[])
    }

    fn next<'a>(&'a mut self, db: &'a Database) -> BoxFuture<'a, Result<Option<RecordBatch>, ExportError>> {
        async move {
            let Some(window) = self.place.list(QueueOrder::default())? else { return Ok(None) };
            let page = store::recommendations::page(db, &self.filter, &window).await?;
            self.place.pass_list(&page);
            self.codes.learn_items(db, page.rows.iter().map(|row| row.item_id)).await?;
            self.codes.learn_sites(db, page.rows.iter().map(|row| row.site_id)).await?;
            self.sheet(&page.rows).map(Some)
        }
        .boxed()
    }
}
