//! The committed text of every operation. `CORRENTE_BLESS=1 cargo test -p frontend` writes it anew after a wanted change.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use frontend::graphql::queries::operations;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("queries")
}

#[test]
fn every_operation_is_committed_as_it_is_sent() {
    let bless = std::env::var_os("CORRENTE_BLESS").is_some();
    for (name, text) in operations() {
        let file = folder().join(format!("{name}.graphql"));
        let text = format!("{}\n", text.trim_end());
        if bless {
            fs::write(&file, &text).unwrap();
        }
        let committed = fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(committed, text, "{name}: run with CORRENTE_BLESS=1 if this change is wanted");
    }
}

#[test]
fn no_committed_operation_is_left_over() {
    let committed: BTreeSet<_> =
        fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let sent: BTreeSet<_> = operations().into_iter().map(|(name, _)| format!("{name}.graphql")).collect();
    assert_eq!(committed, sent);
}

#[test]
fn costs_are_asked_for_only_on_a_condition() {
    for (name, text) in operations() {
        for line in text.lines().filter(|line| {
            ["unitCost", "valueAtRisk", "inventoryValue", "carryingCost", "demandValue"]
                .iter()
                .any(|field| line.contains(field))
        }) {
            assert!(line.contains("@include(if: $costs)"), "{name}: {line}");
        }
    }
}
