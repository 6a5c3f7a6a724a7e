//! The part of a history that a model may see.

use std::borrow::Cow;

use super::series::Frequency;
use super::week::Week;

/// The steps before an origin. Models get a window, never a series, so they cannot look ahead.
///
/// Steps on closed weekdays are left out; leads still count every day of the calendar, see [`Grid::open_lead`].
#[derive(Debug, Clone)]
pub struct Window<'a> {
    pub quantities: Cow<'a, [f64]>,
    pub censored: Cow<'a, [bool]>,
    pub frequency: Frequency,
    /// The uncensored steps, in order: what a model without a season sees.
    pub observed: Cow<'a, [f64]>,
    pub grid: Grid,
    calendar_steps: usize,
}

/// Which days ahead are steps of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Grid {
    week: Week,
    /// Weekday of the first day ahead.
    ahead: usize,
}

impl Grid {
    /// Whether some weekdays are closed, so that leads and steps differ.
    pub fn skips(&self) -> bool {
        self.week.open() < 7
    }

    /// The step of the window's own grid that `lead` (from 1) is; `None` on a closed day.
    pub fn open_lead(&self, lead: usize) -> Option<usize> {
        if !self.skips() {
            return Some(lead);
        }
        if self.week.is_closed(self.ahead + lead - 1) {
            return None;
        }
        let rest = (0..lead % 7).filter(|day| !self.week.is_closed(self.ahead + day)).count();
        Some(lead / 7 * self.week.open() + rest)
    }
}

impl<'a> Window<'a> {
    pub fn new(quantities: &'a [f64], censored: &'a [bool], frequency: Frequency) -> Self {
        Self {
            quantities: Cow::Borrowed(quantities),
            censored: Cow::Borrowed(censored),
            frequency,
            observed: observed(quantities, censored).map_or(Cow::Borrowed(quantities), Cow::Owned),
            grid: Grid::default(),
            calendar_steps: quantities.len(),
        }
    }

    /// Without the closed days of `week`; `first` is the weekday of the first step.
    pub(crate) fn on(mut self, week: Week, first: usize) -> Self {
        self.grid = Grid { week, ahead: (first + self.quantities.len()) % 7 };
        if week.open() == 7 {
            return self;
        }
        let open = |at: &usize| !week.is_closed(first + at);
        let kept: Vec<usize> = (0..self.quantities.len()).filter(open).collect();
        let quantities: Vec<f64> = kept.iter().map(|at| self.quantities[*at]).collect();
        let censored: Vec<bool> = kept.iter().map(|at| self.censored[*at]).collect();
        self.observed = Cow::Owned(observed(&quantities, &censored).unwrap_or_else(|| quantities.clone()));
        self.quantities = Cow::Owned(quantities);
        self.censored = Cow::Owned(censored);
        self
    }

    /// Steps of the calendar that the window covers, closed days included.
    pub(crate) fn calendar_steps(&self) -> usize {
        self.calendar_steps
    }

    /// Steps, censored ones included.
    pub fn len(&self) -> usize {
        self.quantities.len()
    }

    pub fn is_empty(&self) -> bool {
        self.quantities.is_empty()
    }

    /// Steps with demand among the observed.
    pub fn demand_steps(&self) -> usize {
        self.observed.iter().filter(|q| **q > 0.0).count()
    }

    /// Mean of the observed steps; zero when there are none.
    pub fn mean(&self) -> f64 {
        if self.observed.is_empty() { 0.0 } else { self.observed.iter().sum::<f64>() / self.observed.len() as f64 }
    }

    /// Steps of the window in one season.
    pub fn season(&self) -> usize {
        if self.frequency == Frequency::Day { self.grid.week.open() } else { self.frequency.season() }
    }

    /// Steps of the window that cover `days`, at least one.
    pub fn steps(&self, days: usize) -> usize {
        if self.grid.week.open() == 7 {
            self.frequency.steps(days)
        } else {
            (days * self.grid.week.open()).div_ceil(7).max(1)
        }
    }

    /// Steps of the window's own grid in so many steps of the calendar, at least one.
    pub(crate) fn steps_of_leads(&self, leads: usize) -> usize {
        (leads * self.grid.week.open() / 7).max(1)
    }

    /// The last `steps` of the observed.
    pub(crate) fn recent(&self, steps: usize) -> &[f64] {
        &self.observed[self.observed.len().saturating_sub(steps)..]
    }
}

/// The uncensored steps, if they are not all.
fn observed(quantities: &[f64], censored: &[bool]) -> Option<Vec<f64>> {
    censored
        .contains(&true)
        .then(|| quantities.iter().zip(censored).filter(|(_, censored)| !**censored).map(|(q, _)| *q).collect())
}
