//! A shelf: what lies on it and what is on its way, in ticks of the item's unit.

use chrono::NaiveDate;

/// An ordered line that is still open.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub(super) placed: NaiveDate,
    pub(super) expected: NaiveDate,
    /// The day on which it leaves the open lines, received or cancelled.
    pub(super) closes: NaiveDate,
    pub(super) ticks: i64,
    /// Whether it ever comes.
    pub(super) comes: bool,
    /// By its place among the suppliers; `None` for what another site sends.
    pub(super) supplier: Option<usize>,
}

/// One item at one site. A day runs: receive, serve what the shelf holds, close.
#[derive(Debug, Clone, Default)]
pub(super) struct Shelf {
    pub(super) on_hand: i64,
    pub(super) open: Vec<Line>,
}

impl Shelf {
    pub(super) fn with(on_hand: i64) -> Self {
        Self { on_hand, open: Vec::new() }
    }

    pub(super) fn on_order(&self) -> i64 {
        self.open.iter().map(|line| line.ticks).sum()
    }

    /// Takes in what comes today; `closed` sees every line that is open no more. Answers the ticks received.
    pub(super) fn receive(&mut self, today: NaiveDate, mut closed: impl FnMut(&Line)) -> i64 {
        let mut received = 0;
        self.open.retain(|line| {
            if line.closes > today {
                return true;
            }
            received += if line.comes { line.ticks } else { 0 };
            closed(line);
            false
        });
        self.on_hand += received;
        received
    }

    /// Gives out what is wanted, as far as there is any. Answers the ticks served.
    pub(super) fn serve(&mut self, wanted: i64) -> i64 {
        let served = wanted.min(self.on_hand);
        self.on_hand -= served;
        served
    }
}
