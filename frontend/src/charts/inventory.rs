//! Stock over time against its safety stock and reorder point.

use charming::element::{ItemStyle, LineStyle, LineStyleType, Step, Symbol};
use charming::series::Line;

use super::axes::{column, frame, labels_of};
use super::{Drawn, Look};
use crate::graphql::queries::enums::Granularity;
use crate::graphql::queries::material::InventorySeries;

/// Draws stock on hand as steps, because stock changes by events, with the two levels it is judged by.
pub fn inventory(series: &InventorySeries, look: &Look) -> Drawn {
    let (lang, texts, palette) = (look.lang, look.lang.texts(), &look.palette);
    let line = |id: &str, name: &str, colour: &str| {
        Line::new()
            .id(id)
            .name(name)
            .symbol(Symbol::None)
            .step(Step::End)
            .item_style(ItemStyle::new().color(colour))
            .line_style(LineStyle::new().color(colour).width(2))
    };
    let level = |id: &str, name: &str, colour: &str, values: &Option<Vec<Option<f64>>>| {
        line(id, name, colour)
            .line_style(LineStyle::new().color(colour).width(1.5).type_(LineStyleType::Dashed))
            .data(column(values.iter().flatten().copied()))
    };
    let chart = frame(look, labels_of(look, &series.dates, Granularity::Day))
        .series(
            line("on-hand", texts.on_hand, &palette.forecast).data(column(series.on_hand.iter().copied().map(Some))),
        )
        .series(level("reorder-point", texts.reorder_point, &palette.warning, &series.reorder_point))
        .series(level("safety-stock", texts.safety_stock, &palette.danger, &series.safety_stock));
    let at = |values: &Option<Vec<Option<f64>>>, index: usize| {
        values.as_ref().and_then(|values| values.get(index).copied().flatten())
    };
    let tips = series
        .dates
        .iter()
        .zip(&series.on_hand)
        .enumerate()
        .map(|(index, (date, on_hand))| {
            let mut lines = vec![lang.date(*date), format!("{}: {}", texts.on_hand, lang.quantity(*on_hand))];
            for (name, values) in [
                (texts.on_order, &series.on_order),
                (texts.reorder_point, &series.reorder_point),
                (texts.safety_stock, &series.safety_stock),
            ] {
                lines.extend(at(values, index).map(|value| format!("{name}: {}", lang.quantity(value))));
            }
            lines.join("\n")
        })
        .collect();
    Drawn { chart, tips }
}
