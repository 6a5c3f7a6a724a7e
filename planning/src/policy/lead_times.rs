//! What past receipts say about the next: whose lead time an item has.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::lead_time::LeadTime;

/// Lead time in days where the company has recorded no receipt at all.
const UNKNOWN: usize = 14;
/// An item with fewer receipts of its own borrows its supplier's.
const OWN_RECEIPTS: usize = 5;
/// Points of a lead time's distribution: more would only cost time.
const POINTS: usize = 20;

/// One received order line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    pub item: i64,
    pub supplier: Option<i64>,
    /// From order to receipt.
    pub days: usize,
}

/// The lead time of every item: its own receipts', else those of the supplier that delivers it most often, else that of
/// all there are.
#[derive(Debug, Clone)]
pub struct LeadTimes {
    by_item: HashMap<i64, LeadTime>,
    all: LeadTime,
}

impl LeadTimes {
    pub fn learn(receipts: &[Receipt]) -> Self {
        let mut items: HashMap<i64, Vec<&Receipt>> = HashMap::new();
        let mut suppliers: HashMap<i64, Vec<usize>> = HashMap::new();
        for receipt in receipts {
            items.entry(receipt.item).or_default().push(receipt);
            if let Some(supplier) = receipt.supplier {
                suppliers.entry(supplier).or_default().push(receipt.days);
            }
        }
        let all = thinned(receipts.iter().map(|receipt| receipt.days).collect());
        let by_supplier: HashMap<i64, LeadTime> =
            suppliers.into_iter().filter_map(|(id, days)| Some((id, thinned(days)?))).collect();
        let by_item = items.into_iter().filter_map(|(item, own)| {
            let known = if own.len() >= OWN_RECEIPTS {
                thinned(own.iter().map(|receipt| receipt.days).collect())
            } else {
                by_supplier.get(&usual(&own)?).cloned()
            };
            Some((item, known?))
        });
        Self { by_item: by_item.collect(), all: all.unwrap_or_else(|| LeadTime::fixed(UNKNOWN)) }
    }

    pub fn of(&self, item: i64) -> &LeadTime {
        self.by_item.get(&item).unwrap_or(&self.all)
    }
}

/// The supplier with the most receipts, the lowest id of equals.
fn usual(receipts: &[&Receipt]) -> Option<i64> {
    let mut counts: HashMap<i64, usize> = HashMap::new();
    for supplier in receipts.iter().filter_map(|receipt| receipt.supplier) {
        *counts.entry(supplier).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(supplier, count)| (*count, Reverse(*supplier))).map(|(supplier, _)| supplier)
}

/// The distribution at equally likely points.
fn thinned(mut days: Vec<usize>) -> Option<LeadTime> {
    days.sort_unstable();
    if days.len() > POINTS {
        days = (0..POINTS).map(|at| days[(2 * at + 1) * days.len() / (2 * POINTS)]).collect();
    }
    LeadTime::observed(&days)
}
