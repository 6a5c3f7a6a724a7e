//! Counting a document's lexical tokens and brackets before anything recursive looks at it.

/// Brackets nested in one another at most; the parser recurses once for each.
const MAX_NESTING: usize = 60;

/// What counting found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// So many tokens.
    Tokens(usize),
    /// More than `limit` tokens; counting stopped there.
    TooMany,
    /// Brackets nested too deep for the parser.
    TooDeep,
}

/// Counts the tokens of `document` up to `limit`. Malformed text is counted somehow: the parser refuses it anyway.
pub fn count(document: &str, limit: usize) -> Count {
    let bytes = document.as_bytes();
    let (mut at, mut tokens, mut nesting) = (0, 0, 0_usize);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b',' | 0xEF | 0xBB | 0xBF => {
                at += 1;
                continue;
            }
            b'#' => {
                while bytes.get(at).is_some_and(|byte| *byte != b'\n' && *byte != b'\r') {
                    at += 1;
                }
                continue;
            }
            b'"' => at = after_string(bytes, at),
            b'{' | b'(' | b'[' => {
                nesting += 1;
                if nesting > MAX_NESTING {
                    return Count::TooDeep;
                }
                at += 1;
            }
            b'}' | b')' | b']' => {
                nesting = nesting.saturating_sub(1);
                at += 1;
            }
            b'.' if bytes[at..].starts_with(b"...") => at += 3,
            byte if is_word(byte) => {
                while bytes.get(at).is_some_and(|byte| is_word(*byte)) {
                    at += 1;
                }
            }
            _ => at += 1,
        }
        tokens += 1;
        if tokens > limit {
            return Count::TooMany;
        }
    }
    Count::Tokens(tokens)
}

fn is_word(byte: u8) -> bool {
    // Numbers are words here: signs and points only join them.
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+')
}

fn after_string(bytes: &[u8], start: usize) -> usize {
    let block = bytes[start..].starts_with(b"\"\"\"");
    let quote: &[u8] = if block { b"\"\"\"" } else { b"\"" };
    let mut at = start + quote.len();
    while at < bytes.len() {
        if bytes[at] == b'\\' {
            at += if block && bytes[at + 1..].starts_with(b"\"\"\"") {
                4
            } else if block {
                1
            } else {
                2
            };
        } else if bytes[at..].starts_with(quote) {
            return at + quote.len();
        } else if !block && bytes[at] == b'\n' {
            return at;
        } else {
            at += 1;
        }
    }
    bytes.len()
}
