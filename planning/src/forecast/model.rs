//! What a point forecast is: an unfitted model, its fitted type, and the names they are stored under.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::class::ADI_CUT;
use super::models::{
    Adida, Combination, CrostonSba, Ets, HistoricMean, Imapa, SeasonalNaive, SeasonalSes, Ses, Theta, Tsb,
};
use super::window::{Grid, Window};

/// A method with its settings, before it has seen data.
pub trait Model {
    /// The same method with what it learnt.
    type Fitted: FittedModel;

    /// Learns from a window with at least one observed step; never fails and never looks past the window's end.
    fn fit(&self, window: &Window<'_>) -> Self::Fitted;
}

/// A method after it has seen data. Its name is part of it, so a forecast cannot be stored under another's.
pub trait FittedModel: Send + Sync {
    fn name(&self) -> ModelName;

    /// Mean demand of the step `lead` after the window's last (the first is 1), finite and never negative. Steps of the
    /// window's own grid: only [`ModelName::fit`] knows about closed days.
    fn mean(&self, lead: usize) -> f64;
}

/// A model of the open days, asked by day of the calendar.
struct OnOpenDays {
    fitted: Box<dyn FittedModel>,
    grid: Grid,
}

impl FittedModel for OnOpenDays {
    fn name(&self) -> ModelName {
        self.fitted.name()
    }

    fn mean(&self, lead: usize) -> f64 {
        self.grid.open_lead(lead).map_or(0.0, |step| self.fitted.mean(step))
    }
}

/// Days that tell how often demand comes of late, and the fewest steps that can.
const RECENT_DAYS: usize = 182;
const FEW: usize = 10;

/// Every model that can stand behind a stored forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ModelName {
    SeasonalNaive,
    HistoricMean,
    Ses,
    SeasonalSes,
    Theta,
    /// ETS(A,Ad,N): damped trend, no season.
    EtsAadn,
    /// ETS(A,N,A): additive season, no trend.
    EtsAna,
    /// ETS(A,Ad,A): additive season, damped trend.
    EtsAada,
    CrostonSba,
    Tsb,
    Adida,
    Imapa,
    /// The median of several of the above.
    Combination,
    /// Fallback: no demand was ever seen, so none is forecast.
    AllZero,
    /// Fallback: one step with demand; its quantity is spread over the observed steps.
    SingleDemand,
    /// Fallback: ten observed steps or fewer; their mean.
    ShortSeries,
    /// Fallback: demand is known on fewer than half of the steps, so nothing that counts steps can be told; their mean.
    GappySeries,
    /// The item's forecast by this site's share, because the site alone has too few days with demand.
    Allocated,
}

impl ModelName {
    pub const ALL: [Self; 18] = [
        Self::SeasonalNaive,
        Self::HistoricMean,
        Self::Ses,
        Self::SeasonalSes,
        Self::Theta,
        Self::EtsAadn,
        Self::EtsAna,
        Self::EtsAada,
        Self::CrostonSba,
        Self::Tsb,
        Self::Adida,
        Self::Imapa,
        Self::Combination,
        Self::AllZero,
        Self::SingleDemand,
        Self::ShortSeries,
        Self::GappySeries,
        Self::Allocated,
    ];
    /// Models that compete in a backtest: the first of [`Self::ALL`].
    pub const CANDIDATES: usize = 13;
    /// At most this many observed steps make a short series.
    pub const SHORT: usize = 10;

