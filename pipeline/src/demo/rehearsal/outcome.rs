//! What a year under a buyer came to.

use planning::abc::AbcClass;

/// Figures of one ABC class, or of all.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ClassFigures {
    shelf_days: f64,
    empty: f64,
    wanted: f64,
    given_out: f64,
    /// Mean over the evenings of the value on the shelves.
    pub mean_value: f64,
}

impl ClassFigures {
    /// Share of shelf-days that closed with nothing on hand.
    pub fn stock_out_rate(&self) -> f64 {
        self.empty / self.shelf_days.max(1.0)
    }

    /// Value given out, of the value wanted.
    pub fn fill_rate(&self) -> f64 {
        if self.wanted > 0.0 { self.given_out / self.wanted } else { 1.0 }
    }
}

/// The figures of a rehearsal.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outcome {
    pub all: ClassFigures,
    /// A, B, C.
    pub classes: [ClassFigures; 3],
    pub orders: u64,
    pub moves: u64,
}

/// One shelf's day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Evening {
    pub class: AbcClass,
    pub wanted: f64,
    pub given_out: f64,
    pub on_hand: f64,
    pub unit_cost: f64,
    /// Whether the item is on the list.
    pub active: bool,
}

impl Outcome {
    pub(super) fn add(&mut self, evening: &Evening, days: usize) {
        let Evening { class, wanted, given_out, on_hand, unit_cost, active } = *evening;
        for figures in [&mut self.all, &mut self.classes[class as usize]] {
            if active {
                figures.shelf_days += 1.0;
                figures.empty += f64::from(u8::from(on_hand <= 0.0));
            }
            figures.mean_value += on_hand * unit_cost / days as f64;
            figures.wanted += wanted * unit_cost;
            figures.given_out += given_out * unit_cost;
        }
    }
}
