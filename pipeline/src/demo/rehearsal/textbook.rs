//! The policy of every textbook: s = mean over lead time and review + z sigma sqrt(lead time + review), S = s + a cycle.

use planning::policy::position::textbook_safety_stock;
use planning::policy::{LeadTimes, ServiceLevels, order_quantity};

use super::{Action, Books, Buyer, CYCLE_DAYS, ShelfBook};

/// Days that mean and deviation are taken over.
const TRAILING: usize = 365;
/// Days after which lead times are learnt anew.
const LEARNT: usize = 28;

/// Orders up to S when what is on hand and on order is at s or below, at the service levels of our own policy.
#[derive(Debug)]
pub struct Textbook {
    review_days: usize,
    levels: ServiceLevels,
    lead_times: Option<LeadTimes>,
}

impl Textbook {
    /// Looks at each shelf once in so many days, at least one.
    pub fn new(review_days: usize) -> Self {
        Self { review_days, levels: ServiceLevels::default(), lead_times: None }
    }
}

impl Buyer for Textbook {
    fn morning(&mut self, books: &Books<'_>) -> Vec<Action> {
        if books.day.is_multiple_of(LEARNT) || self.lead_times.is_none() {
            self.lead_times = Some(LeadTimes::learn(books.receipts));
        }
        let Some(lead_times) = &self.lead_times else { return Vec::new() };
        let due = books.shelves.iter().filter(|shelf| shelf.due(books.day, self.review_days));
        due.filter_map(|shelf| {
            let days = lead_times.of(shelf.item as i64, shelf.site as i64).mean() + self.review_days as f64;
            let (mean, deviation) = moments(shelf)?;
            let level = self.levels.of(shelf.abc, shelf.criticality);
            let whole = |value: f64| if shelf.whole { value.ceil() } else { value };
            let reorder_point = whole(mean * days + textbook_safety_stock(level, deviation, days));
            let order_up_to = reorder_point + whole(mean * CYCLE_DAYS as f64);
            let available = shelf.on_hand + shelf.on_order();
            let (min, max) = (Some(shelf.min_quantity), Some(shelf.max_quantity));
            (available <= reorder_point && order_up_to > available).then(|| Action::Order {
                shelf: shelf.shelf,
                quantity: order_quantity(order_up_to - available, min, max, Some(shelf.pack), shelf.whole),
            })
        })
        .collect()
    }
}

/// Mean and standard deviation of a day's demand, over the days on which the shelf was not empty; `None` without demand.
fn moments(shelf: &ShelfBook<'_>) -> Option<(f64, f64)> {
    let from = shelf.given_out.len().saturating_sub(TRAILING);
    let known = shelf.given_out[from..].iter().zip(&shelf.stocked_out[from..]).filter(|(_, out)| !**out);
    let (mut days, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for (quantity, _) in known {
        days += 1.0;
        sum += quantity;
        squares += quantity * quantity;
    }
    let mean = sum / days;
    (sum > 0.0).then(|| (mean, (squares / days - mean * mean).max(0.0).sqrt()))
}
