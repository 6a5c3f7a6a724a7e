use axum::http::StatusCode;
use entity::words::Role;
use serde_json::{Value, json};
use testkit::builders::{a_region, a_site, an_item, demand};

use crate::server::Server;

/// Cable (cheap, 9 in three days), clamps (dear, 4 in one day) and bolts of unknown cost (6 in two days).
async fn with_demand(server: &Server) {
    let region = a_region(&server.db, "BA").await;
    let (one, two) = (a_site(&server.db, "S1", Some(&region)).await, a_site(&server.db, "S2", None).await);
    let cable = an_item("CABLE").costing("1").insert(&server.db).await;
    let clamp = an_item("CLAMP").costing("10").insert(&server.db).await;
    let bolt = an_item("BOLT").insert(&server.db).await;
    demand(&server.db, &cable, &one, &[("2025-03-03", "4"), ("2025-03-04", "2"), ("2025-03-05", "3")]).await;
    demand(&server.db, &clamp, &one, &[("2025-03-03", "4")]).await;
    demand(&server.db, &bolt, &two, &[("2025-03-04", "5"), ("2025-03-05", "1")]).await;
}

fn labels(data: &Value) -> Vec<&str> {
    let groups = data["demand"].as_array().unwrap().iter();
    groups.map(|group| group["keys"][0]["label"].as_str().unwrap().split(' ').next().unwrap()).collect()
}

#[tokio::test]
async fn groups_tell_the_measures_asked_for_by_bucket_and_in_total() {
    let server = Server::start().await;
    with_demand(&server).await;
    let query = "{ demand(groupBy: [ITEM], granularity: DAY, measures: [PEAK, MEAN_UNIT_COST, PEAK], first: 1) { dates total cost \
                 measures { measure values total } } }";
    let seen = server.as_role(Role::Analyst, query).await.data();
    assert_eq!(
        seen["demand"],
        json!([{
            "dates": ["2025-03-03", "2025-03-04", "2025-03-05"], "total": 9.0, "cost": 9.0,
            "measures": [
                { "measure": "PEAK", "values": [4.0, 2.0, 3.0], "total": 4.0 },
                { "measure": "MEAN_UNIT_COST", "values": [1.0, 1.0, 1.0], "total": 1.0 },
            ],
        }])
    );
}

#[tokio::test]
async fn groups_are_chosen_by_their_totals_and_sorted_by_a_measure_or_by_name() {
    let server = Server::start().await;
    with_demand(&server).await;
    let ask = async |arguments: &str| {
        let query = format!("{{ demand(groupBy: [ITEM] {arguments}) {{ keys {{ label }} }} }}");
        let data = server.as_role(Role::Analyst, &query).await.data();
        labels(&data).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(ask("").await, ["CABLE", "BOLT", "CLAMP"]);
    assert_eq!(ask("orderBy: { field: COST }").await, ["CLAMP", "CABLE", "BOLT"]);
    assert_eq!(ask("orderBy: { field: COST, direction: ASC }").await, ["CABLE", "CLAMP", "BOLT"]);
    assert_eq!(ask("orderBy: { field: PEAK }, first: 1").await, ["BOLT"]);
    assert_eq!(ask("having: [{ measure: QUANTITY, atLeast: 5 }, { measure: DEMAND_DAYS, atMost: 2 }]").await, ["BOLT"]);
    assert_eq!(ask("having: [{ measure: COST, atLeast: 9 }]").await, ["CABLE", "CLAMP"]);
    let empty = server.as_role(Role::Viewer, "{ demand(having: [{ measure: QUANTITY }]) { total } }").await.json();
    assert_eq!(empty["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
}

#[tokio::test]
async fn groups_are_sorted_by_what_they_are_as_well() {
    let server = Server::start().await;
    with_demand(&server).await;
    let ask = async |order: &str| {
        let query = format!("{{ demand(groupBy: [REGION], orderBy: {order}) {{ keys {{ value }} total }} }}");
        server.as_role(Role::Viewer, &query).await.data()["demand"].clone()
    };
    let (nowhere, bahia) =
        (json!({ "keys": [{ "value": "" }], "total": 6.0 }), json!({ "keys": [{ "value": "BA" }], "total": 13.0 }));
    assert_eq!(ask("{ field: KEY }").await, json!([nowhere, bahia]));
    assert_eq!(ask("{ field: KEY, direction: DESC }").await, json!([bahia, nowhere]));
    assert_eq!(ask("{ field: QUANTITY }").await, json!([bahia, nowhere]));
}

#[tokio::test]
async fn demand_is_filtered_by_region() {
    let server = Server::start().await;
    with_demand(&server).await;
    let region = server.as_role(Role::Viewer, "{ regions { nodes { id } } }").await.data();
    let region = region["regions"]["nodes"][0]["id"].as_str().unwrap().to_owned();
    let query =
        format!("{{ demand(groupBy: [ITEM], filter: {{ regionIds: [\"{region}\"] }}) {{ keys {{ label }} }} }}");
    assert_eq!(labels(&server.as_role(Role::Viewer, &query).await.data()), ["CABLE", "CLAMP"]);
}

#[tokio::test]
async fn a_viewer_learns_nothing_of_costs_by_measuring_choosing_or_sorting() {
    let server = Server::start().await;
    with_demand(&server).await;
    let ways = [
        "{ demand(groupBy: [ITEM], measures: [QUANTITY, COST]) { total } }",
        "{ demand(groupBy: [ITEM], measures: MEAN_UNIT_COST) { total } }",
        "{ demand(groupBy: [ITEM], having: [{ measure: COST, atLeast: 20 }]) { total } }",
        "{ demand(groupBy: [ITEM], having: { measure: MEAN_UNIT_COST, atMost: 5 }) { total } }",
        "{ demand(groupBy: [ITEM], orderBy: { field: COST }) { total } }",
        "{ demand(groupBy: [ITEM], orderBy: { field: MEAN_UNIT_COST, direction: ASC }) { total } }",
    ];
    for way in ways {
        let refused = server.as_role(Role::Viewer, way).await;
        assert_eq!((refused.status, refused.code().as_str()), (StatusCode::FORBIDDEN, "FORBIDDEN"), "{way}");
        assert_eq!(server.as_role(Role::Analyst, way).await.status, StatusCode::OK, "{way}");
    }
    let token = server.token(Role::Viewer).await;
    let query = "query($by: DemandOrder) { demand(groupBy: [ITEM], orderBy: $by) { total } }";
    let refused = server.ask(Some(&token), query, json!({ "by": { "field": "COST" } })).await;
    assert_eq!(refused.code(), "FORBIDDEN");
}
