//! Columns with types, compressed, for dataframes.

use arrow::array::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use super::ExportError;
use super::stream::Writer;

/// Rows of a group: what a reader must hold at once, and so must we.
const GROUP: usize = 100_000;

/// Writes Parquet.
#[derive(Default)]
pub struct Parquet {
    writer: Option<ArrowWriter<Vec<u8>>>,
}

impl Parquet {
    /// What was written since the last time.
    fn taken(&mut self) -> Vec<u8> {
        self.writer.as_mut().map(|writer| std::mem::take(writer.inner_mut())).unwrap_or_default()
    }
}

impl Writer for Parquet {
    fn begin(&mut self, empty: &RecordBatch) -> Result<Vec<u8>, ExportError> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(GROUP))
            .set_created_by(concat!("corrente ", env!("CARGO_PKG_VERSION")).to_owned())
            .build();
        self.writer = Some(ArrowWriter::try_new(Vec::new(), empty.schema(), Some(properties))?);
        Ok(self.taken())
    }

    fn page(&mut self, page: &RecordBatch) -> Result<Vec<u8>, ExportError> {
        if let Some(writer) = &mut self.writer {
            writer.write(page)?;
        }
        Ok(self.taken())
    }

    fn end(&mut self) -> Result<Vec<u8>, ExportError> {
        Ok(self.writer.take().map(ArrowWriter::into_inner).transpose()?.unwrap_or_default())
    }
}
