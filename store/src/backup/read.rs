//! Reading an archive, row by row, and believing nothing before it is proven.

use std::fs::File;
use std::io::{BufRead as _, BufReader, ErrorKind, Read as _};
use std::path::Path;

use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use super::archive::{END, FORMAT, Header, Line, MAGIC, Manifest, Table, TableRows};
use super::digest::{Digest, hexadecimal};
use super::{BackupError, Outcome};

/// The longest value PostgreSQL keeps is 1 GiB; no honest row is longer.
const LONGEST_ROW: u64 = 1 << 30;
/// Names of tables and columns.
const LONGEST_LINE: u64 = 16 << 20;
/// Rows are handed on in pieces of about this size.
const PIECE: usize = 256 << 10;

/// Reads a whole archive without a database, and says what is in it or what is wrong with it.
pub fn check(file: &Path) -> Outcome<(Header, Manifest)> {
    let (mut archive, header) = Archive::open(file)?;
    let mut piece = Vec::with_capacity(PIECE);
    while archive.table()?.is_some() {
        while archive.rows(&mut piece)? {}
    }
    Ok((header, archive.finish()?))
}

/// An archive on its way from the first line to the last.
pub(super) struct Archive {
    file: String,
    source: BufReader<zstd::Decoder<'static, BufReader<File>>>,
    /// Of every byte so far.
    sha: Sha256,
    line: Vec<u8>,
    /// The table that is being read.
    current: Option<(String, Digest)>,
    seen: Vec<TableRows>,
    manifest: Option<Manifest>,
}

impl Archive {
    /// Opens a file, recognises it and reads the header.
    pub(super) fn open(path: &Path) -> Outcome<(Self, Header)> {
        let file = path.display().to_string();
        let mut source = BufReader::new(File::open(path).map_err(BackupError::io("read", path))?);
        let begin = source.fill_buf().map_err(BackupError::io("read", path))?;
        if begin.is_empty() {
            return Err(BackupError::NotAnArchive { file, reason: "it is empty".into() });
        }
        if !begin.starts_with(&MAGIC[..begin.len().min(MAGIC.len())]) {
            return Err(BackupError::NotAnArchive { file, reason: "it does not begin as one does".into() });
        }
        let source = zstd::Decoder::with_buffer(source).map_err(BackupError::io("read", path))?;
        let mut archive = Self {
            file,
            source: BufReader::with_capacity(PIECE, source),
            sha: Sha256::new(),
            line: Vec::new(),
            current: None,
            seen: Vec::new(),
            manifest: None,
        };
        let header = archive.header()?;
        Ok((archive, header))
    }

    fn header(&mut self) -> Outcome<Header> {
        /// What every format has.
        #[derive(serde::Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Format {
            corrente_backup: u32,
        }
        self.read_line(LONGEST_LINE)?;
        let foreign = |reason: String| BackupError::NotAnArchive { file: self.file.clone(), reason };
        let Ok(Format { corrente_backup: format }) = serde_json::from_slice(&self.line) else {
            return Err(foreign("something else was compressed into it".into()));
        };
        if format != FORMAT {
            return Err(foreign(format!("its format is {format}, and this version of Corrente reads {FORMAT}")));
        }
        let header = self.parsed()?;
        self.sha.update(&self.line);
        Ok(header)
    }

    /// The next table, or `None` where the manifest stands, which must fit what was read.
    pub(super) fn table(&mut self) -> Outcome<Option<Table>> {
        self.read_line(LONGEST_LINE)?;
        match self.parsed()? {
            Line::Table(table) => {
                self.sha.update(&self.line);
                self.current = Some((table.name(), Digest::default()));
                Ok(Some(table))
            }
            Line::Manifest(manifest) => {
                if manifest.sha256 != hexadecimal(&self.sha.clone().finalize()) {
                    return Err(self.damaged("its SHA-256 is not the one that was written"));
                }
                if manifest.tables != self.seen {
                    return Err(self.damaged("the tables are not those that were written"));
                }
                self.manifest = Some(manifest);
                Ok(None)
            }
        }
    }

    /// Puts the table's next rows into `piece`; false once there are no more, and all were as they were written.
    pub(super) fn rows(&mut self, piece: &mut Vec<u8>) -> Outcome<bool> {
        piece.clear();
        while piece.len() < PIECE && self.current.is_some() {
            self.read_line(LONGEST_ROW)?;
            self.sha.update(&self.line);
            if self.line == END {
                self.end(piece)?;
            } else {
                piece.extend_from_slice(&self.line);
            }
        }
        if let Some((_, digest)) = &mut self.current {
            digest.take(piece);
        }
        Ok(!piece.is_empty())
    }

    /// The line behind the last rows, which must tell of what was read.
    fn end(&mut self, last: &[u8]) -> Outcome<()> {
        self.read_line(LONGEST_LINE)?;
        let Some((table, mut digest)) = self.current.take() else { return Ok(()) };
        digest.take(last);
        let written: TableRows = self.parsed()?;
        self.sha.update(&self.line);
        let read = TableRows { table, rows: digest.rows(), digest: digest.told() };
        if read != written {
            let reason = format!("{} is not as it was written: {} rows of {}", read.table, read.rows, written.rows);
            return Err(self.damaged(&reason));
        }
        self.seen.push(read);
        Ok(())
    }

    /// The end of the file, which must come with the manifest.
    pub(super) fn finish(mut self) -> Outcome<Manifest> {
        let rest = self.source.fill_buf().map(<[u8]>::is_empty);
        match (rest, self.manifest.take()) {
            (Ok(true), Some(manifest)) => Ok(manifest),
            (Ok(_), _) => Err(self.damaged("it goes on after its end")),
            (Err(error), _) => Err(self.broken(&error)),
        }
    }

    /// Reads one line, its break included.
    fn read_line(&mut self, longest: u64) -> Outcome<()> {
        self.line.clear();
        let read = self.source.by_ref().take(longest).read_until(b'\n', &mut self.line);
        match read {
            Err(error) => Err(self.broken(&error)),
            Ok(_) if self.line.last() == Some(&b'\n') => Ok(()),
            Ok(read) if read as u64 == longest => Err(self.damaged("a line has no end")),
            Ok(_) => Err(self.cut_short()),
        }
    }

    fn parsed<T: DeserializeOwned>(&self) -> Outcome<T> {
        serde_json::from_slice(&self.line).map_err(|error| self.damaged(&format!("a line cannot be read ({error})")))
    }

    fn place(&self) -> String {
        match (&self.current, self.seen.last()) {
            (Some((table, _)), _) => format!("in the rows of {table}"),
            (None, Some(last)) => format!("after {}", last.table),
            (None, None) => "at its beginning".into(),
        }
    }

    fn cut_short(&self) -> BackupError {
        BackupError::CutShort { file: self.file.clone(), place: self.place() }
    }

    fn damaged(&self, reason: &str) -> BackupError {
        BackupError::Damaged { file: self.file.clone(), place: self.place(), reason: reason.into() }
    }

    fn broken(&self, error: &std::io::Error) -> BackupError {
        if error.kind() == ErrorKind::UnexpectedEof { self.cut_short() } else { self.damaged(&error.to_string()) }
    }
}
