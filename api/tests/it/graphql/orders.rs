use entity::words::{OrderStatus, Role};
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};
use testkit::builders::{a_region, a_site, a_supplier, an_item, an_order, day, number};

use crate::server::Server;

async fn with_orders(server: &Server, items: usize) {
    let site = a_site(&server.db, "S1", None).await;
    let supplier = a_supplier(&server.db, "ACME").await;
    for n in 0..items {
        let item = an_item(&format!("I{n}")).insert(&server.db).await;
        for on in ["2025-03-01", "2025-03-05", "2025-03-03"] {
            an_order(&server.db, &item, &site, &format!("PO-{on}"), on, |line| {
                line.supplier_id = Set((on == "2025-03-05").then_some(supplier.id));
                line.quantity = Set(number("3"));
                line.unit_price = Set(Some(number("2.4")));
                line.status = Set(OrderStatus::Delayed);
                line.expected_delivery = Set(Some(day("2025-03-09")));
            })
            .await;
        }
    }
}

#[tokio::test]
async fn an_item_tells_its_newest_order_lines_and_prices_to_analysts_only() {
    let server = Server::start().await;
    with_orders(&server, 1).await;
    let query = "{ item(sku: \"I0\") { orders(first: 2) { orderId lineNumber date site { code } supplier { code } quantity unit unitPrice \
                 totalPrice status requestedDate expectedDelivery actualDelivery countsAsDemand } } }";
    let seen = server.as_role(Role::Analyst, query).await.data();
    let line = |on: &str, supplier: Value| {
        json!({
            "orderId": format!("PO-{on}"), "lineNumber": 1, "date": on, "site": { "code": "S1" }, "supplier": supplier,
            "quantity": 3.0, "unit": null, "unitPrice": 2.4, "totalPrice": 7.2, "status": "DELAYED", "requestedDate": null,
            "expectedDelivery": "2025-03-09", "actualDelivery": null, "countsAsDemand": false,
        })
    };
    assert_eq!(
        seen["item"]["orders"],
        json!([line("2025-03-05", json!({ "code": "ACME" })), line("2025-03-03", Value::Null)])
    );
    let body = server.as_role(Role::Viewer, query).await.json();
    assert_eq!(body["data"]["item"]["orders"][0]["unitPrice"], Value::Null);
    assert_eq!(body["errors"].as_array().map(Vec::len), Some(2), "{body}");
    let refused = server.as_role(Role::Viewer, "{ item(sku: \"I0\") { orders(first: 101) { date } } }").await;
    assert_eq!(refused.code(), "BAD_USER_INPUT");
}

#[tokio::test]
async fn order_lines_of_many_items_are_one_statement_whatever_their_number() {
    let server = Server::start().await;
    with_orders(&server, 12).await;
    let token = server.token(Role::Viewer).await;
    let query = "query($items: Int!) { items(first: $items) { nodes { few: orders(first: 1) { date } \
                 orders { date site { code } supplier { code } } } } }";
    let statements = async |items: usize| {
        let mut least = u64::MAX;
        for _ in 0..3 {
            let before = server.db.statements();
            let data = server.ask(Some(&token), query, json!({ "items": items })).await.data();
            least = least.min(server.db.statements() - before);
            let nodes = data["items"]["nodes"].as_array().unwrap();
            assert_eq!(nodes.len(), items);
            for node in nodes {
                assert_eq!(
                    (&node["few"], node["orders"].as_array().unwrap().len()),
                    (&json!([{ "date": "2025-03-05" }]), 3)
                );
            }
        }
        least
    };
    assert_eq!(statements(2).await, statements(12).await);
}

#[tokio::test]
async fn many_things_are_found_by_their_ids_in_one_statement_a_kind() {
    let server = Server::start().await;
    with_orders(&server, 3).await;
    a_region(&server.db, "BA").await;
    let data = server
        .as_role(
            Role::Viewer,
            "{ items { nodes { id } } sites { id } suppliers { nodes { id } } regions { nodes { id } } }",
        )
        .await
        .data();
    let mut ids: Vec<&str> =
        data["items"]["nodes"].as_array().unwrap().iter().rev().map(|item| item["id"].as_str().unwrap()).collect();
    ids.extend(
        [&data["sites"][0], &data["suppliers"]["nodes"][0], &data["regions"]["nodes"][0]]
            .map(|node| node["id"].as_str().unwrap()),
    );
    let gone = api::graphql::ids::encode(api::graphql::ids::Kind::Item, 987_654).0;
    ids.push(&gone);
    let token = server.token(Role::Viewer).await;
    let query = "query($ids: [ID!]!) { nodes(ids: $ids) { id __typename ... on Item { sku } } }";
    let before = server.db.statements();
    let found = server.ask(Some(&token), query, json!({ "ids": ids })).await.data()["nodes"].clone();
    assert!(server.db.statements() - before <= 6, "{} statements", server.db.statements() - before);
    let found = found.as_array().unwrap();
    let skus: Vec<&Value> = found.iter().take(3).map(|node| &node["sku"]).collect();
    assert_eq!(skus, ["I2", "I1", "I0"]);
    let kinds: Vec<&Value> = found[3..6].iter().map(|node| &node["__typename"]).collect();
    assert_eq!(kinds, ["Site", "Supplier", "Region"]);
    assert_eq!(found[6], Value::Null);
    let refused = server.ask(Some(&token), query, json!({ "ids": ["rubbish"] })).await;
    assert_eq!(refused.code(), "BAD_USER_INPUT");
    let many = server.ask(Some(&token), query, json!({ "ids": vec![gone; 4_000] })).await;
    assert_eq!(many.code(), "LIMIT_EXCEEDED", "it costs as much as it has ids");
}
