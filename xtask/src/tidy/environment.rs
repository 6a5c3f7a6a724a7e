//! `.env.example` documents every variable that the configuration reads, and no other.

use super::House;
use std::collections::BTreeSet;

pub fn check(house: &House) -> Vec<String> {
    let Some(example) = house.files.get(".env.example") else {
        return Vec::new();
    };
    let documented: BTreeSet<&str> = example
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, _)| name)
        .filter(|name| is_variable(name))
        .collect();
    let read: BTreeSet<&str> = house
        .rust
        .iter()
        .filter(|(path, _)| path.starts_with("api/src/config") || path.starts_with("cli/src/"))
        .flat_map(|(_, source)| &source.strings)
        .map(|(_, text)| text.as_str())
        .filter(|text| is_variable(text))
        .collect();
    let undocumented = read
        .difference(&documented)
        .filter(|name| name.starts_with("CORRENTE_") || name.starts_with("DATABASE_"))
        .map(|name| format!(".env.example: it lacks {name}, which the configuration reads"));
    let unread = documented.difference(&read).map(|name| format!(".env.example: nothing reads {name}"));
    undocumented.chain(unread).collect()
}

fn is_variable(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    text.contains('_') && text.bytes().all(allowed)
}
