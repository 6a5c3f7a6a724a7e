//! What a planner asks of an item beside its series: from whom it comes, how good its forecasts were, what else is said of it.

use entity::words::{OrderStatus, Role};
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};
use testkit::builders::{a_site, a_supplier, an_item, an_order, day, demand, number, run};

use crate::company::{Foreseen, with_forecast};
use crate::server::Server;

#[tokio::test]
async fn an_item_tells_from_whom_it_was_bought_and_the_price_to_analysts_only() {
    let server = Server::start().await;
    let db = &server.db;
    let site = a_site(db, "S1", None).await;
    let item = an_item("I0").insert(db).await;
    an_item("I1").insert(db).await;
    let (acme, bolt, gone) = (a_supplier(db, "ACME").await, a_supplier(db, "BOLT").await, a_supplier(db, "GONE").await);
    let lines = [
        ("2025-03-01", Some(acme.id), OrderStatus::Received, Some("2"), Some("2025-03-11")),
        ("2025-03-05", Some(acme.id), OrderStatus::Received, Some("3"), Some("2025-03-25")),
        ("2025-03-06", Some(acme.id), OrderStatus::Placed, None, None),
        ("2025-03-07", Some(bolt.id), OrderStatus::Placed, None, None),
        ("2025-03-09", Some(gone.id), OrderStatus::Cancelled, Some("9"), None),
        ("2025-03-10", None, OrderStatus::Placed, Some("1"), None),
    ];
    for (on, supplier, status, price, came) in lines {
        an_order(db, &item, &site, &format!("PO-{on}"), on, |line| {
            line.supplier_id = Set(supplier);
            line.status = Set(status);
            line.unit_price = Set(price.map(number));
            line.actual_delivery = Set(came.map(day));
        })
        .await;
    }
    let query = "{ items { nodes { sku suppliers { supplier { code } lines lastOrdered leadTimeMedianDays lastUnitPrice } } } }";
    let seen = server.as_role(Role::Analyst, query).await.data();
    let bought = |code: &str, lines: i32, last: &str, days: Value, price: Value| json!({ "supplier": { "code": code }, "lines": lines, "lastOrdered": last, "leadTimeMedianDays": days, "lastUnitPrice": price });
    let expected = json!([
        bought("BOLT", 1, "2025-03-07", Value::Null, Value::Null),
        bought("ACME", 3, "2025-03-06", json!(15.0), json!(3.0)),
    ]);
    assert_eq!(
        seen["items"]["nodes"],
        json!([{ "sku": "I0", "suppliers": expected }, { "sku": "I1", "suppliers": [] }])
    );
    let body = server.as_role(Role::Viewer, query).await.json();
    assert_eq!(body["data"]["items"]["nodes"][0]["suppliers"][1]["lastUnitPrice"], Value::Null);
    assert_eq!(body["data"]["items"]["nodes"][0]["suppliers"][1]["lines"], 3);
    assert_eq!(body["errors"].as_array().map(Vec::len), Some(1), "{body}");
}

