use pipeline::jobs::{FEATURE_DAYS, ForecastOptions, JobError, forecast};
use pipeline::offline::LoadReport;
use store::features::{FeaturesKey, StoredDay, by_keys};
use testkit::TestDatabase;
use testkit::builders::{a_region, a_site, an_item, day, demand, run};

use super::{a_company, item_site, load, only, state, text, try_load};

async fn stored(db: &TestDatabase, sku: &str, site: &str) -> Vec<StoredDay> {
    let id = item_site(db, sku, site).await;
    let key = FeaturesKey { item_id: id.item_id, site_id: id.site_id, from: day("2000-01-01"), to: day("2100-01-01") };
    by_keys(db, &[key]).await.unwrap().remove(&key).unwrap()
}

fn options() -> ForecastOptions {
    ForecastOptions { horizon: 7, ..ForecastOptions::default() }
}

#[tokio::test]
async fn a_forecast_writes_the_features_of_the_last_days_and_an_equal_row_is_not_written_again() {
    let db = a_company().await;
    let site = a_site(&db, "IDLE", None).await;
    let idle = an_item("IDLE").insert(&db).await;
    demand(&db, &idle, &site, &[("2026-03-01", "-"), ("2026-03-02", "0")]).await;
    run(&db, "INSERT INTO core.indicators VALUES ('2026-01-01', 'IPCA', 0.5), ('2026-03-20', 'IPCA', 0.7), ('2026-04-01', 'IPCA', 9)", vec![]).await;
    let report = forecast(&db, &options(), |_, _| {}).await.unwrap();
    let days = stored(&db, "CABLE", "NORTH").await;
    // From the first day with demand, which is within the last ninety.
    assert_eq!((days.len(), days[0].full_date, days[83].full_date), (84, day("2026-01-05"), day("2026-03-29")));
    assert_eq!((report.features, report.features_changed), (4 * 84, 4 * 84));
    let last = &days[83].features;
    assert_eq!(
        (last["demand"].as_f64(), last["demand_days_91"].as_f64(), last["age_days"].as_f64()),
        (Some(2.0), Some(3.0), Some(83.0))
    );
    assert_eq!((last["lag_28"].as_f64(), last.get("lag_364")), (Some(0.0), None));
    assert_eq!((last["indicator_IPCA"].as_f64(), days[0].features["indicator_IPCA"].as_f64()), (Some(0.7), Some(0.5)));
    // Good Friday is on the third of April; Bahia's own day of July is further.
    assert_eq!(last["days_to_next_holiday"].as_f64(), Some(5.0));
    assert_eq!(days[83].schema_version, planning_version());
    assert!(stored(&db, "IDLE", "IDLE").await.is_empty(), "an item without demand has no features");

    let versions =
        "SELECT md5(string_agg(xmin::text || f::text, ',' ORDER BY f::text)) FROM analytics.features_store f";
    let before = text(&db, versions).await;
    let again = forecast(&db, &options(), |_, _| {}).await.unwrap();
    assert_eq!((again.features, again.features_changed), (4 * 84, 0));
    assert_eq!(text(&db, versions).await, before);
}

fn planning_version() -> i16 {
    1
}

#[tokio::test]
async fn older_days_and_versions_go_and_the_holidays_are_those_of_the_sites_state() {
    let db = TestDatabase::new().await;
    let bahia = a_region(&db, "NE").await;
    run(&db, "UPDATE core.dim_region SET state = 'BA'", vec![]).await;
    let (here, there) = (a_site(&db, "HERE", Some(&bahia)).await, a_site(&db, "THERE", None).await);
    let item = an_item("A").insert(&db).await;
    for site in [&here, &there] {
        demand(&db, &item, site, &[("2025-01-01", "1"), ("2025-07-02", "1"), ("2025-07-10", "1")]).await;
    }
    let old = "INSERT INTO analytics.features_store SELECT $1, $2, d, v, '{\"lag_1\": 1}'
        FROM (VALUES ('2025-04-11'::date, 1), ('2025-07-10', 0), ('2025-07-10', 7), ('2025-04-11', 7)) AS o(d, v)";
    run(&db, old, vec![item.id.into(), here.id.into()]).await;
    forecast(&db, &options(), |_, _| {}).await.unwrap();
    let days = stored(&db, "A", "HERE").await;
    // A newer version of somebody else's stays while its day is kept.
    let kept: Vec<i16> = days.iter().map(|day| day.schema_version).filter(|version| *version != 1).collect();
    assert_eq!((days.len() as u64, kept, days[0].full_date), (FEATURE_DAYS + 1, vec![7], day("2025-04-12")));
    let independence = |days: &[StoredDay]| {
        days.iter().find(|row| row.full_date == day("2025-07-02")).unwrap().features["is_holiday"].as_bool()
    };
    assert_eq!(independence(&days), Some(true));
    assert_eq!(independence(&stored(&db, "A", "THERE").await), Some(false));
}

