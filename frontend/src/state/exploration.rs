//! Which demand is explored: what is measured, by what it is grouped, in which buckets, and of what.

use super::filters::Selection;
use super::period::Period;
use super::{Pairs, UrlState};
use crate::graphql::queries::enums::{DemandGroup, DemandMeasure, Granularity};

/// How many days back one looks unless told otherwise.
const DAYS: u16 = 365;

/// What the address says where demand is not grouped.
const NONE: &str = "none";

/// The state of the page that explores demand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExploreState {
    /// At least one; the first is drawn.
    pub measures: Vec<DemandMeasure>,
    /// Outermost first; none is the whole.
    pub groups: Vec<DemandGroup>,
    pub granularity: Granularity,
    pub period: Period,
    pub selection: Selection,
    /// Codes of regions.
    pub regions: Vec<String>,
}

impl Default for ExploreState {
    fn default() -> Self {
        Self {
            measures: vec![DemandMeasure::Quantity],
            groups: vec![DemandGroup::Family],
            granularity: Granularity::Month,
            period: Period::Last(DAYS),
            selection: Selection::default(),
            regions: Vec::new(),
        }
    }
}

impl ExploreState {
    /// The measure that is drawn and sorted by.
    pub fn first(&self) -> DemandMeasure {
        self.measures.first().copied().unwrap_or(DemandMeasure::Quantity)
    }

    /// Without what only analysts may measure.
    #[must_use]
    pub fn without_costs(mut self) -> Self {
        self.measures.retain(|measure| !measure.is_of_money());
        if self.measures.is_empty() {
            self.measures = Self::default().measures;
        }
        self
    }
}

impl UrlState for ExploreState {
    fn read(pairs: &Pairs) -> Self {
        let plain = Self::default();
        let measures = pairs.list("measure", DemandMeasure::of);
        let groups = pairs.list("group", DemandGroup::of);
        Self {
            measures: if measures.is_empty() { plain.measures } else { measures },
            groups: if groups.is_empty() && pairs.get("group") != Some(NONE) { plain.groups } else { groups },
            granularity: pairs.get("by").and_then(Granularity::of).unwrap_or(plain.granularity),
            period: Period::read(pairs, DAYS),
            selection: Selection::read(pairs),
            regions: pairs.all("region").filter(|code| !code.is_empty()).map(str::to_owned).collect(),
        }
    }

    fn write(&self, pairs: &mut Pairs) {
        let plain = Self::default();
        if self.measures != plain.measures {
            pairs.push_list("measure", &self.measures, DemandMeasure::word);
        }
        if self.groups.is_empty() {
            pairs.push("group", NONE);
        } else if self.groups != plain.groups {
            pairs.push_list("group", &self.groups, DemandGroup::word);
        }
        if self.granularity != plain.granularity {
            pairs.push("by", self.granularity.word());
        }
        self.period.write(pairs, DAYS);
        self.selection.write(pairs);
        for code in &self.regions {
            pairs.push("region", code.clone());
        }
    }
}
