//! What runs are judged by: their series page by page, and the demand that came since.

use chrono::Days;
use entity::words::{AlertCategory, AlertLevel, ForecastLevel, Role, RunSource, RunStatus};
use serde_json::json;
use store::alerts::{self, NewAlert};
use store::forecasts::{
    self, FinishedRun, ForecastRunFilter, ForecastRunOrder, NewRun, SeriesId, SeriesRow, Since, demand_since,
    judged_series, run_before,
};
use store::page::PageArgs;
use testkit::TestDatabase;
use testkit::builders::{a_site, a_user, an_item, day, demand, instant};

use crate::an_entry;

/// A run of these series, each with its model; ready unless `open`.
async fn a_run(db: &TestDatabase, origin: &str, series: &[(SeriesId, &str)], open: bool) -> i64 {
    let run = NewRun {
        origin: day(origin),
        horizon: 30,
        data_through: day(origin) - Days::new(1),
        source: RunSource::Computed,
        complete: true,
        seed: 7,
        started_at: instant("2025-06-30T03:00:00Z"),
    };
    let run = forecasts::start_run(db, run).await.unwrap().id;
    let rows = series.iter().map(|(id, model)| SeriesRow {
        id: id.clone(),
        model: (*model).into(),
        demand_class: "SMOOTH".into(),
        backtest: json!({}),
        cumulative: json!({"days": [], "demand": []}),
    });
    forecasts::write_series(db, run, &rows.collect::<Vec<_>>()).await.unwrap();
    if !open {
        let finished = FinishedRun {
            models: json!({}),
            backtest: json!({}),
            accuracy: json!([]),
            series: 1,
            finished_at: instant("2025-06-30T04:00:00Z"),
        };
        forecasts::finish_run(db, run, finished).await.unwrap();
    }
    run
}

#[tokio::test]
async fn a_runs_own_series_are_read_page_by_page_in_order() {
    let db = TestDatabase::new().await;
    let mut series: Vec<(SeriesId, &str)> =
        (1..=3).flat_map(|item| (1..=2).map(move |site| (SeriesId::item_site(item, site), "SES"))).collect();
    series.push((SeriesId::item_site(2, 3), "ALLOCATED"));
    series.push((SeriesId::item_site(4, 1), "GAPPY_SERIES"));
    series.push((SeriesId::item(1), "THETA"));
    series.push((SeriesId::family("LINES"), "THETA"));
    series.push((SeriesId::family("ANCHORS"), "THETA"));
    let run = a_run(&db, "2025-06-01", &series, false).await;
    let mut read = Vec::new();
    let mut after = None;
    loop {
        let page = judged_series(&db, run, ForecastLevel::ItemSite, after.as_ref(), 4).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.id.clone());
        read.extend(page.into_iter().map(|series| (series.id.item_id, series.id.site_id)));
    }
    assert_eq!(read, [(1, 1), (1, 2), (2, 1), (2, 2), (3, 1), (3, 2)]);
    let families = judged_series(&db, run, ForecastLevel::Family, None, 10).await.unwrap();
    assert_eq!(families.iter().map(|series| series.id.member.as_str()).collect::<Vec<_>>(), ["ANCHORS", "LINES"]);
}

#[tokio::test]
async fn the_run_before_a_day_is_the_newest_ready_one_that_began_by_then() {
    let db = TestDatabase::new().await;
    let old = a_run(&db, "2025-05-01", &[], false).await;
    let new = a_run(&db, "2025-06-01", &[], false).await;
    a_run(&db, "2025-05-20", &[], true).await;
    let before = async |on: &str| run_before(&db, day(on)).await.unwrap().map(|run| run.id);
    assert_eq!(before("2025-04-30").await, None);
    assert_eq!(before("2025-05-31").await, Some(old), "a run that is not ready is none");
    assert_eq!(before("2025-06-01").await, Some(new));
    let window = PageArgs { first: Some(2), ..PageArgs::default() }.window(ForecastRunOrder).unwrap();
    let all = forecasts::page(&db, &ForecastRunFilter::default(), &window).await.unwrap();
    assert!(all.has_next && all.rows.len() == 2);
    let ready = ForecastRunFilter { statuses: Some(vec![RunStatus::Ready]) };
    assert_eq!(forecasts::count(&db, &ready).await.unwrap(), 2);
}

#[tokio::test]
async fn demand_since_a_day_counts_materials_by_item_and_site() {
    let db = TestDatabase::new().await;
    let north = a_site(&db, "NORTH", None).await;
    let cable = an_item("CABLE").insert(&db).await;
    let visit = an_item("VISIT").as_service().insert(&db).await;
    let days =
        [("2025-06-01", "9"), ("2025-06-02", "3"), ("2025-06-03", "-"), ("2025-06-05", "4"), ("2025-06-06", "50")];
    demand(&db, &cable, &north, &days).await;
    demand(&db, &visit, &north, &days).await;
    let since = demand_since(&db, day("2025-06-02"), day("2025-06-05")).await.unwrap();
    assert_eq!(since.len(), 1, "services are not forecast");
    assert_eq!(since[&(cable.id, north.id)], Since { quantity: 7.0, demand_days: 2, stocked_out_days: 1 });
}

#[tokio::test]
async fn lasting_keys_are_those_of_the_categories_asked_for_whoever_resolved_them() {
    let db = TestDatabase::new().await;
    let at = instant("2025-06-30T08:00:00Z");
    for (key, category) in
        [("a", AlertCategory::DemandSpike), ("b", AlertCategory::DemandSpike), ("c", AlertCategory::Stockout)]
    {
        let new = NewAlert {
            key: key.into(),
            level: AlertLevel::Warning,
            category,
            item_id: None,
            site_id: None,
            message: json!({}),
            inputs: json!({}),
        };
        let raised = alerts::raise(&db, new, at).await.unwrap().unwrap();
        if key == "a" {
            let ana = a_user(&db, "ana@example.com", Role::Analyst).await;
            alerts::resolve(&db, &[raised.id], ana.id, at, an_entry("resolve")).await.unwrap();
        }
    }
    alerts::clear(&db, "b", at).await.unwrap();
    let live = alerts::lasting_keys(&db, &[AlertCategory::DemandSpike, AlertCategory::ForecastDrift]).await.unwrap();
    assert_eq!(live.into_iter().collect::<Vec<_>>(), ["a"]);
}
