//! The digest of a table's rows, whatever their order: the sum of the SHA-256 of each row, modulo 2^256.
//!
//! A database gives rows back in the order it likes, so a digest of the stream would differ between two tables that
//! hold the same. The digest finds damage and loss; against forgery stands the SHA-256 of the whole archive.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// The sum so far; rows are COPY text, each with its line break.
#[derive(Debug, Clone, Default)]
pub(super) struct Digest {
    sum: [u64; 4],
    rows: u64,
    /// The row that the last chunk did not end.
    row: Sha256,
}

impl Digest {
    /// Takes the next bytes, which may begin and end inside a row.
    pub(super) fn take(&mut self, bytes: &[u8]) {
        for part in bytes.split_inclusive(|&byte| byte == b'\n') {
            self.row.update(part);
            if part.last() == Some(&b'\n') {
                let row = self.row.finalize_reset();
                self.add(&row);
            }
        }
    }

    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// In hexadecimal.
    pub(super) fn told(&self) -> String {
        let bytes: Vec<u8> = self.sum.iter().flat_map(|part| part.to_le_bytes()).collect();
        hexadecimal(&bytes)
    }

    fn add(&mut self, row: &[u8]) {
        let mut carry = false;
        for (sum, bytes) in self.sum.iter_mut().zip(row.as_chunks::<8>().0) {
            let (added, one) = sum.overflowing_add(u64::from_le_bytes(*bytes));
            let (added, two) = added.overflowing_add(u64::from(carry));
            *sum = added;
            carry = one || two;
        }
        self.rows += 1;
    }
}

pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
