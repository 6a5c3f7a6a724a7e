use chrono::{DateTime, NaiveDate, Utc};
use entity::words::{Role, RunSource};
use serde_json::json;
use store::forecasts::{FinishedRun, NewRun, Point, SeriesId, SeriesRow};

use crate::company;
use crate::server::Server;

async fn with_forecast(server: &Server) {
    let db = server.db.db();
    let origin: NaiveDate = "2025-03-05".parse().unwrap();
    let now: DateTime<Utc> = server.now();
    let run = NewRun {
        origin,
        horizon: 3,
        data_through: "2025-03-04".parse().unwrap(),
        source: RunSource::Computed,
        complete: true,
        seed: 1,
        started_at: now,
    };
    let run = store::forecasts::start_run(db, run).await.unwrap().id;
    let series = SeriesId::item(1);
    let calibration: Vec<_> = (0..7).map(|_| json!({ "above": 0.1, "atOrAbove": 0.2 })).collect();
    let backtest = json!({ "rmsse": 0.912_345, "folds": 3, "calibration": calibration });
    let row = SeriesRow {
        id: series.clone(),
        model: "CROSTON_SBA".into(),
        demand_class: "LUMPY".into(),
        backtest,
        cumulative: json!([]),
    };
    store::forecasts::write_series(db, run, &[row]).await.unwrap();
    let points: Vec<Point> = (0..3)
        .map(|day| Point {
            series: series.clone(),
            target_date: origin + chrono::TimeDelta::days(day),
            lead: day as i16 + 1,
            mean: 1.234_56,
            quantiles: [0.0, 0.0, 1.0, 1.0, 2.0, 3.0, 5.0].map(Some),
            model: "CROSTON_SBA".into(),
        })
        .collect();
    store::forecasts::write_points(db, run, origin, &points).await.unwrap();
    let finished =
        FinishedRun { models: json!({}), backtest: json!({}), accuracy: json!([]), series: 1, finished_at: now };
    store::forecasts::finish_run(db, run, finished).await.unwrap();
}

#[tokio::test]
async fn a_forecast_names_its_model_its_origin_and_its_backtest() {
    let server = Server::start().await;
    company::with_items(&server.db, 1).await;
    with_forecast(&server).await;
    let query = "{ item(sku: \"000000\") { forecast(horizon: 2) { level model demandClass origin dataThrough horizon dates means \
        points { date mean p025 p50 p975 } backtest { rmsse folds calibration { quantile above } } } } }";
    let forecast = server.as_role(Role::Viewer, query).await.data()["item"]["forecast"].clone();
    assert_eq!(
        forecast["points"][1],
        json!({ "date": "2025-03-06", "mean": 1.2346, "p025": 0.0, "p50": 1.0, "p975": 5.0 })
    );
    assert_eq!(forecast["backtest"]["calibration"][5], json!({ "quantile": 0.9, "above": 0.1 }));
    assert_eq!(forecast["backtest"]["rmsse"], 0.9123);
    let head = ["level", "model", "demandClass", "origin", "dataThrough", "horizon"].map(|name| forecast[name].clone());
    assert_eq!(json!(head), json!(["ITEM", "CROSTON_SBA", "LUMPY", "2025-03-05", "2025-03-04", 2]));
}

#[tokio::test]
async fn a_band_is_of_measured_quantiles_only() {
    let server = Server::start().await;
    company::with_items(&server.db, 1).await;
    with_forecast(&server).await;
    let band = async |level: &str| {
        server
            .as_role(
                Role::Viewer,
                &format!("{{ item(sku: \"000000\") {{ forecast {{ band(level: {level}) {{ lower upper }} }} }} }}"),
            )
            .await
            .json()
    };
    for (level, lower, upper) in [("0.5", 1.0, 2.0), ("0.8", 0.0, 3.0), ("0.95", 0.0, 5.0)] {
        assert_eq!(
            band(level).await["data"]["item"]["forecast"]["band"],
            json!({ "lower": vec![lower; 3], "upper": vec![upper; 3] }),
            "{level}"
        );
    }
    assert_eq!(band("0.9").await["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
}
