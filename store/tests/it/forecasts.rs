//! Forecasts: written, shown when ready, superseded, pruned.

use chrono::Days;
use entity::analytics::forecast_run;
use entity::words::{ForecastLevel, RunSource, RunStatus};
use serde_json::json;
use store::forecasts::{self, FinishedRun, ForecastKey, NewRun, Point, SeriesId, SeriesRow};
use testkit::TestDatabase;
use testkit::builders::{day, instant};

async fn started(db: &TestDatabase, origin: &str, complete: bool) -> forecast_run::Model {
    let run = NewRun {
        origin: day(origin),
        horizon: 30,
        data_through: day(origin) - Days::new(1),
        source: RunSource::Computed,
        complete,
        seed: 7,
        started_at: instant("2025-06-30T03:00:00Z"),
    };
    forecasts::start_run(db, run).await.unwrap()
}

/// Writes 30 days of each series, whose mean is `mean` plus the lead.
async fn written(db: &TestDatabase, run: &forecast_run::Model, ids: &[SeriesId], mean: f64) {
    let rows: Vec<SeriesRow> = ids
        .iter()
        .map(|id| SeriesRow {
            id: id.clone(),
            model: "SES".into(),
            demand_class: "SMOOTH".into(),
            backtest: json!({"folds": 3}),
            cumulative: json!([]),
        })
        .collect();
    forecasts::write_series(db, run.id, &rows).await.unwrap();
    let points = |items: bool| -> Vec<Point> {
        let of = ids.iter().filter(|id| matches!(id.level, ForecastLevel::Item | ForecastLevel::ItemSite) == items);
        of.flat_map(|id| {
            (1..=30_i16).map(move |lead| Point {
                series: id.clone(),
                target_date: run.origin + Days::new(lead as u64 - 1),
                lead,
                mean: mean + f64::from(lead),
                quantiles: [Some(0.0), None, Some(1.0), Some(2.0), Some(3.0), Some(4.5), None],
                model: "SES".into(),
            })
        })
        .collect()
    };
    forecasts::write_points(db, run.id, run.origin, &points(true)).await.unwrap();
    forecasts::write_totals(db, run.id, run.origin, &points(false)).await.unwrap();
}

async fn finished(db: &TestDatabase, run: &forecast_run::Model) {
    let outcome = FinishedRun {
        models: json!({"SES": 1}),
        backtest: json!({}),
        accuracy: json!([1]),
        series: 1,
        finished_at: instant("2025-06-30T03:05:00Z"),
    };
    forecasts::finish_run(db, run.id, outcome).await.unwrap();
}

/// A complete run of 30 days for (item, site) series; answers its id.
pub(crate) async fn a_ready_run(db: &TestDatabase, origin: &str, series: &[(i64, i64)]) -> i64 {
    let run = started(db, origin, true).await;
    let ids: Vec<SeriesId> = series
        .iter()
        .map(|&(item, site)| if site == 0 { SeriesId::item(item) } else { SeriesId::item_site(item, site) })
        .collect();
    written(db, &run, &ids, 0.0).await;
    finished(db, &run).await;
    run.id
}

fn key(series: SeriesId) -> ForecastKey {
    ForecastKey { series, horizon: 30, run_id: None }
}

#[tokio::test]
async fn a_forecast_is_shown_once_its_run_is_ready() {
    let db = TestDatabase::new().await;
    let run = started(&db, "2025-07-01", true).await;
    let ids =
        [SeriesId::item(1), SeriesId::item_site(1, 2), SeriesId::family("F"), SeriesId::region("BA"), SeriesId::all()];
    written(&db, &run, &ids, 10.0).await;
    assert!(forecasts::by_keys(&db, &[key(SeriesId::item(1))]).await.unwrap().is_empty());
    assert_eq!(forecasts::current_run(&db).await.unwrap(), None);
    finished(&db, &run).await;
    let mut keys: Vec<ForecastKey> = ids.iter().cloned().map(key).collect();
    keys.push(ForecastKey { horizon: 2, ..key(SeriesId::item(1)) });
    keys.push(key(SeriesId::item(99)));
    let before = db.statements();
    let found = forecasts::by_keys(&db, &keys).await.unwrap();
    assert_eq!(db.statements() - before, 1);
    assert_eq!(found.len(), 6, "the unknown series is absent");
    for id in &ids {
        let forecast = &found[&key(id.clone())];
        assert_eq!(
            (forecast.run_id, forecast.origin, forecast.data_through),
            (run.id, day("2025-07-01"), day("2025-06-30"))
        );
        assert_eq!(
            (forecast.dates.len(), forecast.dates[0], forecast.dates[29]),
            (30, day("2025-07-01"), day("2025-07-30"))
        );
        assert_eq!((forecast.means[0], forecast.means[29]), (11.0, 40.0));
        assert_eq!(
            (forecast.p025[0], forecast.p10[0], forecast.p25[0], forecast.p50[0]),
            (Some(0.0), None, Some(1.0), Some(2.0))
        );
        assert_eq!((forecast.p75[0], forecast.p90[0], forecast.p975[0]), (Some(3.0), Some(4.5), None));
        assert_eq!(forecast.backtest, json!({"folds": 3}));
    }
    assert_eq!(found[&keys[5]].means, [11.0, 12.0]);
}

