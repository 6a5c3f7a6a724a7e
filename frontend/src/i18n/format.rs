//! Numbers and dates as a reader of each language writes them. Pure and without the browser's `Intl`, so that a test
//! on any machine sees the same text, and the tooltip, the table and the card never disagree.

use super::Lang;
use crate::day::Day;

const MONTHS_PT: [&str; 12] = ["jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez"];
const MONTHS_EN: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl Lang {
    /// A number with thousands separated and at most `decimals` decimals, trailing zeros left off: `1.234,5`.
    pub fn number(self, value: f64, decimals: usize) -> String {
        let text = self.fixed(value, decimals);
        let point = self.point();
        if text.contains(point) { text.trim_end_matches('0').trim_end_matches(point).to_owned() } else { text }
    }

    /// A number with exactly `decimals` decimals: `1.234,50`.
    pub fn fixed(self, value: f64, decimals: usize) -> String {
        if !value.is_finite() {
            return "—".to_owned();
        }
        let plain = format!("{:.decimals$}", value.abs());
        let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        let separator = match self {
            Self::PtBr => '.',
            Self::En => ',',
        };
        let mut text = String::with_capacity(plain.len() + 4);
        if value < 0.0 && plain.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) {
            text.push('−');
        }
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index) % 3 == 0 {
                text.push(separator);
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push(self.point());
            text.push_str(fraction);
        }
        text
    }

    /// A quantity: whole where it is whole, two decimals at most.
    pub fn quantity(self, value: f64) -> String {
        self.number(value, 2)
    }

    /// A share of one as per cent with one decimal: `0.034` is `3,4 %`.
    pub fn percent(self, share: f64) -> String {
        format!("{}\u{202f}%", self.number(share * 100.0, 1))
    }

    /// Money as it is written at home, `R$ 1.234,50`; a currency without a sign of its own here keeps its ISO code.
    pub fn money(self, value: f64, currency: &str) -> String {
        let sign = match currency {
            "BRL" => "R$",
            "USD" => "US$",
            "EUR" => "€",
            code => code,
        };
        format!("{sign}\u{a0}{}", self.fixed(value, 2))
    }

    /// A day in full: `31/10/2025`, in English `31 Oct 2025`.
    pub fn date(self, day: Day) -> String {
        let (year, month, of_month) = day.parts();
        match self {
            Self::PtBr => format!("{of_month:02}/{month:02}/{year}"),
            Self::En => format!("{of_month} {} {year}", self.month_name(month)),
        }
    }

    /// A day without its year, for axes: `31/10`, in English `31 Oct`.
    pub fn short_date(self, day: Day) -> String {
        let (_, month, of_month) = day.parts();
        match self {
            Self::PtBr => format!("{of_month:02}/{month:02}"),
            Self::En => format!("{of_month} {}", self.month_name(month)),
        }
    }

    /// A month, for axes: `out/25`, in English `Oct 25`.
    pub fn month(self, day: Day) -> String {
        let (year, month, _) = day.parts();
        let separator = match self {
            Self::PtBr => '/',
            Self::En => ' ',
        };
        format!("{}{separator}{:02}", self.month_name(month), year % 100)
    }

    fn month_name(self, month: u32) -> &'static str {
        let names = match self {
            Self::PtBr => &MONTHS_PT,
            Self::En => &MONTHS_EN,
        };
        names[(month as usize + 11) % 12]
    }

    fn point(self) -> char {
        match self {
            Self::PtBr => ',',
            Self::En => '.',
        }
    }
}

/// An instant of the graph in the reader's own zone: day and minute. Unreadable text is shown as it came.
pub fn instant(lang: Lang, text: &str) -> String {
    let date = js_sys::Date::new(&text.into());
    if date.get_time().is_nan() {
        return text.to_owned();
    }
    match Day::new(date.get_full_year().cast_signed(), date.get_month() + 1, date.get_date()) {
        Some(day) => format!("{} {:02}:{:02}", lang.date(day), date.get_hours(), date.get_minutes()),
        None => text.to_owned(),
    }
}

/// The instant at which a day begins in the reader's own zone, as the graph writes it.
pub fn midnight(day: Day) -> String {
    let (year, month, of_month) = day.parts();
    let date =
        js_sys::Date::new_with_year_month_day(year.cast_unsigned(), month.cast_signed() - 1, of_month.cast_signed());
    date.to_iso_string().into()
}
