//! Charts as pure functions from numbers to `charming` values, snapshot-tested without a browser.
//! Nothing here fetches, knows the page or touches the DOM; `components/chart.rs` puts the result on the screen.
//! Start at [`outlook`], the data behind a demand chart and its table; [`demand`] and [`inventory`] draw.

use charming::Chart;

use crate::i18n::Lang;

pub mod axes;
pub mod demand;
pub mod inventory;
pub mod outlook;

/// The colours of the page that charts use, read from its CSS custom properties.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Palette {
    pub actual: String,
    pub forecast: String,
    pub band_wide: String,
    pub band_narrow: String,
    pub warning: String,
    pub danger: String,
    pub text: String,
    pub line: String,
}

/// How to draw: in which colours, in which language.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Look {
    pub palette: Palette,
    pub lang: Lang,
}

/// A chart with the text that a pointer finds over each place of its axis.
#[derive(Clone, Debug)]
pub struct Drawn {
    pub chart: Chart,
    /// One text per category of the horizontal axis, lines separated by `\n`.
    pub tips: Vec<String>,
}
