//! What a file is, by its first bytes. An extension is a claim; the content is the fact.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use super::ExtractError;

/// A format that has a reader (or, for Parquet, a place for one).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Xlsx,
    Csv,
    Parquet,
}

/// Enough to tell every format, and little enough that a gigabyte of garbage is refused at once.
const HEAD: u64 = 64 * 1024;
const EXPECTED: &str = "name an .xlsx workbook or a CSV file";
const OLE2: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
/// How far an OLE2 file is searched for the mark of an encrypted workbook.
const OLE2_SEARCH: u64 = 256 * 1024 * 1024;

/// The name used in messages and as the source of rows: the last part of the path.
pub(super) fn display_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

pub(super) fn sniff(path: &Path, name: &str) -> Result<Format, ExtractError> {
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
        h if h.starts_with(b"PK\x03\x04") || h.starts_with(b"PK\x05\x06") => Ok(Format::Xlsx),
        h if h.starts_with(b"PAR1") => Ok(Format::Parquet),
        h if h.starts_with(OLE2) => {
            if holds_encrypted_package(path).map_err(unreadable)? {
                return Err(ExtractError::PasswordProtected { file: file() });
            }
            unsupported("a workbook in the old .xls format (or another old Office file)", "save it as .xlsx")
        }
        h if h.starts_with(b"%PDF") => unsupported("a PDF document", EXPECTED),
        h if h.starts_with(b"\x1F\x8B") => unsupported("a gzip archive", "unpack it first"),
        h if looks_like_markup(h) => {
            unsupported("an HTML or XML page", "open it in a spreadsheet and save it as .xlsx or CSV")
        }
        h if is_text(h) => Ok(Format::Csv),
        _ => unsupported("neither a workbook nor text (its first bytes fit no known format)", EXPECTED),
    }
}

/// Whether an OLE2 container carries the stream that Office puts an encrypted workbook into; its name is stored as UTF-16.
fn holds_encrypted_package(path: &Path) -> std::io::Result<bool> {
    let mark: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut reader = BufReader::new(File::open(path)?.take(OLE2_SEARCH));
    let mut window = Vec::new();
    let mut chunk = vec![0; 64 * 1024];
    loop {
        let read = reader.read(&mut chunk)?;
        if read == 0 {
            return Ok(false);
        }
        window.extend_from_slice(&chunk[..read]);
        if window.windows(mark.len()).any(|part| part == mark) {
            return Ok(true);
        }
        let keep = window.len().min(mark.len());
        window.drain(..window.len() - keep);
    }
}

fn looks_like_markup(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    head.trim_ascii_start().starts_with(b"<")
}

/// Text has no NUL (unless it says that it is UTF-16) and next to no other control characters.
fn is_text(head: &[u8]) -> bool {
    if head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF") {
        return true;
    }
    let control = head.iter().filter(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace()).count();
    !head.contains(&0) && control * 50 <= head.len()
}
