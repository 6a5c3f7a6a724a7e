use entity::words::{AlertCategory, AlertLevel, Priority, RecommendationType, Role};
use planning::policy::{Message, MessageCode};
use serde_json::json;
use store::alerts::NewAlert;
use store::recommendations::NewRecommendation;

use crate::company;
use crate::server::Server;

async fn with_findings(server: &Server) {
    company::with_items(&server.db, 1).await;
    let message = serde_json::to_value(Message::new(MessageCode::Stockout)).unwrap();
    let explanation = json!({ "onHand": 2, "formula": "3 - 1 = 2", "leadTimeDemand": { "mean": 1, "quantiles": [0, 0, 0, 1, 2, 3, 4] },
        "ifNothingIsDone": { "stockoutDate": { "earliest": "2025-03-07", "likely": "2025-03-09", "latest": null } } });
    let found = NewRecommendation {
        item_id: 1,
        site_id: 0,
        kind: RecommendationType::Reorder,
        priority: Priority::High,
        quantity: Some(12.into()),
        act_by: "2025-03-07".parse().unwrap(),
        message: message.clone(),
        explanation,
        value_at_risk: Some(99.5),
        run_id: None,
    };
    store::recommendations::sync(server.db.db(), vec![found], server.now()).await.unwrap();
    let alert = NewAlert {
        key: "k".into(),
        level: AlertLevel::Critical,
        category: AlertCategory::Stockout,
        item_id: Some(1),
        site_id: None,
        message,
        inputs: json!({}),
    };
    store::alerts::raise(server.db.db(), alert, server.now()).await.unwrap();
}

#[tokio::test]
async fn a_recommendation_explains_itself_in_both_languages() {
    let server = Server::start().await;
    with_findings(&server).await;
    let query = "{ recommendations { totalCount nodes { type priority status quantity actBy item { sku } site { code } valueAtRisk pt: message en: message(locale: EN) \
        explanation { onHand formula leadTimeDemand { mean p50 p90 p975 } ifNothingIsDone { earliest likely latest } } } } }";
    let node = server.as_role(Role::Analyst, query).await.data()["recommendations"]["nodes"][0].clone();
    assert_eq!(
        (&node["type"], &node["item"]["sku"], &node["site"], &node["valueAtRisk"]),
        (&json!("REORDER"), &json!("000000"), &json!(null), &json!(99.5))
    );
    assert_eq!(node["explanation"]["leadTimeDemand"], json!({ "mean": 1.0, "p50": 1.0, "p90": 3.0, "p975": 4.0 }));
    assert_eq!(
        node["explanation"]["ifNothingIsDone"],
        json!({ "earliest": "2025-03-07", "likely": "2025-03-09", "latest": null })
    );
    assert!(node["pt"] != node["en"] && node["pt"] != json!(""), "{node}");
}

#[tokio::test]
async fn an_analyst_takes_a_recommendation_up_and_puts_it_back() {
    let server = Server::start().await;
    with_findings(&server).await;
    let id =
        server.as_role(Role::Viewer, "{ recommendations { nodes { id } } }").await.data()["recommendations"]["nodes"]
            [0]["id"]
            .clone();
    let decide = async |mutation: &str| {
        let query = format!(
            "mutation {{ {mutation}(ids: [{id}]) {{ recommendations {{ status acknowledgedBy }} userErrors {{ code path }} }} }}"
        );
        server.as_role(Role::Analyst, &query).await.data()[mutation].clone()
    };
    assert_eq!(
        decide("acknowledgeRecommendations").await["recommendations"],
        json!([{ "status": "ACKNOWLEDGED", "acknowledgedBy": "A ANALYST" }])
    );
    assert_eq!(
        decide("reopenRecommendations").await["recommendations"],
        json!([{ "status": "OPEN", "acknowledgedBy": null }])
    );
    let bad = server
        .as_role(Role::Analyst, "mutation { acknowledgeRecommendations(ids: [\"x\"]) { userErrors { code path } } }")
        .await
        .data();
    assert_eq!(bad["acknowledgeRecommendations"]["userErrors"], json!([{ "code": "BAD_ID", "path": ["ids", "0"] }]));
}

#[tokio::test]
async fn alerts_are_read_by_each_person_alone() {
    let server = Server::start().await;
    with_findings(&server).await;
    let inbox = "{ alerts(filter: { unread: true }) { totalCount nodes { id level readAt item { sku } } } }";
    let id = server.as_role(Role::Viewer, inbox).await.data()["alerts"]["nodes"][0]["id"].clone();
    let read = server
        .as_role(Role::Viewer, &format!("mutation {{ markAlertsRead(ids: [{id}]) {{ alerts {{ readAt }} }} }}"))
        .await
        .data();
    assert!(read["markAlertsRead"]["alerts"][0]["readAt"].is_string());
    assert_eq!(server.as_role(Role::Viewer, inbox).await.data()["alerts"]["totalCount"], 0);
    assert_eq!(server.as_role(Role::Analyst, inbox).await.data()["alerts"]["totalCount"], 1);
    let node = server
        .as_role(Role::Viewer, &format!("{{ node(id: {id}) {{ __typename id ... on Alert {{ level }} }} }}"))
        .await
        .data();
    assert_eq!(node["node"], json!({ "__typename": "Alert", "id": id, "level": "CRITICAL" }));
}
