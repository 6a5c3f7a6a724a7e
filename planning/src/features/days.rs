//! What a history says over the days that end with one of its days.

use super::rows::History;

/// A history with running counts, so that a window costs two look-ups. Every entry rests on earlier days alone.
pub(super) struct Days<'a> {
    history: &'a History<'a>,
    /// Before each day: sum of known demand, known days, days with demand, days out of stock.
    before: Vec<(f64, usize, usize, usize)>,
    /// The last day with demand, up to each day.
    last: Vec<Option<usize>>,
}

/// What a window holds.
pub(super) struct Window {
    pub mean: Option<f64>,
    pub demand_days: usize,
    pub stockout_days: usize,
}

impl<'a> Days<'a> {
    pub fn new(history: &'a History<'a>) -> Self {
        let (mut before, mut last) = (vec![(0.0, 0, 0, 0)], Vec::with_capacity(history.quantities.len()));
        for at in 0..history.quantities.len() {
            let (sum, known, demanded, out) = before[at];
            let demand = demand(history, at);
            let any = usize::from(demand.is_some_and(|demand| demand > 0.0));
            before.push((
                sum + demand.unwrap_or(0.0),
                known + usize::from(demand.is_some()),
                demanded + any,
                out + usize::from(is_out(history, at)),
            ));
            last.push(if any > 0 { Some(at) } else { last.last().copied().flatten() });
        }
        Self { history, before, last }
    }

    /// Demand `lag` days before day `at`; `None` where it is not known.
    pub fn demand(&self, at: usize, lag: usize) -> Option<f64> {
        demand(self.history, at.checked_sub(lag)?)
    }

    pub fn stocked_out(&self, at: usize) -> bool {
        is_out(self.history, at)
    }

    /// The last `days` days up to `at`, as far as the history goes back.
    pub fn window(&self, at: usize, days: usize) -> Window {
        let (from, to) = (self.before[(at + 1).saturating_sub(days)], self.before[at + 1]);
        let known = to.1 - from.1;
        Window {
            mean: (known > 0).then(|| ((to.0 - from.0) / known as f64).max(0.0)),
            demand_days: to.2 - from.2,
            stockout_days: to.3 - from.3,
        }
    }

    pub fn since_demand(&self, at: usize) -> Option<usize> {
        self.last[at].map(|last| at - last)
    }
}

fn is_out(history: &History<'_>, at: usize) -> bool {
    history.stocked_out.get(at).copied().unwrap_or(false)
}

fn demand(history: &History<'_>, at: usize) -> Option<f64> {
    let quantity = history.quantities.get(at).copied().filter(|quantity| quantity.is_finite() && *quantity >= 0.0);
    quantity.filter(|_| !is_out(history, at))
}
