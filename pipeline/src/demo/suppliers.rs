//! Who delivers, how long it takes, and how often it is late.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::catalog;
use super::draw::{Draw, Subject};
use super::rows::{OrderRow, OrderStatus, SupplierRow, SupplierType};

/// A supplier and how it behaves. The company does not see these numbers, only their consequences.
pub(super) struct Supplier {
    pub(super) row: SupplierRow,
    /// The family it sells, as an index of the catalog.
    pub(super) family: usize,
    /// Days it promises, before freight.
    pub(super) promised_days: i64,
    /// Probability that a line comes as promised.
    punctual: f64,
    /// Mean of the days by which a late line is late.
    late_days: f64,
    /// Probability that it never delivers.
    gives_up: f64,
    /// First and last day (of the history) of its bad time, when everything takes longer.
    bad_time: (usize, usize),
    /// Price against the item's cost.
    pub(super) price: f64,
}

/// What becomes of one order line.
pub(super) struct Fate {
    /// Days after the promise; negative is early.
    pub(super) slip_days: i64,
    pub(super) gives_up: bool,
}

impl Supplier {
    /// Draws the fate of a line ordered on the history's day `day`.
    pub(super) fn fate(&self, day: usize, draw: &mut Draw) -> Fate {
        let bad = (self.bad_time.0..=self.bad_time.1).contains(&day);
        let punctual = if bad { self.punctual * 0.6 } else { self.punctual };
        let slip_days = if draw.chance(punctual) { -draw.between(0, 2) } else { 1 + draw.geometric(self.late_days) };
        Fate { slip_days, gives_up: draw.chance(self.gives_up) }
    }
}

const WORDS: &[&str] = &[
    "JACARANDÁ",
    "IPÊ",
    "MANDACARU",
    "ARAUCÁRIA",
    "BURITI",
    "CARNAÚBA",
    "JATOBÁ",
    "PEROBA",
    "SUCUPIRA",
    "UMBUZEIRO",
    "CEDRO",
    "AROEIRA",
    "JEQUITIBÁ",
    "ANGICO",
    "PAINEIRA",
    "QUARESMEIRA",
];

/// The suppliers: about one for a dozen items, each selling one family, most of them domestic.
pub(super) fn make(items: usize, days: usize, seed: u64) -> Vec<Supplier> {
    let count = (items / 12).max(3);
    (0..count)
        .map(|index| {
            let mut draw = Draw::new(seed, Subject::Suppliers, index);
            let family = index % catalog::FAMILIES.len();
            // By position, not by chance, so that a small company has all three kinds as well.
            let (kind, promised_days, late_days) = match index % 10 {
                2 | 7 => (SupplierType::Import, draw.between(30, 60), 12.0),
                4 => (SupplierType::Hybrid, draw.between(12, 28), 8.0),
                _ => (SupplierType::Domestic, draw.between(4, 16), 5.0),
            };
            let punctual = if draw.chance(0.2) { draw.range(0.78, 0.88) } else { draw.range(0.91, 0.985) };
            let length = draw.between(25, 50) as usize;
            // One in eight is in trouble now; the others were at some time.
            let bad_from = if index % 8 == 5 { days.saturating_sub(length) } else { draw.position(days) };
            let words = WORDS[index % WORDS.len()];
            let again = index / WORDS.len();
            let number = if again == 0 { String::new() } else { format!(" {}", again + 1) };
            Supplier {
                row: SupplierRow {
                    code: format!("F{:04}", 1001 + index).into(),
                    name: format!("{words}{number} {} DEMO LTDA", catalog::FAMILIES[family].trade),
                    r#type: kind,
                    lead_time_median_days: None,
                    lead_time_p90_days: None,
                    on_time_rate: None,
                    reliability: None,
                    active: true,
                },
                family,
                promised_days,
                punctual,
                late_days,
                gives_up: if draw.chance(0.25) { 0.03 } else { 0.005 },
                bad_time: (bad_from, bad_from + length),
                price: draw.range(0.94, 1.08),
            }
        })
        .collect()
}

/// Fills the four measures from the lines themselves: median and 90th percentile (nearest rank) of days from order to
/// receipt; on-time rate of received lines; reliability as the share of all lines due by `until` that came on time.
pub(super) fn measure(suppliers: &mut [Supplier], orders: &[OrderRow], until: NaiveDate) {
    #[derive(Default)]
    struct Record {
        lead_days: Vec<i64>,
        on_time: usize,
        due: usize,
    }
    let mut records: HashMap<&str, Record> = HashMap::new();
    for order in orders {
        let record = records.entry(&*order.supplier_code).or_default();
        if order.expected_delivery <= until || order.status == OrderStatus::Received {
            record.due += 1;
        }
        if let Some(actual) = order.actual_delivery {
            record.lead_days.push((actual - order.order_date).num_days());
            record.on_time += usize::from(actual <= order.expected_delivery);
        }
    }
    for supplier in suppliers {
        let Some(record) = records.get_mut(&*supplier.row.code) else {
            continue;
        };
        record.lead_days.sort_unstable();
        let received = record.lead_days.len();
        let rank = |percent: usize| record.lead_days.get((received * percent).div_ceil(100).saturating_sub(1));
        supplier.row.lead_time_median_days = rank(50).map(|days| *days as f64);
        supplier.row.lead_time_p90_days = rank(90).map(|days| *days as f64);
        supplier.row.on_time_rate = (received > 0).then(|| record.on_time as f64 / received as f64);
        supplier.row.reliability = (record.due > 0).then(|| record.on_time as f64 / record.due as f64);
    }
}
