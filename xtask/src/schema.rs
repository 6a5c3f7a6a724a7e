//! `cargo xtask schema`: writes `schema.graphql` from the code, or compares the two.

use crate::place::{Place, output};
use anyhow::{Result, bail};
use std::fs;
use std::process::Command;

/// `arguments` may hold `--check`.
pub fn run(place: &Place, arguments: &[String]) -> Result<bool> {
    let check = match arguments {
        [] => false,
        [flag] if flag == "--check" => true,
        _ => bail!("usage: cargo xtask schema [--check]"),
    };
    let sdl = print(&mut place.cargo(["run", "--quiet", "--package", "cli", "--", "schema"]))?;
    if check {
        return Ok(compare(place, &sdl));
    }
    fs::write(place.root.join("schema.graphql"), &sdl)?;
    println!("schema.graphql written, {} lines", sdl.lines().count());
    Ok(true)
}

/// Asks a `corrente schema` command for the SDL.
pub fn print(command: &mut Command) -> Result<String> {
    let sdl = output(command)?;
    if !sdl.contains("type Query") {
        bail!("`corrente schema` printed no schema, so schema.graphql is left as it is");
    }
    Ok(sdl)
}

/// Compares the committed file with what the code says; tells the first line that differs.
pub fn compare(place: &Place, sdl: &str) -> bool {
    let committed = fs::read_to_string(place.root.join("schema.graphql")).unwrap_or_default();
    let Some(difference) = first_difference(&committed, sdl) else {
        println!("schema.graphql equals the code");
        return true;
    };
    println!("schema.graphql differs from the code; run `cargo xtask schema`\n{difference}");
    false
}

fn first_difference(committed: &str, code: &str) -> Option<String> {
    if committed == code {
        return None;
    }
    let (mut left, mut right) = (committed.lines(), code.lines());
    let mut number = 0;
    loop {
        number += 1;
        match (left.next(), right.next()) {
            (None, None) => return Some("only the line ends differ".to_owned()),
            (a, b) if a == b => {}
            (a, b) => {
                return Some(format!(
                    "line {number}:\n  committed: {}\n  code:      {}",
                    a.unwrap_or("(end)"),
                    b.unwrap_or("(end)")
                ));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::first_difference;

    #[test]
    fn the_first_differing_line_is_named() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
        assert!(first_difference("a\nb\n", "a\nc\n").unwrap().starts_with("line 2:"));
        assert!(first_difference("a\n", "a\nb\n").unwrap().contains("(end)"));
        assert!(first_difference("a\r\n", "a\n").is_some());
    }
}
