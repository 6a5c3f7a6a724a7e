//! Reading one row's cells as what their columns mean. Every function answers a value or the reject that says why not.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::reason::{Flag, FlagReason, Reject, RejectReason};
use super::row::{SiteRow, SourceRef, SupplierRow, UNASSIGNED};
use super::written::{plain_number, written_date};
use super::{fold, slug};
use crate::extract::{Cell, DecimalMark, Field, Header, RawRow, from_serial};

/// No company of today has facts before it; an older day is a mistyped one.
const EARLIEST_YEAR: i32 = 2000;
/// Longest item code or request number.
pub(super) const KEY_LIMIT: usize = 64;
/// Longest name; longer ones would not fit into an index.
const NAME_LIMIT: usize = 500;
/// Longest value shown in a reject.
const SHOWN: usize = 200;
/// Largest quantity or price: fourteen digits before the decimal mark, as the database holds them.
const LARGEST: i64 = 99_999_999_999_999;

/// One row under its header.
pub(super) struct Reader<'a> {
    pub file: &'a str,
    pub header: &'a Header,
    pub row: &'a RawRow,
    pub today: NaiveDate,
}

impl Reader<'_> {
    pub fn source(&self) -> SourceRef {
        SourceRef { sheet: self.row.sheet.clone(), line: self.row.line }
    }

    pub fn cell(&self, field: Field) -> &Cell {
        self.header.index(field).and_then(|index| self.row.cells.get(index)).unwrap_or(&Cell::Empty)
    }

    pub fn reject(&self, field: Field, reason: RejectReason, expected: impl Into<String>) -> Reject {
        Reject {
            file: self.file.into(),
            sheet: self.row.sheet.clone(),
            line: self.row.line,
            column: Some(self.header.label(field).into()),
            value: shown(&self.cell(field).display()),
            reason,
            expected: expected.into(),
        }
    }

    pub fn flag(&self, field: Field, reason: FlagReason, note: impl Into<String>) -> Flag {
        Flag {
            file: self.file.into(),
            sheet: self.row.sheet.clone(),
            line: self.row.line,
            column: Some(self.header.label(field).into()),
            value: shown(&self.cell(field).display()),
            reason,
            note: note.into(),
        }
    }

    /// Refuses a row that refers to a row of another table which is not there.
    pub fn resolved(&self) -> Result<(), Reject> {
        let Some(at) = self.row.cells.iter().position(|cell| matches!(cell, Cell::Unresolved(_))) else {
            return Ok(());
        };
        let Cell::Unresolved(reference) = &self.row.cells[at] else { return Ok(()) };
        let named = [Field::Sku, Field::Site, Field::Supplier, Field::Region, Field::Date, Field::Unit];
        let field = named.into_iter().find(|&field| self.header.index(field) == Some(at)).unwrap_or(Field::Sku);
        Err(Reject {
            value: shown(&reference.value),
            ..self.reject(field, RejectReason::UnknownReference, reference.expected.clone())
        })
    }

    /// Whether a cell says nothing: empty, or one of the ways to write "not available".
    pub fn is_absent(&self, field: Field) -> bool {
        match self.cell(field) {
            Cell::Empty => true,
            Cell::Text(text) => is_absent(text),
            Cell::Error(text) => is_absent(text),
            _ => false,
        }
    }

    /// Free text without control characters (a database refuses NUL), cut to what an index holds.
    pub fn text(&self, field: Field) -> Option<String> {
        if self.is_absent(field) {
            return None;
        }
        let text = clean(&self.cell(field).display());
        (!text.is_empty()).then(|| text.chars().take(NAME_LIMIT).collect())
    }

    /// The note for text that [`Reader::text`] had to cut.
    pub fn cut(&self, field: Field) -> Option<Flag> {
        let long = self.cell(field).display().chars().count() > NAME_LIMIT;
        long.then(|| self.flag(field, FlagReason::IgnoredValue, format!("cut to {NAME_LIMIT} characters")))
    }

    /// A code that identifies something: kept exactly as text, leading zeros included.
    pub fn key(&self, field: Field, what: &str) -> Result<String, Reject> {
        if self.is_absent(field) {
            return Err(self.reject(field, RejectReason::MissingKey, what));
        }
        self.optional_key(field, what)?.ok_or_else(|| self.reject(field, RejectReason::MissingKey, what))
    }

    /// Like [`Reader::key`], for a code that may be missing.
    pub fn optional_key(&self, field: Field, what: &str) -> Result<Option<String>, Reject> {
        let text = self.cell(field).display();
        let text = text.trim();
        if self.is_absent(field) {
            return Ok(None);
        }
        let formula = text.starts_with(['=', '+', '@']);
        let other = matches!(self.cell(field), Cell::Date(_) | Cell::Error(_));
        if formula || other || text.chars().any(char::is_control) || text.chars().count() > KEY_LIMIT {
            let expected =
                format!("{what} of at most {KEY_LIMIT} letters, digits and signs, not a formula, a date or an error");
            return Err(self.reject(field, RejectReason::InvalidKey, expected));
        }
        Ok(Some(text.to_owned()))
    }

    /// A number of zero or more, rounded to four decimals.
    pub fn quantity(&self, field: Field) -> Result<Decimal, Reject> {
        let number = self.number(field)?;
        if number.is_sign_negative() && !number.is_zero() {
            return Err(self.reject(field, RejectReason::NegativeQuantity, "zero or more"));
        }
        Ok(number)
    }

    pub fn optional_quantity(&self, field: Field) -> Result<Option<Decimal>, Reject> {
        if self.is_absent(field) { Ok(None) } else { self.quantity(field).map(Some) }
    }

    pub fn number(&self, field: Field) -> Result<Decimal, Reject> {
        if self.is_absent(field) {
            return Err(self.reject(field, RejectReason::MissingKey, "a number"));
        }
        if let Cell::Decimal(number) = self.cell(field)
            && number.abs() <= Decimal::from(LARGEST)
        {
            return Ok(number.round_dp(4).normalize());
        }
        if let Some(number) = simple(self.cell(field), self.header.decimal) {
            return Ok(number);
        }
        let plain = match self.cell(field) {
            Cell::Number(value) if value.is_finite() => value.to_string(),
            Cell::Decimal(value) => value.to_string(),
            Cell::Text(text) => match plain_number(text, self.header.decimal) {
                Ok(plain) => plain,
                Err(reason) => {
                    let expected = match reason {
                        RejectReason::AmbiguousNumber => {
                            "a number stored as a number, or one that can be read in one way only (1234 or 1,234)"
                        }
                        _ => "a number such as 12 or 12,5",
                    };
                    return Err(self.reject(field, reason, expected));
                }
            },
            _ => {
                return Err(self.reject(field, RejectReason::NotANumber, "a number such as 12 or 12,5"));
            }
        };
        let too_large = || self.reject(field, RejectReason::NumberTooLarge, format!("at most {LARGEST}"));
        // The shortest decimal that means the same double, so 0.58 stays 0.58.
        let number = Decimal::from_str_exact(&plain).or_else(|_| plain.parse::<Decimal>()).map_err(|_| too_large())?;
        if number.abs() > Decimal::from(LARGEST) {
            return Err(too_large());
        }
        Ok(number.round_dp(4).normalize())
    }

    /// A day that is a fact: not before 2000, not after today.
    pub fn past_date(&self, field: Field) -> Result<Option<NaiveDate>, Reject> {
        let date = self.date(field)?;
        if date.is_some_and(|date| date > self.today) {
            let expected = format!("a day up to the import day, {}", self.today);
            return Err(self.reject(field, RejectReason::FutureDate, expected));
        }
        Ok(date)
    }

    /// Any plausible day: from 2000 to ten years from today.
    pub fn date(&self, field: Field) -> Result<Option<NaiveDate>, Reject> {
        use chrono::Datelike as _;
        if self.is_absent(field) {
            return Ok(None);
        }
        let date = match self.cell(field) {
            Cell::Date(date) => Some(*date),
            Cell::Number(value) => from_serial(*value, self.header.date_system),
            Cell::Text(text) => written_date(text.trim(), self.header.date_order),
            _ => None,
        };
        match date {
            // A fact of the future gets its own, clearer reason from `past_date`.
            Some(date) if date.year() >= EARLIEST_YEAR => Ok(Some(date)),
            _ => {
                let expected =
                    format!("a day of the calendar since {EARLIEST_YEAR}, as a date, dd/mm/yyyy or yyyy-mm-dd");
                Err(self.reject(field, RejectReason::ImpossibleDate, expected))
            }
        }
    }

    /// The site named by a line; lines without one belong to [`UNASSIGNED`].
    pub fn site(&self) -> SiteRow {
        match self.text(Field::Site) {
            Some(name) if name != UNASSIGNED => SiteRow { code: slug(&name), name_folded: fold(&name), name },
            _ => SiteRow { code: UNASSIGNED.into(), name: "Unassigned".into(), name_folded: "unassigned".into() },
        }
    }

    pub fn supplier(&self) -> Option<SupplierRow> {
        let name = self.text(Field::Supplier)?;
        Some(SupplierRow { code: slug(&name), name_folded: fold(&name), name })
    }
}

