use entity::words::{AlertCategory, AlertLevel, Priority, Role};
use planning::policy::{Message, MessageCode};
use serde_json::{Value, json};
use store::alerts::NewAlert;
use store::recommendations::NewRecommendation;

use crate::company;
use crate::server::{Answer, Server};

async fn with_findings(server: &Server) {
    company::with_items(&server.db, 1).await;
    store::recommendations::sync(server.db.db(), vec![company::a_recommendation()], server.now()).await.unwrap();
    let alert = NewAlert {
        key: "k".into(),
        level: AlertLevel::Critical,
        category: AlertCategory::Stockout,
        item_id: Some(1),
        site_id: None,
        message: serde_json::to_value(Message::new(MessageCode::Stockout)).unwrap(),
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
async fn what_doing_nothing_costs_is_told_to_analysts_and_never_as_zero() {
    let server = Server::start().await;
    with_findings(&server).await;
    let query =
        "{ recommendations { nodes { explanation { ifNothingIsDone { expectedShortage unitCost valueAtRisk } } } } }";
    let undone =
        |answer: Answer| answer.json()["data"]["recommendations"]["nodes"][0]["explanation"]["ifNothingIsDone"].clone();
    let told = undone(server.as_role(Role::Analyst, query).await);
    assert_eq!(told, json!({ "expectedShortage": 39.8, "unitCost": 2.5, "valueAtRisk": 99.5 }));
    let refused = server.as_role(Role::Viewer, query).await;
    assert_eq!(refused.code(), "FORBIDDEN");
    assert_eq!(undone(refused), json!({ "expectedShortage": 39.8, "unitCost": null, "valueAtRisk": null }));

    // Of an item that nobody knows the cost of.
    let mut unknown = company::a_recommendation();
    unknown.explanation["unitCost"] = Value::Null;
    unknown.explanation["ifNothingIsDone"]["valueAtRisk"] = Value::Null;
    store::recommendations::sync(server.db.db(), vec![unknown], server.now()).await.unwrap();
    let told = undone(server.as_role(Role::Analyst, query).await);
    assert_eq!(told, json!({ "expectedShortage": 39.8, "unitCost": null, "valueAtRisk": null }));
}

#[tokio::test]
async fn recommendations_are_sorted_as_asked_and_a_cursor_holds_for_its_order_alone() {
    let server = Server::start().await;
    let of = |item_id, priority, act_by: &str| NewRecommendation {
        item_id,
        priority,
        act_by: act_by.parse().unwrap(),
        ..company::a_recommendation()
    };
    with_findings(&server).await;
    let found = vec![
        of(1, Priority::Low, "2025-03-07"),
        of(2, Priority::Critical, "2025-03-09"),
        of(3, Priority::High, "2025-03-05"),
    ];
    store::recommendations::sync(server.db.db(), found, server.now()).await.unwrap();
    let asked = async |arguments: &str| {
        let query =
            format!("{{ recommendations{arguments} {{ nodes {{ priority }} pageInfo {{ hasNextPage endCursor }} }} }}");
        server.as_role(Role::Viewer, &query).await.json()
    };
    let order = async |arguments: &str| asked(arguments).await["data"]["recommendations"]["nodes"].clone();
    let priorities = |words: [&str; 3]| json!(words.map(|word| json!({ "priority": word })));
    let urgent_first = priorities(["CRITICAL", "HIGH", "LOW"]);
    assert_eq!(order("").await, urgent_first);
    assert_eq!(order("(orderBy: { field: PRIORITY })").await, urgent_first);
    assert_eq!(order("(orderBy: { field: PRIORITY, direction: DESC })").await, priorities(["LOW", "HIGH", "CRITICAL"]));
    assert_eq!(order("(orderBy: { field: ACT_BY })").await, priorities(["HIGH", "LOW", "CRITICAL"]));
    // The first was found before the others, and is changed since, not found anew.
    assert_eq!(order("(orderBy: { field: RAISED_AT }, first: 1)").await, json!([{ "priority": "LOW" }]));

    let page = asked("(orderBy: { field: ACT_BY }, first: 1)").await["data"]["recommendations"]["pageInfo"].clone();
    let after = page["endCursor"].as_str().unwrap();
    let rest = order(&format!("(orderBy: {{ field: ACT_BY }}, after: \"{after}\")")).await;
    assert_eq!(rest, json!([{ "priority": "LOW" }, { "priority": "CRITICAL" }]));
    let other = asked(&format!("(orderBy: {{ field: PRIORITY }}, after: \"{after}\")")).await;
    assert_eq!(other["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{other}");
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

#[tokio::test]
async fn a_recommendation_is_done_or_dismissed_with_a_reason_that_can_be_read() {
    let server = Server::start().await;
    with_findings(&server).await;
    let token = server.token(Role::Analyst).await;
    let id = server.as_role(Role::Viewer, "{ recommendations { nodes { id } } }").await.data();
    let id = id["recommendations"]["nodes"][0]["id"].clone();
    let answer = "{ recommendations { status closedAt dismissedReason } userErrors { code path } }";
    let dismiss = async |reason: &str| {
        let query = format!(
            "mutation($id: ID!, $why: String!) {{ dismissRecommendations(ids: [$id], reason: $why) {answer} }}"
        );
        server.ask(Some(&token), &query, json!({ "id": id, "why": reason })).await.data()["dismissRecommendations"]
            .clone()
    };
    for (reason, code) in [(" \n\u{0}", "REASON_REQUIRED"), ("x".repeat(501).as_str(), "TOO_LONG")] {
        let refused = json!({ "recommendations": [], "userErrors": [{ "code": code, "path": ["reason"] }] });
        assert_eq!(dismiss(reason).await, refused);
    }
    let dismissed = dismiss(" The site closes. ").await["recommendations"][0].clone();
    assert_eq!(
        (&dismissed["status"], &dismissed["dismissedReason"]),
        (&json!("DISMISSED"), &json!("The site closes."))
    );
    assert!(dismissed["closedAt"].is_string());
    let complete = format!("mutation($id: ID!) {{ completeRecommendations(ids: [$id]) {answer} }}");
    let complete = async || {
        server.ask(Some(&token), &complete, json!({ "id": id })).await.data()["completeRecommendations"].clone()
    };
    assert_eq!(complete().await["userErrors"], json!([{ "code": "WRONG_STATUS", "path": ["ids", "0"] }]));
    let reopen = format!("mutation($id: ID!) {{ reopenRecommendations(ids: [$id]) {answer} }}");
    server.ask(Some(&token), &reopen, json!({ "id": id })).await.data();
    let done = complete().await["recommendations"][0].clone();
    assert_eq!((&done["status"], &done["dismissedReason"]), (&json!("DONE"), &json!(null)));

    let log = server.log("recommendations.dismiss").await;
    assert_eq!(log.len(), 1);
    assert_eq!(log[0].details, json!({ "ids": [1], "reason": "The site closes." }));
    assert_eq!(server.log("recommendations.complete").await.len(), 1, "what was refused is not told");
}

#[tokio::test]
async fn an_analyst_resolves_an_alert_and_a_whole_inbox_is_read_at_once() {
    let server = Server::start().await;
    with_findings(&server).await;
    let id =
        server.as_role(Role::Viewer, "{ alerts { nodes { id } } }").await.data()["alerts"]["nodes"][0]["id"].clone();
    let all = "mutation { markAllAlertsRead { count userErrors { code } } }";
    for count in [1, 0] {
        let read = server.as_role(Role::Viewer, all).await.data();
        assert_eq!(read["markAllAlertsRead"], json!({ "count": count, "userErrors": [] }));
    }
    assert_eq!(
        server.as_role(Role::Analyst, "{ alerts(filter: { unread: true }) { totalCount } }").await.data()["alerts"]["totalCount"],
        1
    );
    assert_eq!(server.log("alerts.readAll").await.len(), 1);

    let gone = api::graphql::ids::encode(api::graphql::ids::Kind::Alert, 999);
    let resolve = format!(
        "mutation {{ resolveAlerts(ids: [{id}, \"{}\"]) {{ alerts {{ id resolvedAt resolvedBy readAt }} userErrors {{ code path }} }} }}",
        gone.as_str()
    );
    let refused = server.as_role(Role::Viewer, &resolve).await;
    assert_eq!((refused.json()["data"].clone(), refused.code()), (json!(null), "FORBIDDEN".to_owned()));
    let resolved = server.as_role(Role::Analyst, &resolve).await.data()["resolveAlerts"].clone();
    assert_eq!(resolved["userErrors"], json!([{ "code": "NOT_FOUND", "path": ["ids", "1"] }]));
    let alert = &resolved["alerts"][0];
    assert_eq!((&alert["id"], &alert["resolvedBy"], &alert["readAt"]), (&id, &json!("A ANALYST"), &json!(null)));
    assert!(alert["resolvedAt"].is_string());
    assert_eq!(server.log("alerts.resolve").await.len(), 1);
}
