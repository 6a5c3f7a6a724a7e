use entity::words::Role;
use serde_json::{Value, json};

use crate::company;
use crate::server::Server;

#[tokio::test]
async fn pages_follow_one_another_without_a_gap_or_a_repeat() {
    let server = Server::start().await;
    company::with_items(&server.db, 7).await;
    let (mut seen, mut after) = (Vec::new(), Value::Null);
    let token = server.token(Role::Viewer).await;
    loop {
        let query = "query($after: String) { items(first: 3, after: $after) { nodes { sku } totalCount pageInfo { hasNextPage endCursor } } }";
        let page = server.ask(Some(&token), query, json!({ "after": after })).await.data();
        assert_eq!(page["items"]["totalCount"], 7);
        seen.extend(
            page["items"]["nodes"].as_array().unwrap().iter().map(|node| node["sku"].as_str().unwrap().to_owned()),
        );
        if page["items"]["pageInfo"]["hasNextPage"] == json!(false) {
            break;
        }
        after = page["items"]["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(seen, (0..7).map(company::sku).collect::<Vec<_>>());
}

#[tokio::test]
async fn items_are_filtered_searched_and_ordered() {
    let server = Server::start().await;
    company::with_items(&server.db, 6).await;
    let skus = async |arguments: &str| {
        let data =
            server.as_role(Role::Viewer, &format!("{{ items({arguments}) {{ nodes {{ sku }} }} }}")).await.data();
        data["items"]["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|node| node["sku"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(skus("filter: { search: \"conexao 3\" }").await, [company::sku(3)]);
    assert_eq!(skus("filter: { families: [\"ODD\"] }").await, [company::sku(1), company::sku(3), company::sku(5)]);
    assert_eq!(skus("filter: { families: [] }").await, Vec::<String>::new());
    assert_eq!(skus("filter: { abcClasses: [A] }, first: 1").await, [company::sku(0)]);
    assert_eq!(skus("orderBy: { field: SKU, direction: DESC }, first: 2").await, [company::sku(5), company::sku(4)]);
    assert_eq!(skus("last: 2").await, [company::sku(4), company::sku(5)]);
}

#[tokio::test]
async fn a_page_that_cannot_be_is_told_to_the_asker() {
    let server = Server::start().await;
    for (arguments, problem) in [
        ("first: 0", "at least 1"),
        ("first: 1001", "at most 1000"),
        ("first: 1, last: 1", "not both"),
        ("after: \"x\"", "not a cursor"),
    ] {
        let body = server
            .as_role(Role::Viewer, &format!("{{ items({arguments}) {{ pageInfo {{ hasNextPage }} }} }}"))
            .await
            .json();
        assert_eq!(body["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{body}");
        assert!(body["errors"][0]["message"].as_str().unwrap().contains(problem), "{body}");
    }
}

#[tokio::test]
async fn strings_made_to_hurt_find_nothing_and_break_nothing() {
    let server = Server::start().await;
    company::with_items(&server.db, 2).await;
    let token = server.token(Role::Viewer).await;
    for text in [
        "'; DROP TABLE core.dim_item; --",
        "%",
        "_",
        "\\",
        "\u{0}",
        "a\u{0}b",
        "\u{202e}",
        "' OR '1'='1",
        "$1",
        "{{7*7}}",
    ] {
        let query = "query($t: String!) { items(filter: { search: $t, families: [$t] }) { nodes { sku } } item(sku: $t) { sku } forecast(level: FAMILY, member: $t) { model } kpis(members: [$t]) { member } }";
        let answer = server.ask(Some(&token), query, json!({ "t": text })).await;
        let body = answer.json();
        let internal = body["errors"]
            .as_array()
            .is_some_and(|errors| errors.iter().any(|error| error["extensions"]["code"] == "INTERNAL"));
        assert!(!internal, "{text:?}: {body}");
    }
    assert_eq!(server.as_role(Role::Viewer, "{ items { totalCount } }").await.data()["items"]["totalCount"], 2);
}
