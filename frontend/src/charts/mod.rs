//! Charts as pure functions from numbers to `charming` values, snapshot-tested without a browser.
//! Nothing here fetches, knows the page or touches the DOM; `components/chart.rs` puts the result on the screen.
//! Start at [`outlook`], the data behind a demand chart and its table, which [`demand`] and [`inventory`] draw; and at
//! [`health`], the data behind the page of the stock, which [`stock`] draws; and at [`comparison`] and [`accuracy`], those of
//! the page of the forecasts, which [`forecasts`] draws.

use charming::component::{Axis, Grid, VisualMap};
use charming::element::Tooltip;
use charming::series::{Bar, Heatmap, Line};
use serde::Serialize;

use crate::i18n::Lang;

pub mod axes;

pub mod demand;
pub mod inventory;
pub mod outlook;

pub mod health;
pub mod stock;

pub mod accuracy;
pub mod comparison;
pub mod forecasts;

/// The colours of the page that charts use, read from its CSS custom properties.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Palette {
    pub actual: String,
    pub forecast: String,
    /// What tells series of one kind from each other.
    pub series: Vec<String>,
    pub band_wide: String,
    pub band_narrow: String,
    pub warning: String,
    pub danger: String,
    pub text: String,
    /// What is written on a colour.
    pub ink: String,
    pub line: String,
    pub surface: String,
}

/// How to draw: in which colours, in which language.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Look {
    pub palette: Palette,
    pub lang: Lang,
}

/// A chart of the parts that ours have. `charming::Chart` has room for everything that ECharts draws, and the code that writes
/// all of it out would be a fifth of what every reader fetches.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Chart {
    pub grid: Grid,
    pub tooltip: Tooltip,
    pub x_axis: Axis,
    pub y_axis: Axis,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visual_map: Option<VisualMap>,
    pub series: Vec<Series>,
}

impl Chart {
    /// With one more series, above the others.
    #[must_use]
    pub fn series(mut self, series: impl Into<Series>) -> Self {
        self.series.push(series.into());
        self
    }
}

/// A series of the kinds that we draw.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Series {
    Bar(Box<Bar>),
    Heatmap(Box<Heatmap>),
    Line(Box<Line>),
}

impl From<Bar> for Series {
    fn from(bar: Bar) -> Self {
        Self::Bar(Box::new(bar))
    }
}

impl From<Heatmap> for Series {
    fn from(heatmap: Heatmap) -> Self {
        Self::Heatmap(Box::new(heatmap))
    }
}

impl From<Line> for Series {
    fn from(line: Line) -> Self {
        Self::Line(Box::new(line))
    }
}

/// A chart with the text that a pointer finds over each place of its axis.
#[derive(Clone, Debug)]
pub struct Drawn {
    pub chart: Chart,
    /// One text per category of the horizontal axis, lines separated by `\n`.
    pub tips: Vec<String>,
}
