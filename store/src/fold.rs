//! Folding text for search and sorting: lower case, no accents, single spaces.
//!
//! What `transform` writes into the folded columns and what a search asks must be folded alike, so both use this.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Lower case, no accents, single spaces, no control characters. `M²` becomes `m2`, `ß` becomes `ss`.
pub fn fold(text: &str) -> String {
    let plain: String = text
        .nfkd()
        .filter(|letter| !is_combining_mark(*letter))
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .flat_map(char::to_lowercase)
        // Lower case can bring a mark of its own (`İ`), so marks are dropped once more.
        .filter(|letter| !is_combining_mark(*letter))
        .collect();
    plain.replace('ß', "ss").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words of a search, folded.
pub(crate) fn search_terms(search: &str) -> Vec<String> {
    fold(search).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The words of a search as LIKE patterns that match anywhere.
pub(crate) fn like_words(search: &str) -> Vec<String> {
    search_terms(search).iter().map(|word| format!("%{}%", literally(word))).collect()
}

/// The LIKE pattern of texts that begin with folded text.
pub(crate) fn like_prefix(text: &str) -> String {
    format!("{}%", literally(text))
}

/// The LIKE pattern of texts with a word, not the first, that begins with folded text.
pub(crate) fn like_word_start(text: &str) -> String {
    format!("% {}%", literally(text))
}

/// Wildcards are letters.
fn literally(word: &str) -> String {
    let mut pattern = String::with_capacity(word.len());
    for letter in word.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern
}
