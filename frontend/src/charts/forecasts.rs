//! The charts of the page of the forecasts: several on one axis, what bands covered, and what came beside what was forecast.

use charming::element::{AreaStyle, ItemStyle, LineStyle, LineStyleType, Symbol};
use charming::series::{Bar, Line};

use super::accuracy::{Coverage, leads};
use super::axes::{column, frame, heading_of, labels_of, layer, named_axis};
use super::comparison::{Comparison, Curve};
use super::{Chart, Drawn, Look};
use crate::graphql::queries::enums::Granularity;
use crate::graphql::queries::forecasts::ItemAccuracy;
use crate::i18n::fill;

/// How many colours there are; series beyond them have the same again, dashed.
pub const HUES: usize = 4;

/// Longer names are cut in what a pointer finds, which has no room for eight of them.
const NAME: usize = 32;

/// A line for each mean in its band. All bands lie under all lines.
pub fn comparison(of: &Comparison, look: &Look) -> Drawn {
    let (lang, texts) = (look.lang, look.lang.texts());
    let unit = match (of.measure, of.normalised, of.granularity) {
        (Some(measure), ..) => measure,
        (None, true, _) => texts.own_level,
        (None, false, Granularity::Day) => texts.units_a_day,
        (None, false, _) => texts.units_a_week,
    };
    let mut chart = frame(look, labels_of(look, &of.dates, of.granularity));
    chart.y_axis = named_axis(look, unit);
    chart.grid = chart.grid.top(36);
    for curve in of.curves.iter().filter(|curve| curve.has_band()) {
        let (foot, height) = (format!("foot-{}", curve.place), format!("band-{}", curve.place));
        let edges = |edge: fn((f64, f64)) -> f64| column(curve.bands.iter().map(|band| band.map(edge)));
        let clear = AreaStyle::new().opacity(0);
        let filled = AreaStyle::new().color(colour(look, curve.place)).opacity(0.14);
        chart = chart.series(layer(&foot, &height, clear, edges(|(lower, _)| lower))).series(layer(
            &height,
            &height,
            filled,
            edges(|(lower, upper)| upper - lower),
        ));
    }
    for curve in &of.curves {
        chart = chart.series(mean(curve, of.granularity, look));
    }
    let tips = of.dates.iter().enumerate().map(|(index, date)| {
        let mut lines = vec![heading_of(look, *date, of.granularity)];
        for curve in &of.curves {
            let Some(mean) = curve.means.get(index).copied().flatten() else { continue };
            let band = curve
                .bands
                .get(index)
                .copied()
                .flatten()
                .map(|(lower, upper)| format!(" ({} – {})", lang.quantity(lower), lang.quantity(upper)));
            lines.push(format!("{}: {}{}", short(&curve.name), lang.quantity(mean), band.unwrap_or_default()));
        }
        lines.join("\n")
    });
    let tips = tips.collect();
    Drawn { chart, tips }
}

fn mean(curve: &Curve, granularity: Granularity, look: &Look) -> Line {
    let colour = colour(look, curve.place);
    let dash = if curve.place < HUES { LineStyleType::Solid } else { LineStyleType::Dashed };
    Line::new()
        .id(format!("mean-{}", curve.place))
        .name(curve.name.as_str())
        .symbol(if granularity == Granularity::Day { Symbol::None } else { Symbol::Circle })
        .line_style(LineStyle::new().color(colour).width(2).type_(dash))
        .item_style(ItemStyle::new().color(colour))
        .data(column(curve.means.iter().copied()))
}

/// What the 80 % band covered, in per cent, by range of leads, and what a true band would have.
pub fn coverage(of: &[Coverage], look: &Look) -> Drawn {
    let (lang, texts) = (look.lang, look.lang.texts());
    let percent = |share: Option<f64>| share.map(|share| share * 100.0);
    let places = of.iter().map(|range| leads(lang, range.from, range.to)).collect();
    let mut chart = beside(
        look,
        places,
        of.iter().map(|range| percent(range.measured)),
        of.iter().map(|range| percent(range.ideal)),
    );
    chart.y_axis = named_axis(look, "%").max(100);
    chart.grid = chart.grid.top(36);
    let tips = of.iter().map(|range| {
        let mut lines = vec![leads(lang, range.from, range.to)];
        for (name, share) in [(texts.measured, range.measured), (texts.true_band, range.ideal)] {
            lines.extend(share.map(|share| fill("{0}: {1}", &[name, &lang.percent(share)])));
        }
        lines.join("\n")
    });
    let tips = tips.collect();
    Drawn { chart, tips }
}

/// What came in each week, and what had been forecast for it before it began.
pub fn judged(of: &ItemAccuracy, look: &Look) -> Drawn {
    let (lang, texts) = (look.lang, look.lang.texts());
    let chart = beside(
        look,
        labels_of(look, &of.weeks, Granularity::Week),
        of.actuals.iter().copied().map(Some),
        of.forecasts.iter().copied().map(Some),
    );
    let tips = of.weeks.iter().zip(&of.actuals).zip(&of.forecasts).map(|((week, actual), forecast)| {
        let heading = heading_of(look, *week, Granularity::Week);
        let told = |name: &str, quantity: f64| fill("{0}: {1}", &[name, &lang.quantity(quantity)]);
        [heading, told(texts.actual, *actual), told(texts.forecast, *forecast)].join("\n")
    });
    let tips = tips.collect();
    Drawn { chart, tips }
}

/// Bars of what is fact and a line of what it is held against.
fn beside(
    look: &Look,
    places: Vec<String>,
    fact: impl Iterator<Item = Option<f64>>,
    against: impl Iterator<Item = Option<f64>>,
) -> Chart {
    let palette = &look.palette;
    let bars = Bar::new()
        .id("fact")
        .bar_width("60%")
        .item_style(ItemStyle::new().color(palette.actual.as_str()).border_radius(1))
        .data(column(fact));
    let line = Line::new()
        .id("against")
        .symbol(Symbol::Circle)
        .line_style(LineStyle::new().color(palette.forecast.as_str()).width(2))
        .item_style(ItemStyle::new().color(palette.forecast.as_str()))
        .data(column(against));
    frame(look, places).series(bars).series(line)
}

fn colour(look: &Look, place: usize) -> &str {
    look.palette.series.get(place % HUES).map_or(look.palette.forecast.as_str(), String::as_str)
}

fn short(name: &str) -> String {
    if name.chars().count() <= NAME { name.to_owned() } else { name.chars().take(NAME - 1).chain(['…']).collect() }
}
