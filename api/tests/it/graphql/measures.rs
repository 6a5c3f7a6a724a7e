use chrono::{Days, TimeDelta, Utc};
use entity::analytics::kpi;
use entity::words::{DataKind, KpiDimension, Role, RunSource};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, ConnectionTrait as _, IntoActiveModel as _};
use serde_json::{Value, json};
use store::forecasts::{FinishedRun, NewRun};
use testkit::builders::{a_region, a_supplier, day};

use crate::server::Server;

#[tokio::test]
async fn freshness_tells_the_age_in_days_of_the_companys_clock() {
    let server = Server::start().await;
    let zone = server.app.shared().config.timezone;
    let today = server.now().with_timezone(&zone).date_naive();
    let set = async |kind, through| store::freshness::set(server.db.db(), kind, through, Utc::now()).await.unwrap();
    set(DataKind::Demand, Some(today - Days::new(9))).await;
    set(DataKind::Orders, None).await;
    store::freshness::mark_stale(server.db.db(), &[DataKind::Orders]).await.unwrap();
    let ask = async || {
        let data =
            server.as_role(Role::Viewer, "{ freshness { kind dataThrough refreshedAt stale ageDays } }").await.data();
        data["freshness"].as_array().unwrap().clone()
    };
    let rows = ask().await;
    assert_eq!([&rows[0]["kind"], &rows[1]["kind"]], ["DEMAND", "ORDERS"]);
    assert_eq!((&rows[0]["ageDays"], &rows[0]["stale"]), (&json!(9), &json!(false)));
    assert_eq!(
        (&rows[1]["ageDays"], &rows[1]["stale"], &rows[1]["dataThrough"]),
        (&Value::Null, &json!(true), &Value::Null)
    );
    assert!(rows.iter().all(|row| row["refreshedAt"].is_string()));
    server.pass(TimeDelta::days(2).num_seconds());
    assert_eq!(ask().await[0]["ageDays"], 11);
}

#[tokio::test]
async fn suppliers_are_found_paged_and_rated_for_analysts_only() {
    let server = Server::start().await;
    for code in ["ANA", "BIA", "Cabos São João", "DIA"] {
        let row = a_supplier(server.db.db(), code).await;
        let mut row = row.into_active_model();
        row.lead_time_median_days = Set(Some(12.0));
        row.on_time_rate = Set(Some(0.75));
        row.reliability = Set(Some(0.98765));
        row.update(server.db.writer()).await.unwrap();
    }
    let page = "{ suppliers(first: 3) { totalCount nodes { id code name type leadTimeMedianDays leadTimeP90Days active } pageInfo { hasNextPage endCursor } } }";
    let data = server.as_role(Role::Viewer, page).await.data();
    let suppliers = &data["suppliers"];
    assert_eq!(suppliers["totalCount"], 4);
    assert_eq!(suppliers["nodes"][0]["code"], "ANA");
    assert_eq!(suppliers["nodes"][0]["type"], "DOMESTIC");
    assert_eq!(
        (&suppliers["nodes"][0]["leadTimeMedianDays"], &suppliers["nodes"][0]["leadTimeP90Days"]),
        (&json!(12.0), &Value::Null)
    );
    let after = suppliers["pageInfo"]["endCursor"].as_str().unwrap();
    let next =
        server.as_role(Role::Viewer, &format!("{{ suppliers(after: \"{after}\") {{ nodes {{ code }} }} }}")).await;
    assert_eq!(next.data()["suppliers"]["nodes"], json!([{ "code": "DIA" }]));
    let found = "{ suppliers(filter: { search: \"sao joao\" }) { nodes { code onTimeRate reliability } } }";
    let body = server.as_role(Role::Viewer, found).await.json();
    assert_eq!(
        body["data"]["suppliers"]["nodes"],
        json!([{ "code": "Cabos São João", "onTimeRate": null, "reliability": null }])
    );
    assert_eq!(body["errors"].as_array().map(Vec::len), Some(2), "{body}");
    let body = server.as_role(Role::Analyst, found).await.data();
    assert_eq!(
        body["suppliers"]["nodes"][0],
        json!({ "code": "Cabos São João", "onTimeRate": 0.75, "reliability": 0.9877 })
    );
    let id = suppliers["nodes"][1]["id"].as_str().unwrap();
    let node =
        server.as_role(Role::Viewer, &format!("{{ node(id: \"{id}\") {{ ... on Supplier {{ code }} }} }}")).await;
    assert_eq!(node.data()["node"]["code"], "BIA");
}

#[tokio::test]
async fn regions_are_paged_by_name() {
    let server = Server::start().await;
    for code in ["SP", "BA", "CE"] {
        a_region(server.db.db(), code).await;
    }
    let data =
        server.as_role(Role::Viewer, "{ regions(first: 2) { totalCount nodes { id code name state } } }").await.data();
    assert_eq!(data["regions"]["totalCount"], 3);
    assert_eq!(data["regions"]["nodes"][1]["code"], "CE");
    let id = data["regions"]["nodes"][0]["id"].as_str().unwrap();
    let node = server.as_role(Role::Viewer, &format!("{{ node(id: \"{id}\") {{ ... on Region {{ code }} }} }}")).await;
    assert_eq!(node.data()["node"]["code"], "BA");
}

