//! The natural key of an order line: what makes it the same line when a file comes again.
//!
//! A purchasing workbook numbers its requests but not their lines. A line is therefore recognised by what it says:
//! `order_id` is the request number, and `line_no` is a fingerprint of site, supplier, quantity, unit and dates, plus the
//! occurrence for lines that agree in all of them. What follows from it:
//! - the same line in the same or another file is the same row, wherever it stands, so an overlapping export counts once;
//! - a different line of the same request is another row, whichever file brings it, so no file overwrites another's line;
//! - a corrected line has a new key; the load removes the old one because the file that owned it no longer has it.

use sha2::{Digest, Sha256};

use super::row::PurchaseLine;

/// A positive 31-bit number from the parts; equal parts give the equal number on every machine and in every version.
pub(super) fn fingerprint(parts: &[&str]) -> i32 {
    let mut digest = Sha256::new();
    for part in parts {
        // The length keeps ("ab", "c") and ("a", "bc") apart.
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part.as_bytes());
    }
    let hash = digest.finalize();
    let number = u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]) & 0x7FFF_FFFF;
    i32::try_from(number).unwrap_or(i32::MAX).max(1)
}

/// Gives every line its `line_no`. The result depends on the set of lines, not on their order in the file.
pub(super) fn number_lines(lines: &mut [PurchaseLine]) {
    let mut order: Vec<usize> = (0..lines.len()).collect();
    let content = |line: &PurchaseLine| {
        let date = |date: Option<chrono::NaiveDate>| date.map_or_else(String::new, |date| date.to_string());
        [
            line.sku.clone(),
            line.order_id.clone(),
            line.order_date.to_string(),
            line.site_code.clone(),
            line.supplier_code.clone().unwrap_or_default(),
            // The number, not its spelling: 5 and 5.0000 are one quantity.
            line.quantity.normalize().to_string(),
            line.unit.clone(),
            date(line.requested),
            date(line.needed_by),
            date(line.ordered),
        ]
    };
    order.sort_by_cached_key(|&index| (content(&lines[index]), lines[index].source.clone()));
    let mut taken = std::collections::HashSet::new();
    let mut previous: Option<([String; 10], u32)> = None;
    for index in order {
        let content = content(&lines[index]);
        let occurrence = match &previous {
            Some((last, occurrence)) if *last == content => occurrence + 1,
            _ => 1,
        };
        let occurrence_text = occurrence.to_string();
        let mut parts: Vec<&str> = content.iter().map(String::as_str).collect();
        parts.push(&occurrence_text);
        let mut number = fingerprint(&parts);
        // Two lines of one item, request and day that meet on a number by chance: the later in content order moves on.
        while !taken.insert((content[0].clone(), content[1].clone(), content[2].clone(), number)) {
            number = number.checked_add(1).unwrap_or(1);
        }
        lines[index].line_no = number;
        previous = Some((content, occurrence));
    }
}
