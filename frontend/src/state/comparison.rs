//! Which forecasts are compared, and how.

use super::period::HORIZONS;
use super::{Pairs, UrlState};
use crate::graphql::queries::enums::{ForecastLevel, Granularity};

/// How many series one chart can still tell apart.
pub const MOST: usize = 8;

/// The bucket widths of a comparison.
pub const STEPS: [Granularity; 2] = [Granularity::Day, Granularity::Week];

/// What the address says where nothing at all is chosen.
const NONE: &str = "none";

/// A series that is forecast: the whole company, a family, a region by its code, or a material by its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    pub level: ForecastLevel,
    /// Empty for the whole company.
    pub member: String,
}

impl Series {
    /// The whole company.
    pub fn whole() -> Self {
        Self { level: ForecastLevel::All, member: String::new() }
    }

    /// The series a URL's word stands for.
    pub fn of(word: &str) -> Option<Self> {
        let (level, member) = word.split_once(':').unwrap_or((word, ""));
        let level = ForecastLevel::of(level).filter(|level| *level != ForecastLevel::ItemSite)?;
        let whole = level == ForecastLevel::All;
        (whole == member.is_empty()).then(|| Self { level, member: member.to_owned() })
    }

    /// The word that stands for this series in a URL and in `data-` attributes.
    pub fn word(&self) -> String {
        let level = self.level.word();
        if self.member.is_empty() { level.to_owned() } else { format!("{level}:{}", self.member) }
    }
}

/// The state of the page of the forecasts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComparisonState {
    /// At most [`MOST`], each once.
    pub series: Vec<Series>,
    pub granularity: Granularity,
    /// Days ahead.
    pub horizon: u16,
    /// Whether each series is divided by its own mean level.
    pub normalised: bool,
    /// The material that was chosen to be held against what came.
    pub judged: Option<String>,
}

impl Default for ComparisonState {
    fn default() -> Self {
        Self {
            series: vec![Series::whole()],
            granularity: Granularity::Day,
            horizon: 90,
            normalised: false,
            judged: None,
        }
    }
}

impl ComparisonState {
    /// Adds a series unless it is there or there is no room.
    pub fn add(&mut self, series: Series) {
        if self.series.len() < MOST && !self.series.contains(&series) {
            self.series.push(series);
        }
    }

    /// Takes a series away, by its word.
    pub fn remove(&mut self, word: &str) {
        self.series.retain(|series| series.word() != word);
    }

    /// What is chosen of a level.
    pub fn members(&self, level: ForecastLevel) -> Vec<String> {
        self.series.iter().filter(|series| series.level == level).map(|series| series.member.clone()).collect()
    }

    /// Chooses exactly these of a level; what was there before stays where it was.
    pub fn choose(&mut self, level: ForecastLevel, members: Vec<String>) {
        self.series.retain(|series| series.level != level || members.contains(&series.member));
        for member in members {
            self.add(Series { level, member });
        }
    }

    /// The material that is held against what came: the one chosen for it, else the first.
    pub fn judged(&self) -> Option<String> {
        let materials = self.members(ForecastLevel::Item);
        let chosen = self.judged.as_ref().filter(|sku| materials.contains(sku));
        chosen.or(materials.first()).cloned()
    }
}

impl UrlState for ComparisonState {
    fn read(pairs: &Pairs) -> Self {
        let mut state = Self { series: Vec::new(), ..Self::default() };
        for series in pairs.all("of").filter_map(Series::of) {
            state.add(series);
        }
        if state.series.is_empty() && pairs.get("of") != Some(NONE) {
            state.series = Self::default().series;
        }
        let by = pairs.get("by").and_then(Granularity::of).filter(|by| STEPS.contains(by));
        state.granularity = by.unwrap_or(state.granularity);
        let horizon = pairs.get("horizon").and_then(|text| text.parse().ok()).filter(|days| HORIZONS.contains(days));
        state.horizon = horizon.unwrap_or(state.horizon);
        state.normalised = pairs.get("scale") == Some("own");
        state.judged = pairs.get("judged").filter(|sku| !sku.is_empty()).map(str::to_owned);
        state
    }

    fn write(&self, pairs: &mut Pairs) {
        let plain = Self::default();
        if self.series.is_empty() {
            pairs.push("of", NONE);
        } else if self.series != plain.series {
            for series in &self.series {
                pairs.push("of", series.word());
            }
        }
        if self.granularity != plain.granularity {
            pairs.push("by", self.granularity.word());
        }
        if self.horizon != plain.horizon {
            pairs.push("horizon", self.horizon.to_string());
        }
        if self.normalised {
            pairs.push("scale", "own");
        }
        if let Some(sku) = &self.judged {
            pairs.push("judged", sku.clone());
        }
    }
}

/// Gives each series a colour by its place among [`MOST`]. What stays keeps its own, so that taking one away recolours nothing.
pub fn placed(before: &[(Series, usize)], now: Vec<Series>) -> Vec<(Series, usize)> {
    let kept = |series: &Series| before.iter().find(|(other, _)| other == series).map(|(_, place)| *place);
    let mut taken: Vec<usize> = now.iter().filter_map(kept).collect();
    let places = now.into_iter().map(|series| {
        let place = kept(&series).unwrap_or_else(|| {
            let free = (0..MOST).find(|place| !taken.contains(place)).unwrap_or(0);
            taken.push(free);
            free
        });
        (series, place)
    });
    places.collect()
}
