//! What an answer is called by its content, so that who has it need not be sent it again.

use axum::http::{HeaderMap, header};

use crate::digest::{hexadecimal, sha256};

/// The tag of a content, in quotes.
pub fn of(bytes: &[u8]) -> String {
    format!("\"{}\"", hexadecimal(&sha256(bytes)[..12]))
}

/// Whether the asker has the content of this tag, however weakly it was called so.
pub fn is_known(asked: &HeaderMap, tag: &str) -> bool {
    let tag = tag.trim_start_matches("W/");
    let lines = asked.get_all(header::IF_NONE_MATCH).into_iter().filter_map(|value| value.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|known| known.trim().trim_start_matches("W/") == tag)
}
