use api::graphql::policy::{Access, Policy, TABLE};
use api::graphql::shape::Shape;
use api::graphql::{Graph, refuse};
use async_graphql::Variables;
use async_graphql::parser::parse_query;
use axum::http::StatusCode;
use entity::words::Role;
use serde_json::json;

use crate::company;
use crate::server::Server;

const TOY: &str =
    "type Query { things(by: Order): [Thing!]! } type Thing { name: String cost: Float } enum Order { NAME COST }";

#[test]
fn a_field_without_a_policy_stops_the_schema_and_so_does_an_idle_or_impossible_line() {
    let shape = Shape::read(TOY).unwrap();
    let policy = |table: &[(&str, Access)]| Policy::new(&shape, table).map(drop);
    let whole = [("Query.*", Access::Viewer), ("Thing.*", Access::Viewer)];
    assert_eq!(policy(&whole), Ok(()));
    assert_eq!(policy(&whole[..1]), Err("Thing.cost has no policy".into()));
    assert_eq!(policy(&[whole[0], ("Thing.name", Access::Viewer)]), Err("Thing.cost has no policy".into()));
    assert_eq!(
        policy(&[whole[0], whole[1], ("Thing.weight", Access::Viewer)]),
        Err("Thing.weight is in the policy but not in the schema".into())
    );
    assert_eq!(
        policy(&[("Query.*", Access::Admin), whole[1]]),
        Err("Query.things asks for Admin but cannot be null".into())
    );
    assert_eq!(policy(&[whole[0], whole[1], whole[1]]), Err("Thing.* is stated twice".into()));
}

#[test]
fn ordering_by_a_hidden_column_refuses_the_whole_request() {
    let shape = Shape::read(TOY).unwrap();
    let table = [
        ("Query.*", Access::Viewer),
        ("Thing.*", Access::Viewer),
        ("Thing.cost", Access::Analyst),
        ("Order.COST", Access::Analyst),
    ];
    let policy = Policy::new(&shape, &table).unwrap();
    let refusals = |text: &str, role, variables| {
        let document = parse_query(text).unwrap();
        let operation = document.operations.iter().next().unwrap().1.clone();
        refuse::of((&shape, &policy), &document, &operation.node, "Query", &Variables::from_json(variables), Some(role))
    };
    assert!(refusals("{ things(by: COST) { name } }", Role::Viewer, json!({})).whole.is_some());
    assert!(
        refusals("query($by: Order) { things(by: $by) { name } }", Role::Viewer, json!({ "by": "COST" }))
            .whole
            .is_some()
    );
    assert!(refusals("{ things(by: NAME) { name } }", Role::Viewer, json!({})).whole.is_none());
    assert!(refusals("{ things(by: COST) { cost } }", Role::Analyst, json!({})).whole.is_none());
}

#[test]
fn the_sdl_carries_each_policy_above_viewer() {
    let sdl = api::sdl().unwrap();
    let above = TABLE.iter().filter(|(_, access)| access.required_role().is_some()).count();
    // The directive's own definition asks for `Role!`.
    assert_eq!(sdl.matches(" @auth(requires: ").count() - sdl.matches(" @auth(requires: Role!)").count(), above);
    assert!(sdl.contains("unitCost: Float @auth(requires: ANALYST)"), "{sdl}");
    assert!(Graph::build().is_ok());
}

#[tokio::test]
async fn a_viewer_sees_no_cost_and_one_error_for_any_number_of_rows() {
    let server = Server::start().await;
    company::with_items(&server.db, 5).await;
    let query = "{ items { nodes { sku unitCost } } }";
    let answer = server.as_role(Role::Viewer, query).await;
    let body = answer.json();
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(body["data"]["items"]["nodes"][0], json!({ "sku": "000000", "unitCost": null }));
    assert_eq!(body["errors"].as_array().unwrap().len(), 1);
    assert_eq!(body["errors"][0]["path"], json!(["items", "nodes", "unitCost"]));
    assert_eq!(body["errors"][0]["extensions"]["code"], "FORBIDDEN");
    let seen = server.as_role(Role::Analyst, query).await.data();
    assert_eq!(seen["items"]["nodes"][0]["unitCost"], json!(2.5));
}

#[tokio::test]
async fn a_cost_is_refused_on_every_way_to_it() {
    let server = Server::start().await;
    company::with_items(&server.db, 1).await;
    let id = server.as_role(Role::Viewer, "{ item(sku: \"000000\") { id } }").await.data()["item"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let ways = [
        "{ item(sku: \"000000\") { unitCost } }".to_owned(),
        "{ item(sku: \"000000\") { c: unitCost } }".into(),
        "{ item(sku: \"000000\") { ...F } } fragment F on Item { unitCost }".into(),
        "{ item(sku: \"000000\") { ... on Item { unitCost } } }".into(),
        "{ item(sku: \"000000\") { ... on Node { ... on Item { unitCost } } } }".into(),
        format!("{{ node(id: \"{id}\") {{ ... on Item {{ unitCost }} }} }}"),
        "{ items { edges { node { unitCost } } } }".into(),
        "query { item(sku: \"000000\") { unitCost @include(if: true) } }".into(),
    ];
    for way in ways {
        let body = server.as_role(Role::Viewer, &way).await.json();
        assert!(!body["data"].to_string().contains("2.5"), "{way}: {body}");
        assert_eq!(body["errors"].as_array().map(Vec::len), Some(1), "{way}: {body}");
        let body = server.as_role(Role::Analyst, &way).await.json();
        assert!(body["data"].to_string().contains("2.5"), "{way}: {body}");
    }
    let skipped =
        server.as_role(Role::Viewer, "{ item(sku: \"000000\") { sku unitCost @skip(if: true) } }").await.data();
    assert_eq!(skipped["item"], json!({ "sku": "000000" }));
}

#[tokio::test]
async fn a_viewer_may_not_decide_and_is_told_once() {
    let server = Server::start().await;
    let body = server
        .as_role(Role::Viewer, "mutation { acknowledgeRecommendations(ids: []) { userErrors { code } } }")
        .await
        .json();
    assert_eq!(body["data"], json!(null));
    assert_eq!(body["errors"].as_array().unwrap().len(), 1, "{body}");
    assert_eq!(body["errors"][0]["extensions"]["code"], "FORBIDDEN");
}
