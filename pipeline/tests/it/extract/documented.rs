//! What `docs/IMPORT.md` shows is what is read.

use pipeline::extract::Mapping;

use crate::files::{imported, made, options};

const PAGE: &str = include_str!("../../../../docs/IMPORT.md");

/// The blocks of the page that are marked with this language.
fn blocks(language: &str) -> Vec<String> {
    let parts: Vec<&str> = PAGE.split("\n```").collect();
    let marked = parts.iter().skip(1).step_by(2).filter_map(|part| part.split_once('\n'));
    marked.filter(|(mark, _)| *mark == language).map(|(_, block)| block.to_owned()).collect()
}

#[test]
fn every_example_of_the_documentation_is_read_without_a_reject() {
    let examples: Vec<String> = blocks("")
        .iter()
        .flat_map(|block| block.split("\n\n").map(str::to_owned).collect::<Vec<_>>())
        .filter(|block| !block.contains("corrente import"))
        .collect();
    assert_eq!(examples.len(), 10);
    let mut kinds = Vec::new();
    for example in examples {
        let outcome = imported(&made("x.csv", example.as_bytes()).path, &options());
        let kind = outcome.kind.unwrap();
        kinds.push(kind.as_str());
        if !kind.is_computed() {
            assert_eq!((outcome.accepted(), outcome.rejects.len()), (1, 0), "{example}\n{:?}", outcome.rejects);
        }
    }
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds.len(), 10, "{kinds:?}");
}

#[test]
fn the_mapping_of_the_documentation_is_one() {
    let mapping = blocks("toml").concat();
    let other = "\n[[table]]\nname = \"loja\"\nfile = \"loja*\"\nkind = \"skip\"\n";
    assert!(mapping.contains("[table.constants]"));
    Mapping::parse("m.toml", &(mapping + other)).unwrap();
}
