//! The charts of the page of the stock: how long it lasts, by which classes, and what it is worth by family.

use charming::component::VisualMap;
use charming::element::{
    AxisPointer, AxisPointerType, Color, ItemStyle, Label, NameLocation, SplitLine, Tooltip, Trigger,
};
use charming::series::{Bar, Heatmap};

use super::axes::{column, frame, named, named_axis};
use super::health::{Cell, Cover};
use super::{Drawn, Look};
use crate::graphql::queries::enums::{AbcClass, XyzClass};
use crate::i18n::fill;

/// Materials by how long they last. What is missing already has the colour of danger.
pub fn cover(covers: &[(Cover, usize)], look: &Look) -> Drawn {
    let (lang, texts) = (look.lang, look.lang.texts());
    let bars = |id: &str, colour: &str, shown: fn(Cover) -> bool| {
        Bar::new()
            .id(id)
            .stack("materials")
            .bar_width("70%")
            .item_style(ItemStyle::new().color(colour).border_radius(1))
            .data(column(covers.iter().map(|(cover, count)| shown(*cover).then_some(*count as f64))))
    };
    let mut frame = frame(look, covers.iter().map(|(cover, _)| cover.mark()).collect());
    frame.y_axis = named_axis(look, texts.materials);
    frame.grid = frame.grid.top(36);
    let chart = frame.series(bars("out", &look.palette.danger, |cover| cover == Cover::Out)).series(bars(
        "cover",
        &look.palette.forecast,
        |cover| cover != Cover::Out,
    ));
    let tips = covers.iter().map(|(cover, count)| {
        format!("{}\n{}", cover.name(lang), fill(texts.results, &[&lang.number(*count as f64, 0)]))
    });
    Drawn { chart, tips: tips.collect() }
}

/// Materials by their two classes: the more of them, the deeper the colour.
pub fn matrix(cells: &[Cell], look: &Look) -> Drawn {
    let (lang, texts, palette) = (look.lang, look.lang.texts(), &look.palette);
    let names = |words: Vec<&str>| words.into_iter().map(str::to_owned).collect::<Vec<_>>();
    let place = |cell: &Cell| {
        let across = XyzClass::ALL.iter().position(|class| *class == cell.xyz).unwrap_or(0);
        let down = AbcClass::ALL.iter().position(|class| *class == cell.abc).unwrap_or(0);
        vec![(across as i32).into(), (down as i32).into(), (cell.count as i32).into()]
    };
    let most = cells.iter().map(|cell| cell.count).max().unwrap_or(0).max(1);
    let heat = Heatmap::new()
        .id("classes")
        .label(Label::new().show(true).color(palette.ink.as_str()).font_size(14))
        .item_style(ItemStyle::new().border_color(palette.surface.as_str()).border_width(3))
        .data(cells.iter().map(place).collect::<Vec<_>>());
    let mut chart = frame(look, names(XyzClass::ALL.iter().map(|class| class.word()).collect())).series(heat);
    chart.tooltip = Tooltip::new().trigger(Trigger::Item);
    chart.y_axis = named(look, names(AbcClass::ALL.iter().map(|class| class.word()).collect())).inverse(true);
    chart.visual_map = Some(
        VisualMap::new().show(false).min(0).max(most as f64).in_range(
            charming::component::VisualMapChannel::new()
                .color(vec![Color::from(palette.surface.as_str()), Color::from(palette.band_narrow.as_str())]),
        ),
    );
    let tips = cells.iter().map(|cell| {
        let mut lines = vec![
            format!("{} · {}", cell.abc.word(), cell.xyz.word()),
            fill(texts.results, &[&lang.number(cell.count as f64, 0)]),
        ];
        lines.extend(cell.median_cover.map(|days| fill(texts.half_last, &[&lang.number(days, 0)])));
        lines.join("\n")
    });
    Drawn { chart, tips: tips.collect() }
}

/// What the stock of each family is worth, the most first.
pub fn values(families: &[(String, f64)], currency: &str, look: &Look) -> Drawn {
    let names: Vec<_> = families.iter().map(|(family, _)| family.clone()).collect();
    let bars = Bar::new()
        .id("value")
        .bar_width("60%")
        .item_style(ItemStyle::new().color(look.palette.forecast.as_str()).border_radius(1))
        .data(column(families.iter().map(|(_, value)| Some(*value))));
    let mut chart = frame(look, Vec::new()).series(bars);
    chart.tooltip =
        Tooltip::new().trigger(Trigger::Axis).axis_pointer(AxisPointer::new().type_(AxisPointerType::Shadow));
    chart.x_axis = named_axis(look, currency).name_location(NameLocation::Middle).name_gap(28);
    chart.grid = chart.grid.bottom(24);
    chart.y_axis = named(look, names).inverse(true).split_line(SplitLine::new().show(false));
    let tips = families.iter().map(|(family, value)| format!("{family}\n{}", look.lang.money(*value, currency)));
    Drawn { chart, tips: tips.collect() }
}
