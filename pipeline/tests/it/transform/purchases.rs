//! One test per rule of the purchasing workbook.

use std::collections::HashSet;

use pipeline::transform::{FlagReason, ItemKind, Outcome, RejectReason, TransformOptions, UNASSIGNED};

use crate::files::{day, line, options, outcome, outcome_with};

fn reasons(outcome: &Outcome) -> Vec<RejectReason> {
    outcome.rejects.iter().map(|reject| reject.reason).collect()
}

#[test]
fn a_good_line_is_taken_as_it_is() {
    let outcome = outcome(&[line(&[(7, "20/03/2023")])]);
    let line = &outcome.lines[0];
    assert_eq!((outcome.read, outcome.accepted(), outcome.flagged()), (1, 1, 0));
    assert_eq!((line.sku.as_str(), line.item_name.as_str(), line.unit.as_str()), ("010825", "CONEXÃO", "UN"));
    assert_eq!((line.order_id.as_str(), line.request_no.as_deref()), ("90001", Some("90001")));
    assert_eq!((line.requested, line.ordered), (Some(day("2023-03-15")), Some(day("2023-03-17"))));
    assert_eq!((line.needed_by, line.order_date), (Some(day("2023-03-20")), day("2023-03-15")));
    assert_eq!((line.site_code.as_str(), line.supplier_code.as_deref()), ("torre-1", Some("loja")));
    assert!(line.counts_as_demand && line.line_no > 0 && line.kind == ItemKind::Material);
    assert_eq!(outcome.items[0].search_folded, "010825 conexao");
}

#[test]
fn exact_copies_are_rejected_and_name_the_line_they_copy() {
    let other = line(&[(5, "n:6")]);
    let lines = [line(&[]), other, line(&[]), line(&[])];
    let outcome = outcome(&lines);
    assert_eq!(reasons(&outcome), [RejectReason::DuplicateLine; 2]);
    assert_eq!((outcome.rejects[0].line, outcome.rejects[0].value.as_str()), (4, "copy of line 2"));
    assert_eq!(outcome.accepted(), 2);
}

#[test]
fn copies_are_kept_on_request_and_stay_apart() {
    let keep = TransformOptions { keep_duplicates: true, ..options() };
    let outcome = outcome_with(&[line(&[]), line(&[]), line(&[])], &keep);
    let keys: HashSet<i32> = outcome.lines.iter().map(|line| line.line_no).collect();
    assert_eq!((outcome.rejects.len(), outcome.lines.len(), keys.len()), (0, 3, 3));
}

#[test]
fn a_line_bought_before_it_was_requested_is_kept_and_flagged() {
    let outcome = outcome(&[line(&[(10, "d:44990")])]);
    assert_eq!(outcome.lines[0].flags, [FlagReason::BoughtBeforeRequested]);
    assert!(outcome.lines[0].counts_as_demand);
    assert_eq!(outcome.flags[0].column.as_deref(), Some("DATA DE COMPRA"));
}

#[test]
fn dates_more_than_a_year_apart_are_flagged() {
    let flags = outcome(&[line(&[(10, "d:44600")])]).lines[0].flags.clone();
    assert_eq!(flags, [FlagReason::BoughtBeforeRequested, FlagReason::OutlierDate]);
    assert_eq!(outcome(&[line(&[(10, "d:45365")])]).lines[0].flags, []);
    assert_eq!(outcome(&[line(&[(10, "d:45366")])]).lines[0].flags, [FlagReason::OutlierDate]);
}

#[test]
fn a_line_without_a_site_belongs_to_unassigned() {
    for cell in ["N/A", "n/a", "", "e:#N/A", " - "] {
        let outcome = outcome(&[line(&[(0, cell)])]);
        assert_eq!(outcome.lines[0].site_code, UNASSIGNED, "{cell}");
        assert_eq!(outcome.lines[0].flags, [FlagReason::UnassignedSite], "{cell}");
        assert_eq!(outcome.sites[0].code, UNASSIGNED);
    }
}

