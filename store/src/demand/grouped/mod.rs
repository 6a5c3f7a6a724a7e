//! Totals of demand, grouped and bucketed: the one question that charts, tables and analysts ask in a thousand ways.
//!
//! What is asked decides where it is read, and the numbers are the same wherever that is:
//!
//! - whole weeks and months come from rollups; if items and sites play no part, from the small rollups by class;
//! - days, and weeks and months that the range cuts, come from the facts;
//! - [`Measure::MeanUnitCost`] and [`Measure::Peak`] come from the facts alone, because no rollup knows them;
//! - suppliers come from the order lines that count as demand, because facts do not know who delivers. Demand that no
//!   order line tells of has no supplier and is in no such answer, and lines do not know of stock-outs.
//!
//! Start with [`grouped()`]; `statement` puts the SQL together from `source`, `filter` and `measure`.

mod answer;
mod cost;
mod filter;
mod measure;
mod source;
mod statement;

use chrono::NaiveDate;
use rust_decimal::Decimal;

pub use filter::DemandFilter;
pub use measure::{GroupOrder, GroupSort, Having, Measure};

use super::Granularity;
use crate::{Database, Result};

/// What totals are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DemandGroup {
    Item,
    Family,
    Category,
    Site,
    Region,
    /// Of the order lines that count as demand.
    Supplier,
    AbcClass,
    XyzClass,
}

/// A question about totals.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct DemandQuery {
    pub filter: DemandFilter,
    pub granularity: Granularity,
    /// Empty: one group, the whole.
    pub group_by: Vec<DemandGroup>,
    /// What is answered of each group besides quantity and cost, which always are.
    pub measures: Vec<Measure>,
    /// Which groups, by their totals; all of these must hold.
    pub having: Vec<Having>,
    /// Which groups come first.
    pub order_by: GroupOrder,
    /// How many groups at most.
    pub limit: u64,
}

/// One part of a group's name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct GroupKey {
    pub group: DemandGroup,
    /// Id of an item or site, code of a region or supplier, else the word itself; empty where the dimension says nothing.
    pub value: String,
    /// What a person reads: `sku name` of an item, the name of a site, region or supplier.
    pub label: String,
}

/// One measure of one group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub measure: Measure,
    /// One a bucket of [`Grouped::dates`]; `None` where nobody knows.
    pub values: Vec<Option<Decimal>>,
    /// Of all buckets together: for a mean the mean of the whole, for a peak the greatest.
    pub total: Option<Decimal>,
}

/// One group's buckets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupSeries {
    pub keys: Vec<GroupKey>,
    /// One a bucket of [`Grouped::dates`].
    pub quantities: Vec<Decimal>,
    pub total: Decimal,
    /// The cost of all buckets, of those rows whose cost is known; `None` where none is.
    pub cost: Option<Decimal>,
    /// The measures asked for, in the order of [`DemandQuery::measures`].
    pub columns: Vec<Column>,
}

/// The answer: groups over one shared, zero-filled axis.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grouped {
    /// First days of the buckets, shared by all groups.
    pub dates: Vec<NaiveDate>,
    /// In the order asked for.
    pub groups: Vec<GroupSeries>,
    /// Whether the limit left groups out.
    pub has_more: bool,
    pub data_through: Option<NaiveDate>,
}

/// Answers `query` in one statement; a question to the facts without a beginning or an end first asks where they begin
/// and end. On the embedded engine the statement is explained first, and [`crate::StoreError::TooExpensive`] when it
/// would take too long.
pub async fn grouped(db: &Database, query: &DemandQuery) -> Result<Grouped> {
    let extent = if source::needs_extent(query) { Some(source::extent(db).await?) } else { None };
    let statement = statement::statement(query, extent);
    cost::allowed(db, &statement).await?;
    answer::answer(query, &statement.all(db.reader()).await?)
}
