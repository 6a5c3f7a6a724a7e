//! The zip container of a workbook, checked before a spreadsheet reader trusts it.
//!
//! A few kilobytes can unpack to gigabytes, a directory can lie about sizes, and a count in an attribute can make a reader
//! reserve more memory than exists. All of that is measured here by unpacking into nothing.

use std::fs::File;
use std::io::{BufReader, Read};

use zip::ZipArchive;

use super::{ExtractError, Format};

const MIB: u64 = 1024 * 1024;
/// Largest workbook file that is read; a spreadsheet program cannot make much larger ones.
const FILE_LIMIT: u64 = 256 * MIB;
/// Largest sum of unpacked parts.
const UNPACKED_LIMIT: u64 = 1024 * MIB;
/// Shared strings are held in memory while the rows are read.
const STRINGS_LIMIT: u64 = 256 * MIB;
/// Real sheets shrink to a tenth or a twentieth; a bomb to a thousandth.
const RATIO_LIMIT: u64 = 200;
const RATIO_FROM: u64 = 16 * MIB;
const ENTRIES_LIMIT: usize = 10_000;

/// Tells what a zip archive is. Refuses what is no workbook, is protected, is damaged, or unpacks to more than a workbook should.
pub(super) fn check(file: &File, name: &str) -> Result<Format, ExtractError> {
    let damaged = |what: String| ExtractError::damaged(name, what);
    let bomb = |what: String| ExtractError::TooLarge {
        file: name.into(),
        what,
        instead: "delete unused sheets, or save the table as CSV".into(),
    };
    let unsupported = |what: &str, instead: &str| ExtractError::Unsupported {
        file: name.into(),
        what: what.into(),
        instead: instead.into(),
    };
    let bytes = file.metadata().map_err(|error| ExtractError::unreadable(name, error))?.len();
    if bytes > FILE_LIMIT {
        return Err(bomb(format!("{} MB, and a workbook may have {}", bytes / MIB, FILE_LIMIT / MIB)));
    }
    let mut archive = ZipArchive::new(BufReader::new(file))
        .map_err(|_| damaged("it begins like a workbook, but its table of contents is missing or broken".into()))?;
    if archive.len() > ENTRIES_LIMIT {
        return Err(bomb(format!("{} parts inside, and a workbook may have {ENTRIES_LIMIT}", archive.len())));
    }

    let mut parts = Vec::with_capacity(archive.len());
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(|_| damaged("its table of contents is broken".into()))?;
        let part = String::from_utf8_lossy(entry.name_raw()).replace('\\', "/").to_lowercase();
        if entry.encrypted() {
            return Err(ExtractError::PasswordProtected { file: name.into() });
        }
        parts.push((index, part, entry.size(), entry.compressed_size()));
    }
    let has = |wanted: &str| parts.iter().any(|(_, part, ..)| part == wanted);
    if has("xl/workbook.bin") {
        return Err(unsupported("a workbook in the binary .xlsb format", "save it as .xlsx"));
    }
    let format = if has("xl/workbook.xml") {
        Format::Xlsx
    } else if has("content.xml") {
        Format::Ods
    } else {
        return Err(unsupported("a zip archive without a workbook in it", "name a workbook or a CSV file"));
    };

    let unpacked: u64 = parts.iter().map(|(_, _, size, _)| *size).fold(0, u64::saturating_add);
    if unpacked > UNPACKED_LIMIT {
        return Err(bomb(format!(
            "it would unpack to {} MB, and {} are allowed",
            unpacked / MIB,
            UNPACKED_LIMIT / MIB
        )));
    }
    for (index, part, size, packed) in parts {
        if size > RATIO_FROM && size / packed.max(1) > RATIO_LIMIT {
            return Err(bomb(format!("its part {part} unpacks to {} times its size", size / packed.max(1))));
        }
        let strings = part.ends_with("sharedstrings.xml");
        if strings && size > STRINGS_LIMIT {
            return Err(bomb(format!("{} MB of text, and {} are allowed", size / MIB, STRINGS_LIMIT / MIB)));
        }
        if matches!(part.rsplit('.').next(), Some("xml" | "rels")) {
            let entry = archive.by_index(index).map_err(|_| damaged(format!("its part {part} cannot be opened")))?;
            unpack(entry, size, strings).map_err(|what| damaged(format!("its part {part} {what}")))?;
        }
    }
    Ok(format)
}

/// Unpacks one part into nothing, and fails when it is longer than its directory entry says or counts more strings than fit in it.
fn unpack(entry: impl Read, size: u64, strings: bool) -> Result<(), String> {
    const MARK: &[u8] = b"uniqueCount";
    let mut reader = entry.take(size.saturating_add(1));
    let mut chunk = vec![0; 64 * 1024];
    let mut window: Vec<u8> = Vec::new();
    let mut total: u64 = 0;
    loop {
        let read = reader.read(&mut chunk).map_err(|_| "cannot be unpacked".to_owned())?;
        if read == 0 {
            break;
        }
        total += read as u64;
        if strings {
            window.extend_from_slice(&chunk[..read]);
            for at in (0..window.len()).filter(|&at| window[at..].starts_with(MARK)) {
                let digits = window[at + MARK.len()..].iter().skip_while(|byte| b" \t\r\n='\"".contains(byte));
                let digits: String =
                    digits.take_while(|byte| byte.is_ascii_digit()).map(|&byte| char::from(byte)).collect();
                // `<si/>` is the shortest string there is.
                if !digits.is_empty() && digits.parse::<u64>().map_or(true, |count| count > size / 5) {
                    return Err(format!("claims to hold {digits} texts, more than fit in it"));
                }
            }
            let keep = window.len().min(64);
            window.drain(..window.len() - keep);
        }
    }
    if total == size { Ok(()) } else { Err("is not as long as the table of contents says".into()) }
}
