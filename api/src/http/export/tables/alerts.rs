//! Alerts.

use arrow::array::RecordBatch;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use store::Database;
use store::alerts::{Alert, AlertFilter, InboxOrder};

use super::{Asker, ExportError, Filters, Place, Table};
use crate::graphql::types::recommendation::sentence;
use crate::http::export::codes::Codes;
use crate::http::export::format::Locale;
use crate::http::export::sheet::Sheet;

/// Alerts as the asker sees them, the newest first.
pub struct Alerts {
    filter: AlertFilter,
    place: Place,
    codes: Codes,
    user: i64,
    locale: Locale,
}

impl Alerts {
    pub async fn open(db: &Database, filters: &mut Filters, asker: &Asker) -> Result<Self, ExportError> {
        let filter = AlertFilter {
            levels: filters.words("levels")?,
            categories: filters.words("categories")?,
            unread: filters.word("unread")?,
            resolved: filters.word("resolved")?,
            item_ids: filters.items(db).await?,
        };
        let Asker { user, locale, .. } = *asker;
        Ok(Self { filter, place: Place::default(), codes: Codes::default(), user, locale })
    }

    fn sheet(&self, rows: &[Alert]) -> Result<RecordBatch, ExportError> {
        Sheet::of(rows.len())
            .texts("level", rows.iter().map(|alert| Some(alert.row.level.as_str())))
            .texts("category", rows.iter().map(|alert| Some(alert.row.category.as_str())))
            .texts("sku", rows.iter().map(|alert| alert.row.item_id.and_then(|id| self.codes.sku(id))))
            .texts("site", rows.iter().map(|alert| alert.row.site_id.and_then(|id| self.codes.site(id))))
            .texts("message", rows.iter().map(|alert| Some(sentence(&alert.row.message, self.locale.of_sentences()))))
            .instants("raised_at", rows.iter().map(|alert| Some(alert.row.raised_at)))
            .instants("read_at", rows.iter().map(|alert| alert.read_at))
            .instants("resolved_at", rows.iter().map(|alert| alert.row.resolved_at))
            .batch()
    }
}

impl Table for Alerts {
    fn empty(&self) -> Result<RecordBatch, ExportError> {
        self.sheet(&[])
    }

    fn next<'a>(&'a mut self, db: &'a Database) -> BoxFuture<'a, Result<Option<RecordBatch>, ExportError>> {
        async move {
            let Some(window) = self.place.list(InboxOrder)? else { return Ok(None) };
            let page = store::alerts::page(db, self.user, &self.filter, &window).await?;
            self.place.pass_list(&page);
            self.codes.learn_items(db, page.rows.iter().filter_map(|alert| alert.row.item_id)).await?;
            self.codes.learn_sites(db, page.rows.iter().filter_map(|alert| alert.row.site_id)).await?;
            self.sheet(&page.rows).map(Some)
        }
        .boxed()
    }
}
