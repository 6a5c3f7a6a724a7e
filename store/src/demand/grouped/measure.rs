//! What is told of a group, and what groups are chosen and ordered by.

use rust_decimal::Decimal;

use crate::page::Direction;
use crate::statement::Bound;

/// What is told of a group and of each of its buckets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Measure {
    /// Units demanded.
    #[default]
    Quantity,
    /// What they cost, of those rows whose cost is known.
    Cost,
    /// Days with demand, counted for each item and site.
    DemandDays,
    /// Days out of stock, counted for each item and site.
    StockedOutDays,
    /// Cost over quantity, of those rows whose cost is known. From the facts.
    MeanUnitCost,
    /// The greatest demand of one item at one site on one day. From the facts.
    Peak,
}

impl Measure {
    /// Whether no rollup knows it.
    pub(super) fn is_of_facts(self) -> bool {
        matches!(self, Self::MeanUnitCost | Self::Peak)
    }

    /// SQL of its value over several cells; an average keeps the digits that money keeps.
    pub(super) fn sum(self) -> &'static str {
        match self {
            Self::Quantity => "sum(quantity)",
            Self::Cost => "sum(cost)",
            Self::DemandDays => "sum(demand_days)::numeric",
            Self::StockedOutDays => "sum(stocked_out_days)::numeric",
            Self::MeanUnitCost => "round(sum(cost) / nullif(sum(costed), 0), 4)",
            Self::Peak => "max(peak)",
        }
    }

    /// Its value in a bucket without any row.
    pub(super) fn of_nothing(self) -> Option<Decimal> {
        (self != Self::MeanUnitCost).then_some(Decimal::ZERO)
    }
}

/// A condition on a group's total; a total nobody knows fulfils none.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Having {
    pub measure: Measure,
    pub at_least: Option<Decimal>,
    pub at_most: Option<Decimal>,
}

impl Having {
    /// SQL of the conditions.
    pub(super) fn conditions(&self, bound: &mut Bound) -> Vec<String> {
        let mut compare = |operator: &str, limit: Option<Decimal>| {
            limit.map(|limit| format!("{} {operator} {}", self.measure.sum(), bound.bind(limit)))
        };
        [compare(">=", self.at_least), compare("<=", self.at_most)].into_iter().flatten().collect()
    }
}

/// What groups are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GroupSort {
    /// By the total of a measure; unknown totals last.
    Total(Measure),
    /// By the names of the groups, outermost first, by bytes.
    Name,
}

/// An ordering of groups; ties go by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct GroupOrder {
    pub by: GroupSort,
    pub direction: Direction,
}

impl Default for GroupOrder {
    /// The greatest quantity first.
    fn default() -> Self {
        Self { by: GroupSort::Total(Measure::Quantity), direction: Direction::Descending }
    }
}

impl GroupOrder {
    /// The measure it needs, if any.
    pub(super) fn measure(self) -> Option<Measure> {
        match self.by {
            GroupSort::Total(measure) => Some(measure),
            GroupSort::Name => None,
        }
    }
}
