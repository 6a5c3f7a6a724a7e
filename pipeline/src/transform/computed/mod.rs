//! The rules of what was computed elsewhere: forecasts in two shapes, features, key figures. `docs/OFFLINE.md` tells them.
//!
//! Lives here: one judge a kind of file, each given one row at a time. Never here: an error; what cannot be used comes back
//! as a [`Reject`](super::Reject). Nothing is invented: a quantile that was not given stays absent. Start at
//! [`Forecasts`]; `older` is the shape of older pipelines, `runs` makes runs of both.

mod features;
mod forecasts;
mod kpis;
mod measure;
mod older;
mod runs;

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use super::slug;

pub use features::{Features, GivenFeatures};
pub use forecasts::{Ended, Forecasts, Series};
pub use kpis::{FIGURES, GivenKpi, Kpis};
pub use runs::{GivenDay, GivenRun};

/// What is stored, and may therefore be referred to.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Ids by sku.
    pub items: HashMap<String, i64>,
    /// Ids by code.
    pub sites: HashMap<String, i64>,
    pub families: HashSet<String>,
    /// Codes.
    pub regions: HashSet<String>,
}

impl Known {
    /// The id of the site that a text names: by its code as it is, or as the code that facts would make of it.
    fn site(&self, text: &str) -> Option<i64> {
        self.sites.get(text.trim()).or_else(|| self.sites.get(&slug(text))).copied()
    }
}

/// Numbers for values that come again and again.
#[derive(Debug)]
struct Numbers<T> {
    all: Vec<T>,
    by_value: HashMap<T, u32>,
}

impl<T> Default for Numbers<T> {
    fn default() -> Self {
        Self { all: Vec::new(), by_value: HashMap::new() }
    }
}

impl<T: Clone + Eq + Hash> Numbers<T> {
    fn of(&mut self, value: T) -> u32 {
        if let Some(number) = self.by_value.get(&value) {
            return *number;
        }
        let number = self.all.len() as u32;
        self.all.push(value.clone());
        self.by_value.insert(value, number);
        number
    }
}