async fn a_kpi(server: &Server, on: &str, dimension: KpiDimension, wape: Option<f64>, mape: Option<f64>) {
    let row = kpi::Model {
        full_date: day(on),
        dimension,
        member: if dimension == KpiDimension::All { String::new() } else { "A".into() },
        total_demand: Some(1.0),
        demand_value: None,
        stockout_rate: None,
        fill_rate: None,
        delayed_orders_rate: None,
        a_class_share: None,
        forecast_wape: wape,
        forecast_mape: mape,
        inventory_value: None,
        carrying_cost: None,
        turnover: None,
        days_of_cover: None,
        decision_minutes: None,
        computed_at: Utc::now(),
    };
    row.into_active_model().reset_all().insert(server.db.writer()).await.unwrap();
}

#[tokio::test]
async fn a_missing_accuracy_says_why() {
    let server = Server::start().await;
    a_kpi(&server, "2026-03-29", KpiDimension::All, None, None).await;
    a_kpi(&server, "2026-03-29", KpiDimension::AbcClass, None, None).await;
    let reason = async |dimension: &str, on: &str| {
        let query = format!(
            "{{ kpis(from: \"{on}\", to: \"{on}\", dimension: {dimension}) {{ forecastWape accuracyReason }} }}"
        );
        server.as_role(Role::Viewer, &query).await.data()["kpis"][0]["accuracyReason"].clone()
    };
    assert_eq!(reason("ALL", "2026-03-29").await, "NO_FORECAST");
    assert_eq!(reason("ABC_CLASS", "2026-03-29").await, "NOT_FORECAST");
    // Forecast from a Wednesday on: its first whole week is 6 to 12 April.
    let run = NewRun {
        origin: day("2026-04-01"),
        horizon: 30,
        data_through: day("2026-03-31"),
        source: RunSource::Computed,
        complete: true,
        seed: 1,
        started_at: Utc::now(),
    };
    let run = store::forecasts::start_run(server.db.db(), run).await.unwrap();
    let finished =
        FinishedRun { models: json!({}), backtest: json!({}), accuracy: json!([]), series: 0, finished_at: Utc::now() };
    store::forecasts::finish_run(server.db.db(), run.id, finished).await.unwrap();
    for (on, wape, mape, why) in [
        ("2026-04-11", None, None, json!("TOO_YOUNG")),
        ("2026-04-12", None, None, json!("NO_DEMAND")),
        ("2026-04-13", Some(0.4), None, json!("ZERO_WEEK")),
        ("2026-04-14", Some(0.4), Some(0.5), Value::Null),
    ] {
        a_kpi(&server, on, KpiDimension::All, wape, mape).await;
        assert_eq!(reason("ALL", on).await, why, "{on}");
    }
}

#[tokio::test]
async fn the_carrying_costs_target_is_counted_from_the_first_day_known_and_is_money() {
    let server = Server::start().await;
    for on in ["2026-03-01", "2026-03-02", "2026-03-03"] {
        a_kpi(&server, on, KpiDimension::All, None, None).await;
    }
    let costs = "UPDATE analytics.kpis_daily SET carrying_cost = CASE full_date WHEN '2026-03-02' THEN 500 WHEN '2026-03-03' THEN 450 END";
    server.db.writer().execute_unprepared(costs).await.unwrap();
    let query = "{ kpis { carryingCost targets { carryingCost turnoverMax } } }";
    let data = server.as_role(Role::Analyst, query).await.data();
    assert_eq!(
        data["kpis"],
        json!([{ "carryingCost": 450.0, "targets": { "carryingCost": 400.0, "turnoverMax": 12.0 } }])
    );
    let body = server.as_role(Role::Viewer, query).await.json();
    assert_eq!(body["data"]["kpis"][0]["targets"], json!({ "carryingCost": null, "turnoverMax": 12.0 }));
    assert_eq!(body["errors"].as_array().map(Vec::len), Some(2), "{body}");
}

#[tokio::test]
async fn the_demos_logins_are_offered_by_the_demo_only_and_while_they_hold() {
    let server = Server::start().await;
    let logins = async || {
        let data = server.ask(None, "{ demoLogins { email name role password } }", json!({})).await.data();
        data["demoLogins"].as_array().unwrap().clone()
    };
    let viewer = crate::server::email(Role::Viewer);
    server.db.writer().execute_unprepared("UPDATE support.users SET demo = true WHERE role <> 'ADMIN'").await.unwrap();
    assert!(logins().await.is_empty(), "this database is no demo");
    store::settings::set(server.db.db(), store::settings::DEMO, &json!({ "seed": 1 })).await.unwrap();
    let offered = logins().await;
    assert_eq!(offered.len(), 2);
    assert_eq!(
        offered[1],
        json!({ "email": viewer, "name": "A VIEWER", "role": "VIEWER", "password": api::auth::DEMO_PASSWORD })
    );
    // A password that somebody set is nobody else's; neither is a person who is locked out.
    let user = store::users::by_email(server.db.db(), &viewer).await.unwrap().unwrap();
    store::users::set_password(server.db.db(), user.id, "!".into(), None, server.entry("user.setPassword"))
        .await
        .unwrap();
    assert_eq!(logins().await.len(), 1);
    let user = store::users::by_email(server.db.db(), &crate::server::email(Role::Analyst)).await.unwrap().unwrap();
    store::users::set_active(server.db.db(), user.id, false, server.entry("user.disable")).await.unwrap();
    assert!(logins().await.is_empty());
}

#[tokio::test]
async fn the_demos_logins_open_no_other_door_to_strangers() {
    let server = Server::start().await;
    let answer = server.ask(None, "{ demoLogins { email } freshness { kind } }", json!({})).await;
    assert_eq!(answer.code(), "UNAUTHENTICATED");
}
