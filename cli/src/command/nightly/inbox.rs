//! The inbox: which files are in it, in which order they are taken, and where they go afterwards.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use chrono::{DateTime, Utc};
use pipeline::extract::{self, ExtractOptions, Kind, Mapping};

/// Where files go that were taken.
const DONE: &str = "done";
/// Where files go that cannot be used.
const FAILED: &str = "failed";
/// Held while a nightly run is at work here.
const LOCK: &str = ".nightly.lock";
/// A mapping's name is that of its file with this behind it: `sales.csv.toml`.
const MAPPING: &str = "toml";
/// What programs call a file that they have not written whole.
const UNFINISHED: [&str; 5] = ["part", "partial", "tmp", "crdownload", "filepart"];

/// A directory of files to import, held by this run alone.
pub struct Inbox {
    directory: PathBuf,
    _lock: File,
}

impl Inbox {
    /// Makes the directory where it is missing, and holds it; `None` while another run does.
    pub fn hold(directory: &Path) -> Result<Option<Self>> {
        fs::create_dir_all(directory).with_context(|| format!("cannot make the inbox {}", directory.display()))?;
        let path = directory.join(LOCK);
        let lock = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(Self { directory: directory.to_path_buf(), _lock: lock })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("cannot lock {}", path.display())),
        }
    }

    /// The files that wait, in the order in which they refer to each other: items before what names items.
    ///
    /// Hidden and unfinished files are left alone, and so are mappings without a file.
    pub fn waiting(&self) -> Result<Vec<Waiting>> {
        let unreadable = || format!("cannot read the inbox {}", self.directory.display());
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.directory).with_context(unreadable)? {
            let path = entry.with_context(unreadable)?.path();
            let hidden = path.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
            let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
            let left = hidden || ending == MAPPING || UNFINISHED.contains(&ending.as_str());
            if !left && path.is_file() {
                files.push(Waiting::found(path));
            }
        }
        files.sort_by(|one, other| (one.rank, &one.path).cmp(&(other.rank, &other.path)));
        Ok(files)
    }

    /// Moves a file that was imported, with its mapping; answers where to.
    pub fn done(&self, file: &Waiting, at: DateTime<Utc>) -> Result<PathBuf> {
        self.put(file, DONE, at)
    }

    /// Moves a file that cannot be used, with its mapping; answers where to.
    pub fn failed(&self, file: &Waiting, at: DateTime<Utc>) -> Result<PathBuf> {
        self.put(file, FAILED, at)
    }

    fn put(&self, file: &Waiting, folder: &str, at: DateTime<Utc>) -> Result<PathBuf> {
        let folder = self.directory.join(folder);
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let stamp = at.format("%Y%m%dT%H%M%SZ");
        let name = file.path.file_name().unwrap_or_default().to_string_lossy();
        let mut target = folder.join(format!("{stamp}-{name}"));
        let mut more = 1;
        while target.exists() {
            more += 1;
            target = folder.join(format!("{stamp}-{more}-{name}"));
        }
        let moving = |from: &Path, to: &Path| {
            fs::rename(from, to).with_context(|| format!("cannot move {} to {}", from.display(), to.display()))
        };
        moving(&file.path, &target)?;
        if let Some(mapping) = &file.mapping {
            moving(mapping, &mapping_of(&target))?;
        }
        Ok(target)
    }
}

/// A file to import.
pub struct Waiting {
    pub path: PathBuf,
    /// Names the columns of another layout.
    mapping: Option<PathBuf>,
    /// Where its kind stands among those that refer to each other; last when it cannot be told.
    rank: usize,
}

impl Waiting {
    fn found(path: PathBuf) -> Self {
        let mapping = Some(mapping_of(&path)).filter(|mapping| mapping.is_file());
        let mut file = Self { path, mapping, rank: usize::MAX };
        // A file that cannot be read says why when it is imported.
        let kind = file.reading().ok().and_then(|reading| extract::open(&file.path, &reading).ok());
        if let Some(place) = kind.and_then(|source| Kind::ALL.iter().position(|kind| *kind == source.kind)) {
            file.rank = place;
        }
        file
    }

    /// How to read it: by its mapping where there is one, else by its content.
    pub fn reading(&self) -> Result<ExtractOptions> {
        let Some(mapping) = &self.mapping else { return Ok(ExtractOptions::default()) };
        let bound = Mapping::read(mapping)?.bind(std::slice::from_ref(&self.path));
        Ok(ExtractOptions { mapping: Some(Arc::new(bound)), ..ExtractOptions::default() })
    }
}

fn mapping_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(MAPPING);
    PathBuf::from(name)
}
