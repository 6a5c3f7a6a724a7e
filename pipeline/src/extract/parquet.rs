//! Parquet files, streamed batch by batch; only the columns that are needed are read.

use std::fs::File;
use std::path::{Path, PathBuf};

use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::errors::ParquetError;

use super::header::{self, DecimalMark, Nearest};
use super::layout::Kind;
use super::source::{Inner, Source, SourceFile};
use super::{Cell, ExtractError, Format, RawRow, Wanted, guard, typed};

const BATCH: usize = 8_192;
/// Far more than any table has.
const COLUMNS_LIMIT: usize = 10_000;
const MIB: i64 = 1024 * 1024;
/// Constant columns shrink to a thousandth; a bomb to less.
const RATIO_LIMIT: i64 = 5_000;
const RATIO_FROM: i64 = 64 * MIB;

/// How to read a Parquet file whose columns were recognised.
pub(super) struct ParquetFile {
    path: PathBuf,
    metadata: ArrowReaderMetadata,
    /// The columns that are read, by their places in the file.
    columns: Vec<usize>,
    /// How many rows the file says it has.
    rows: i64,
}

pub(super) fn open(path: &Path, name: &str, wanted: &Wanted) -> Result<Source, ExtractError> {
    let file = File::open(path).map_err(|error| ExtractError::unreadable(name, error))?;
    let metadata = guarded(name, || ArrowReaderMetadata::load(&file, ArrowReaderOptions::default()))?;
    let fields = metadata.schema().fields().clone();
    if fields.len() > COLUMNS_LIMIT {
        return Err(ExtractError::TooLarge {
            file: name.into(),
            what: format!("{} columns", fields.len()),
            instead: format!("keep the columns that are needed, at most {COLUMNS_LIMIT}"),
        });
    }
    let names = fields.iter().map(|field| Cell::Text(field.name().into())).collect();
    let row = RawRow { sheet: None, line: 0, cells: names };
    let mut nearest = Nearest::default();
    let Some(mut header) = header::find(name, &[row], wanted, &mut nearest)? else {
        return Err(header::none_found(name, &[], wanted, &nearest));
    };
    // Text in a typed file was put there by a program, and programs write points.
    header.decimal = wanted.decimal.unwrap_or(DecimalMark::Point);
    header.date_order = wanted.date_order.unwrap_or_default();

    let mut columns: Vec<usize> =
        header.fields().map(|(_, index)| index).filter(|index| *index < fields.len()).collect();
    if header.kind == Kind::Features {
        // Every further column is a feature.
        columns.extend(header.others().iter().map(|(index, _)| *index));
    }
    columns.sort_unstable();
    for index in &columns {
        typed::readable(fields[*index].data_type()).map_err(|what| ExtractError::ColumnType {
            file: name.into(),
            column: fields[*index].name().clone(),
            what,
            instead: "text, a number, a date, a timestamp, or true and false",
        })?;
    }
    let rows = check_sizes(name, &metadata)?;
    let source = SourceFile::read(path, name)?;
    let parquet = ParquetFile { path: path.into(), metadata, columns, rows };
    Source::new(source, Format::Parquet, vec![header], Inner::Parquet(Box::new(parquet)))
}

/// Refuses columns that unpack to a thousand times their size; answers the number of rows.
fn check_sizes(name: &str, metadata: &ArrowReaderMetadata) -> Result<i64, ExtractError> {
    for group in metadata.metadata().row_groups() {
        for column in group.columns() {
            let (unpacked, packed) = (column.uncompressed_size(), column.compressed_size());
            if unpacked < 0 || packed < 0 || column.num_values() < 0 || group.num_rows() < 0 {
                return Err(ExtractError::damaged(name, "its table of contents has sizes below zero"));
            }
            if unpacked > RATIO_FROM && unpacked / packed.max(1) > RATIO_LIMIT {
                return Err(ExtractError::TooLarge {
                    file: name.into(),
                    what: format!(
                        "its column {} unpacks to {} times its size",
                        column.column_path(),
                        unpacked / packed.max(1)
                    ),
                    instead: "write it again, or as CSV".into(),
                });
            }
        }
    }
    Ok(metadata.metadata().file_metadata().num_rows())
}