#[tokio::test]
async fn a_partial_run_supersedes_its_items_and_a_full_run_everything() {
    let db = TestDatabase::new().await;
    let ids = [SeriesId::item(1), SeriesId::item(2)];
    let mean = async |id: i64| {
        forecasts::by_keys(&db, &[key(SeriesId::item(id))])
            .await
            .unwrap()
            .values()
            .next()
            .map(|forecast| forecast.means[0])
    };
    let old = started(&db, "2025-06-01", true).await;
    written(&db, &old, &ids, 0.0).await;
    finished(&db, &old).await;
    let partial = started(&db, "2025-06-02", false).await;
    written(&db, &partial, &ids[..1], 100.0).await;
    finished(&db, &partial).await;
    assert_eq!(forecasts::current_run(&db).await.unwrap().unwrap().id, old.id);
    assert_eq!((mean(1).await, mean(2).await), (Some(101.0), Some(1.0)));
    let new = started(&db, "2025-06-03", true).await;
    written(&db, &new, &ids[..1], 200.0).await;
    finished(&db, &new).await;
    // Item 2 is in the new run no more: its old forecast is not today's.
    assert_eq!((mean(1).await, mean(2).await), (Some(201.0), None));
    let past = ForecastKey { run_id: Some(old.id), ..key(SeriesId::item(2)) };
    assert_eq!(forecasts::by_keys(&db, std::slice::from_ref(&past)).await.unwrap()[&past].means[0], 1.0);
}

#[tokio::test]
async fn pruning_keeps_the_newest_full_runs_and_every_runs_accuracy() {
    let db = TestDatabase::new().await;
    let mut runs = Vec::new();
    for origin in ["2025-04-30", "2025-05-01", "2025-05-02", "2025-05-03"] {
        let run = started(&db, origin, origin != "2025-05-02").await;
        written(&db, &run, &[SeriesId::item(1), SeriesId::all()], 0.0).await;
        finished(&db, &run).await;
        runs.push(run);
    }
    assert_eq!(forecasts::prune_runs(&db, 5).await.unwrap(), Vec::<i64>::new());
    assert_eq!(forecasts::prune_runs(&db, 2).await.unwrap(), [runs[0].id]);
    assert_eq!(forecasts::prune_runs(&db, 1).await.unwrap(), [runs[1].id, runs[2].id]);
    let gone = ForecastKey { run_id: Some(runs[1].id), ..key(SeriesId::item(1)) };
    assert!(forecasts::by_keys(&db, &[gone]).await.unwrap().is_empty());
    assert_eq!(forecasts::by_keys(&db, &[key(SeriesId::all())]).await.unwrap().len(), 1);
    assert_eq!(forecasts::run(&db, runs[0].id).await.unwrap().unwrap().accuracy, json!([1]));
    assert_eq!(forecasts::runs(&db, 10).await.unwrap().len(), 4);
}

#[tokio::test]
async fn a_run_that_a_dead_process_left_behind_fails_at_the_next_start() {
    let db = TestDatabase::new().await;
    let (left, ready) = (started(&db, "2025-07-01", true).await, started(&db, "2025-07-01", true).await);
    finished(&db, &ready).await;
    assert_eq!(forecasts::fail_running(&db, instant("2025-07-02T00:00:00Z")).await.unwrap(), 1);
    assert_eq!(forecasts::run(&db, left.id).await.unwrap().unwrap().status, RunStatus::Failed);
    assert_eq!(forecasts::run(&db, ready.id).await.unwrap().unwrap().status, RunStatus::Ready);
    forecasts::fail_run(&db, ready.id, instant("2025-07-02T00:00:00Z")).await.unwrap();
    assert_eq!(forecasts::current_run(&db).await.unwrap().unwrap().id, ready.id, "a ready run cannot fail any more");
}
