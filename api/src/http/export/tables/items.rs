//! Items.

use arrow::array::RecordBatch;
use entity::core::item::Model;
use entity::words::{AbcClass, XyzClass};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use rust_decimal::Decimal;
use store::Database;
use store::items::{ItemFilter, ItemOrder};

use super::{Asker, ExportError, Filters, Place, Table};
use crate::graphql::context::Analyst;
use crate::graphql::scalars::amount;
use crate::http::export::sheet::Sheet;

/// Items, by sku.
pub struct Items {
    filter: ItemFilter,
    place: Place,
    analyst: Option<Analyst>,
}

impl Items {
    pub async fn open(db: &Database, filters: &mut Filters, asker: &Asker) -> Result<Self, ExportError> {
        let filter = ItemFilter {
            search: filters.word::<String>("search")?.filter(|search| !search.trim().is_empty()),
            kind: filters.word("kind")?,
            families: filters.texts("families")?,
            abc_classes: filters.words("abcClasses")?,
            xyz_classes: filters.words("xyzClasses")?,
            site_ids: filters.sites(db).await?,
            active: filters.word("active")?,
        };
        Ok(Self { filter, place: Place::default(), analyst: asker.analyst.clone() })
    }

    fn sheet(&self, rows: &[Model]) -> Result<RecordBatch, ExportError> {
        let amounts = |value: fn(&Model) -> Option<Decimal>| rows.iter().map(move |row| value(row).map(amount));
        let sheet = Sheet::of(rows.len())
            .texts("sku", rows.iter().map(|row| Some(&row.sku)))
            .texts("name", rows.iter().map(|row| Some(&row.name)))
            .texts("kind", rows.iter().map(|row| Some(row.kind.as_str())))
            .texts("family", rows.iter().map(|row| row.family.as_ref()))
            .texts("category", rows.iter().map(|row| row.category.as_ref()))
            .texts("subcategory", rows.iter().map(|row| row.subcategory.as_ref()))
            .texts("unit", rows.iter().map(|row| Some(&row.unit)))
            .texts("abc_class", rows.iter().map(|row| row.abc_class.map(AbcClass::as_str)))
            .texts("xyz_class", rows.iter().map(|row| row.xyz_class.map(XyzClass::as_str)))
            .counts("criticality", rows.iter().map(|row| row.criticality.into()))
            .numbers("min_order_quantity", amounts(|row| row.min_order_quantity))
            .numbers("max_order_quantity", amounts(|row| row.max_order_quantity))
            .numbers("pack_size", amounts(|row| row.pack_size))
            .flags("active", rows.iter().map(|row| row.active));
        match &self.analyst {
            Some(analyst) => with_costs(analyst, sheet, rows).batch(),
            None => sheet.batch(),
        }
    }
}

fn with_costs(_proof: &Analyst, sheet: Sheet, rows: &[Model]) -> Sheet {
    sheet.numbers("unit_cost", rows.iter().map(|row| row.unit_cost.map(amount)))
}

impl Table for Items {
    fn empty(&self) -> Result<RecordBatch, ExportError> {
        self.sheet(&[])
    }

    fn next<'a>(&'a mut self, db: &'a Database) -> BoxFuture<'a, Result<Option<RecordBatch>, ExportError>> {
        async move {
            let Some(window) = self.place.list(ItemOrder::default())? else { return Ok(None) };
            let page = store::items::page(db, &self.filter, &window).await?;
            self.place.pass_list(&page);
            self.sheet(&page.rows).map(Some)
        }
        .boxed()
    }
}