/// The numbers that nearly every cell holds, read without a detour: they can be read in one way only, and exactly.
fn simple(cell: &Cell, mark: DecimalMark) -> Option<Decimal> {
    match cell {
        Cell::Number(value) if value.abs() < 1e10 => {
            // Below this size no two numbers of four decimals are the same double, so the one found is the one meant.
            let scaled = (value * 1e4).round();
            (scaled / 1e4).total_cmp(value).is_eq().then(|| Decimal::new(scaled as i64, 4).normalize())
        }
        Cell::Text(text) if text.len() <= 14 => {
            let (mut digits, mut decimals): (i64, Option<u32>) = (0, None);
            for byte in text.bytes() {
                match byte {
                    b'0'..=b'9' => {
                        digits = digits * 10 + i64::from(byte - b'0');
                        decimals = decimals.map(|count| count + 1);
                    }
                    b'.' if mark == DecimalMark::Point && decimals.is_none() => decimals = Some(0),
                    _ => return None,
                }
            }
            let whole = text.as_bytes().first().is_some_and(u8::is_ascii_digit);
            let fraction = decimals.is_none_or(|count| (1..=4).contains(&count));
            (whole && fraction).then(|| Decimal::new(digits, decimals.unwrap_or(0)).normalize())
        }
        _ => None,
    }
}

fn is_absent(text: &str) -> bool {
    // None of the ways begins with a digit, and nearly every cell of a fact does.
    if text.as_bytes().first().is_some_and(u8::is_ascii_digit) {
        return false;
    }
    matches!(fold(text).as_str(), "" | "n/a" | "#n/a" | "n/d" | "#n/d" | "-" | "--" | "null")
}

/// Trimmed, with control characters turned into spaces; spaces inside stay as they were written.
fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
}

fn shown(text: &str) -> String {
    clean(text).chars().take(SHOWN).collect()
}
