//! What a file is, by its first bytes. An extension is a claim; the content is the fact.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::{ExtractError, Wanted, archive, compound};

/// A format that has a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Workbooks of Excel 2007 and later, with macros or without.
    Xlsx,
    /// Workbooks of Excel 97 to 2003.
    Xls,
    /// `OpenDocument` spreadsheets.
    Ods,
    Csv,
    Parquet,
    /// A list of objects, or objects one after the other.
    Json,
}

/// Enough to tell every format, and little enough that a gigabyte of garbage is refused at once.
const HEAD: u64 = 64 * 1024;
const EXPECTED: &str = "name a workbook (.xlsx, .xls, .ods), a CSV file, a Parquet file or JSON";
/// The name used in messages and as the source of rows: the last part of the path.
pub(super) fn display_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

pub(super) fn sniff(path: &Path, name: &str, wanted: &Wanted) -> Result<Format, ExtractError> {
    let file = || name.to_owned();
    let unreadable = |source| ExtractError::unreadable(name, source);
    // Looked at before opening: opening a pipe would wait for its writer.
    let metadata = std::fs::metadata(path).map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(ExtractError::Directory { file: file() });
    }
    if !metadata.is_file() {
        return Err(ExtractError::NotAFile { file: file() });
    }
    if metadata.len() == 0 {
        return Err(ExtractError::Empty { file: file() });
    }
    let mut head = Vec::new();
    File::open(path).map_err(unreadable)?.take(HEAD).read_to_end(&mut head).map_err(unreadable)?;

    let unsupported = |what: &str, instead: &str| {
        Err(ExtractError::Unsupported { file: file(), what: what.into(), instead: instead.into() })
    };
    match head.as_slice() {
        h if h.starts_with(b"PK\x03\x04") || h.starts_with(b"PK\x05\x06") => {
            archive::check(&File::open(path).map_err(unreadable)?, name)
        }
        h if h.starts_with(b"PAR1") => Ok(Format::Parquet),
        // A header of its own for files whose footer is encrypted.
        h if h.starts_with(b"PARE") => Err(ExtractError::PasswordProtected { file: file() }),
        h if h.starts_with(compound::MAGIC) => Ok(Format::Xls),
        h if h.starts_with(b"%PDF") => unsupported("a PDF document", EXPECTED),
        h if h.starts_with(b"\x1F\x8B") => unsupported("a gzip archive", "unpack it first"),
        h if looks_like_markup(h) => {
            unsupported("an HTML or XML page", "open it in a spreadsheet and save it as .xlsx or CSV")
        }
        h if looks_like_json(h) => Ok(Format::Json),
        h if is_text(h) || wanted.encoding.is_some_and(super::encoding::TextEncoding::is_wide) => Ok(Format::Csv),
        _ => unsupported("neither a workbook nor text (its first bytes fit no known format)", EXPECTED),
    }
}

fn looks_like_markup(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    head.trim_ascii_start().starts_with(b"<")
}

/// No header of a text table begins with a bracket; what is no JSON after all is told when it is read.
fn looks_like_json(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    head.starts_with(b"{")
        || head.strip_prefix(b"[").is_some_and(|rest| matches!(rest.trim_ascii_start().first(), Some(b'{' | b']')))
}

/// Text has no NUL (unless it says that it is UTF-16) and next to no other control characters.
fn is_text(head: &[u8]) -> bool {
    if head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF") {
        return true;
    }
    let control = head.iter().filter(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace()).count();
    !head.contains(&0) && control * 50 <= head.len()
}
