//! Which files of a directory are part of the contract: by name, because `forecasts.csv` beside `notes.csv` says what it is.

use std::path::{Path, PathBuf};

use super::{FEATURES, FORECASTS, KPIS};
use crate::extract::Kind;

const EXTENSIONS: [&str; 5] = ["parquet", "csv", "json", "jsonl", "ndjson"];

/// What a file of the contract holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OfflineFile {
    Forecasts,
    Features,
    Kpis,
}

/// Why a directory cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    #[error("{} does not exist: name the directory that holds forecasts.parquet", .0.display())]
    NotFound(PathBuf),
    #[error("{} is not a directory: name the one that the file is in", .0.display())]
    NotADirectory(PathBuf),
    #[error("{} cannot be read ({source}): check that you may read it", path.display())]
    Unreadable { path: PathBuf, source: std::io::Error },
    #[error(
        "{} holds nothing to load: name the files forecasts, features or kpis, with .parquet, .csv or .json behind (docs/OFFLINE.md)",
        .0.display()
    )]
    Nothing(PathBuf),
    #[error("{file} holds {found}, and its name says {wanted}: rename it")]
    WrongKind { file: String, found: &'static str, wanted: &'static str },
    #[error(
        "the forecasts in {file} are too many ({most} lines at a time can be loaded): split them into several directories"
    )]
    TooMany { file: String, most: usize },
    #[error("the forecasts in {file} have more than {most} different origins: split them into several directories")]
    TooManyRuns { file: String, most: usize },
}

impl OfflineFile {
    fn of(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        let (stem, extension) = name.rsplit_once('.')?;
        let known = [(FORECASTS, Self::Forecasts), (FEATURES, Self::Features), (KPIS, Self::Kpis)];
        // Also forecasts-1.parquet, forecasts_2.parquet: large pipelines write in parts.
        let begins = |word: &str| stem.strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
        EXTENSIONS.contains(&extension).then_some(())?;
        known.into_iter().find(|(word, _)| begins(word)).map(|(_, file)| file)
    }

    fn word(self) -> &'static str {
        match self {
            Self::Forecasts => FORECASTS,
            Self::Features => FEATURES,
            Self::Kpis => KPIS,
        }
    }

    /// The kind as runs of it are called.
    pub(super) fn kind(self) -> String {
        self.word().to_uppercase()
    }

    /// Refuses a file that holds something else than its name says.
    pub(super) fn check(self, file: &str, kind: Kind) -> Result<(), DirectoryError> {
        let fits = match self {
            Self::Forecasts => matches!(kind, Kind::Forecasts | Kind::OlderForecasts),
            Self::Features => kind == Kind::Features,
            Self::Kpis => kind == Kind::Kpis,
        };
        if fits {
            return Ok(());
        }
        Err(DirectoryError::WrongKind { file: file.into(), found: kind.as_str(), wanted: self.word() })
    }
}

/// The files to load, forecasts first, each sort by name; and the names of those that are left alone.
pub(super) type Found = (Vec<(OfflineFile, PathBuf)>, Vec<String>);

/// What is in a directory.
pub(super) fn files(directory: &Path) -> Result<Found, DirectoryError> {
    let unreadable = |source: std::io::Error| match source.kind() {
        std::io::ErrorKind::NotFound => DirectoryError::NotFound(directory.into()),
        std::io::ErrorKind::NotADirectory => DirectoryError::NotADirectory(directory.into()),
        _ => DirectoryError::Unreadable { path: directory.into(), source },
    };
    let (mut files, mut left) = (Vec::new(), Vec::new());
    for entry in std::fs::read_dir(directory).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        match OfflineFile::of(&name) {
            Some(file) if path.is_file() => files.push((file, path)),
            // A hidden file is nobody's: a run that was killed may have left one.
            _ if name.starts_with('.') => {}
            _ => left.push(name),
        }
    }
    if files.is_empty() {
        return Err(DirectoryError::Nothing(directory.into()));
    }
    files.sort();
    left.sort();
    Ok((files, left))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_what_a_file_holds() {
        let of = OfflineFile::of;
        assert_eq!(of("forecasts.parquet"), Some(OfflineFile::Forecasts));
        assert_eq!(of("Forecasts-2025.CSV"), Some(OfflineFile::Forecasts));
        assert_eq!(of("features_1.json"), Some(OfflineFile::Features));
        assert_eq!(of("kpis.csv"), Some(OfflineFile::Kpis));
        for other in ["forecasting.csv", "forecasts.xlsx", "forecasts", "my-forecasts.csv", ".forecasts.parquet.12"] {
            assert_eq!(of(other), None, "{other}");
        }
    }
}
