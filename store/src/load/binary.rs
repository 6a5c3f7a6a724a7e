//! PostgreSQL's binary COPY format: a header, then a field count and length-prefixed fields per row, then a trailer.
//! Source: PostgreSQL documentation, "COPY", section "Binary Format"; numeric as in `numeric_recv`.

use chrono::NaiveDate;
use rust_decimal::Decimal;

/// Signature, no flags, no header extension.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// A field count of -1 ends the data.
const TRAILER: [u8; 2] = (-1i16).to_be_bytes();
/// Digits of a `numeric` are in base 10,000, so the four decimals we keep are exactly one of them.
const BASE: u128 = 10_000;

/// Rows in the binary format, ready to be sent.
#[derive(Debug)]
pub(super) struct Rows {
    bytes: Vec<u8>,
    columns: i16,
}

impl Rows {
    pub(super) fn new(columns: i16) -> Self {
        Self { bytes: HEADER.to_vec(), columns }
    }

    /// Begins a row; exactly `columns` fields must follow.
    pub(super) fn row(&mut self) -> &mut Self {
        self.bytes.extend(self.columns.to_be_bytes());
        self
    }

    pub(super) fn text(&mut self, value: Option<&str>) -> &mut Self {
        self.field(value.map(str::as_bytes))
    }

    pub(super) fn integer(&mut self, value: Option<i32>) -> &mut Self {
        self.field(value.map(i32::to_be_bytes).as_ref().map(<[u8; 4]>::as_slice))
    }

    pub(super) fn boolean(&mut self, value: bool) -> &mut Self {
        self.field(Some(&[u8::from(value)]))
    }

    pub(super) fn double(&mut self, value: Option<f64>) -> &mut Self {
        self.field(value.map(f64::to_be_bytes).as_ref().map(<[u8; 8]>::as_slice))
    }

    /// Days since 2000-01-01.
    pub(super) fn date(&mut self, value: Option<NaiveDate>) -> &mut Self {
        let days = value.map(|date| (date - NaiveDate::default()).num_days() - 10_957);
        self.integer(days.map(|days| days as i32))
    }

    /// `numeric(18, 4)`; more decimals are rounded half to even.
    pub(super) fn numeric(&mut self, value: Option<Decimal>) -> &mut Self {
        let Some(value) = value else { return self.field(None) };
        let mut value = value.round_dp(4);
        value.rescale(4);
        let mut rest = value.mantissa().unsigned_abs();
        let mut digits: Vec<i16> = Vec::new();
        while rest > 0 {
            digits.push((rest % BASE) as i16);
            rest /= BASE;
        }
        // The lowest digit has weight -1: it holds the four decimals.
        let weight = digits.len() as i16 - 2;
        let sign: u16 = if value.is_sign_negative() && !digits.is_empty() { 0x4000 } else { 0 };
        let mut field = Vec::with_capacity(8 + 2 * digits.len());
        field.extend((digits.len() as i16).to_be_bytes());
        field.extend(weight.to_be_bytes());
        field.extend(sign.to_be_bytes());
        field.extend(4u16.to_be_bytes());
        for digit in digits.iter().rev() {
            field.extend(digit.to_be_bytes());
        }
        self.field(Some(&field))
    }

    /// The bytes of the whole, trailer included.
    pub(super) fn finish(mut self) -> Vec<u8> {
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
