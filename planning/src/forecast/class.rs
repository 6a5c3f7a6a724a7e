//! What kind of demand a history shows: the classes of Syntetos, Boylan and Croston (2005), "On the categorization of
//! demand patterns", JORS 56, and four for histories that those cannot describe.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::window::Window;

/// Mean interval between demands, in steps, from which demand is intermittent.
pub const ADI_CUT: f64 = 1.32;
/// Squared coefficient of variation of the demand sizes from which they are erratic.
pub const CV2_CUT: f64 = 0.49;
/// A history shorter than this is new.
const NEW_DAYS: usize = 56;
/// Silence shorter than this is never obsolescence.
const SILENCE_DAYS: usize = 180;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DemandClass {
    /// Often, in similar quantities.
    Smooth,
    /// Often, in very different quantities.
    Erratic,
    /// Seldom, in similar quantities.
    Intermittent,
    /// Seldom, in very different quantities.
    Lumpy,
    /// Less than eight weeks of history.
    New,
    /// Silent for half a year and for more than five of its usual intervals.
    Obsolete,
    /// Never demanded.
    NoDemand,
    /// Out of stock on most days: what was wanted is not known.
    Censored,
}

impl DemandClass {
    pub const ALL: [Self; 8] = [
        Self::Smooth,
        Self::Erratic,
        Self::Intermittent,
        Self::Lumpy,
        Self::New,
        Self::Obsolete,
        Self::NoDemand,
        Self::Censored,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Smooth => "SMOOTH",
            Self::Erratic => "ERRATIC",
            Self::Intermittent => "INTERMITTENT",
            Self::Lumpy => "LUMPY",
            Self::New => "NEW",
            Self::Obsolete => "OBSOLETE",
            Self::NoDemand => "NO_DEMAND",
            Self::Censored => "CENSORED",
        }
    }

    /// The class of what is known at the window's end.
    pub fn of(window: &Window<'_>) -> Self {
        let steps = window.len();
        let demand = window.demand_steps();
        // Most days missing says more than anything the others show.
        if steps > 0 && 2 * window.observed.len() < steps {
            return Self::Censored;
        }
        if demand == 0 {
            return Self::NoDemand;
        }
        if steps < window.steps(NEW_DAYS) {
            return Self::New;
        }
        let silence = window.observed.iter().rev().take_while(|q| **q <= 0.0).count();
        let active = window.observed.len() - silence;
        let usual = active as f64 / demand as f64;
        // 5.3 mean intervals: (1 - 1/ADI)^(5.3 ADI) is about half a percent, so chance is a poor excuse.
        if silence >= window.steps(SILENCE_DAYS) && silence as f64 > 5.3 * usual {
            return Self::Obsolete;
        }
        match (interval(window) < ADI_CUT, variation(window) < CV2_CUT) {
            (true, true) => Self::Smooth,
            (true, false) => Self::Erratic,
            (false, true) => Self::Intermittent,
            (false, false) => Self::Lumpy,
        }
    }

    pub(crate) fn index(self) -> usize {
        self as usize
    }
}

/// ADI: observed steps per step with demand; infinite without demand.
pub fn interval(window: &Window<'_>) -> f64 {
    window.observed.len() as f64 / window.demand_steps() as f64
}

/// CV2: squared coefficient of variation (sample variance) of the non-zero demands; zero for fewer than two.
pub fn variation(window: &Window<'_>) -> f64 {
    let (n, sum) = window.observed.iter().filter(|q| **q > 0.0).fold((0.0, 0.0), |(n, s), q| (n + 1.0, s + q));
    if n < 2.0 {
        return 0.0;
    }
    let mean: f64 = sum / n;
    let squares: f64 = window.observed.iter().filter(|q| **q > 0.0).map(|q| (q - mean).powi(2)).sum();
    squares / (n - 1.0) / (mean * mean)
}

impl fmt::Display for DemandClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text names no demand class.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown demand class {0:?}")]
pub struct UnknownClass(pub String);

impl FromStr for DemandClass {
    type Err = UnknownClass;

    fn from_str(text: &str) -> Result<Self, UnknownClass> {
        Self::ALL.into_iter().find(|class| class.as_str() == text).ok_or_else(|| UnknownClass(text.to_owned()))
    }
}
