//! The tables, one a file: which filters they take, which columns they have, and how their next page is read.

mod alerts;
mod demand;
mod forecasts;
mod inventory;
mod items;
mod kpis;
mod orders;
mod recommendations;

use arrow::array::RecordBatch;
use futures::future::BoxFuture;
use rust_decimal::Decimal;
use store::Database;
use store::demand::FactFilter;
use store::flat::{Flat, FlatArgs, MAX_FLAT_ROWS};
use store::page::{MAX_ROWS, Page, PageArgs, PageError, Sorted, Window};

use super::ExportError;
use super::asked::{Asked, TableName};
use super::filters::Filters;
use super::format::Locale;
use crate::graphql::context::Analyst;
use crate::graphql::ids::Kind;
use crate::graphql::scalars::amount;

/// Who asks, as far as a table depends on it.
#[derive(Debug, Clone)]
pub struct Asker {
    /// Whose read marks alerts have.
    pub user: i64,
    /// Proof that costs may be read; without it they are no columns.
    pub analyst: Option<Analyst>,
    /// Whose words sentences are in.
    pub locale: Locale,
}

/// A table being read.
pub trait Table: Send + 'static {
    /// A page without rows: it has the columns.
    fn empty(&self) -> Result<RecordBatch, ExportError>;
    /// The next page; `None` at the end.
    fn next<'a>(&'a mut self, db: &'a Database) -> BoxFuture<'a, Result<Option<RecordBatch>, ExportError>>;
}

/// Opens what was asked for at its first row.
pub async fn open(db: &Database, asked: &mut Asked, asker: &Asker) -> Result<Box<dyn Table>, ExportError> {
    let filters = &mut asked.filters;
    Ok(match asked.table {
        TableName::Demand => Box::new(demand::Demand::open(db, filters, asker).await?),
        TableName::Forecasts => Box::new(forecasts::Forecasts::open(db, filters).await?),
        TableName::Inventory => Box::new(inventory::Inventory::open(db, filters).await?),
        TableName::Orders => Box::new(orders::Orders::open(db, filters, asker).await?),
        TableName::Items => Box::new(items::Items::open(db, filters, asker).await?),
        TableName::Recommendations => Box::new(recommendations::Recommendations::open(db, filters, asker).await?),
        TableName::Alerts => Box::new(alerts::Alerts::open(db, filters, asker).await?),
        TableName::Kpis => Box::new(kpis::Kpis::open(db, filters, asker).await?),
    })
}

/// Where reading stands in a list.
#[derive(Debug, Default)]
enum Place {
    #[default]
    Start,
    After(String),
    End,
}

impl Place {
    /// The next rows of a flat table; `None` at the end.
    fn flat<O: Sorted>(&self, order: O) -> Result<Option<Window<O>>, ExportError> {
        let after = match self {
            Self::End => return Ok(None),
            Self::Start => None,
            Self::After(cursor) => Some(cursor.clone()),
        };
        let asked = FlatArgs { first: Some(MAX_FLAT_ROWS as i64), after };
        asked.window(order).map(Some).map_err(|error| contradicted(&error))
    }

    /// The next rows of a list; `None` at the end.
    fn list<O: Sorted>(&self, order: O) -> Result<Option<Window<O>>, ExportError> {
        let after = match self {
            Self::End => return Ok(None),
            Self::Start => None,
            Self::After(cursor) => Some(cursor.clone()),
        };
        let asked = PageArgs { first: Some(MAX_ROWS as i64), after, ..PageArgs::default() };
        asked.window(order).map(Some).map_err(|error| contradicted(&error))
    }

    /// Goes on behind a flat page.
    fn pass_flat<C>(&mut self, page: &Flat<C>) {
        self.pass(page.end_cursor.clone(), page.has_next);
    }

    /// Goes on behind a page of a list.
    fn pass_list<T>(&mut self, page: &Page<T>) {
        self.pass(page.cursors.last().cloned(), page.has_next);
    }

    fn pass(&mut self, last: Option<String>, more: bool) {
        *self = match last {
            Some(cursor) if more => Self::After(cursor),
            _ => Self::End,
        };
    }
}

/// A cursor that we made ourselves was refused.
fn contradicted(error: &PageError) -> ExportError {
    store::StoreError::Corrupt(error.to_string()).into()
}

/// The filter of facts, of which the graph's `FactFilter` tells.
async fn facts(db: &Database, filters: &mut Filters) -> Result<FactFilter, ExportError> {
    Ok(FactFilter {
        from: filters.day("from")?,
        to: filters.day("to")?,
        item_ids: filters.items(db).await?,
        site_ids: filters.sites(db).await?,
        region_ids: filters.ids("regionIds", Kind::Region)?,
        families: filters.texts("families")?,
        categories: filters.texts("categories")?,
        abc_classes: filters.words("abcClasses")?,
        xyz_classes: filters.words("xyzClasses")?,
        kind: filters.word("kind")?,
    })
}

/// Amounts as they leave.
fn amounts(values: &[Decimal]) -> impl Iterator<Item = Option<f64>> {
    values.iter().map(|value| Some(amount(*value)))
}

/// Amounts that may not be known.
fn known(values: &[Option<Decimal>]) -> impl Iterator<Item = Option<f64>> {
    values.iter().map(|value| value.map(amount))
}
