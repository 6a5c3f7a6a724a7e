//! Days and numbers that were written as text. Pure spelling: whether a value makes sense is for `read` to say.

use chrono::NaiveDate;

use super::reason::RejectReason;
use crate::extract::DecimalMark;

/// `2025-03-07` (also with a time behind it) or `07/03/2025`, `07-03-2025`, `07.03.2025`: day first, four digits for the year.
pub(super) fn written_date(text: &str) -> Option<NaiveDate> {
    let day = text.split(['T', ' ']).next()?;
    let parts: Vec<&str> = day.split(['-', '/', '.']).collect();
    let [a, b, c] = parts.as_slice() else {
        return None;
    };
    let number = |text: &str| -> Option<u32> {
        let digits = !text.is_empty() && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
        if digits { text.parse().ok() } else { None }
    };
    let (year, day) = if a.len() == 4 { (a, c) } else { (c, a) };
    if year.len() != 4 || day.len() > 2 || b.len() > 2 {
        return None;
    }
    NaiveDate::from_ymd_opt(number(year)?.try_into().ok()?, number(b)?, number(day)?)
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
        let first = (1..=3).contains(&parts[0].len());
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
            assert_eq!(written_date(text), day, "{text}");
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
            assert_eq!(written_date(text), None, "{text}");
        }
    }
}
