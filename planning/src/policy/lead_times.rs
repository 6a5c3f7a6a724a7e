//! What past receipts say about the next: whose lead time an item has at a site.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::lead_time::LeadTime;

/// Lead time in days where the company has recorded no receipt at all.
const UNKNOWN: usize = 14;
/// An item with fewer receipts of its own borrows its supplier's.
const OWN_RECEIPTS: usize = 5;
/// Points of a lead time's distribution: more would only cost time.
const POINTS: usize = 20;

/// A site with fewer receipts is taken to be as far away as the others.
const SITE_RECEIPTS: usize = 20;

/// One received order line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    pub item: i64,
    pub site: i64,
    pub supplier: Option<i64>,
    /// From order to receipt.
    pub days: usize,
}

/// The lead time of every item at every site: how far the site is, and the rest. The rest is that of the item's own receipts,
/// else of the supplier that delivers it most often, else of all there are.
///
/// How far a site is: the median, over its receipts, of the days beyond the median of the same supplier. Without it a site
/// next to the depot would hold stock for the freight to the furthest.
#[derive(Debug, Clone)]
pub struct LeadTimes {
    by_item: HashMap<i64, LeadTime>,
    all: LeadTime,
    /// Days by which a site's receipts take longer than usual, or shorter.
    beyond: HashMap<i64, i64>,
}

impl LeadTimes {
    pub fn learn(receipts: &[Receipt]) -> Self {
        let beyond = beyond(receipts);
        let near = |receipt: &Receipt| {
            let beyond = beyond.get(&receipt.site).copied().unwrap_or(0);
            usize::try_from(receipt.days as i64 - beyond).unwrap_or(0)
        };
        let mut items: HashMap<i64, Vec<&Receipt>> = HashMap::new();
        let mut suppliers: HashMap<i64, Vec<usize>> = HashMap::new();
        for receipt in receipts {
            items.entry(receipt.item).or_default().push(receipt);
            if let Some(supplier) = receipt.supplier {
                suppliers.entry(supplier).or_default().push(near(receipt));
            }
        }
        let all = thinned(receipts.iter().map(near).collect());
        let by_supplier: HashMap<i64, LeadTime> =
            suppliers.into_iter().filter_map(|(id, days)| Some((id, thinned(days)?))).collect();
        let by_item = items.into_iter().filter_map(|(item, own)| {
            let known = if own.len() >= OWN_RECEIPTS {
                thinned(own.iter().map(|receipt| near(receipt)).collect())
            } else {
                by_supplier.get(&usual(&own)?).cloned()
            };
            Some((item, known?))
        });
        Self { by_item: by_item.collect(), all: all.unwrap_or_else(|| LeadTime::fixed(UNKNOWN)), beyond }
    }

    pub fn of(&self, item: i64, site: i64) -> LeadTime {
        let near = self.by_item.get(&item).unwrap_or(&self.all);
        near.later(self.beyond.get(&site).copied().unwrap_or(0))
    }
}

/// How far each site is, in days beyond what its suppliers usually take.
fn beyond(receipts: &[Receipt]) -> HashMap<i64, i64> {
    let mut suppliers: HashMap<Option<i64>, Vec<i64>> = HashMap::new();
    for receipt in receipts {
        suppliers.entry(receipt.supplier).or_default().push(receipt.days as i64);
    }
    let usual: HashMap<Option<i64>, i64> =
        suppliers.into_iter().map(|(supplier, days)| (supplier, median(days))).collect();
    let mut sites: HashMap<i64, Vec<i64>> = HashMap::new();
    for receipt in receipts {
        let usual = usual.get(&receipt.supplier).copied().unwrap_or(0);
        sites.entry(receipt.site).or_default().push(receipt.days as i64 - usual);
    }
    sites.retain(|_, days| days.len() >= SITE_RECEIPTS);
    sites.into_iter().map(|(site, days)| (site, median(days))).collect()
}

/// The lower median of at least one number.
fn median(mut days: Vec<i64>) -> i64 {
    let middle = (days.len().max(1) - 1) / 2;
    if days.is_empty() { 0 } else { *days.select_nth_unstable(middle).1 }
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
