//! A Parquet file that has its name only once it is whole.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use super::OutError;

/// Rows of a row group: what a reader must hold at once.
const ROW_GROUP: usize = 128 * 1024;

/// A file under a temporary name beside its own; dropped before [`Whole::publish`], it is gone.
#[derive(Debug)]
struct Temporary {
    path: PathBuf,
    target: PathBuf,
    published: bool,
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.published {
            // Whoever dropped it has an error of its own to tell.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// A file that is being written.
pub(super) struct ParquetFile {
    schema: SchemaRef,
    writer: ArrowWriter<File>,
    temporary: Temporary,
}

/// A file that is whole and on the disk, under its temporary name.
pub(crate) struct Whole(Temporary);

impl ParquetFile {
    /// Begins `name` in `directory`, which is made where it is missing.
    pub fn create(directory: &Path, name: &str, schema: SchemaRef) -> Result<Self, OutError> {
        let refused = |path: &Path| {
            let path = path.to_path_buf();
            move |source| OutError::Io { path, source }
        };
        fs::create_dir_all(directory).map_err(refused(directory))?;
        let (path, target) = (directory.join(format!(".{name}.{}", std::process::id())), directory.join(name));
        let file = File::create(&path).map_err(refused(&path))?;
        let temporary = Temporary { path, target, published: false };
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(ROW_GROUP))
            .build();
        let writer = ArrowWriter::try_new(file, SchemaRef::clone(&schema), Some(properties));
        let writer = writer.map_err(|source| OutError::Parquet { path: temporary.target.clone(), source })?;
        Ok(Self { schema, writer, temporary })
    }

    /// Writes rows, given as columns of one length in the schema's order.
    pub fn write(&mut self, columns: Vec<ArrayRef>) -> Result<(), OutError> {
        let batch = RecordBatch::try_new(SchemaRef::clone(&self.schema), columns).map_err(ParquetError::from);
        batch.and_then(|batch| self.writer.write(&batch)).map_err(|source| refused(&self.temporary, source))
    }

    /// Ends the file, and waits until it is on the disk.
    pub fn finish(self) -> Result<Whole, OutError> {
        let Self { writer, temporary, .. } = self;
        let file = writer.into_inner().map_err(|source| refused(&temporary, source))?;
        file.sync_all().map_err(|source| OutError::Io { path: temporary.target.clone(), source })?;
        Ok(Whole(temporary))
    }
}

fn refused(temporary: &Temporary, source: ParquetError) -> OutError {
    let path = temporary.target.clone();
    match source {
        // A full disk comes wrapped up.
        ParquetError::External(error) => match error.downcast::<std::io::Error>() {
            Ok(error) => OutError::Io { path, source: *error },
            Err(error) => OutError::Parquet { path, source: ParquetError::External(error) },
        },
        source => OutError::Parquet { path, source },
    }
}

impl Whole {
    /// Gives the file its name, in place of an older one; answers its path.
    pub fn publish(mut self) -> Result<PathBuf, OutError> {
        let target = self.0.target.clone();
        fs::rename(&self.0.path, &target).map_err(|source| OutError::Io { path: target.clone(), source })?;
        self.0.published = true;
        Ok(target)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]
mod tests {
    use std::sync::Arc;

    use arrow::array::Int32Array;
    use arrow::datatypes::{DataType, Field, Schema};

    use super::*;

    fn begun(directory: &Path) -> ParquetFile {
        let schema = Arc::new(Schema::new(vec![Field::new("n", DataType::Int32, false)]));
        let mut file = ParquetFile::create(directory, "numbers.parquet", schema).unwrap();
        file.write(vec![Arc::new(Int32Array::from(vec![1, 2, 3]))]).unwrap();
        file
    }

    fn names(directory: &Path) -> Vec<String> {
        fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn a_file_has_its_name_only_once_it_is_whole() {
        let home = tempfile::tempdir().unwrap();
        let directory = home.path().join("made/on the way");
        let file = begun(&directory);
        assert!(!directory.join("numbers.parquet").exists());
        let whole = file.finish().unwrap();
        assert!(!directory.join("numbers.parquet").exists());
        whole.publish().unwrap();
        assert_eq!(names(&directory), ["numbers.parquet"]);
    }

    #[test]
    fn what_was_given_up_leaves_nothing_and_an_older_file_as_it_was() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("numbers.parquet"), "older").unwrap();
        drop(begun(home.path()));
        drop(begun(home.path()).finish().unwrap());
        assert_eq!(names(home.path()), ["numbers.parquet"]);
        assert_eq!(fs::read(home.path().join("numbers.parquet")).unwrap(), b"older");
        begun(home.path()).finish().unwrap().publish().unwrap();
        assert!(fs::read(home.path().join("numbers.parquet")).unwrap().starts_with(b"PAR1"));
    }
}
