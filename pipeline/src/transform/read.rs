//! Reading one row's cells as what their columns mean. Every function answers a value or the reject that says why not.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::reason::{Flag, FlagReason, Reject, RejectReason};
use super::row::{SiteRow, SourceRef, SupplierRow, UNASSIGNED};
use super::written::{plain_number, written_date};
use super::{fold, slug};
use crate::extract::{Cell, Field, Header, RawRow, from_serial};

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

    /// Whether a cell says nothing: empty, or one of the ways to write "not available".
    pub fn is_absent(&self, field: Field) -> bool {
        match self.cell(field) {
            Cell::Empty => true,
            Cell::Text(text) | Cell::Error(text) => is_absent(text),
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
        let date = matches!(self.cell(field), Cell::Date(_));
        if formula || date || text.chars().any(char::is_control) || text.chars().count() > KEY_LIMIT {
            let expected = format!("{what} of at most {KEY_LIMIT} letters, digits and signs, not a formula or a date");
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
        let plain = match self.cell(field) {
            Cell::Number(value) if value.is_finite() => value.to_string(),
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
            Cell::Text(text) => written_date(text.trim()),
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

fn is_absent(text: &str) -> bool {
    matches!(fold(text).as_str(), "" | "n/a" | "#n/a" | "n/d" | "#n/d" | "-" | "--" | "null")
}

/// Trimmed, with control characters turned into spaces; spaces inside stay as they were written.
fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
}

fn shown(text: &str) -> String {
    clean(text).chars().take(SHOWN).collect()
}
