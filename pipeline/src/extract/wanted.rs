//! What is wanted of one file: the caller's options, and what a mapping says where the caller says nothing.

use std::sync::Arc;

use super::layout::{Kind, LAYOUTS, Layout};
use super::mapping::MappedTable;
use super::{DateOrder, DecimalMark, ExtractOptions, Header, RawRow, TextEncoding, evidence};

#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    pub kind: Option<Kind>,
    pub delimiter: Option<u8>,
    pub decimal: Option<DecimalMark>,
    pub date_order: Option<DateOrder>,
    pub encoding: Option<TextEncoding>,
    pub table: Option<Arc<MappedTable>>,
}

impl Wanted {
    pub fn new(options: &ExtractOptions, table: Option<Arc<MappedTable>>) -> Self {
        let said = table.as_deref();
        Self {
            kind: options.kind,
            delimiter: options.delimiter.or(said.and_then(|table| table.delimiter)),
            decimal: options.decimal.or(said.and_then(|table| table.decimal)),
            date_order: options.date_order.or(said.and_then(|table| table.date_order)),
            encoding: options.encoding.or(said.and_then(|table| table.encoding)),
            table,
        }
    }

    /// The layouts among which a header is looked for.
    pub fn layouts(&self) -> impl Iterator<Item = &'static Layout> + use<> {
        let wanted = self.kind;
        LAYOUTS.iter().filter(move |layout| wanted.is_none_or(|kind| kind.accepts(layout.kind)))
    }

    /// Tells a header how its numbers and days are written: as was asked for, or as the sample shows.
    pub fn spell(&self, header: &mut Header, sample: &[RawRow], otherwise: DecimalMark) {
        header.decimal = self.decimal.unwrap_or_else(|| evidence::decimal(header, sample).unwrap_or(otherwise));
        header.date_order = self.date_order.unwrap_or_else(|| evidence::date_order(header, sample));
    }
}

/// A delimiter as people write it: the character itself, or `tab`, `comma`, `semicolon`, `pipe`.
///
/// # Errors
/// What is allowed.
pub fn delimiter_named(text: &str) -> Result<u8, String> {
    match text {
        "tab" | "\\t" | "\t" => Ok(b'\t'),
        "comma" => Ok(b','),
        "semicolon" => Ok(b';'),
        "pipe" => Ok(b'|'),
        _ => match text.as_bytes() {
            [byte] if byte.is_ascii_punctuation() && !matches!(byte, b'"' | b'.' | b'-' | b'_') => Ok(*byte),
            _ => Err(format!(
                "\"{text}\" cannot separate cells; name one sign such as ; , | : or one of tab, comma, semicolon, pipe"
            )),
        },
    }
}

impl std::str::FromStr for DecimalMark {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "point" | "." => Ok(Self::Point),
            "comma" | "," => Ok(Self::Comma),
            _ => Err(format!("\"{text}\" marks no decimals; write point (1234.5) or comma (1234,5)")),
        }
    }
}

impl std::str::FromStr for DateOrder {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "day-first" => Ok(Self::DayFirst),
            "month-first" => Ok(Self::MonthFirst),
            "iso" => Ok(Self::Iso),
            _ => Err(format!(
                "\"{text}\" is no order of a day; write day-first (31/12/2025), month-first (12/31/2025) or iso (2025-12-31)"
            )),
        }
    }
}
