//! What grouped demand is measured, chosen and ordered by.

use async_graphql::{Enum, InputObject, Result, SimpleObject};
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive as _;
use store::demand::{Column as Stored, GroupOrder, GroupSort, Having, Measure};
use store::page::Direction;

use super::words::OrderDirection;
use crate::error::user;
use crate::graphql::column::Column;
use crate::graphql::context::Analyst;
use crate::graphql::scalars::amount;

/// What is told of a group of demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
#[graphql(remote = "Measure")]
pub enum DemandMeasure {
    /// Units demanded.
    Quantity,
    /// What they cost, in the company's currency, of those days whose cost is known.
    Cost,
    /// Days with demand, counted for each item and site.
    DemandDays,
    /// Days out of stock, counted for each item and site; null of suppliers, whose lines do not know of them.
    StockedOutDays,
    /// Cost over quantity, of those days whose cost is known.
    MeanUnitCost,
    /// The greatest demand of one item at one site on one day.
    Peak,
}

/// What groups of demand are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Enum)]
pub enum DemandOrderField {
    /// By units demanded.
    #[default]
    Quantity,
    /// By what they cost; groups of unknown cost come last.
    Cost,
    /// By days with demand.
    DemandDays,
    /// By days out of stock.
    StockedOutDays,
    /// By cost over quantity; groups of unknown cost come last.
    MeanUnitCost,
    /// By the greatest demand of one item at one site on one day.
    Peak,
    /// By what groups are, outermost first: words and codes by the alphabet, items and sites in no telling order.
    Key,
}

/// How groups of demand are sorted; equal ones go by key.
#[derive(Debug, Default, InputObject)]
pub struct DemandOrder {
    /// What by.
    pub field: DemandOrderField,
    /// Which way; without it the greatest first, or A to Z by key.
    pub direction: Option<OrderDirection>,
}

/// A condition on the total of a group over all its buckets; a total that nobody knows fulfils none.
#[derive(Debug, InputObject)]
pub struct DemandHaving {
    /// Of what.
    pub measure: DemandMeasure,
    /// So much or more.
    pub at_least: Option<f64>,
    /// So much or less.
    pub at_most: Option<f64>,
}

/// One measure of one group.
#[derive(Debug, Clone, SimpleObject)]
pub struct DemandMeasureSeries {
    /// Which.
    measure: DemandMeasure,
    /// One a bucket; null where nobody knows.
    values: Column<Option<f64>>,
    /// Of all buckets together: for a mean the mean of the whole, for a peak the greatest; null where nobody knows.
    total: Option<f64>,
}

impl DemandOrder {
    /// The store's order.
    pub fn into_store(self) -> GroupOrder {
        let by = match self.field {
            DemandOrderField::Quantity => GroupSort::Total(Measure::Quantity),
            DemandOrderField::Cost => GroupSort::Total(Measure::Cost),
            DemandOrderField::DemandDays => GroupSort::Total(Measure::DemandDays),
            DemandOrderField::StockedOutDays => GroupSort::Total(Measure::StockedOutDays),
            DemandOrderField::MeanUnitCost => GroupSort::Total(Measure::MeanUnitCost),
            DemandOrderField::Peak => GroupSort::Total(Measure::Peak),
            DemandOrderField::Key => GroupSort::Name,
        };
        let usual = if by == GroupSort::Name { Direction::Ascending } else { Direction::Descending };
        GroupOrder { by, direction: self.direction.map_or(usual, Into::into) }
    }
}

impl DemandHaving {
    /// The store's condition, or a sentence for the asker.
    pub fn into_store(self) -> Result<Having> {
        if self.at_least.is_none() && self.at_most.is_none() {
            return Err(user("having must say atLeast, atMost or both."));
        }
        let limit = |limit: Option<f64>| {
            let limit = limit.map(|limit| Decimal::from_f64(limit).ok_or(limit)).transpose();
            limit.map_err(|limit| user(format!("{limit} is more than any total.")))
        };
        Ok(Having { measure: self.measure.into(), at_least: limit(self.at_least)?, at_most: limit(self.at_most)? })
    }
}

impl DemandMeasureSeries {
    /// The measures of a group; those of money only with proof that they may be read.
    pub fn all(columns: &[Stored], proof: Option<&Analyst>) -> Vec<Self> {
        let told = columns.iter().filter(|column| proof.is_some() || !is_money(column.measure));
        told.map(|column| Self {
            measure: column.measure.into(),
            values: column.values.iter().map(|value| value.map(amount)).collect(),
            total: column.total.map(amount),
        })
        .collect()
    }
}

fn is_money(measure: Measure) -> bool {
    matches!(measure, Measure::Cost | Measure::MeanUnitCost)
}
