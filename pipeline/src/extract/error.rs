//! Why a whole file was refused: each message is one sentence that says what is wrong, where, and what would be right.

/// The file cannot be imported at all. Always the user's to correct, except [`ExtractError::Unreadable`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExtractError {
    #[error("{file} does not exist: check the path")]
    NotFound { file: String },
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
    #[error("{file} has no table that can be imported: {found}; {wanted}")]
    NoHeader { file: String, found: String, wanted: String },
    #[error("{file}{place}: the column {column} appears more than once: remove or rename one of them")]
    AmbiguousColumn { file: String, place: String, column: String },
    #[error("{file} holds tables of several kinds ({kinds}): say which one to import with --kind")]
    SeveralKinds { file: String, kinds: String },
}

impl ExtractError {
    pub(super) fn damaged(file: &str, what: impl Into<String>) -> Self {
        Self::Damaged { file: file.into(), what: what.into() }
    }

    /// A failed read of a file that was opened before.
    pub(super) fn unreadable(file: &str, source: std::io::Error) -> Self {
        match source.kind() {
            std::io::ErrorKind::NotFound => Self::NotFound { file: file.into() },
            _ => Self::Unreadable { file: file.into(), source },
        }
    }
}