#[test]
fn a_line_without_a_supplier_or_a_request_is_kept_and_flagged() {
    let outcome = outcome(&[line(&[(4, "N/A"), (8, "N/A")])]);
    let line = &outcome.lines[0];
    assert_eq!(line.flags, [FlagReason::MissingRequest, FlagReason::UnknownSupplier]);
    assert_eq!((line.supplier.as_ref(), line.request_no.as_ref()), (None, None));
    assert_eq!(line.order_id, "unnumbered-2023-03-15-torre-1");
    assert!(outcome.suppliers.is_empty());
}

#[test]
fn without_a_requested_day_the_purchase_counts_and_without_both_the_line_is_rejected() {
    let outcome = outcome(&[line(&[(9, "N/A")]), line(&[(9, ""), (10, "N/A"), (1, "2"), (3, "SERVIÇOS")])]);
    assert_eq!(outcome.lines[0].order_date, day("2023-03-17"));
    assert_eq!(
        (outcome.lines[0].requested, outcome.lines[0].flags.as_slice()),
        (None, [FlagReason::RequestedFromPurchase].as_slice())
    );
    assert_eq!(reasons(&outcome), [RejectReason::MissingKey]);
    assert_eq!(outcome.rejects[0].column.as_deref(), Some("DATA SOLICITADO"));
    // The rejected line still says that its item exists.
    assert_eq!(outcome.items.iter().map(|item| item.sku.as_str()).collect::<Vec<_>>(), ["010825", "2"]);
}

#[test]
fn a_purchase_that_is_still_open_is_kept() {
    let outcome = outcome(&[line(&[(10, "")])]);
    assert_eq!((outcome.lines[0].ordered, outcome.lines[0].flags.len()), (None, 0));
}

#[test]
fn families_of_services_hold_services() {
    for (family, kind) in [
        ("SERVIÇOS TOMADOS", ItemKind::Service),
        ("Serviços de Locação", ItemKind::Service),
        ("SERV APOIO TECNICO,ADMINIST", ItemKind::Service),
        ("MATERIAL ELETRICO", ItemKind::Material),
        ("SERVIDORES", ItemKind::Material),
        ("N/A", ItemKind::Material),
    ] {
        let outcome = outcome(&[line(&[(3, family)])]);
        assert_eq!((outcome.items[0].kind, outcome.lines[0].kind), (kind, kind), "{family}");
    }
}

#[test]
fn spellings_of_one_unit_are_no_conflict() {
    let outcome = outcome(&[line(&[(6, "M²")]), line(&[(6, "m2"), (5, "n:3")])]);
    assert_eq!(outcome.items[0].unit, "M2");
    assert_eq!(outcome.flagged(), 0);
}

#[test]
fn a_line_in_another_unit_than_its_item_is_kept_out_of_demand() {
    let lines = [line(&[(6, "CX")]), line(&[(5, "n:7")]), line(&[(5, "n:8")])];
    let outcome = outcome(&lines);
    assert_eq!(outcome.items[0].unit, "UN");
    let (boxes, pieces): (Vec<_>, Vec<_>) = outcome.lines.iter().partition(|line| line.unit == "CX");
    assert!(!boxes[0].counts_as_demand && boxes[0].flags == [FlagReason::UnitConflict]);
    assert!(pieces.iter().all(|line| line.counts_as_demand && line.flags.is_empty()));
    assert_eq!((outcome.flags.len(), outcome.flags[0].line, outcome.flags[0].value.as_str()), (1, 2, "CX"));
}

#[test]
fn a_stored_unit_wins_over_the_files() {
    let mut options = options();
    options.known_units.insert("010825".into(), "UN".into());
    let outcome = outcome_with(&[line(&[(6, "CX")]), line(&[(6, "CX"), (5, "n:2")])], &options);
    assert_eq!(outcome.items[0].unit, "UN");
    assert!(outcome.lines.iter().all(|line| !line.counts_as_demand));
}

