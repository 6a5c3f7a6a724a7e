//! An opened file: what it is, which tables it holds, and its rows.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::mapping::Rewrite;
use super::parquet::{ParquetFile, ParquetRows};
use super::sheets::{SheetRows, Sheets};
use super::text::{TextFile, TextRows};
use super::workbook::{Workbook, WorkbookRows};
use super::{ExtractError, Format, Header, Kind, RawRow};

/// The identity of a file: its name is what owns the rows loaded from it, its checksum tells whether it is the same again.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The last part of the path.
    pub name: String,
    /// SHA-256 of the content, 64 lower-case hexadecimal digits.
    pub sha256: String,
    pub bytes: u64,
}

impl SourceFile {
    /// Reads the whole file once, after its head was found to be worth it.
    pub(super) fn read(path: &Path, name: &str) -> Result<Self, ExtractError> {
        Self::read_with(path, name, |_| {})
    }

    /// The same, showing every piece of the content to `see`.
    pub(super) fn read_with(path: &Path, name: &str, mut see: impl FnMut(&[u8])) -> Result<Self, ExtractError> {
        let unreadable = |error| ExtractError::unreadable(name, error);
        let mut file = File::open(path).map_err(unreadable)?;
        let mut digest = Sha256::new();
        let mut bytes = 0;
        let mut chunk = vec![0; 256 * 1024];
        loop {
            let read = file.read(&mut chunk).map_err(unreadable)?;
            if read == 0 {
                break;
            }
            bytes += read as u64;
            digest.update(&chunk[..read]);
            see(&chunk[..read]);
        }
        let sha256 = digest.finalize().iter().fold(String::with_capacity(64), |hex, byte| hex + &format!("{byte:02x}"));
        Ok(Self { name: name.into(), sha256, bytes })
    }
}

pub(super) enum Inner {
    Workbook(Box<Workbook>),
    Sheets(Sheets),
    Text(TextFile),
    Parquet(Box<ParquetFile>),
    Json(Vec<RawRow>),
}

/// A file whose format and tables are known. A workbook may hold the same kind of table in several sheets; all are read.
pub struct Source {
    pub file: SourceFile,
    pub format: Format,
    pub kind: Kind,
    headers: Vec<Header>,
    /// For a mapped file, what happens to the rows below each header; otherwise empty.
    rewrites: Vec<Arc<Rewrite>>,
    inner: Inner,
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { file, format, kind, headers, rewrites: _, inner: _ } = self;
        f.debug_struct("Source")
            .field("file", file)
            .field("format", format)
            .field("kind", kind)
            .field("headers", headers)
            .finish_non_exhaustive()
    }
}

/// One table in memory: its header and every row that is not blank.
#[derive(Clone, Debug)]
pub struct Table {
    pub header: Header,
    pub rows: Vec<RawRow>,
}

/// The rows below one header, streamed.
pub struct Rows<'a> {
    inner: Reading<'a>,
    rewrite: Option<Arc<Rewrite>>,
}

enum Reading<'a> {
    Workbook(Box<WorkbookRows<'a>>),
    Sheets(SheetRows<'a>),
    Text(Box<TextRows>),
    Parquet(Box<ParquetRows>),
    Json(std::slice::Iter<'a, RawRow>),
}

impl Rows<'_> {
    /// How many bytes of the file have been read, about, where that can be told.
    pub fn bytes(&self) -> Option<u64> {
        match &self.inner {
            Reading::Text(rows) => Some(rows.bytes()),
            Reading::Parquet(rows) => Some(rows.bytes()),
            Reading::Workbook(_) | Reading::Sheets(_) | Reading::Json(_) => None,
        }
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<RawRow, ExtractError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let row = match &mut self.inner {
                Reading::Workbook(rows) => rows.next(),
                Reading::Sheets(rows) => rows.next(),
                Reading::Text(rows) => rows.next(),
                Reading::Parquet(rows) => rows.next(),
                Reading::Json(rows) => rows.find(|row| !row.is_blank()).cloned().map(Ok),
            };
            match (row?, &self.rewrite) {
                (Ok(row), Some(rewrite)) => {
                    let row = rewrite.apply(row);
                    if !row.is_blank() {
                        return Some(Ok(row));
                    }
                }
                (row, _) => return Some(row),
            }
        }
    }
}

impl Source {
    pub(super) fn new(
        file: SourceFile,
        format: Format,
        headers: Vec<Header>,
        inner: Inner,
    ) -> Result<Self, ExtractError> {
        let mut kinds: Vec<Kind> = headers.iter().map(|header| header.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        if let [kind] = kinds.as_slice() {
            return Ok(Self { kind: *kind, file, format, headers, rewrites: Vec::new(), inner });
        }
        let kinds: Vec<_> = kinds.iter().map(|kind| kind.as_str()).collect();
        Err(ExtractError::SeveralKinds { file: file.name, kinds: kinds.join(", ") })
    }

    /// The tables found, in the file's order.
    pub fn headers(&self) -> &[Header] {
        &self.headers
    }

    /// Streams the rows below the header `table` (an index into [`Source::headers`]); blank rows are passed over.
    ///
    /// # Errors
    /// The file changed or is damaged further down; rows read so far must then not be loaded.
    pub fn rows(&mut self, table: usize) -> Result<Rows<'_>, ExtractError> {
        let Some(header) = self.headers.get(table) else {
            return Err(ExtractError::damaged(&self.file.name, format!("it has no table number {table}")));
        };
        let inner = match &mut self.inner {
            Inner::Workbook(workbook) => {
                Reading::Workbook(Box::new(WorkbookRows::below(workbook, &self.file.name, header)?))
            }
            Inner::Sheets(sheets) => Reading::Sheets(sheets.rows(&self.file.name, header)?),
            Inner::Text(text) => Reading::Text(Box::new(text.rows(&self.file.name, header)?)),
            Inner::Parquet(parquet) => Reading::Parquet(Box::new(parquet.rows(&self.file)?)),
            Inner::Json(rows) => Reading::Json(rows.iter()),
        };
        Ok(Rows { inner, rewrite: self.rewrites.get(table).cloned() })
    }

    /// Has the rows below every header rewritten.
    pub(super) fn rewrite(
        &mut self,
        with: impl Fn(&str, &Header) -> Result<Rewrite, ExtractError>,
    ) -> Result<(), ExtractError> {
        let rewrites = self.headers.iter().map(|header| with(&self.file.name, header).map(Arc::new));
        self.rewrites = rewrites.collect::<Result<_, _>>()?;
        Ok(())
    }

    /// Reads every table into memory, for the kinds whose rules need to see all lines at once.
    pub fn read(&mut self) -> Result<Vec<Table>, ExtractError> {
        let mut tables = Vec::with_capacity(self.headers.len());
        for table in 0..self.headers.len() {
            let rows = self.rows(table)?.collect::<Result<Vec<_>, _>>()?;
            tables.push(Table { header: self.headers[table].clone(), rows });
        }
        Ok(tables)
    }
}
