//! The contract with pipelines outside: the files that `corrente forecast --out` writes and `corrente load` takes.
//!
//! Lives here: the schema of `forecasts.parquet` and `features.parquet` (`docs/OFFLINE.md` describes both), writing them so
//! that nothing half-done is ever found under their names, and loading a directory of such files. Never here: SQL, or a
//! judgement about a value (that is `transform::computed`). Start at `Out` to write, [`load_directory`] to load.

mod directory;
mod feature_file;
mod forecast_file;
mod landing;
mod load;
mod parquet_file;

use std::path::{Path, PathBuf};

use store::Database;

pub use directory::{DirectoryError, OfflineFile};
pub(crate) use feature_file::{FeatureFile, json};
pub(crate) use forecast_file::ForecastFile;
pub use load::{LoadOptions, LoadReport, LoadedRun, load_directory};

/// The name of the file of forecasts, without its extension.
const FORECASTS: &str = "forecasts";
/// The name of the file of features, without its extension.
const FEATURES: &str = "features";
/// The name of the file of key figures, without its extension.
const KPIS: &str = "kpis";

/// Why the files were not written.
#[derive(Debug, thiserror::Error)]
pub enum OutError {
    /// The system refused.
    #[error("cannot write {}: {source}; name a directory that may be written and has room", path.display())]
    Io { path: PathBuf, source: std::io::Error },
    /// What was to be written does not fit the format.
    #[error("cannot write {}: {source}", path.display())]
    Parquet { path: PathBuf, source: parquet::errors::ParquetError },
}

/// The files of one run, hidden under temporary names until [`Out::publish`]; dropped before, nothing of them stays.
pub(crate) struct Out {
    pub forecasts: ForecastFile,
    pub features: FeatureFile,
}

impl Out {
    /// Begins both files in `directory`, which is made where it is missing. `indicators` are the codes that features have
    /// columns for.
    pub async fn begin(db: &Database, directory: &Path, indicators: &[String]) -> Result<Self, crate::jobs::JobError> {
        let names = forecast_file::Names::read(db).await?;
        Ok(Self {
            forecasts: ForecastFile::create(directory, names.clone())?,
            features: FeatureFile::create(directory, names, indicators)?,
        })
    }

    /// Finishes both files, and gives them their names one right after the other; answers their paths.
    pub fn publish(self) -> Result<[PathBuf; 2], OutError> {
        let (forecasts, features) = (self.forecasts.finish()?, self.features.finish()?);
        Ok([forecasts.publish()?, features.publish()?])
    }
}
