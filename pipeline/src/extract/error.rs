//! Why a whole file was refused: each message is one sentence that says what is wrong, where, and what would be right.

/// The file cannot be imported at all. Always the user's to correct, except [`ExtractError::Unreadable`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExtractError {
    #[error("{file} does not exist: check the path")]
    NotFound { file: String },
    #[error("{file} is one of symbolic links that point at each other: name the file itself")]
    LinkLoop { file: String },
    #[error("{file} is a directory: name the file inside it that should be imported")]
    Directory { file: String },
    #[error("{file} is not a regular file (a device, a pipe or a socket): name a workbook or a CSV file")]
    NotAFile { file: String },
    #[error("{file} is empty (0 bytes): export it again")]
    Empty { file: String },
    #[error("{file} cannot be read ({source}): check that it exists on this machine and that you may read it")]
    Unreadable { file: String, source: std::io::Error },
    #[error("{file} is password-protected: save it without a password and import it again")]
    PasswordProtected { file: String },
    #[error("{file} is {what}, which cannot be imported: {instead}")]
    Unsupported { file: String, what: String, instead: String },
    #[error("{file} is damaged ({what}): export or download it again")]
    Damaged { file: String, what: String },
    #[error("{file} is too large ({what}): {instead}")]
    TooLarge { file: String, what: String, instead: String },
    #[error("{file} mixes text encodings (line {line} is not UTF-8 while earlier text is): save it as UTF-8")]
    MixedEncodings { file: String, line: u64 },
    #[error("{file} is not {encoding} (line {line}): leave --encoding out, or name the one it was saved in")]
    WrongEncoding { file: String, encoding: &'static str, line: u64 },
    #[error("{file} has no table that can be imported: {found}; {wanted}")]
    NoHeader { file: String, found: String, wanted: String },
    #[error("{file}{place}: the column {column} appears more than once: remove or rename one of them")]
    AmbiguousColumn { file: String, place: String, column: String },
    #[error("{file} holds tables of several kinds ({kinds}): say which one to import with --kind")]
    SeveralKinds { file: String, kinds: String },
    #[error("{file} has a column {column} of {what}: write it as {instead}")]
    ColumnType { file: String, column: String, what: String, instead: &'static str },
    #[error(
        "{file} holds {what}, which `corrente import` does not take: `corrente load DIR` is for what the offline pipeline computed (docs/OFFLINE.md)"
    )]
    Computed { file: String, what: &'static str },
    #[error("{file} is not in the mapping {mapping}, which knows {known}: rename the file or add a table for it")]
    NotMapped { file: String, mapping: String, known: String },
    #[error("{file} lacks {missing}, which the mapping {mapping} names: {found}")]
    MappedColumn { file: String, mapping: String, missing: String, found: String },
    #[error("{file} refers to {table} by {column}: name the file of {table} in the same command")]
    LookupMissing { file: String, table: String, column: String },
    #[error(
        "{file} (line {line}): the {key} {value} appears with two different values of {column} ({one}, {two}): a key must be unique"
    )]
    LookupAmbiguous {
        file: String,
        line: u64,
        key: Box<str>,
        value: Box<str>,
        column: Box<str>,
        one: Box<str>,
        two: Box<str>,
    },
}

impl ExtractError {
    pub(super) fn damaged(file: &str, what: impl Into<String>) -> Self {
        Self::Damaged { file: file.into(), what: what.into() }
    }

    /// A failed read of a file that was opened before.
    pub(super) fn unreadable(file: &str, source: std::io::Error) -> Self {
        match source.kind() {
            std::io::ErrorKind::NotFound => Self::NotFound { file: file.into() },
            // The system's word for a circle (ELOOP), which the standard library does not name yet.
            _ if source.raw_os_error() == Some(40) => Self::LinkLoop { file: file.into() },
            _ => Self::Unreadable { file: file.into(), source },
        }
    }
}
