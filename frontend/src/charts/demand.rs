//! Demand as bars, the forecast as a line in a fan: what happened is grey fact, what is expected has the page's colour.

use charming::element::{
    AreaStyle, Color, ItemStyle, Label, LabelPosition, LineStyle, LineStyleType, MarkArea, MarkAreaData, MarkLine,
    MarkLineData, MarkLineVariant, Symbol,
};
use charming::series::{Bar, Line};

use super::axes::{column, frame, heading_of, labels_of, layer};
use super::outlook::{Outlook, Row};
use super::{Drawn, Look};
use crate::graphql::queries::enums::Granularity;
use crate::i18n::fill;

/// Draws an outlook. The order of its series is fixed: bars first, then the layers of the fan from below, then the mean.
pub fn demand(outlook: &Outlook, look: &Look) -> Drawn {
    let rows = &outlook.rows;
    let texts = look.lang.texts();
    let palette = &look.palette;
    let dates: Vec<_> = rows.iter().map(|row| row.date).collect();

    let mut bars = Bar::new()
        .id("actual")
        .name(texts.actual)
        .bar_width("70%")
        .item_style(ItemStyle::new().color(palette.actual.as_str()).border_radius(1))
        .data(column(rows.iter().map(|row| row.actual)));
    if let Some(index) = today_index(outlook) {
        bars = bars.mark_line(today_line(index, look));
    }

    let mut chart = frame(look, labels_of(look, &dates, outlook.granularity)).series(bars);
    for (id, colour, height) in layers() {
        let fill = match colour {
            Layer::Clear => AreaStyle::new().opacity(0),
            Layer::Wide => AreaStyle::new().color(palette.band_wide.as_str()).opacity(1),
            Layer::Narrow => AreaStyle::new().color(palette.band_narrow.as_str()).opacity(1),
        };
        chart = chart.series(layer(id, "fan", fill, column(rows.iter().map(height))));
    }
    let mut mean = Line::new()
        .id("mean")
        .name(texts.forecast)
        .symbol(if outlook.granularity == Granularity::Day { Symbol::None } else { Symbol::Circle })
        .line_style(LineStyle::new().color(palette.forecast.as_str()).width(2))
        .item_style(ItemStyle::new().color(palette.forecast.as_str()))
        .data(column(rows.iter().map(|row| row.mean)));
    if let Some(area) = stocked_out(rows, outlook.granularity, look) {
        mean = mean.mark_area(area);
    }
    Drawn { chart: chart.series(mean), tips: rows.iter().map(|row| tip(row, outlook.granularity, look)).collect() }
}

enum Layer {
    Clear,
    Wide,
    Narrow,
}

type Height = fn(&Row) -> Option<f64>;

/// The layers of the fan from below, each band's height on top of the last. Heights are never negative because the edges were
/// cut at zero and ordered.
fn layers() -> [(&'static str, Layer, Height); 4] {
    [
        ("foot", Layer::Clear, |row| row.wide.map(|(lower, _)| lower)),
        ("lower", Layer::Wide, |row| {
            row.wide.map(|(lower, upper)| (middle(row).map_or(upper, |(low, _)| low) - lower).max(0.0))
        }),
        ("middle", Layer::Narrow, |row| row.wide.map(|_| middle(row).map_or(0.0, |(low, high)| high - low))),
        ("upper", Layer::Wide, |row| {
            row.wide.map(|(_, upper)| middle(row).map_or(0.0, |(_, high)| upper - high).max(0.0))
        }),
    ]
}

/// The narrow band, held inside the wide one.
fn middle(row: &Row) -> Option<(f64, f64)> {
    let ((lower, upper), (low, high)) = (row.wide?, row.narrow?);
    Some((low.clamp(lower, upper), high.clamp(lower, upper)))
}

fn today_index(outlook: &Outlook) -> Option<usize> {
    let today = outlook.today?;
    let index = outlook.rows.iter().position(|row| row.date >= today)?;
    (index > 0).then_some(index)
}

fn today_line(index: usize, look: &Look) -> MarkLine {
    let palette = &look.palette;
    let label = Label::new()
        .formatter(look.lang.texts().today)
        .position(LabelPosition::InsideEndTop)
        .rotate("0")
        .color(palette.text.as_str())
        .font_size(11);
    MarkLine::new()
        .silent(true)
        .symbol(vec![Symbol::None, Symbol::None])
        .label(label)
        .line_style(LineStyle::new().color(palette.text.as_str()).width(1).type_(LineStyleType::Dashed))
        .data(vec![MarkLineVariant::Simple(MarkLineData::new().x_axis(index as f64))])
}

/// Shades days without stock, whose missing demand is not a lack of demand. Neighbouring days become one area.
fn stocked_out(rows: &[Row], granularity: Granularity, look: &Look) -> Option<MarkArea> {
    let mut spans: Vec<(usize, usize)> = Vec::new();
    for (index, _) in rows.iter().enumerate().filter(|(_, row)| row.stocked_out) {
        match spans.last_mut() {
            Some((_, last)) if *last + 1 == index => *last = index,
            _ => spans.push((index, index)),
        }
    }
    let edge = |index: usize| MarkAreaData::new().x_axis(super::axes::label_of(look, rows[index].date, granularity));
    let colour: Color = look.palette.danger.as_str().into();
    (!spans.is_empty()).then(|| {
        MarkArea::new()
            .silent(true)
            .item_style(ItemStyle::new().color(colour).opacity(0.14))
            .data(spans.into_iter().map(|(first, last)| (edge(first), edge(last))).collect())
    })
}

fn tip(row: &Row, granularity: Granularity, look: &Look) -> String {
    let (lang, texts) = (look.lang, look.lang.texts());
    let range = |(low, high)| format!("{} – {}", lang.quantity(low), lang.quantity(high));
    let mut lines = vec![heading_of(look, row.date, granularity)];
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            lines.push(fill("{0}: {1}", &[name, &value]));
        }
    };
    add(texts.actual, row.actual.map(|quantity| lang.quantity(quantity)));
    add(texts.forecast, row.mean.map(|mean| lang.quantity(mean)));
    add(texts.band80, row.wide.map(range));
    add(texts.band50, row.narrow.map(range));
    if row.stocked_out {
        lines.push(texts.stocked_out.to_owned());
    }
    lines.join("\n")
}
