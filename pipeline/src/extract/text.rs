//! Tables as delimited text (CSV), streamed; encoding and delimiter are found by looking.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use compact_str::CompactString;
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use super::encoding::{Decoding, Utf8Check, marked};
use super::evidence::SAMPLE;
use super::header::{self, DecimalMark, HEADER_WITHIN, Header, Nearest};
use super::source::{Inner, Source, SourceFile};
use super::{Cell, ExtractError, Format, RawRow, TextEncoding, Wanted};

/// The header is looked for in this many bytes; a file without line ends must not be read whole to find that out.
const TOP: u64 = 1024 * 1024;
/// Longest line that is read. A quote that is never closed would otherwise swallow the rest of the file.
const LINE_LIMIT: u64 = 8 * 1024 * 1024;
/// How many further places of a long file are looked at, and how much of each.
const PARTS: u64 = 4;
const PART: u64 = 128 * 1024;
const COLUMNS_LIMIT: usize = 1_000;
const DELIMITERS: &[u8] = b";,\t|";

/// How to read a text file whose header was found.
pub(super) struct TextFile {
    path: PathBuf,
    encoding: &'static Encoding,
    delimiter: u8,
}

pub(super) fn open(path: &Path, name: &str, wanted: &Wanted) -> Result<Source, ExtractError> {
    let unreadable = |error| ExtractError::unreadable(name, error);
    let mut top = Vec::new();
    File::open(path).map_err(unreadable)?.take(TOP).read_to_end(&mut top).map_err(unreadable)?;
    let mut check = Utf8Check::default();
    check.see(&top);
    let asked = wanted.encoding.map(TextEncoding::encoding);
    let looks = if check.invalid_line.is_none() { UTF_8 } else { WINDOWS_1252 };
    let guess = asked.or(marked(&top)).unwrap_or(looks);

    let mut nearest = Nearest::default();
    let delimiters = wanted.delimiter.map_or_else(|| DELIMITERS.to_vec(), |delimiter| vec![delimiter]);
    let mut found = None;
    for delimiter in delimiters {
        let rows = first_rows(&top, guess, delimiter);
        let head = rows.partition_point(|row| row.line <= HEADER_WITHIN);
        if let Some(wide) = rows[..head].iter().find(|row| row.cells.len() > COLUMNS_LIMIT) {
            return Err(too_wide(name, wide));
        }
        if let Some(header) = header::find(name, &rows[..head], wanted, &mut nearest)? {
            found = Some((delimiter, header, rows));
            break;
        }
    }
    let Some((delimiter, mut header, mut sample)) = found else {
        return Err(header::none_found(name, &[], wanted, &nearest));
    };
    sample.extend(further_rows(path, guess, delimiter).map_err(unreadable)?);
    // With a comma between the cells, a comma cannot mark decimals unless every number is quoted.
    let otherwise = if delimiter == b',' { DecimalMark::Point } else { DecimalMark::Unknown };
    wanted.spell(&mut header, &sample, otherwise);

    let mut check = Utf8Check::default();
    let file = SourceFile::read_with(path, name, |piece| check.see(piece))?;
    let encoding = match (asked.or(marked(&top)), check.invalid_line) {
        (Some(encoding), Some(line)) if encoding == UTF_8 => {
            return Err(ExtractError::WrongEncoding { file: name.into(), encoding: "UTF-8", line });
        }
        (Some(encoding), _) => encoding,
        (None, None) => UTF_8,
        (None, Some(line)) if check.multibyte > 0 => {
            return Err(ExtractError::MixedEncodings { file: name.into(), line });
        }
        (None, Some(_)) => WINDOWS_1252,
    };
    let text = TextFile { path: path.into(), encoding, delimiter };
    Source::new(file, Format::Csv, vec![header], Inner::Text(text))
}

fn reader<R: Read>(bytes: R, delimiter: u8) -> csv::Reader<R> {
    csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(bytes)
}

/// The first rows of a file, as far as they can be read with this delimiter.
fn first_rows(top: &[u8], encoding: &'static Encoding, delimiter: u8) -> Vec<RawRow> {
    let mut rows = Vec::new();
    let mut reader = reader(Decoding::new(top, encoding), delimiter);
    let mut record = csv::ByteRecord::new();
    while rows.len() < SAMPLE {
        let Ok(Some(row)) = next_row(&mut reader, &mut record) else { break };
        rows.push(row);
    }
    rows
}