impl ParquetFile {
    pub(super) fn rows(&self, source: &SourceFile) -> Result<ParquetRows, ExtractError> {
        let name = source.name.as_str();
        let file = File::open(&self.path).map_err(|error| ExtractError::unreadable(name, error))?;
        let reader = guarded(name, || {
            let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
            let mask = ProjectionMask::roots(builder.parquet_schema(), self.columns.iter().copied());
            builder.with_projection(mask).with_batch_size(BATCH).build()
        })?;
        let width = self.columns.last().map_or(0, |last| last + 1);
        Ok(ParquetRows {
            reader,
            file: name.into(),
            columns: self.columns.clone(),
            width,
            batch: Vec::new(),
            at: 0,
            length: 0,
            line: 0,
            expected: self.rows,
            bytes: source.bytes,
            done: false,
        })
    }
}

/// The rows of a Parquet file; a row's line is its number, from 1.
pub(super) struct ParquetRows {
    reader: ParquetRecordBatchReader,
    file: String,
    columns: Vec<usize>,
    width: usize,
    /// The cells of the current batch, column by column.
    batch: Vec<Vec<Cell>>,
    at: usize,
    length: usize,
    line: u64,
    expected: i64,
    bytes: u64,
    done: bool,
}

impl ParquetRows {
    /// How far into the file the reading is, by the rows that have been read.
    pub(super) fn bytes(&self) -> u64 {
        (self.bytes as f64 * self.line as f64 / self.expected.max(1) as f64) as u64
    }

    /// Reads the next batch; `false` at the end.
    fn advance(&mut self) -> Result<bool, ExtractError> {
        let Self { reader, file, .. } = self;
        let next = guarded(file, || reader.next().transpose().map_err(ParquetError::from))?;
        let Some(batch) = next else {
            // Pages that are missing end the reading quietly; half a table must not look like a whole one.
            if i64::try_from(self.line).ok() != Some(self.expected) {
                let what = format!("it says that it has {} rows, and has {}", self.expected, self.line);
                return Err(ExtractError::damaged(file, what));
            }
            return Ok(false);
        };
        self.length = batch.num_rows();
        self.at = 0;
        self.batch =
            guarded(file, || Ok(batch.columns().iter().map(|column| typed::cells(column.as_ref())).collect()))?;
        Ok(true)
    }

    fn row(&mut self) -> RawRow {
        let mut cells = vec![Cell::Empty; self.width];
        for (column, values) in self.columns.iter().zip(&mut self.batch) {
            cells[*column] = std::mem::take(&mut values[self.at]);
        }
        self.at += 1;
        self.line += 1;
        RawRow { sheet: None, line: self.line, cells }
    }
}

impl Iterator for ParquetRows {
    type Item = Result<RawRow, ExtractError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.done {
            if self.at < self.length {
                let row = self.row();
                if !row.is_blank() {
                    return Some(Ok(row));
                }
                continue;
            }
            match self.advance() {
                Ok(true) => {}
                Ok(false) => self.done = true,
                Err(error) => {
                    self.done = true;
                    return Some(Err(error));
                }
            }
        }
        None
    }
}

/// Runs a step of the Parquet reader; where it panics on what a file says, the file is damaged.
fn guarded<T>(file: &str, step: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, ExtractError> {
    match guard::caught(step) {
        Some(Ok(value)) => Ok(value),
        Some(Err(error)) => Err(convert(file, &error)),
        None => Err(ExtractError::damaged(file, "its contents are not a valid Parquet file")),
    }
}

fn convert(file: &str, error: &ParquetError) -> ExtractError {
    let what = error.to_string();
    let what = what.lines().next().unwrap_or_default();
    if what.contains("feature")
        || what.to_lowercase().contains("not supported")
        || matches!(error, ParquetError::NYI(_))
    {
        return ExtractError::Unsupported {
            file: file.into(),
            what: format!("a Parquet file written in a way that is not read ({what})"),
            instead: "write it again uncompressed or with snappy, gzip, lz4 or zstd, and without encryption".into(),
        };
    }
    ExtractError::damaged(file, format!("its contents are not a valid Parquet file: {what}"))
}
