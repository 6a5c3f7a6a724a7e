//! Takes a Rust file apart into code, string literals and comments: just enough of a lexer that a rule about SQL never
//! stumbles over a comment, and a rule about code never over a string.

/// A Rust file, taken apart.
#[derive(Default)]
pub struct Source {
    /// The code line by line, with literals and comments left out.
    pub code: Vec<String>,
    /// Line (from 1) and content of each string literal, escapes as written.
    pub strings: Vec<(usize, String)>,
}

impl Source {
    pub fn read(text: &str) -> Self {
        let mut reader =
            Reader { rest: text, line: 1, source: Self { code: vec![String::new()], strings: Vec::new() } };
        while !reader.rest.is_empty() {
            reader.step();
        }
        reader.source
    }

    /// Lines (from 1) whose code holds `word` as a path or name of its own, not as a part of a longer one.
    pub fn lines_with<'a>(&'a self, word: &'a str) -> impl Iterator<Item = usize> + 'a {
        self.code.iter().enumerate().filter(move |(_, code)| holds_word(code, word)).map(|(index, _)| index + 1)
    }
}

/// Whether `text` holds `word` with no letter, digit or underscore directly before or after it.
pub fn holds_word(text: &str, word: &str) -> bool {
    let joins = |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    text.match_indices(word).any(|(at, _)| {
        let ends_open = word.ends_with(|letter: char| !letter.is_alphanumeric() && letter != '_');
        !joins(text[..at].chars().next_back()) && (ends_open || !joins(text[at + word.len()..].chars().next()))
    })
}

struct Reader<'a> {
    rest: &'a str,
    line: usize,
    source: Source,
}

impl<'a> Reader<'a> {
    fn step(&mut self) {
        let rest = self.rest;
        if rest.starts_with("//") {
            self.take(rest.find('\n').unwrap_or(rest.len()));
        } else if rest.starts_with("/*") {
            self.take(block_comment(rest));
        } else if let Some((open, hashes)) = raw_string(rest) {
            let close = format!("\"{}", "#".repeat(hashes));
            let length = rest[open..].find(&close).unwrap_or(rest.len() - open);
            self.string(open, length, close.len());
        } else if rest.starts_with('"') || rest.starts_with("b\"") || rest.starts_with("c\"") {
            let open = if rest.starts_with('"') { 1 } else { 2 };
            self.string(open, quoted(&rest[open..], '"'), 1);
        } else if let Some(length) = char_literal(rest) {
            self.take(length);
        } else {
            self.word();
        }
    }

    /// Passes over a name as a whole, so that the `r` of `for"` is not taken for a raw string.
    fn word(&mut self) {
        let name = self.rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(self.rest.len());
        let length = if name == 0 { self.rest.chars().next().map_or(0, char::len_utf8) } else { name };
        let text = self.take(length);
        if text == "\n" {
            self.source.code.push(String::new());
        } else if let Some(code) = self.source.code.last_mut() {
            code.push_str(text);
        }
    }

    fn string(&mut self, open: usize, length: usize, close: usize) {
        let line = self.line;
        let content = self.rest[open..open + length].to_owned();
        self.take((open + length + close).min(self.rest.len()));
        self.source.strings.push((line, content));
    }

    /// Passes over `length` bytes; the lines within get empty code, except that of a plain line end, which `word` adds.
    fn take(&mut self, length: usize) -> &'a str {
        let (text, rest) = self.rest.split_at(length);
        self.rest = rest;
        let lines = text.matches('\n').count();
        self.line += lines;
        if text != "\n" {
            self.source.code.extend((0..lines).map(|_| String::new()));
        }
        text
    }
}

fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < text.len() {
        if text[at..].starts_with("/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if text[at..].starts_with("*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                return at;
            }
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// The length of `r#"`, `br"` and the like, and how many `#` close it.
fn raw_string(text: &str) -> Option<(usize, usize)> {
    let prefix = ["br", "cr", "r"].into_iter().find(|prefix| text.starts_with(prefix))?;
    let hashes = text[prefix.len()..].bytes().take_while(|byte| *byte == b'#').count();
    text[prefix.len() + hashes..].starts_with('"').then_some((prefix.len() + hashes + 1, hashes))
}

/// The length up to the closing quote, escapes passed over.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, letter) in text.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if letter == quote => return at,
            _ => {}
        }
    }
    text.len()
}

/// The length of a character literal; a lifetime is none.
fn char_literal(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('\'')?;
    let first = inner.chars().next()?;
    if first == '\\' {
        return Some((quoted(inner, '\'') + 2).min(text.len()));
    }
    inner[first.len_utf8()..].starts_with('\'').then(|| first.len_utf8() + 2)
}
