use entity::words::{OrderStatus, Role};
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};
use testkit::builders::{a_region, a_site, a_supplier, an_item, an_order, day, demand, number, stock};

use crate::company::{Foreseen, with_forecast};
use crate::server::Server;

/// Cable at 2.50 and clamps without a cost, at two sites of which the first lies in a region.
async fn with_facts(server: &Server) {
    let region = a_region(&server.db, "BA").await;
    let (one, two) = (a_site(&server.db, "S1", Some(&region)).await, a_site(&server.db, "S2", None).await);
    let cable = an_item("010825").of_family("CABLES").costing("2.5").insert(&server.db).await;
    let clamp = an_item("000007").insert(&server.db).await;
    demand(&server.db, &cable, &one, &[("2025-03-01", "4"), ("2025-03-02", "-")]).await;
    demand(&server.db, &clamp, &two, &[("2025-03-01", "1.5"), ("2025-03-03", "2")]).await;
    stock(&server.db, &cable, &one, "2025-03-02", "0", Some("12")).await;
    let supplier = a_supplier(&server.db, "ACME").await;
    an_order(&server.db, &cable, &one, "PO-1", "2025-03-02", |line| {
        line.supplier_id = Set(Some(supplier.id));
        line.quantity = Set(number("12"));
        line.unit_price = Set(Some(number("2.4")));
        line.expected_delivery = Set(Some(day("2025-03-09")));
    })
    .await;
    an_order(&server.db, &clamp, &two, "PO-2", "2025-03-01", |line| line.status = Set(OrderStatus::Received)).await;
}

#[tokio::test]
async fn flat_demand_comes_in_columns_page_after_page_with_the_codes_that_people_know() {
    let server = Server::start().await;
    with_facts(&server).await;
    let token = server.token(Role::Analyst).await;
    let query = "query($after: String) { demandRows(first: 3, after: $after) { columns { dates skus siteCodes quantities \
                 stockedOut unitCosts totalCosts } pageInfo { hasNextPage endCursor } } }";
    let first = server.ask(Some(&token), query, json!({})).await.data();
    assert_eq!(
        first["demandRows"]["columns"],
        json!({
            "dates": ["2025-03-01", "2025-03-01", "2025-03-02"], "skus": ["010825", "000007", "010825"],
            "siteCodes": ["S1", "S2", "S1"], "quantities": [4.0, 1.5, 0.0], "stockedOut": [false, false, true],
            "unitCosts": [2.5, null, 2.5], "totalCosts": [10.0, null, 0.0],
        })
    );
    let page = &first["demandRows"]["pageInfo"];
    assert_eq!(page["hasNextPage"], json!(true));
    let rest = server.ask(Some(&token), query, json!({ "after": page["endCursor"] })).await.data();
    assert_eq!(rest["demandRows"]["columns"]["dates"], json!(["2025-03-03"]));
    assert_eq!(rest["demandRows"]["pageInfo"]["hasNextPage"], json!(false));
}

#[tokio::test]
async fn a_page_of_rows_costs_one_statement_and_one_more_for_each_kind_of_code() {
    let server = Server::start().await;
    with_facts(&server).await;
    let token = server.token(Role::Viewer).await;
    let asked = async |columns: &str| {
        let query = format!("{{ demandRows {{ columns {{ {columns} }} }} }}");
        let mut least = u64::MAX;
        for _ in 0..3 {
            let before = server.db.statements();
            server.ask(Some(&token), &query, json!({})).await.data();
            least = least.min(server.db.statements() - before);
        }
        least
    };
    let bare = asked("dates itemIds siteIds quantities").await;
    assert_eq!(asked("dates skus siteCodes quantities").await, bare + 2);
}

#[tokio::test]
async fn rows_hide_money_from_viewers_with_one_error_a_column() {
    let server = Server::start().await;
    with_facts(&server).await;
    let query = "{ demandRows { columns { quantities unitCosts totalCosts } } orderRows { columns { quantities unitPrices totalPrices } } }";
    let body = server.as_role(Role::Viewer, query).await.json();
    assert_eq!(
        body["data"],
        json!({
            "demandRows": { "columns": { "quantities": [4.0, 1.5, 0.0, 2.0], "unitCosts": null, "totalCosts": null } },
            "orderRows": { "columns": { "quantities": [12.0, 1.0], "unitPrices": null, "totalPrices": null } },
        })
    );
    let paths: Vec<&Value> = body["errors"].as_array().unwrap().iter().map(|error| &error["path"][2]).collect();
    assert_eq!(paths, ["unitCosts", "totalCosts", "unitPrices", "totalPrices"]);
    let seen = server.as_role(Role::Analyst, query).await.data();
    assert_eq!(seen["orderRows"]["columns"]["totalPrices"], json!([28.8, null]));
}

