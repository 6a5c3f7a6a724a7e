//! PostgreSQL's binary COPY format: a header, then a field count and length-prefixed fields per row, then a trailer.
//! Source: PostgreSQL documentation, "COPY", section "Binary Format"; numeric as in `numeric_recv`.

use chrono::{Datelike as _, NaiveDate};
use rust_decimal::Decimal;

/// Signature, no flags, no header extension.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// A field count of -1 ends the data.
const TRAILER: [u8; 2] = (-1i16).to_be_bytes();
/// Digits of a `numeric` are in base 10,000, so the four decimals we keep are exactly one of them.
const BASE: u128 = 10_000;
/// A `Decimal` has at most 29 digits, which are eight of base 10,000.
const DIGITS: usize = 8;
/// The day from which PostgreSQL counts, 2000-01-01, as days from the common era.
const EPOCH: i32 = 730_120;

/// A number as whole ten-thousandths; more decimals are rounded half to even.
pub(super) fn ten_thousandths(value: Decimal) -> i128 {
    let value = if value.scale() > 4 { value.round_dp(4) } else { value };
    value.mantissa() * 10_i128.pow(4 - value.scale())
}

/// Rows in the binary format, ready to be sent.
#[derive(Debug)]
pub(crate) struct Rows {
    bytes: Vec<u8>,
    columns: i16,
    begun: u64,
}

impl Rows {
    pub(crate) fn new(columns: i16) -> Self {
        Self { bytes: HEADER.to_vec(), columns, begun: 0 }
    }

    /// How many bytes have been written.
    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// How many rows have been begun.
    pub(crate) fn count(&self) -> u64 {
        self.begun
    }

    /// Begins a row; exactly `columns` fields must follow.
    pub(crate) fn row(&mut self) -> &mut Self {
        self.begun += 1;
        self.bytes.extend(self.columns.to_be_bytes());
        self
    }

    pub(crate) fn text(&mut self, value: Option<&str>) -> &mut Self {
        self.field(value.map(str::as_bytes))
    }

    pub(crate) fn integer(&mut self, value: Option<i32>) -> &mut Self {
        self.field(value.map(i32::to_be_bytes).as_ref().map(<[u8; 4]>::as_slice))
    }

    pub(crate) fn bigint(&mut self, value: i64) -> &mut Self {
        self.field(Some(&value.to_be_bytes()))
    }

    pub(crate) fn smallint(&mut self, value: i16) -> &mut Self {
        self.field(Some(&value.to_be_bytes()))
    }

    /// A `jsonb` from its text, which the server reads: a version, then the text.
    pub(crate) fn json(&mut self, text: &str) -> &mut Self {
        self.bytes.extend((text.len() as i32 + 1).to_be_bytes());
        self.bytes.push(1);
        self.bytes.extend(text.as_bytes());
        self
    }

    pub(crate) fn boolean(&mut self, value: bool) -> &mut Self {
        self.field(Some(&[u8::from(value)]))
    }

    pub(crate) fn double(&mut self, value: Option<f64>) -> &mut Self {
        self.field(value.map(f64::to_be_bytes).as_ref().map(<[u8; 8]>::as_slice))
    }

    /// Days since 2000-01-01.
    pub(crate) fn date(&mut self, value: Option<NaiveDate>) -> &mut Self {
        self.integer(value.map(|date| date.num_days_from_ce() - EPOCH))
    }

    /// `numeric(18, 4)`; more decimals are rounded half to even.
    pub(crate) fn numeric(&mut self, value: Option<Decimal>) -> &mut Self {
        self.scaled(value.map(ten_thousandths))
    }

    /// `numeric(18, 4)`, given in ten-thousandths.
    pub(super) fn scaled(&mut self, value: Option<i128>) -> &mut Self {
        let Some(value) = value else { return self.field(None) };
        let mut digits = [0u16; DIGITS];
        let mut count = 0;
        let mut rest = value.unsigned_abs();
        // Dividing 128 bits is slow, and hardly any number needs them.
        while rest > u128::from(u64::MAX) && count < DIGITS {
            digits[count] = (rest % BASE) as u16;
            rest /= BASE;
            count += 1;
        }
        let mut rest = rest as u64;
        while rest > 0 && count < DIGITS {
            digits[count] = (rest % BASE as u64) as u16;
            rest /= BASE as u64;
            count += 1;
        }
        // The lowest digit has weight -1: it holds the four decimals.
        let weight = count as i16 - 2;
        let sign: u16 = if value < 0 { 0x4000 } else { 0 };
        self.bytes.extend((8 + 2 * count as i32).to_be_bytes());
        self.bytes.extend((count as i16).to_be_bytes());
        self.bytes.extend(weight.to_be_bytes());
        self.bytes.extend(sign.to_be_bytes());
        self.bytes.extend(4u16.to_be_bytes());
        for digit in digits[..count].iter().rev() {
            self.bytes.extend(digit.to_be_bytes());
        }
        self
    }

    /// The bytes of the whole, trailer included.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.bytes.extend(TRAILER);
        self.bytes
    }

    fn field(&mut self, value: Option<&[u8]>) -> &mut Self {
        match value {
            None => self.bytes.extend((-1i32).to_be_bytes()),
            Some(value) => {
                self.bytes.extend((value.len() as i32).to_be_bytes());
                self.bytes.extend(value);
            }
        }
        self
    }
}
