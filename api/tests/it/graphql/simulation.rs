use entity::words::{AbcClass, OrderStatus, Role};
use planning::forecast::CumulativeDemand;
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};
use testkit::builders::{a_site, an_item, an_order, day, stock};

use crate::company::{Foreseen, with_forecast};
use crate::server::Server;

/// An item of class A at 2.50 with two pieces wanted a day, whose orders take 10 days.
async fn ground(server: &Server) -> (String, String) {
    let item = an_item("CABLE").of_class(AbcClass::A).costing("2.5").insert(&server.db).await;
    let site = a_site(&server.db, "S1", None).await;
    let quantiles = [0.0, 1.0, 1.0, 2.0, 3.0, 4.0, 5.0];
    let foreseen = Foreseen {
        origin: day("2025-03-04"),
        days: 90,
        mean: 2.0,
        quantiles: quantiles.map(Some),
        cumulative: serde_json::to_value(CumulativeDemand::from_daily(&[(2.0, quantiles); 90], 1.0)).unwrap(),
    };
    with_forecast(&server.db, &[(item.id, site.id)], &foreseen).await;
    stock(&server.db, &item, &site, "2025-03-03", "40", None).await;
    for n in 0..6 {
        an_order(&server.db, &item, &site, &format!("PO-{n}"), "2025-02-01", |line| {
            line.status = Set(OrderStatus::Received);
            line.actual_delivery = Set(Some(day("2025-02-11")));
        })
        .await;
    }
    let data = server.as_role(Role::Viewer, "{ item(sku: \"CABLE\") { id } sites { id } }").await.data();
    let id = |value: &Value| value.as_str().unwrap().to_owned();
    (id(&data["item"]["id"]), id(&data["sites"][0]["id"]))
}

const FIGURES: &str = "serviceLevel leadTimeDays reviewDays cycleDays reorderPoint safetyStock orderUpTo fillRate stockOuts \
                       stockOutRate averageStock averageValue ordersPerYear";

fn question((item, site): &(String, String), arguments: &str) -> String {
    format!(
        "{{ simulatePolicy(itemId: \"{item}\", siteId: \"{site}\" {arguments}) {{ policy {{ {FIGURES} }} inForce {{ {FIGURES} }} \
         futures origin dataThrough }} }}"
    )
}

#[tokio::test]
async fn without_arguments_the_policy_in_force_is_tried_and_the_answer_is_always_the_same() {
    let server = Server::start().await;
    let ground = ground(&server).await;
    let seen = server.as_role(Role::Analyst, &question(&ground, "")).await.data()["simulatePolicy"].clone();
    let policy = &seen["policy"];
    assert_eq!(policy, &seen["inForce"]);
    let inputs = ["serviceLevel", "leadTimeDays", "reviewDays", "cycleDays"].map(|name| policy[name].clone());
    assert_eq!(json!(inputs), json!([0.97, 10.0, 1, 7]));
    assert_eq!((&seen["futures"], &seen["origin"]), (&json!(500), &json!("2025-03-04")));
    let number = |name: &str| policy[name].as_f64().unwrap();
    // 11 days of two pieces, and something for safety.
    assert!((23.0..48.0).contains(&number("reorderPoint")), "{policy}");
    assert!((number("orderUpTo") - number("reorderPoint") - 14.0).abs() < 1e-9, "a week of demand: {policy}");
    assert!((0.95..=1.0).contains(&number("fillRate")), "{policy}");
    assert!((number("averageValue") - 2.5 * number("averageStock")).abs() < 1e-3, "{policy}");
    assert_eq!(server.as_role(Role::Analyst, &question(&ground, "")).await.data()["simulatePolicy"], seen);
}

#[tokio::test]
async fn another_policy_is_told_beside_the_one_in_force() {
    let server = Server::start().await;
    let ground = ground(&server).await;
    let asked = "serviceLevel: 0.7, leadTimeDays: 3, reviewDays: 2";
    let seen = server.as_role(Role::Viewer, &question(&ground, asked)).await.json();
    let (policy, current) = (&seen["data"]["simulatePolicy"]["policy"], &seen["data"]["simulatePolicy"]["inForce"]);
    let inputs = ["serviceLevel", "leadTimeDays", "reviewDays"].map(|name| policy[name].clone());
    assert_eq!(json!(inputs), json!([0.7, 3.0, 2]));
    assert_eq!(current["serviceLevel"], json!(0.97));
    for less in ["reorderPoint", "averageStock", "fillRate"] {
        assert!(policy[less].as_f64() < current[less].as_f64(), "{less}: {policy} {current}");
    }
    // A viewer sees no value, and is told so once for each of the two.
    assert_eq!(policy["averageValue"], Value::Null);
    assert_eq!(seen["errors"].as_array().map(Vec::len), Some(2), "{seen}");
}

#[tokio::test]
async fn a_policy_out_of_range_or_without_a_forecast_is_not_tried() {
    let server = Server::start().await;
    let ground = ground(&server).await;
    for wrong in ["serviceLevel: 1", "serviceLevel: 0.2", "leadTimeDays: 366", "leadTimeDays: -1", "reviewDays: 0"] {
        let refused = server.as_role(Role::Analyst, &question(&ground, wrong)).await;
        assert_eq!(refused.code(), "BAD_USER_INPUT", "{wrong}");
    }
    an_item("CLAMP").insert(&server.db).await;
    let clamp = server.as_role(Role::Viewer, "{ item(sku: \"CLAMP\") { id } }").await.data();
    let clamp = (clamp["item"]["id"].as_str().unwrap().to_owned(), ground.1);
    let seen = server.as_role(Role::Analyst, &question(&clamp, "")).await.data();
    assert_eq!(seen["simulatePolicy"], Value::Null);
}