#[tokio::test]
async fn files_written_by_a_forecast_say_what_is_stored() {
    let db = a_company().await;
    let out = tempfile::tempdir().unwrap();
    let options = ForecastOptions { out: Some(out.path().join("made")), ..options() };
    let report = forecast(&db, &options, |_, _| {}).await.unwrap();
    assert_eq!(report.files.len(), 2);
    let before = state(&db).await;
    let loaded: LoadReport = try_load(&db, &out.path().join("made")).await.unwrap();
    assert!(!loaded.changed() && loaded.runs[0].unchanged, "{loaded:?}");
    let read: Vec<(u64, u64)> = loaded.files.iter().map(|file| (file.read, file.rejected)).collect();
    // Four item-sites, two items, a family, a region and the whole, seven days each.
    assert_eq!(read, [(9 * 7, 0), (4 * 84, 0)]);
    assert_eq!(state(&db).await, before);
}

#[tokio::test]
async fn a_run_over_some_items_leaves_totals_and_all_others_as_they_are() {
    let db = a_company().await;
    let whole = forecast(&db, &options(), |_, _| {}).await.unwrap();
    let all = super::shown(&db, store::forecasts::SeriesId::all(), None).await.unwrap();
    let some = ForecastOptions { horizon: 5, items: Some(vec!["CABLE".into()]), ..options() };
    let part = forecast(&db, &some, |_, _| {}).await.unwrap();
    assert_eq!((part.series, part.features), (3, 2 * 84));
    assert_eq!(super::shown(&db, store::forecasts::SeriesId::all(), None).await.unwrap(), all);
    let of = async |sku: &str| super::shown(&db, item_site(&db, sku, "NORTH").await, None).await.unwrap().run_id;
    assert_eq!((of("CABLE").await, of("CLAMP").await), (part.run_id, whole.run_id));
    assert_eq!(store::forecasts::current_run(&db).await.unwrap().unwrap().id, whole.run_id);
    let unknown = ForecastOptions { items: Some(vec!["CABLE".into(), "ROPE".into()]), ..options() };
    let error = forecast(&db, &unknown, |_, _| {}).await.unwrap_err();
    assert!(matches!(&error, JobError::UnknownItems(items) if items == "ROPE"), "{error}");
    an_item("VISIT").as_service().insert(&db).await;
    let service = ForecastOptions { items: Some(vec!["VISIT".into()]), ..options() };
    assert!(matches!(forecast(&db, &service, |_, _| {}).await.unwrap_err(), JobError::Services(_)));
    // Asking wrongly is no failure that somebody has to be told of.
    assert_eq!(text(&db, "SELECT count(*) FROM analytics.alerts").await, "0");
}

#[tokio::test]
async fn loaded_features_are_stored_as_they_are_and_judged_line_by_line() {
    let db = a_company().await;
    let lines = "sku,site,date,schema_version,lag_7,is_promo,season,code
CABLE,NORTH,2026-03-29,2,3.5,true,rain,007
CABLE,SOUTH,2026-03-29,2,,false,,1
ROPE,NORTH,2026-03-29,2,1,true,,1
CABLE,NOWHERE,2026-03-29,2,1,true,,1
CABLE,NORTH,2026-03-29,2,9,true,,1
CABLE,NORTH,2026-03-29,0,9,true,,1
CABLE,NORTH,,2,9,true,,1\n";
    let report = load(&db, &[("features.csv", lines)]).await;
    let (file, rejects) = only(&report);
    let expected = ["4 UNKNOWN_ITEM", "5 UNKNOWN_SITE", "6 DUPLICATE_LINE", "7 UNKNOWN_VALUE", "8 MISSING_KEY"];
    assert_eq!((file.loaded, rejects), (2, expected.map(str::to_owned).to_vec()));
    let days = stored(&db, "CABLE", "NORTH").await;
    assert_eq!(days[0].features, serde_json::json!({"lag_7": 3.5, "is_promo": true, "season": "rain", "code": "007"}));
    assert_eq!(stored(&db, "CABLE", "SOUTH").await[0].features, serde_json::json!({"is_promo": false, "code": 1}));
    assert!(!load(&db, &[("features.csv", lines)]).await.changed());
    let object =
        r#"[{"sku": "CABLE", "site": "NORTH", "date": "2026-03-28", "schema_version": 2, "features": {"a": [1, 2]}}]"#;
    let report = load(&db, &[("features.json", object)]).await;
    assert_eq!(only(&report).0.loaded, 1, "{report:?}");
    assert_eq!(stored(&db, "CABLE", "NORTH").await[0].features, serde_json::json!({"a": [1, 2]}));
}
