//! A query string as an ordered list of keys and values, with percent coding that leaves letters, digits, commas and `-` readable.

use std::fmt;

/// Keys and values in the order in which they stand in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairs(Vec<(String, String)>);

impl Pairs {
    /// Reads a query string, with or without its `?`.
    pub fn parse(query: &str) -> Self {
        let pairs = query.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty());
        Self(
            pairs
                .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
                .map(|(key, value)| (decode(key), decode(value)))
                .collect(),
        )
    }

    /// The first value of a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// Every value of a key that may be repeated.
    pub fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// The members of a comma-separated list that `read` understands.
    pub fn list<T>(&self, key: &str, read: impl Fn(&str) -> Option<T>) -> Vec<T> {
        self.get(key).map(|value| value.split(',').filter_map(read).collect()).unwrap_or_default()
    }

    /// Adds a pair at the end.
    pub fn push(&mut self, key: &str, value: impl Into<String>) {
        self.0.push((key.to_owned(), value.into()));
    }

    /// Adds a comma-separated list unless it is empty.
    pub fn push_list<T: Copy>(&mut self, key: &str, members: &[T], word: impl Fn(T) -> &'static str) {
        if !members.is_empty() {
            let words: Vec<_> = members.iter().map(|member| word(*member)).collect();
            self.push(key, words.join(","));
        }
    }
}

impl fmt::Display for Pairs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (key, value)) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "&" };
            write!(f, "{separator}{}={}", encode(key), encode(value))?;
        }
        Ok(())
    }
}

/// Percent-codes a component of an address.
pub fn encode(text: &str) -> String {
    let mut coded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b',' | b':' => {
                coded.push(char::from(byte));
            }
            b' ' => coded.push('+'),
            _ => {
                let hex = |half: u8| char::from(b"0123456789ABCDEF"[usize::from(half & 15)]);
                coded.extend(['%', hex(byte >> 4), hex(byte)]);
            }
        }
    }
    coded
}

/// Takes the percent coding of [`encode`] away.
pub fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let coded = (byte == b'%')
            .then(|| tail.get(..2).and_then(|two| std::str::from_utf8(two).ok()))
            .flatten()
            .and_then(|two| u8::from_str_radix(two, 16).ok());
        if let Some(value) = coded {
            bytes.push(value);
            rest = &tail[2..];
        } else {
            bytes.push(if byte == b'+' { b' ' } else { byte });
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
