//! How a table writes its numbers and days, by what a sample of them can only mean in one way.

use super::layout::Field;
use super::{Cell, DateOrder, DecimalMark, Header, RawRow};

/// Rows of a workbook or text file that are looked at.
pub(super) const SAMPLE: usize = 5_000;

/// The texts below the columns that `wanted` picks.
fn texts<'a>(header: &'a Header, rows: &'a [RawRow], wanted: fn(Field) -> bool) -> impl Iterator<Item = &'a str> {
    let columns: Vec<usize> = header.fields().filter(|(field, _)| wanted(*field)).map(|(_, index)| index).collect();
    rows.iter().filter(|row| row.line > header.line).flat_map(move |row| {
        let cells: Vec<&str> = columns
            .iter()
            .filter_map(|index| match row.cells.get(*index) {
                Some(Cell::Text(text)) => Some(text.trim()),
                _ => None,
            })
            .collect();
        cells
    })
}

/// The decimal mark that the numbers show. `None` when no number shows one, or when they contradict each other: then each number is
/// read by itself, and one that can be read in two ways is rejected.
pub(super) fn decimal(header: &Header, rows: &[RawRow]) -> Option<DecimalMark> {
    let (mut point, mut comma) = (false, false);
    for text in texts(header, rows, Field::is_number) {
        match shown_mark(text) {
            Some(DecimalMark::Point) => point = true,
            Some(DecimalMark::Comma) => comma = true,
            _ => {}
        }
    }
    match (point, comma) {
        (true, false) => Some(DecimalMark::Point),
        (false, true) => Some(DecimalMark::Comma),
        (true, true) => Some(DecimalMark::Unknown),
        (false, false) => None,
    }
}

/// What one number proves: with both marks the last one is the decimal mark, a mark that repeats groups thousands, and a mark that is not
/// before exactly three digits cannot group them.
fn shown_mark(text: &str) -> Option<DecimalMark> {
    let digits = text.trim_start_matches(['-', '+']);
    if !digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b',') {
        return None;
    }
    let (point, comma) = (digits.rfind('.'), digits.rfind(','));
    let (last, mark, other) = match (point, comma) {
        (None, None) => return None,
        (Some(point), Some(comma)) if point > comma => return Some(DecimalMark::Point),
        (Some(_), Some(_)) => return Some(DecimalMark::Comma),
        (Some(point), None) => (point, DecimalMark::Point, DecimalMark::Comma),
        (None, Some(comma)) => (comma, DecimalMark::Comma, DecimalMark::Point),
    };
    let (whole, fraction) = (&digits[..last], &digits[last + 1..]);
    if whole.contains(['.', ',']) {
        return Some(other);
    }
    let could_group = fraction.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0');
    (!could_group && !fraction.is_empty()).then_some(mark)
}

/// The order that the days show: a first part above twelve is a day, a second part above twelve is one, too. Days that show nothing, or
/// both, are read day first; what then is no day of the calendar is rejected.
pub(super) fn date_order(header: &Header, rows: &[RawRow]) -> DateOrder {
    let (mut day_first, mut month_first) = (false, false);
    for text in texts(header, rows, Field::is_day) {
        let day = text.split(['T', ' ']).next().unwrap_or_default();
        let parts: Vec<&str> = day.split(['/', '.', '-']).collect();
        let [first, second, year] = parts.as_slice() else { continue };
        let (Ok(first), Ok(second), 4) = (first.parse::<u32>(), second.parse::<u32>(), year.len()) else { continue };
        day_first |= (13..=31).contains(&first) && second <= 12;
        month_first |= (13..=31).contains(&second) && first <= 12;
    }
    if month_first && !day_first { DateOrder::MonthFirst } else { DateOrder::DayFirst }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_shows_its_mark_only_where_it_can_be_read_in_one_way() {
        use DecimalMark::{Comma, Point};
        for (text, mark) in [
            ("1,5", Some(Comma)),
            ("1.5", Some(Point)),
            ("0.125", Some(Point)),
            ("0,125", Some(Comma)),
            ("1234,567", Some(Comma)),
            ("1.234,5", Some(Comma)),
            ("1,234.5", Some(Point)),
            ("1.234.567", Some(Comma)),
            ("1,234,567", Some(Point)),
            ("1.234", None),
            ("12,345", None),
            ("12", None),
            ("12.", None),
            ("a,5", None),
            ("-1,5", Some(Comma)),
        ] {
            assert_eq!(shown_mark(text), mark, "{text}");
        }
    }
}