#[test]
fn codes_keep_their_leading_zeros() {
    let skus: Vec<String> = outcome(&[line(&[(1, "000010")]), line(&[(1, " 0010 ")]), line(&[(1, "n:10")])])
        .lines
        .into_iter()
        .map(|l| l.sku)
        .collect();
    assert_eq!(skus, ["000010", "0010", "10"]);
}

#[test]
fn dates_and_quantities_may_be_text() {
    let outcome = outcome(&[line(&[(5, "1.234,56"), (9, "07/03/2025"), (10, "2025-03-08"), (8, "A-77")])]);
    let line = &outcome.lines[0];
    assert_eq!((line.quantity.to_string().as_str(), line.order_id.as_str()), ("1234.56", "A-77"));
    assert_eq!((line.requested, line.ordered), (Some(day("2025-03-07")), Some(day("2025-03-08"))));
}

#[test]
fn quantities_are_rounded_to_four_decimals_and_keep_what_was_written() {
    let quantities: Vec<String> =
        outcome(&[line(&[(5, "n:0.58")]), line(&[(5, "n:0.123456")]), line(&[(5, "n:1643.4000000000001")])])
            .lines
            .iter()
            .map(|line| line.quantity.to_string())
            .collect();
    assert_eq!(quantities, ["0.58", "0.1235", "1643.4"]);
}

#[test]
fn a_quantity_of_zero_is_kept_without_demand() {
    let outcome = outcome(&[line(&[(5, "n:0")])]);
    assert_eq!(outcome.lines[0].flags, [FlagReason::ZeroQuantity]);
    assert!(!outcome.lines[0].counts_as_demand);
}

#[test]
fn a_needed_day_that_cannot_be_read_is_left_out_and_flagged() {
    let outcome = outcome(&[line(&[(7, "o quanto antes")])]);
    assert_eq!(
        (outcome.lines[0].needed_by, outcome.lines[0].flags.as_slice()),
        (None, [FlagReason::IgnoredValue].as_slice())
    );
    assert_eq!(outcome.flags[0].value, "o quanto antes");
}

#[test]
fn facts_after_the_import_day_are_rejected_but_a_need_may_lie_ahead() {
    let mut options = options();
    options.today = day("2023-03-16");
    let outcome = outcome_with(&[line(&[]), line(&[(10, "d:45001"), (7, "d:45100")])], &options);
    assert_eq!(reasons(&outcome), [RejectReason::FutureDate]);
    assert_eq!(outcome.rejects[0].expected, "a day up to the import day, 2023-03-16");
    assert_eq!(outcome.lines[0].needed_by, Some(day("2023-06-23")));
}

#[test]
fn long_names_are_cut_and_flagged() {
    let long: &'static str = Box::leak("Ã".repeat(2_000).into_boxed_str());
    let outcome = outcome(&[line(&[(2, long)])]);
    assert_eq!(outcome.items[0].name.chars().count(), 500);
    assert_eq!(outcome.lines[0].flags, [FlagReason::IgnoredValue]);
}

#[test]
fn keys_depend_on_what_lines_say_and_not_on_where_they_stand() {
    let (a, b, c) = (line(&[]), line(&[(5, "n:6")]), line(&[(0, "TORRE 2")]));
    let keys = |lines: &[Vec<&str>]| -> HashSet<(String, String, i32)> {
        outcome(lines).lines.into_iter().map(|line| (line.site_code, line.quantity.to_string(), line.line_no)).collect()
    };
    let all = keys(&[a.clone(), b.clone(), c.clone()]);
    assert_eq!(all, keys(&[c.clone(), a.clone(), b.clone()]));
    // Another file with one of the lines gives that line the same key.
    assert!(keys(&[b]).is_subset(&all));
    // One request, item and day: three lines, three keys.
    assert_eq!(all.iter().map(|(.., number)| number).collect::<HashSet<_>>().len(), 3);
}

#[test]
fn a_flag_is_of_a_kept_line_only() {
    let outcome = outcome(&[line(&[(0, "N/A"), (5, "x")])]);
    assert_eq!((outcome.rejects.len(), outcome.flags.len(), outcome.accepted()), (1, 0, 0));
}