    pub fn as_str(self) -> &'static str {
        match self {
            Self::SeasonalNaive => "SEASONAL_NAIVE",
            Self::HistoricMean => "HISTORIC_MEAN",
            Self::Ses => "SES",
            Self::SeasonalSes => "SEASONAL_SES",
            Self::Theta => "THETA",
            Self::EtsAadn => "ETS_AADN",
            Self::EtsAna => "ETS_ANA",
            Self::EtsAada => "ETS_AADA",
            Self::CrostonSba => "CROSTON_SBA",
            Self::Tsb => "TSB",
            Self::Adida => "ADIDA",
            Self::Imapa => "IMAPA",
            Self::Combination => "COMBINATION",
            Self::AllZero => "ALL_ZERO",
            Self::SingleDemand => "SINGLE_DEMAND",
            Self::ShortSeries => "SHORT_SERIES",
            Self::GappySeries => "GAPPY_SERIES",
            Self::Allocated => "ALLOCATED",
        }
    }

    /// The labelled fallback that this window calls for, if it is too poor for a choice of models.
    pub fn fallback(window: &Window<'_>) -> Option<Self> {
        match window.demand_steps() {
            0 => Some(Self::AllZero),
            1 => Some(Self::SingleDemand),
            _ if window.observed.len() <= Self::SHORT => Some(Self::ShortSeries),
            _ if 2 * window.observed.len() < window.len() => Some(Self::GappySeries),
            _ => None,
        }
    }

    /// The models worth trying on this window. ETS with a season wants demand in most steps and four seasons of it.
    pub fn candidates(window: &Window<'_>) -> &'static [Self] {
        const ANY: &[ModelName] = &[
            ModelName::SeasonalNaive,
            ModelName::HistoricMean,
            ModelName::Ses,
            ModelName::SeasonalSes,
            ModelName::Theta,
            ModelName::EtsAadn,
            ModelName::CrostonSba,
            ModelName::Tsb,
            ModelName::Adida,
            ModelName::Imapa,
            ModelName::Combination,
        ];
        const SEASONAL: &[ModelName] = &[
            ModelName::SeasonalNaive,
            ModelName::HistoricMean,
            ModelName::Ses,
            ModelName::SeasonalSes,
            ModelName::Theta,
            ModelName::EtsAadn,
            ModelName::EtsAna,
            ModelName::EtsAada,
            ModelName::CrostonSba,
            ModelName::Tsb,
            ModelName::Adida,
            ModelName::Imapa,
            ModelName::Combination,
        ];
        if Self::dense(window) && Self::seasonal(window) { SEASONAL } else { ANY }
    }

    /// Whether demand comes in most steps of late: a company that grew is judged by what it has become.
    pub(crate) fn dense(window: &Window<'_>) -> bool {
        let recent = window.recent(window.steps(RECENT_DAYS).max(FEW));
        let demands = recent.iter().filter(|q| **q > 0.0).count() as f64;
        recent.len() as f64 / demands < ADI_CUT
    }

    /// Whether the window is long enough to learn a season.
    pub(crate) fn seasonal(window: &Window<'_>) -> bool {
        window.season() > 1 && window.len() >= 4 * window.season()
    }

    /// Fits the model of this name; its leads count calendar steps, and a closed day's mean is zero. `ALLOCATED` is no
    /// model of a window alone and answers as its mean.
    pub fn fit(self, window: &Window<'_>) -> Box<dyn FittedModel> {
        let fitted = self.fit_steps(window);
        if window.grid.skips() { Box::new(OnOpenDays { fitted, grid: window.grid }) } else { fitted }
    }

    /// The same, its leads counting steps of the window's own grid.
    pub(crate) fn fit_steps(self, window: &Window<'_>) -> Box<dyn FittedModel> {
        match self {
            Self::SeasonalNaive => Box::new(SeasonalNaive.fit(window)),
            Self::Ses => Box::new(Ses::default().fit(window)),
            Self::SeasonalSes => Box::new(SeasonalSes.fit(window)),
            Self::Theta => Box::new(Theta::default().fit(window)),
            Self::EtsAadn => Box::new(Ets { damped_trend: true, seasonal: false }.fit(window)),
            Self::EtsAna => Box::new(Ets { damped_trend: false, seasonal: true }.fit(window)),
            Self::EtsAada => Box::new(Ets { damped_trend: true, seasonal: true }.fit(window)),
            Self::CrostonSba => Box::new(CrostonSba::default().fit(window)),
            Self::Tsb => Box::new(Tsb::default().fit(window)),
            Self::Adida => Box::new(Adida::default().fit(window)),
            Self::Imapa => Box::new(Imapa::default().fit(window)),
            Self::Combination => Box::new(Combination.fit(window)),
            Self::HistoricMean
            | Self::AllZero
            | Self::SingleDemand
            | Self::ShortSeries
            | Self::GappySeries
            | Self::Allocated => Box::new(HistoricMean { label: self }.fit(window)),
        }
    }

    pub(crate) fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for ModelName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text names no model of ours.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown model {0:?}")]
pub struct UnknownModel(pub String);

impl FromStr for ModelName {
    type Err = UnknownModel;

    fn from_str(text: &str) -> Result<Self, UnknownModel> {
        Self::ALL.into_iter().find(|name| name.as_str() == text).ok_or_else(|| UnknownModel(text.to_owned()))
    }
}
