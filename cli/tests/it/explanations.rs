//! Every recommendation of the demo company, computed again from what the graph publishes of it and nothing else.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::binary::{Server, command, corrente, run};
use crate::control::{graph, sign_in};

const FIELDS: &str = "type quantity explanation { onHand onOrder leadTimeDays reviewDays serviceLevel cycleDemand minQuantity maxQuantity pack \
    wholeUnits spare orderQuantity usualUse safetyStock reorderPoint orderUpTo formula leadTimeDemand { mean atServiceLevel } \
    textbookSafetyStock { z sigma days safetyStock reorderPoint formula } \
    ifNothingIsDone { expectedShortage unitCost valueAtRisk } } valueAtRisk";

fn round(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

/// Whether two published numbers, of four decimals each, are the same.
fn same(one: f64, other: f64) -> bool {
    (one - other).abs() < 1e-9
}

/// Checks every published step of one recommendation, and answers its type and whether it shows the textbook.
fn recompute(published: &Value) -> (String, bool) {
    let why = &published["explanation"];
    let n = |path: &str| why.pointer(path).and_then(Value::as_f64);
    let known = |path: &str| n(path).unwrap_or_else(|| panic!("{path} is not published: {published}"));
    let reorder_point = known("/leadTimeDemand/atServiceLevel").max(n("/usualUse").unwrap_or(0.0));
    assert!(same(known("/reorderPoint"), reorder_point), "{published}");
    assert!(same(known("/safetyStock"), round(reorder_point - known("/leadTimeDemand/mean"))), "{published}");
    assert!(same(known("/orderUpTo"), round(reorder_point + known("/cycleDemand"))), "{published}");
    let available = known("/onHand") + n("/onOrder").unwrap_or(0.0);
    let needed = round(known("/orderUpTo") - available);
    let whole = why["wholeUnits"].as_bool().unwrap();
    let kind = published["type"].as_str().unwrap();
    let quantity = match kind {
        "REORDER" => {
            assert!(available < reorder_point, "{published}");
            let least = needed.max(n("/minQuantity").unwrap_or(0.0));
            let most = n("/maxQuantity").filter(|most| *most > 0.0);
            match n("/pack").or(whole.then_some(1.0)) {
                Some(pack) => {
                    let wanted = (least / pack - 1e-9).ceil() * pack;
                    most.filter(|most| wanted > *most).map_or(wanted, |most| (most / pack + 1e-9).floor() * pack)
                }
                None => most.map_or(least, |most| least.min(most)),
            }
        }
        "REALLOCATE" => {
            let moved = needed.min(known("/spare"));
            if whole { moved.floor() } else { moved }
        }
        "EXPEDITE" => known("/orderQuantity"),
        "HOLD" => -needed,
        "PROMO" => known("/onHand"),
        other => panic!("{other} is not a type that this test knows"),
    };
    let published_quantity = published["quantity"].as_f64().unwrap();
    assert!(same(round(quantity), published_quantity), "{quantity} computed: {published}");
    let value = n("/ifNothingIsDone/unitCost").map(|cost| round(known("/ifNothingIsDone/expectedShortage") * cost));
    assert_eq!(n("/ifNothingIsDone/valueAtRisk"), value, "{published}");
    assert_eq!(published["valueAtRisk"].as_f64(), value, "{published}");
    let textbook = &why["textbookSafetyStock"];
    if textbook.is_object() {
        let t = |name: &str| textbook[name].as_f64().unwrap();
        assert!(same(t("days"), round(known("/leadTimeDays") + known("/reviewDays"))), "{published}");
        assert!(same(t("safetyStock"), round(t("z") * t("sigma") * t("days").sqrt())), "{published}");
        assert!(same(t("reorderPoint"), round(known("/leadTimeDemand/mean") + t("safetyStock"))), "{published}");
        // The textbook's lead time is certain; ours is not, and never asks for less.
        assert!(t("reorderPoint") <= 1.05 * reorder_point, "{published}");
    }
    (kind.to_owned(), textbook.is_object())
}

#[test]
fn every_recommendation_of_the_demo_company_recomputes_from_the_graph_alone() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path();
    let demo = corrente(data, &["demo", "--items", "120", "--sites", "8", "--days", "500", "--until", "2026-06-30"]);
    assert_eq!(demo.code, 0, "{demo:?}");
    let forecast = corrente(data, &["forecast"]);
    assert_eq!(forecast.code, 0, "{forecast:?}");
    let mut add = command(data);
    add.args(["user", "add", "planner@example.com", "--role", "analyst"]).env("CORRENTE_PASSWORD", "a long password");
    assert_eq!(run(add).code, 0);
    let server = Server::start(data);
    let token = sign_in(&server.address);
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let (mut after, mut smooth) = (String::new(), 0);
    loop {
        let query = format!(
            "{{ recommendations(first: 200{after}) {{ nodes {{ {FIELDS} }} pageInfo {{ hasNextPage endCursor }} }} }}"
        );
        let answer = graph(&server.address, Some(&token), &query);
        let page = &answer["data"]["recommendations"];
        for published in page["nodes"].as_array().unwrap_or_else(|| panic!("{answer}")) {
            let (kind, textbook) = recompute(published);
            *kinds.entry(kind).or_default() += 1;
            smooth += usize::from(textbook);
        }
        if page["pageInfo"]["hasNextPage"] != true {
            break;
        }
        after = format!(", after: {}", page["pageInfo"]["endCursor"]);
    }
    // Every type is among them, so none is believed unseen.
    assert_eq!(kinds.keys().collect::<Vec<_>>(), ["EXPEDITE", "HOLD", "PROMO", "REALLOCATE", "REORDER"], "{kinds:?}");
    assert!(smooth > 0, "{kinds:?}");
    assert_eq!(server.stop(), Some(0));
}
