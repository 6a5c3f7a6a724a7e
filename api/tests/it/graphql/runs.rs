use entity::words::{Role, RunSource};
use serde_json::{Value, json};
use store::forecasts::{FinishedRun, NewRun};
use testkit::builders::day;

use crate::server::Server;

/// A run with accuracy of two classes and two ranges of leads.
async fn a_run(server: &Server, origin: &str) {
    let db = server.db.db();
    let run = NewRun {
        origin: day(origin),
        horizon: 90,
        data_through: day(origin) - chrono::Days::new(1),
        source: RunSource::Computed,
        complete: true,
        seed: 1,
        started_at: server.now(),
    };
    let run = store::forecasts::start_run(db, run).await.unwrap().id;
    let calibration: Vec<Value> =
        (0..7).map(|at| json!({ "above": 0.9 - 0.1 * f64::from(at), "atOrAbove": 0.95 })).collect();
    let metrics = |rmsse: f64| {
        json!({ "rmsse": rmsse, "mase": null, "pinball": 0.25, "coverage80": 0.83, "ideal80": 0.86, "coverage95": 0.96,
            "observations": 280, "folds": 3, "calibration": calibration })
    };
    let row = |class: &str, from: usize, to: Option<usize>, rmsse: f64| json!({ "class": class, "lead_from": from, "lead_to": to, "metrics": metrics(rmsse) });
    let finished = FinishedRun {
        models: json!({ "SES": 2, "CROSTON_SBA": 5 }),
        backtest: json!({ "selected": metrics(0.8), "methods": { "SES": metrics(0.9), "TSB": metrics(0.85) } }),
        accuracy: json!([
            row("SMOOTH", 1, Some(7), 0.7),
            row("SMOOTH", 8, None, 0.75),
            row("LUMPY", 1, Some(7), 0.95),
            row("A_CLASS_OF_TOMORROW", 1, None, 0.5),
        ]),
        series: 7,
        finished_at: server.now(),
    };
    store::forecasts::finish_run(db, run, finished).await.unwrap();
}

const RUNS: &str = "{ forecastRuns(first: 1) { totalCount pageInfo { endCursor hasNextPage } nodes { id origin dataThrough horizon status \
    source complete series models { model series } backtest { rmsse pinball coverage80 } methods { method backtest { rmsse } } \
    accuracy { demandClass leadFrom leadTo observations rmsse mase pinball coverage80 ideal80 coverage95 calibration { quantile above atOrAbove } } } } }";

#[tokio::test]
async fn an_analyst_reads_how_good_a_run_was_by_class_and_lead() {
    let server = Server::start().await;
    a_run(&server, "2025-03-05").await;
    server.pass(60);
    a_run(&server, "2025-03-06").await;
    let data = server.as_role(Role::Analyst, RUNS).await.data();
    let runs = &data["forecastRuns"];
    assert_eq!((&runs["totalCount"], &runs["pageInfo"]["hasNextPage"]), (&json!(2), &json!(true)));
    let run = &runs["nodes"][0];
    let head =
        ["origin", "dataThrough", "horizon", "status", "source", "complete", "series"].map(|name| run[name].clone());
    assert_eq!(json!(head), json!(["2025-03-06", "2025-03-05", 90, "READY", "COMPUTED", true, 7]));
    assert_eq!(run["models"], json!([{ "model": "CROSTON_SBA", "series": 5 }, { "model": "SES", "series": 2 }]));
    assert_eq!(run["backtest"], json!({ "rmsse": 0.8, "pinball": 0.25, "coverage80": 0.83 }));
    assert_eq!(run["methods"][1], json!({ "method": "TSB", "backtest": { "rmsse": 0.85 } }));
    let accuracy = run["accuracy"].as_array().unwrap();
    assert_eq!(accuracy.len(), 3, "a class of a newer version is left out: {accuracy:?}");
    let first = &accuracy[0];
    let figures = ["demandClass", "leadFrom", "leadTo", "observations", "rmsse", "mase", "ideal80"]
        .map(|name| first[name].clone());
    assert_eq!(json!(figures), json!(["SMOOTH", 1, 7, 280, 0.7, null, 0.86]));
    assert_eq!(first["calibration"][5], json!({ "quantile": 0.9, "above": 0.4, "atOrAbove": 0.95 }));
    assert_eq!(accuracy[1]["leadTo"], Value::Null);

    let part = "{ forecastRuns { nodes { accuracy(demandClasses: [SMOOTH], lead: 30) { leadFrom rmsse } } } }";
    let data = server.as_role(Role::Analyst, part).await.data();
    assert_eq!(data["forecastRuns"]["nodes"][0]["accuracy"], json!([{ "leadFrom": 8, "rmsse": 0.75 }]));

    let id = run["id"].as_str().unwrap();
    let node = format!("{{ node(id: \"{id}\") {{ id ... on ForecastRun {{ origin }} }} }}");
    let data = server.as_role(Role::Viewer, &node).await.data();
    assert_eq!(data["node"], json!({ "id": id, "origin": "2025-03-06" }));
    let after = runs["pageInfo"]["endCursor"].as_str().unwrap();
    let next = format!("{{ forecastRuns(after: \"{after}\") {{ nodes {{ origin }} }} }}");
    let data = server.as_role(Role::Viewer, &next).await.data();
    assert_eq!(data["forecastRuns"]["nodes"], json!([{ "origin": "2025-03-05" }]));
}

#[tokio::test]
async fn a_viewer_sees_the_runs_and_not_how_good_they_were() {
    let server = Server::start().await;
    a_run(&server, "2025-03-05").await;
    let body = server.as_role(Role::Viewer, RUNS).await.json();
    let run = &body["data"]["forecastRuns"]["nodes"][0];
    assert_eq!(
        (&run["series"], &run["backtest"], &run["methods"], &run["accuracy"]),
        (&json!(7), &Value::Null, &Value::Null, &Value::Null)
    );
    let refused: Vec<&Value> =
        body["errors"].as_array().unwrap().iter().map(|error| &error["extensions"]["code"]).collect();
    assert_eq!(refused, ["FORBIDDEN"; 3]);
}
