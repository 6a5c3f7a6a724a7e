//! Days and numbers that were written as text. Pure spelling: whether a value makes sense is for `read` to say.

use chrono::NaiveDate;

use super::reason::RejectReason;
use crate::extract::{DateOrder, DecimalMark};

/// `2025-03-07` (also with a time behind it) in any order; `07/03/2025`, `07-03-2025`, `07.03.2025` as `order` says, with four digits for
/// the year.
pub(super) fn written_date(text: &str, order: DateOrder) -> Option<NaiveDate> {
    if let Some(date) = iso_date(text.as_bytes()) {
        return Some(date);
    }
    let day = text.split(['T', ' ']).next()?;
    let parts: Vec<&str> = day.split(['-', '/', '.']).collect();
    let [a, b, c] = parts.as_slice() else {
        return None;
    };
    let number = |text: &str| -> Option<u32> {
        let digits = !text.is_empty() && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
        if digits { text.parse().ok() } else { None }
    };
    let (year, month, day) = match order {
        _ if a.len() == 4 => (a, b, c),
        DateOrder::DayFirst => (c, b, a),
        DateOrder::MonthFirst => (c, a, b),
        DateOrder::Iso => return None,
    };
    if year.len() != 4 || day.len() > 2 || month.len() > 2 {
        return None;
    }
    NaiveDate::from_ymd_opt(number(year)?.try_into().ok()?, number(month)?, number(day)?)
}

/// `2025-03-07` and nothing else, which is how machines write days.
fn iso_date(text: &[u8]) -> Option<NaiveDate> {
    let &[a, b, c, d, b'-', e, f, b'-', g, h] = text else { return None };
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0u32, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0')))
    };
    NaiveDate::from_ymd_opt(number(&[a, b, c, d])? as i32, number(&[e, f])?, number(&[g, h])?)
}

/// A number written as text, with `.` as its decimal mark and without thousands marks.
pub(super) fn plain_number(text: &str, mark: DecimalMark) -> Result<String, RejectReason> {
    let text = text.trim();
    let (sign, digits) =
        text.strip_prefix('-').map_or(("", text.strip_prefix('+').unwrap_or(text)), |rest| ("-", rest));
    let shape = digits.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ',');
    if !shape || !digits.contains(|c: char| c.is_ascii_digit()) {
        return Err(RejectReason::NotANumber);
    }
    let grouped = |whole: &str, group: char| {
        let parts: Vec<&str> = whole.split(group).collect();
        // `0.125` is no thousand: a file that groups would not write the zero.
        let first = (1..=3).contains(&parts[0].len()) && !parts[0].starts_with('0');
        parts.len() == 1 || (first && parts[1..].iter().all(|part| part.len() == 3))
    };
    let comma = match mark {
        DecimalMark::Point => false,
        DecimalMark::Comma => true,
        // Two or more points can only be thousands.
        DecimalMark::Unknown => digits.contains(',') || digits.matches('.').count() > 1,
    };
    let (decimal, group) = if comma { (',', '.') } else { ('.', ',') };
    let (whole, fraction) = digits.split_once(decimal).unwrap_or((digits, ""));
    if fraction.contains([decimal, group]) || !grouped(whole, group) {
        return Err(RejectReason::NotANumber);
    }
    let thousands_or_decimals = fraction.len() == 3 && !whole.starts_with('0') && !whole.is_empty();
    if mark == DecimalMark::Unknown && decimal == '.' && thousands_or_decimals {
        return Err(RejectReason::AmbiguousNumber);
    }
    let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
    let whole = if whole.is_empty() { "0".to_owned() } else { whole };
    Ok(if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str, mark: DecimalMark) -> Result<String, RejectReason> {
        plain_number(text, mark)
    }

    #[test]
    fn numbers_as_text_are_read_the_brazilian_way() {
        use DecimalMark::Unknown;
        for (text, plain) in [
            ("12", "12"),
            ("12,5", "12.5"),
            ("1.234,56", "1234.56"),
            ("1.234.567", "1234567"),
            ("0.58", "0.58"),
            ("-3", "-3"),
            (",5", "0.5"),
        ] {
            assert_eq!(number(text, Unknown).as_deref(), Ok(plain), "{text}");
        }
    }

    #[test]
    fn a_number_that_can_be_read_in_two_ways_is_not_guessed() {
        assert_eq!(number("1.234", DecimalMark::Unknown), Err(RejectReason::AmbiguousNumber));
        assert_eq!(number("1.234", DecimalMark::Point).as_deref(), Ok("1.234"));
        assert_eq!(number("1.234", DecimalMark::Comma).as_deref(), Ok("1234"));
        assert_eq!(number("0.125", DecimalMark::Unknown).as_deref(), Ok("0.125"));
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in ["", "abc", "1e400", "NaN", "inf", "1,2,3", "1.23.4", "=1+1", "R$ 5", "--3", ".", "1,5.3", "12 UN"]
        {
            assert_eq!(number(text, DecimalMark::Unknown), Err(RejectReason::NotANumber), "{text}");
        }
    }

    #[test]
    fn a_zero_in_front_is_never_a_group_of_thousands() {
        assert_eq!(number("0.125", DecimalMark::Comma), Err(RejectReason::NotANumber));
        assert_eq!(number("0,125", DecimalMark::Point), Err(RejectReason::NotANumber));
        assert_eq!(number("0,125", DecimalMark::Comma).as_deref(), Ok("0.125"));
    }

    #[test]
    fn dates_as_text_follow_the_order_asked_for() {
        let day = NaiveDate::from_ymd_opt(2025, 3, 7);
        assert_eq!(written_date("03/07/2025", DateOrder::MonthFirst), day);
        assert_eq!(written_date("3-7-2025", DateOrder::MonthFirst), day);
        assert_eq!(written_date("13/07/2025", DateOrder::MonthFirst), None);
        assert_eq!(written_date("07/03/2025", DateOrder::Iso), None);
        for order in [DateOrder::DayFirst, DateOrder::MonthFirst, DateOrder::Iso] {
            assert_eq!(written_date("2025-03-07T10:00:00", order), day);
        }
    }

    #[test]
    fn dates_as_text_are_iso_or_day_first() {
        let day = NaiveDate::from_ymd_opt(2025, 3, 7);
        for text in [
            "2025-03-07",
            "2025-03-07 00:00:00",
            "2025-03-07T10:00:00Z",
            "07/03/2025",
            "7/3/2025",
            "07.03.2025",
            "07-03-2025",
        ] {
            assert_eq!(written_date(text, DateOrder::DayFirst), day, "{text}");
        }
        for text in [
            "03/07/25",
            "31/02/2025",
            "12/31/2024",
            "2025-13-01",
            "2025",
            "ontem",
            "20250307",
            "7/3/2025/1",
            "+025-03-07",
        ] {
            assert_eq!(written_date(text, DateOrder::DayFirst), None, "{text}");
        }
    }
}
