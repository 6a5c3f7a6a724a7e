//! The frame that all charts share: quiet axes, hairlines instead of boxes, labels of the language.

use charming::component::{Axis, Grid};
use charming::datatype::DataPoint;
use charming::element::{
    AreaStyle, AxisLabel, AxisLine, AxisPointer, AxisPointerType, AxisTick, AxisType, LineStyle, SplitLine, Symbol,
    TextStyle, Tooltip, Trigger,
};
use charming::series::Line;

use super::{Chart, Look};
use crate::day::Day;
use crate::graphql::queries::enums::Granularity;

/// An empty chart with its axes: places across, quantities up.
pub fn frame(look: &Look, places: Vec<String>) -> Chart {
    Chart {
        grid: Grid::new().left(8).right(12).top(16).bottom(4).contain_label(true),
        tooltip: Tooltip::new()
            .trigger(Trigger::Axis)
            .axis_pointer(AxisPointer::new().type_(AxisPointerType::Line).line_style(hairline(look))),
        x_axis: named(look, places),
        y_axis: counted(look),
        visual_map: None,
        series: Vec::new(),
    }
}

/// An axis of names.
pub fn named(look: &Look, names: Vec<String>) -> Axis {
    Axis::new()
        .type_(AxisType::Category)
        .data(names)
        .axis_tick(AxisTick::new().show(false))
        .axis_line(AxisLine::new().show(false))
        .axis_label(label(look))
}

/// An axis of quantities, from zero.
pub fn counted(look: &Look) -> Axis {
    Axis::new()
        .type_(AxisType::Value)
        .min(0)
        .split_number(4)
        .axis_line(AxisLine::new().show(false))
        .split_line(SplitLine::new().line_style(hairline(look)))
        .axis_label(label(look))
}

/// An axis of quantities that says what they are.
pub fn named_axis(look: &Look, name: &str) -> Axis {
    let style = TextStyle::new().color(look.palette.text.as_str()).font_size(12).align("left");
    counted(look).name(name).name_text_style(style)
}

fn label(look: &Look) -> AxisLabel {
    AxisLabel::new().color(look.palette.text.as_str()).font_size(12)
}

fn hairline(look: &Look) -> LineStyle {
    LineStyle::new().color(look.palette.line.as_str()).width(1)
}

/// What days or buckets are called on the axis.
pub fn labels_of(look: &Look, days: &[Day], granularity: Granularity) -> Vec<String> {
    days.iter().map(|day| label_of(look, *day, granularity)).collect()
}

/// What a bucket is called on the axis.
pub fn label_of(look: &Look, day: Day, granularity: Granularity) -> String {
    match granularity {
        Granularity::Day | Granularity::Week => look.lang.short_date(day),
        Granularity::Month | Granularity::Quarter => look.lang.month(day),
        Granularity::Year => day.parts().0.to_string(),
    }
}

/// What a bucket is called in full, above what is told of it.
pub fn heading_of(look: &Look, day: Day, granularity: Granularity) -> String {
    let lang = look.lang;
    match granularity {
        Granularity::Day => lang.date(day),
        Granularity::Week => format!("{} {}", lang.texts().week_of, lang.date(day)),
        _ => lang.month(day),
    }
}

/// A layer of a band. ECharts has no series for bands, so they are stacked: a clear foot up to the lower edge, then heights.
pub fn layer(id: &str, stack: &str, fill: AreaStyle, heights: Vec<DataPoint>) -> Line {
    Line::new()
        .id(id)
        .stack(stack)
        .silent(true)
        .symbol(Symbol::None)
        .line_style(LineStyle::new().opacity(0).width(0))
        .area_style(fill)
        .data(heights)
}

/// A column of numbers where a missing one leaves a gap. Not-a-number is a gap too: JSON has no other word for it.
pub fn column(values: impl IntoIterator<Item = Option<f64>>) -> Vec<DataPoint> {
    values.into_iter().map(|value| DataPoint::from(value.filter(|number| number.is_finite()).map(rounded))).collect()
}

/// Four decimals, the scale of the database: keeps sums of floats from travelling with their noise.
fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}
