use entity::words::Role;
use serde_json::json;

use crate::company;
use crate::server::Server;

const QUERY: &str = "query($first: Int!) { items(first: $first) { totalCount nodes { sku unitCost sites { code } \
    demand(granularity: MONTH) { dates quantities total } forecast { model means } inventory { dates onHand } stock { onHand } \
    recommendations { type item { sku } site { code } } alerts { level item { sku } } } } }";

/// How many statements one request makes, at least: other replicas' checks may add one.
async fn statements(server: &Server, role: Role, first: i32) -> u64 {
    let token = server.token(role).await;
    let mut least = u64::MAX;
    for _ in 0..3 {
        let before = server.db.statements();
        let body = server.ask(Some(&token), QUERY, json!({ "first": first })).await.json();
        assert!(role == Role::Viewer || body.get("errors").is_none(), "{body}");
        assert_eq!(body["data"]["items"]["nodes"].as_array().map(Vec::len), Some(first as usize), "{body}");
        // A refused read is audited behind the answer; wait for it, so that the next request is counted alone.
        let after = server.db.statements();
        server.app.shared().trail.flush().await;
        least = least.min(after - before);
    }
    least
}

#[tokio::test]
async fn statements_grow_with_depth_and_never_with_rows() {
    let server = Server::start().await;
    company::with_items(&server.db, 20).await;
    let few = statements(&server, Role::Analyst, 2).await;
    let many = statements(&server, Role::Analyst, 20).await;
    assert_eq!(few, many);
    assert!(many <= 12, "{many} statements");
}

#[tokio::test]
async fn a_refused_field_costs_no_statement_and_breaks_no_batch() {
    let server = Server::start().await;
    company::with_items(&server.db, 20).await;
    let analyst = statements(&server, Role::Analyst, 20).await;
    let viewer = statements(&server, Role::Viewer, 20).await;
    // The audit writer may be at work beside the answer.
    assert!(viewer <= analyst + 4, "{viewer} against {analyst}");
}

#[tokio::test]
async fn a_series_is_zero_filled_and_its_columns_are_its_points() {
    let server = Server::start().await;
    company::with_items(&server.db, 1).await;
    company::with_demand(&server.db, 0, &[("2025-03-01", 3), ("2025-03-04", 5)]).await;
    let query = "{ item(sku: \"000000\") { demand { dates quantities total dataThrough points { date quantity stockedOut } } } viewer { today dataThrough } }";
    let data = server.as_role(Role::Viewer, query).await.data();
    let demand = &data["item"]["demand"];
    assert_eq!(demand["dates"], json!(["2025-03-01", "2025-03-02", "2025-03-03", "2025-03-04"]));
    assert_eq!(demand["quantities"], json!([3.0, 0.0, 0.0, 5.0]));
    assert_eq!(demand["total"], json!(8.0));
    assert_eq!(demand["points"][3], json!({ "date": "2025-03-04", "quantity": 5.0, "stockedOut": false }));
    assert_eq!(data["viewer"], json!({ "today": "2025-03-05", "dataThrough": "2025-03-04" }));
}
