//! Why a mapping file cannot be used.

/// Always the user's to correct.
#[derive(Debug, thiserror::Error)]
pub enum MappingError {
    #[error("the mapping {file} cannot be read ({source}): check the path, and that it is a TOML file in UTF-8")]
    Unreadable { file: String, source: std::io::Error },
    #[error("the mapping {file}, line {line}: {what}")]
    Wrong { file: String, line: usize, what: String },
}