#[tokio::test]
async fn an_items_forecasts_are_judged_by_whole_weeks_that_they_had_not_seen() {
    let server = Server::start().await;
    let db = &server.db;
    let (site, other) = (a_site(db, "S1", None).await, a_site(db, "S2", None).await);
    let item = an_item("I0").insert(db).await;
    an_item("I1").insert(db).await;
    // The week from 3 March has 5, that from 10 March has 10; the data end on its Sunday.
    demand(db, &item, &site, &[("2025-02-26", "8"), ("2025-03-03", "5"), ("2025-03-12", "4")]).await;
    demand(db, &item, &other, &[("2025-03-13", "5"), ("2025-03-16", "1")]).await;
    // The first saw neither week, the second only the first of them, and the third was made in the middle of the second.
    let runs = [("2025-03-03", 1.0), ("2025-03-10", 2.0), ("2025-03-12", 100.0)];
    for (origin, mean) in runs {
        let foreseen = Foreseen { origin: day(origin), days: 30, mean, quantiles: [None; 7], cumulative: json!({}) };
        with_forecast(db, &[(item.id, 0), (item.id, site.id)], &foreseen).await;
    }
    let query = "query($site: ID, $weeks: Int!) { items { nodes { accuracy(siteId: $site, weeks: $weeks) { weeks forecasts actuals wape bias } } } }";
    let token = server.token(Role::Viewer).await;
    let asked = async |site: Value, weeks: i32| {
        let variables = json!({ "site": site, "weeks": weeks });
        server.ask(Some(&token), query, variables).await.data()["items"]["nodes"].clone()
    };
    let both = json!({ "weeks": ["2025-03-03", "2025-03-10"], "forecasts": [7.0, 14.0], "actuals": [5.0, 10.0], "wape": 0.4, "bias": 0.4 });
    assert_eq!(asked(Value::Null, 8).await, json!([{ "accuracy": both }, { "accuracy": null }]));
    let last = json!({ "weeks": ["2025-03-10"], "forecasts": [14.0], "actuals": [10.0], "wape": 0.4, "bias": 0.4 });
    assert_eq!(asked(Value::Null, 1).await[0]["accuracy"], last);
    let sites = server.as_role(Role::Viewer, "{ sites { id } }").await.data()["sites"].clone();
    let here = json!({ "weeks": ["2025-03-03", "2025-03-10"], "forecasts": [7.0, 14.0], "actuals": [5.0, 4.0], "wape": 1.3333, "bias": 1.3333 });
    assert_eq!(asked(sites[0]["id"].clone(), 8).await[0]["accuracy"], here);
    assert_eq!(asked(sites[1]["id"].clone(), 8).await[0]["accuracy"], Value::Null, "never forecast there");
    let refused = server.ask(Some(&token), query, json!({ "weeks": 53 })).await;
    assert_eq!(refused.code(), "BAD_USER_INPUT");
}

#[tokio::test]
async fn a_forecast_is_the_newest_or_that_of_the_run_asked_for() {
    let server = Server::start().await;
    let item = an_item("I0").insert(&server.db).await;
    for (origin, mean) in [("2025-03-03", 1.0), ("2025-03-10", 2.0)] {
        let foreseen = Foreseen { origin: day(origin), days: 3, mean, quantiles: [None; 7], cumulative: json!({}) };
        with_forecast(&server.db, &[(item.id, 0)], &foreseen).await;
    }
    let runs = server.as_role(Role::Viewer, "{ forecastRuns { nodes { id origin } } }").await.data();
    let older = runs["forecastRuns"]["nodes"][1]["id"].as_str().unwrap().to_owned();
    let query = format!(
        "{{ item(sku: \"I0\") {{ id now: forecast {{ means }} then: forecast(runId: \"{older}\") {{ origin means }} }} }}"
    );
    let seen = server.as_role(Role::Viewer, &query).await.data()["item"].clone();
    assert_eq!(seen["now"], json!({ "means": [2.0, 2.0, 2.0] }));
    assert_eq!(seen["then"], json!({ "origin": "2025-03-03", "means": [1.0, 1.0, 1.0] }));
    let query = query.replace(&older, seen["id"].as_str().unwrap());
    assert_eq!(server.as_role(Role::Viewer, &query).await.code(), "BAD_USER_INPUT", "an item is no run");
}

#[tokio::test]
async fn an_item_tells_how_it_is_ordered_and_what_else_its_files_say() {
    let server = Server::start().await;
    an_item("I0").insert(&server.db).await;
    let said = "UPDATE core.dim_item SET subcategory = 'Copper', min_order_quantity = 10, max_order_quantity = 500, pack_size = 2.5, \
                attributes = '{\"voltage\": \"48 V\", \"core\": {\"mm\": 19}, \"colour\": null, \"fuses\": 3}'";
    run(&server.db, said, Vec::new()).await;
    let query =
        "{ item(sku: \"I0\") { subcategory minOrderQuantity maxOrderQuantity packSize attributes { name value } } }";
    let attribute = |name: &str, value: &str| json!({ "name": name, "value": value });
    assert_eq!(
        server.as_role(Role::Viewer, query).await.data()["item"],
        json!({
            "subcategory": "Copper", "minOrderQuantity": 10.0, "maxOrderQuantity": 500.0, "packSize": 2.5,
            "attributes": [attribute("core", "{\"mm\":19}"), attribute("fuses", "3"), attribute("voltage", "48 V")],
        })
    );
}
