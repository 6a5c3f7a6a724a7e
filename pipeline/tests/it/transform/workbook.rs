//! Whole workbooks: the fixture's known figures, and the real one's, which were counted by another route.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use pipeline::transform::{FlagReason, ItemKind, Outcome, RejectReason, TransformOptions, UNASSIGNED};
use rust_decimal::Decimal;

use crate::files::{day, fixture, imported, options, real_workbook};

fn rejected(outcome: &Outcome, reason: RejectReason) -> usize {
    outcome.rejects.iter().filter(|reject| reject.reason == reason).count()
}

fn flagged(outcome: &Outcome, reason: FlagReason) -> usize {
    outcome.lines.iter().filter(|line| line.flags.contains(&reason)).count()
}

fn keeping(path: &Path) -> Outcome {
    imported(path, &TransformOptions { keep_duplicates: true, ..options() })
}

/// What must hold of any workbook.
fn adds_up(outcome: &Outcome) {
    assert_eq!(outcome.read as usize, outcome.lines.len() + outcome.rejects.len());
    let keys: HashSet<_> =
        outcome.lines.iter().map(|line| (&line.sku, &line.order_id, line.line_no, line.order_date)).collect();
    assert_eq!(keys.len(), outcome.lines.len(), "natural keys are not unique");
    let flags: usize = outcome.lines.iter().map(|line| line.flags.len()).sum();
    assert_eq!(flags, outcome.flags.len());
    let (items, sites): (HashSet<_>, HashSet<_>) =
        (outcome.items.iter().map(|item| &item.sku).collect(), outcome.sites.iter().map(|site| &site.code).collect());
    assert!(outcome.lines.iter().all(|line| items.contains(&line.sku) && sites.contains(&line.site_code)));
}

#[test]
fn the_fixture_has_its_known_counts() {
    let outcome = imported(&fixture(), &options());
    adds_up(&outcome);
    assert_eq!((outcome.read, outcome.accepted()), (50, 44));
    assert_eq!(rejected(&outcome, RejectReason::DuplicateLine), 4);
    assert_eq!(rejected(&outcome, RejectReason::MissingKey), 2);
    assert_eq!((outcome.items.len(), outcome.sites.len(), outcome.suppliers.len()), (11, 5, 7));
    assert_eq!(flagged(&outcome, FlagReason::BoughtBeforeRequested), 4);
    assert_eq!(flagged(&outcome, FlagReason::OutlierDate), 1);
    assert_eq!(flagged(&outcome, FlagReason::UnassignedSite), 4);
    assert_eq!(flagged(&outcome, FlagReason::UnitConflict), 1);
    assert_eq!(outcome.flagged(), 9);
    assert_eq!(keeping(&fixture()).accepted(), 47);
}

#[test]
fn the_fixtures_known_cell_is_what_its_readme_says() {
    let outcome = imported(&fixture(), &options());
    let of_item = || outcome.lines.iter().filter(|line| line.sku == "010825" && line.counts_as_demand);
    let march: Decimal = of_item().filter(|line| line.order_date == day("2025-03-10")).map(|line| line.quantity).sum();
    assert_eq!(march.to_string(), "17");
    let total: Decimal = of_item().map(|line| line.quantity).sum();
    assert_eq!((of_item().count(), total.to_string().as_str()), (16, "202"));
    let item = outcome.items.iter().find(|item| item.sku == "010825").unwrap();
    assert_eq!(item.name_folded, "conexao roscada 1/2\" galvanizada");
}

#[test]
fn the_real_workbook_adds_up() {
    let Some(path) = real_workbook() else { return };
    let outcome = imported(&path, &options());
    adds_up(&outcome);
    assert_eq!(outcome.read, 4_207);
    assert_eq!(rejected(&outcome, RejectReason::DuplicateLine), 256);
    // 19 lines have no date at all; three of them are copies.
    assert_eq!(rejected(&outcome, RejectReason::MissingKey), 16);
    assert_eq!(outcome.rejects.len(), 272);
    assert_eq!(outcome.items.len(), 879);
    assert_eq!(outcome.sites.iter().filter(|site| site.code != UNASSIGNED).count(), 190);
    assert_eq!(outcome.suppliers.len(), 472);
    assert_eq!(flagged(&outcome, FlagReason::BoughtBeforeRequested), 137);
    assert_eq!(flagged(&outcome, FlagReason::OutlierDate), 1);
    assert_eq!(flagged(&outcome, FlagReason::UnitConflict), 1);
    assert_eq!(flagged(&outcome, FlagReason::MissingRequest), 0);
}

#[test]
fn the_real_workbook_with_its_copies_has_the_counts_of_all_lines() {
    let Some(path) = real_workbook() else { return };
    let outcome = keeping(&path);
    adds_up(&outcome);
    assert_eq!((outcome.read, outcome.accepted()), (4_207, 4_188));
    assert_eq!(flagged(&outcome, FlagReason::BoughtBeforeRequested), 275);
    assert_eq!(outcome.lines.iter().filter(|line| line.kind == ItemKind::Service).count(), 816);
}

#[test]
fn the_real_workbooks_units_and_codes_survive() {
    let Some(path) = real_workbook() else { return };
    let outcome = imported(&path, &options());
    let units: HashSet<&str> = outcome.lines.iter().map(|line| line.unit.as_str()).collect();
    assert!(["M2", "M3", "M"].iter().all(|unit| units.contains(unit)));
    assert!(["M²", "M³", "MT"].iter().all(|unit| !units.contains(unit)));
    let mask: Vec<_> = outcome.lines.iter().filter(|line| line.sku == "010601").collect();
    assert_eq!(mask.iter().filter(|line| line.unit == "CX" && !line.counts_as_demand).count(), 1);
    assert_eq!(mask.iter().filter(|line| line.unit == "UN" && line.counts_as_demand).count(), 2);
    let nails: Vec<_> = outcome.lines.iter().filter(|line| line.sku == "010825").collect();
    assert_eq!((nails.len(), nails[0].item_name.as_str()), (15, "PREGO 2.1/2\"X10MM"));
    let mut months: BTreeMap<String, Decimal> = BTreeMap::new();
    for line in nails {
        *months.entry(line.order_date.format("%Y-%m").to_string()).or_default() += line.quantity;
    }
    assert_eq!(months["2024-12"].to_string(), "10");
    assert_eq!(months["2025-01"].to_string(), "5");
    assert_eq!(months["2025-08"].to_string(), "8");
}

#[test]
fn reading_the_real_workbook_twice_gives_the_same_rows() {
    let Some(path) = real_workbook() else { return };
    let (one, two) = (imported(&path, &options()), imported(&path, &options()));
    assert_eq!(one.lines, two.lines);
    assert_eq!(one.rejects, two.rejects);
}