#[tokio::test]
async fn stock_and_order_lines_come_in_columns_as_well() {
    let server = Server::start().await;
    with_facts(&server).await;
    let query = "{ inventoryRows { columns { dates skus siteCodes onHand onOrder safetyStock reorderPoint daysOfCover } } \
                 orderRows(filter: { statuses: [PLACED] }) { columns { dates orderIds lineNumbers skus siteCodes supplierCodes \
                 quantities units statuses requestedDates expectedDeliveries actualDeliveries countAsDemand } } }";
    let seen = server.as_role(Role::Viewer, query).await.data();
    assert_eq!(
        seen,
        json!({
            "inventoryRows": { "columns": {
                "dates": ["2025-03-02"], "skus": ["010825"], "siteCodes": ["S1"], "onHand": [0.0], "onOrder": [12.0],
                "safetyStock": [null], "reorderPoint": [null], "daysOfCover": [null],
            } },
            "orderRows": { "columns": {
                "dates": ["2025-03-02"], "orderIds": ["PO-1"], "lineNumbers": [1], "skus": ["010825"], "siteCodes": ["S1"],
                "supplierCodes": ["ACME"], "quantities": [12.0], "units": [null], "statuses": ["PLACED"],
                "requestedDates": [null], "expectedDeliveries": ["2025-03-09"], "actualDeliveries": [null],
                "countAsDemand": [false],
            } },
        })
    );
}

#[tokio::test]
async fn forecast_rows_are_of_items_over_all_sites_and_at_single_ones() {
    let server = Server::start().await;
    with_facts(&server).await;
    let item = store::items::by_skus(&server.db, &["010825".into()]).await.unwrap().remove("010825").unwrap();
    let site = store::sites::all(&server.db).await.unwrap().remove(0).row;
    let foreseen = Foreseen {
        origin: day("2025-03-04"),
        days: 2,
        mean: 1.5,
        quantiles: [Some(0.0), None, Some(1.0), Some(1.0), Some(2.0), Some(3.0), None],
        cumulative: json!([]),
    };
    with_forecast(&server.db, &[(item.id, 0), (item.id, site.id)], &foreseen).await;
    let ask = |filter: &str| {
        format!(
            "{{ forecastRows(filter: {{ {filter} }}) {{ columns {{ skus siteCodes dates leads means p50 p975 models }} }} }}"
        )
    };
    let seen = server.as_role(Role::Viewer, &ask("")).await.data();
    assert_eq!(
        seen["forecastRows"]["columns"],
        json!({
            "skus": ["010825", "010825", "010825", "010825"], "siteCodes": [null, null, "S1", "S1"],
            "dates": ["2025-03-04", "2025-03-05", "2025-03-04", "2025-03-05"], "leads": [1, 2, 1, 2],
            "means": [1.5, 1.5, 1.5, 1.5], "p50": [1.0, 1.0, 1.0, 1.0], "p975": [null, null, null, null],
            "models": ["SES", "SES", "SES", "SES"],
        })
    );
    let whole = server.as_role(Role::Viewer, &ask("overAllSites: true, from: \"2025-03-05\"")).await.data();
    assert_eq!(whole["forecastRows"]["columns"]["siteCodes"], json!([null]));
}

#[tokio::test]
async fn what_rows_cost_grows_with_hundreds_of_rows_and_their_page_has_a_cap() {
    let server = Server::start().await;
    let graph = &server.app.shared().graph;
    let cost = |query: &str| {
        let limits = api::config::Limits::default();
        let parsed = api::graphql::prepare::parse(query, None, &limits).unwrap();
        let variables = async_graphql::Variables::default();
        parsed.check((&graph.shape, &graph.policy), &variables, Some(Role::Admin), &limits).unwrap().cost
    };
    // One for the field, one for `columns`, one for its column, and one for every hundred rows.
    assert_eq!(cost("{ demandRows(first: 10000) { columns { dates } } }"), 103);
    assert_eq!(cost("{ demandRows { columns { dates } } }"), 13);
    assert_eq!(cost("{ demandRows(first: 99) { columns { dates } } }"), 3);
    let refused = server.as_role(Role::Viewer, "{ demandRows(first: 10001) { columns { dates } } }").await.json();
    assert_eq!(refused["errors"][0]["message"], json!("first may be at most 10000, not 10001."));
    let refused = server.as_role(Role::Viewer, "{ orderRows(after: \"rubbish\") { columns { dates } } }").await.json();
    assert_eq!(refused["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
}
