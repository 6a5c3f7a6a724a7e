//! ABC (how much an item matters) and XYZ (how much its demand varies): the two axes of the inventory matrix.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Where ABC cuts: items in descending order are A until `a` of the whole is reached, B until `b`, C behind.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct AbcCuts {
    /// A share of the whole.
    pub a: f64,
    /// A greater one.
    pub b: f64,
}

impl Default for AbcCuts {
    /// Pareto's 80 %, and 95 %.
    fn default() -> Self {
        Self { a: 0.80, b: 0.95 }
    }
}

/// Where XYZ cuts: up to which coefficient of variation of weekly demand an item is X, and Y.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct XyzCuts {
    pub x: f64,
    /// A greater one.
    pub y: f64,
}

impl Default for XyzCuts {
    fn default() -> Self {
        Self { x: 0.5, y: 1.0 }
    }
}

/// A matters most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AbcClass {
    A,
    B,
    C,
}

/// X is the steadiest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum XyzClass {
    X,
    Y,
    Z,
}

/// What the ABC classes were counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AbcBasis {
    /// Demand times unit cost.
    Value,
    /// Demand lines, because not one item has a cost.
    DemandLines,
}

/// One item's year.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct AbcInput {
    /// Units demanded.
    pub quantity: f64,
    /// Lines on which they were demanded.
    pub lines: f64,
    pub unit_cost: Option<f64>,
}

/// Classes in the order of the items.
#[derive(Debug, Clone, PartialEq)]
pub struct Abc {
    pub basis: AbcBasis,
    pub classes: Vec<AbcClass>,
}

/// Classifies items by their share of the value demanded; by demand lines when no item has a cost.
///
/// The item that carries the sum across a cut still belongs to the better class, so the biggest item is always A; items of
/// no weight are C; equal weights are ranked by position. Items without a cost among others that have one weigh nothing.
pub fn abc(items: &[AbcInput], cuts: AbcCuts) -> Abc {
    let basis = if items.iter().any(|item| item.unit_cost.is_some_and(|cost| cost > 0.0)) {
        AbcBasis::Value
    } else {
        AbcBasis::DemandLines
    };
    let weight = |item: &AbcInput| {
        let weight = match basis {
            AbcBasis::Value => item.quantity * item.unit_cost.unwrap_or(0.0),
            AbcBasis::DemandLines => item.lines,
        };
        if weight.is_finite() { weight.max(0.0) } else { 0.0 }
    };
    let mut ranked: Vec<(usize, f64)> = items.iter().map(weight).enumerate().collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
    let total: f64 = ranked.iter().map(|item| item.1).sum();
    let mut classes = vec![AbcClass::C; items.len()];
    let mut before = 0.0;
    for (at, weight) in ranked {
        classes[at] = if weight <= 0.0 || before >= cuts.b * total {
            AbcClass::C
        } else if before >= cuts.a * total {
            AbcClass::B
        } else {
            AbcClass::A
        };
        before += weight;
    }
    Abc { basis, classes }
}

/// Classifies an item by the coefficient of variation of its weekly demand (sample standard deviation over mean);
/// `None` below four weeks or without demand. A value on a cut belongs to the steadier class.
pub fn xyz(weekly: &[f64], cuts: XyzCuts) -> Option<XyzClass> {
    let n = weekly.len() as f64;
    let mean = weekly.iter().sum::<f64>() / n;
    if weekly.len() < 4 || mean <= 0.0 {
        return None;
    }
    let variance = weekly.iter().map(|w| (w - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let variation = variance.sqrt() / mean;
    Some(if variation <= cuts.x {
        XyzClass::X
    } else if variation <= cuts.y {
        XyzClass::Y
    } else {
        XyzClass::Z
    })
}

/// The text names no class.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown class {0:?}")]
pub struct UnknownClass(pub String);

macro_rules! letters {
    ($class:ident: $($letter:ident),+) => {
        impl $class {
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$letter => stringify!($letter)),+ }
            }
        }

        impl fmt::Display for $class {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $class {
            type Err = UnknownClass;

            fn from_str(text: &str) -> Result<Self, UnknownClass> {
                match text { $(stringify!($letter) => Ok(Self::$letter),)+ other => Err(UnknownClass(other.to_owned())) }
            }
        }
    };
}

letters!(AbcClass: A, B, C);
letters!(XyzClass: X, Y, Z);