/// Rows from further down a long file, for how it writes numbers and days: a file in the order of its days shows no thirteenth in its
/// first rows. They are for looking only; where one of them begins inside a quoted cell, it is a row like no other and shows nothing.
fn further_rows(path: &Path, encoding: &'static Encoding, delimiter: u8) -> std::io::Result<Vec<RawRow>> {
    let mut rows = Vec::new();
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    if length <= TOP || !encoding.is_ascii_compatible() {
        return Ok(rows);
    }
    for part in 1..=PARTS {
        file.seek(SeekFrom::Start((length - PART) / PARTS * part))?;
        let mut piece = Vec::new();
        file.by_ref().take(PART).read_to_end(&mut piece)?;
        let lines = piece.iter().position(|byte| *byte == b'\n').map_or(&[][..], |end| &piece[end + 1..]);
        rows.extend(first_rows(lines, encoding, delimiter).into_iter().map(|row| RawRow { line: u64::MAX, ..row }));
    }
    Ok(rows)
}

/// Reads one row; `None` at the end. The reader's own position is that of the blank lines before a record, so the line is
/// counted back from where the record ends.
fn next_row<R: Read>(reader: &mut csv::Reader<R>, record: &mut csv::ByteRecord) -> csv::Result<Option<RawRow>> {
    let before = reader.position().line();
    if !reader.read_byte_record(record)? {
        return Ok(None);
    }
    let after = reader.position().line();
    let line = if after == before + 1 {
        before
    } else {
        let inside: usize = record.iter().map(|field| field.split(|byte| *byte == b'\n').count() - 1).sum();
        after.saturating_sub(inside as u64 + 1).max(before)
    };
    let cells = record
        .iter()
        .map(|field| if field.is_empty() { Cell::Empty } else { Cell::Text(CompactString::from_utf8_lossy(field)) });
    Ok(Some(RawRow { sheet: None, line, cells: cells.collect() }))
}

fn too_wide(file: &str, row: &RawRow) -> ExtractError {
    ExtractError::TooLarge {
        file: file.into(),
        what: format!("line {} has {} columns", row.line, row.cells.len()),
        instead: format!("keep the columns that are needed, at most {COLUMNS_LIMIT}"),
    }
}

impl TextFile {
    pub(super) fn rows(&self, file: &str, header: &Header) -> Result<TextRows, ExtractError> {
        let bytes = File::open(&self.path).map_err(|error| ExtractError::unreadable(file, error))?;
        let allowed = Arc::new(AtomicU64::new(LINE_LIMIT));
        let metered =
            Metered { inner: Decoding::new(BufReader::new(bytes), self.encoding), given: 0, allowed: allowed.clone() };
        let csv = reader(metered, self.delimiter);
        Ok(TextRows {
            csv,
            record: csv::ByteRecord::new(),
            allowed,
            file: file.into(),
            after: header.line,
            done: false,
        })
    }
}

/// The rows of a text file below its header.
pub struct TextRows {
    csv: csv::Reader<Metered>,
    /// The bytes of one row, kept for its memory.
    record: csv::ByteRecord,
    allowed: Arc<AtomicU64>,
    file: String,
    after: u64,
    done: bool,
}

impl Iterator for TextRows {
    type Item = Result<RawRow, ExtractError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.done {
            let (start, line) = (self.csv.position().byte(), self.csv.position().line());
            self.allowed.store(start + LINE_LIMIT, Ordering::Relaxed);
            let result = match next_row(&mut self.csv, &mut self.record) {
                Ok(Some(row)) => Ok(row),
                Ok(None) => break,
                Err(error) => Err(self.error(error, line)),
            };
            match result {
                Ok(row) if row.line <= self.after || row.is_blank() => {}
                Ok(row) if row.cells.len() > COLUMNS_LIMIT => {
                    self.done = true;
                    return Some(Err(too_wide(&self.file, &row)));
                }
                Ok(row) => return Some(Ok(row)),
                Err(error) => {
                    self.done = true;
                    return Some(Err(error));
                }
            }
        }
        None
    }
}

impl TextRows {
    /// How far into the decoded text the reading is.
    pub(super) fn bytes(&self) -> u64 {
        self.csv.position().byte()
    }

    fn error(&self, error: csv::Error, line: u64) -> ExtractError {
        match error.into_kind() {
            csv::ErrorKind::Io(error) if error.kind() == std::io::ErrorKind::FileTooLarge => ExtractError::TooLarge {
                file: self.file.clone(),
                what: format!("the line that begins at {line} is longer than {} MB", LINE_LIMIT / 1024 / 1024),
                instead: "look for a quotation mark that is never closed".into(),
            },
            csv::ErrorKind::Io(error) => ExtractError::unreadable(&self.file, error),
            other => ExtractError::damaged(&self.file, format!("line {line}: {other:?}")),
        }
    }
}

/// Stops a single line from being read without end.
struct Metered {
    inner: Decoding<BufReader<File>>,
    given: u64,
    /// How many bytes may have been given by now: the start of the current line and the limit of one.
    allowed: Arc<AtomicU64>,
}

impl Read for Metered {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.given > self.allowed.load(Ordering::Relaxed) {
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        let read = self.inner.read(buffer)?;
        self.given += read as u64;
        Ok(read)
    }
}
