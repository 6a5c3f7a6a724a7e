//! The rules of the plain tables.

use pipeline::transform::{ItemKind, OrderStatus, Outcome, RejectReason};

use crate::files::{day, imported, made, options};

fn csv(text: &str) -> Outcome {
    imported(&made("tabela.csv", text.as_bytes()).path, &options())
}

fn reasons(outcome: &Outcome) -> Vec<&'static str> {
    outcome.rejects.iter().map(|reject| reject.reason.as_str()).collect()
}

#[test]
fn items_are_read_with_all_their_columns() {
    let outcome = csv(
        "sku,name,kind,family,category,subcategory,unit,criticality,unit_cost,min_order_quantity,max_order_quantity,pack_size\n\
        010825,CONEXÃO,material,ELÉTRICA,Conexões,,un,7,12.5,10,100,5\n0148,Frete,SERVICE,,,,SR,,,,,\n",
    );
    let item = &outcome.items[0];
    assert_eq!(
        (item.sku.as_str(), item.search_folded.as_str(), item.unit.as_str()),
        ("010825", "010825 conexao", "UN")
    );
    assert_eq!((item.criticality, item.unit_cost.unwrap().to_string()), (Some(7), "12.5".into()));
    assert_eq!((item.subcategory.as_ref(), item.pack_size.unwrap().to_string()), (None, "5".into()));
    assert_eq!((outcome.items[1].kind, outcome.items[1].criticality), (ItemKind::Service, None));
}

#[test]
fn items_with_values_out_of_range_are_rejected() {
    let outcome = csv(
        "sku,name,unit,criticality,pack_size,kind\n1,A,UN,11,1,\n2,A,UN,1,0,\n3,A,UN,1.5,1,\n4,A,UN,,,TOOL\n5,,UN,,,\n6,A,,,,\n",
    );
    assert_eq!(
        reasons(&outcome),
        ["UNKNOWN_VALUE", "UNKNOWN_VALUE", "UNKNOWN_VALUE", "UNKNOWN_VALUE", "MISSING_KEY", "UNKNOWN_UNIT"]
    );
    assert_eq!((outcome.read, outcome.accepted()), (6, 0));
}

#[test]
fn demand_is_read_with_and_without_a_site() {
    let outcome =
        csv("date,sku,site,quantity,unit_cost,stocked_out\n2025-01-02,1,Torre Ã,2.5,3,sim\n2025-01-02,1,,0,,\n");
    let (first, second) = (&outcome.demand[0], &outcome.demand[1]);
    assert_eq!((first.site_code.as_str(), first.date, first.stocked_out), ("torre-a", day("2025-01-02"), true));
    assert_eq!((second.site_code.as_str(), second.unit_cost, second.stocked_out), ("UNASSIGNED", None, false));
    assert_eq!((outcome.sites.len(), outcome.flagged()), (2, 1));
}

#[test]
fn two_values_for_one_cell_of_demand_are_a_conflict() {
    let outcome = csv("date,sku,site,quantity\n2025-01-02,1,A,2\n2025-01-02,1,A,2\n2025-01-02,1,a,3\n");
    assert_eq!(reasons(&outcome), ["DUPLICATE_LINE", "CONFLICTING_LINE"]);
    assert_eq!(outcome.rejects[1].value, "same key as line 2");
}

#[test]
fn inventory_may_not_be_negative_or_of_tomorrow() {
    let outcome = csv("date,sku,site,on_hand,on_order\n2025-01-02,1,A,5,\n2025-01-03,1,A,-1,\n2026-01-01,1,A,1,\n");
    assert_eq!(reasons(&outcome), ["NEGATIVE_QUANTITY", "FUTURE_DATE"]);
    assert_eq!((outcome.inventory.len(), outcome.inventory[0].on_order), (1, None));
}

#[test]
fn orders_are_never_demand_and_keep_their_own_line_numbers() {
    let outcome = csv("order_id,line,sku,site,supplier,quantity,unit_price,status,ordered,expected,delivered\n\
        P1,2,1,A,Loja,5,1.25,,2025-01-02,2025-01-10,2025-01-12\n\
        P1,,1,A,Loja,5,,placed,2025-01-02,2026-03-01,\n\
        P2,1,1,A,,5,,LOST,2025-01-02,,\n\
        P3,0,1,A,,5,,,2025-01-02,,\n");
    let (first, second) = (&outcome.lines[0], &outcome.lines[1]);
    assert_eq!((first.line_no, first.status, first.delivered), (2, OrderStatus::Received, Some(day("2025-01-12"))));
    assert!(second.line_no > 0 && second.status == OrderStatus::Placed && !second.counts_as_demand);
    assert_eq!((second.needed_by, second.order_date), (Some(day("2026-03-01")), day("2025-01-02")));
    assert_eq!(outcome.rejects.iter().map(|r| r.reason).collect::<Vec<_>>(), [RejectReason::UnknownValue; 2]);
    assert_eq!(outcome.suppliers[0].code, "loja");
}

#[test]
fn indicators_may_be_negative() {
    let outcome = csv("date;code;value\n02/01/2025;IPCA;-0,08\n03/01/2025;IPCA;x\n");
    assert!((outcome.indicators[0].value + 0.08).abs() < 1e-12);
    assert_eq!(reasons(&outcome), ["NOT_A_NUMBER"]);
}
