//! Rows of cells as groups over one zero-filled axis.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sea_orm::QueryResult;

use super::measure::Measure;
use super::source::{Detail, details, is_of_lines};
use super::{Column, DemandQuery, GroupKey, GroupSeries, Grouped};
use crate::Result;

/// Sums of one group and bucket.
#[derive(Debug, Clone, Copy, Default)]
struct Cell {
    quantity: Decimal,
    cost: Option<Decimal>,
    demand_days: Decimal,
    stocked_out_days: Option<Decimal>,
    costed: Option<Decimal>,
    peak: Decimal,
}

impl Cell {
    fn add(&mut self, row: &QueryResult, details: &[Detail]) -> Result<()> {
        let sum = |known: Option<Decimal>, more: Option<Decimal>| match (known, more) {
            (Some(known), Some(more)) => Some(known + more),
            (known, more) => known.or(more),
        };
        self.quantity += row.try_get::<Decimal>("", "quantity")?;
        self.cost = sum(self.cost, row.try_get("", "cost")?);
        self.demand_days += row.try_get::<Decimal>("", "demand_days")?;
        self.stocked_out_days = sum(self.stocked_out_days, row.try_get("", "stocked_out_days")?);
        for detail in details {
            match detail.of {
                Measure::Peak => self.peak = self.peak.max(row.try_get("", detail.name)?),
                _ => self.costed = sum(self.costed, row.try_get("", detail.name)?),
            }
        }
        Ok(())
    }

    fn value(&self, measure: Measure) -> Option<Decimal> {
        match measure {
            Measure::Quantity => Some(self.quantity),
            Measure::Cost => self.cost,
            Measure::DemandDays => Some(self.demand_days),
            Measure::StockedOutDays => self.stocked_out_days,
            Measure::MeanUnitCost => {
                let costed = self.costed.filter(|costed| !costed.is_zero())?;
                self.cost.map(|cost| (cost / costed).round_dp_with_strategy(4, AWAY))
            }
            Measure::Peak => Some(self.peak),
        }
    }
}

/// How PostgreSQL rounds a numeric.
const AWAY: rust_decimal::RoundingStrategy = rust_decimal::RoundingStrategy::MidpointAwayFromZero;

pub(super) fn answer(query: &DemandQuery, rows: &[QueryResult]) -> Result<Grouped> {
    let mut answer = Grouped::default();
    let mut cells: Vec<BTreeMap<NaiveDate, Cell>> = Vec::new();
    let mut place = None;
    let details = details(query);
    for row in rows {
        answer.data_through = row.try_get("", "through")?;
        let Some(day) = row.try_get::<Option<NaiveDate>>("", "day")? else {
            continue;
        };
        let here: Option<i64> = row.try_get("", "place")?;
        if here != place {
            place = here;
            answer.groups.push(group(query, row)?);
            cells.push(BTreeMap::new());
        }
        if let Some(cells) = cells.last_mut() {
            // Quarters and years come as months.
            cells.entry(query.granularity.start(day)).or_default().add(row, &details)?;
        }
    }
    if query.group_by.is_empty() && query.having.is_empty() && answer.groups.is_empty() {
        // The whole is always there, even when it is nothing.
        answer.groups.push(nothing(query));
        cells.push(BTreeMap::new());
    }
    let limit = query.limit.max(1) as usize;
    if answer.groups.len() > limit {
        answer.has_more = true;
        answer.groups.truncate(limit);
        cells.truncate(limit);
    }
    // One axis for all groups: from the asked first day, or the first bucket with a row, to what the loads vouch for.
    let first = query.filter.from.or_else(|| cells.iter().filter_map(|cells| cells.keys().next().copied()).min());
    let last = match (query.filter.to, answer.data_through) {
        (Some(to), Some(through)) => Some(to.min(through)),
        (_, through) => through,
    };
    if let (Some(first), Some(last)) = (first, last) {
        answer.dates = query.granularity.buckets(first, last);
    }
    for (group, cells) in answer.groups.iter_mut().zip(&cells) {
        let along = |measure: Measure| -> Vec<Option<Decimal>> {
            let absent = of_nothing(query, measure);
            answer.dates.iter().map(|date| cells.get(date).map_or(absent, |cell| cell.value(measure))).collect()
        };
        group.quantities = along(Measure::Quantity).into_iter().map(Option::unwrap_or_default).collect();
        for column in &mut group.columns {
            column.values = along(column.measure);
        }
    }
    Ok(answer)
}

fn group(query: &DemandQuery, row: &QueryResult) -> Result<GroupSeries> {
    let (values, labels): (Vec<String>, Vec<String>) = (row.try_get("", "keys")?, row.try_get("", "labels")?);
    let parts = query.group_by.iter().zip(values).zip(labels);
    let total = |n: usize| row.try_get::<Option<Decimal>>("", &format!("t{n}"));
    let columns = query.measures.iter().zip(3..);
    Ok(GroupSeries {
        keys: parts.map(|((&group, value), label)| GroupKey { group, value, label }).collect(),
        quantities: Vec::new(),
        total: total(1)?.unwrap_or_default(),
        cost: total(2)?,
        columns: columns
            .map(|(&measure, n)| Ok(Column { measure, values: Vec::new(), total: total(n)? }))
            .collect::<Result<_>>()?,
    })
}

fn nothing(query: &DemandQuery) -> GroupSeries {
    let columns = query.measures.iter();
    GroupSeries {
        keys: Vec::new(),
        quantities: Vec::new(),
        total: Decimal::ZERO,
        cost: None,
        columns: columns
            .map(|&measure| Column { measure, values: Vec::new(), total: of_nothing(query, measure) })
            .collect(),
    }
}

fn of_nothing(query: &DemandQuery, measure: Measure) -> Option<Decimal> {
    measure.of_nothing().filter(|_| !(measure == Measure::StockedOutDays && is_of_lines(query)))
}
