use chrono::Days;
use entity::analytics::kpi;
use entity::words::{DataKind, KpiDimension};
use pipeline::demo::DemoOptions;
use pipeline::jobs::{ForecastOptions, JobError, RefreshOptions, forecast, refresh};
use pipeline::load::load_demo;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use store::forecasts::{Forecast, ForecastKey, SeriesId, by_keys};
use testkit::TestDatabase;
use testkit::builders::stock;

use super::{THROUGH, a_company, forecast_all, number, options, refresh_all, through};

/// One figure of a row of KPIs.
type Figure = fn(&kpi::Model) -> Option<f64>;

async fn stored(db: &TestDatabase, series: SeriesId) -> Forecast {
    let key = ForecastKey { series, horizon: 30, run_id: None };
    by_keys(db, std::slice::from_ref(&key)).await.unwrap().remove(&key).unwrap()
}

#[tokio::test]
async fn stored_quantiles_are_ordered_never_negative_and_whole_where_demand_is() {
    let db = TestDatabase::new().await;
    let (cable, _, _, north) = a_company(&db).await;
    let report = forecast_all(&db).await.unwrap();
    // Three item-sites, two items, one family, one region, the whole.
    assert_eq!(report.series, 8);
    let made = stored(&db, SeriesId::item_site(cable.id, north.id)).await;
    assert_eq!((made.origin, made.data_through, made.dates.len()), (through() + Days::new(1), through(), 30));
    for at in 0..30 {
        let quantiles = [&made.p025, &made.p10, &made.p25, &made.p50, &made.p75, &made.p90, &made.p975]
            .map(|column| column[at].unwrap());
        assert!(quantiles[0] >= 0.0 && quantiles.is_sorted(), "{quantiles:?}");
        assert!(quantiles.iter().all(|quantile| quantile.fract().abs() < 1e-9), "{quantiles:?}");
    }
    assert!(made.means.iter().sum::<f64>() > 0.0);
    assert!(made.backtest["folds"].as_u64().unwrap() > 0);
    assert!(!made.cumulative["days"].as_array().unwrap().is_empty());
    assert_eq!(number(&db, "SELECT count(*) FROM analytics.mv_forecasts_latest").await, 5 * 30);
    let fresh = store::freshness::all(&db).await.unwrap();
    assert!(
        fresh.iter().any(|row| row.kind == DataKind::Forecasts && row.data_through == Some(through()) && !row.stale)
    );
}

#[tokio::test]
async fn a_familys_band_is_not_the_sum_of_its_items_bands() {
    let db = TestDatabase::new().await;
    let (cable, clamp, ..) = a_company(&db).await;
    forecast_all(&db).await.unwrap();
    let family = stored(&db, SeriesId::family("LINES")).await;
    let (one, other) = (stored(&db, SeriesId::item(cable.id)).await, stored(&db, SeriesId::item(clamp.id)).await);
    let width =
        |made: &Forecast| made.p975.iter().zip(&made.p025).map(|(high, low)| high.unwrap() - low.unwrap()).sum::<f64>();
    assert!(width(&family) > 0.0);
    assert!(
        width(&family) < width(&one) + width(&other),
        "{} against {} and {}",
        width(&family),
        width(&one),
        width(&other)
    );
}

#[tokio::test]
async fn services_get_no_forecast_and_no_class() {
    let db = TestDatabase::new().await;
    let (_, _, visit, _) = a_company(&db).await;
    forecast_all(&db).await.unwrap();
    refresh_all(&db).await.unwrap();
    assert_eq!(
        number(&db, &format!("SELECT count(*) FROM analytics.forecast_series WHERE item_id = {}", visit.id)).await,
        0
    );
    assert_eq!(number(&db, "SELECT count(*) FROM analytics.forecast_series WHERE member = 'LABOUR'").await, 0);
    assert_eq!(
        number(&db, "SELECT count(*) FROM core.dim_item WHERE kind = 'SERVICE' AND abc_class IS NOT NULL").await,
        0
    );
    assert_eq!(
        number(&db, "SELECT count(*) FROM core.dim_item WHERE abc_class IS NOT NULL AND abc_basis = 'VALUE'").await,
        2
    );
}

#[tokio::test]
async fn the_same_data_and_seed_give_the_same_forecast_and_old_runs_are_pruned() {
    let db = TestDatabase::new().await;
    let (cable, ..) = a_company(&db).await;
    let options = ForecastOptions { horizon: 30, kept: 1, ..ForecastOptions::default() };
    let first = forecast(&db, &options, |_, _| {}).await.unwrap();
    let before = stored(&db, SeriesId::item(cable.id)).await;
    let second = forecast(&db, &options, |_, _| {}).await.unwrap();
    let after = stored(&db, SeriesId::item(cable.id)).await;
    assert_eq!(after.run_id, second.run_id);
    assert_eq!((before.means, before.p90, before.cumulative), (after.means, after.p90, after.cumulative));
    assert_eq!(
        number(&db, &format!("SELECT count(*) FROM analytics.forecasts WHERE run_id = {}", first.run_id)).await,
        0
    );
}

#[tokio::test]
async fn a_company_without_stock_has_demand_kpis_and_no_stock_kpis() {
    let db = TestDatabase::new().await;
    a_company(&db).await;
    forecast_all(&db).await.unwrap();
    let report = refresh_all(&db).await.unwrap();
    assert_eq!((report.kpi_days, report.recommendations), (90, 0));
    let rows = store::kpis::range(&db, KpiDimension::All, None, None, None).await.unwrap();
    assert_eq!(rows.len(), 90);
    let last = rows.last().unwrap();
    assert_eq!(last.full_date, through());
    let asked = format!("SELECT sum(quantity) FROM core.fact_demand_daily WHERE full_date > date '{THROUGH}' - 30");
    assert!((last.total_demand.unwrap() - number(&db, &asked).await as f64).abs() < 1e-6);
    assert!(last.demand_value.unwrap() > 0.0);
    let missing = [
        last.stockout_rate,
        last.fill_rate,
        last.delayed_orders_rate,
        last.inventory_value,
        last.carrying_cost,
        last.turnover,
        last.days_of_cover,
    ];
    assert_eq!(missing, [None; 7]);
    assert_eq!(
        number(&db, "SELECT count(*) FROM analytics.mv_kpis_latest WHERE dimension = 'REGION' AND member = 'BA'").await,
        90
    );
}

#[tokio::test]
async fn a_second_refresh_keeps_the_ids_of_recommendations_and_raises_nothing_anew() {
    let db = TestDatabase::new().await;
    let (cable, clamp, _, north) = a_company(&db).await;
    stock(&db, &cable, &north, THROUGH, "3", Some("0")).await;
    stock(&db, &clamp, &north, THROUGH, "0", None).await;
    forecast_all(&db).await.unwrap();
    let first = refresh_all(&db).await.unwrap();
    assert_eq!(first.recommendations, 2);
    let ids = "SELECT sum(id * id) FROM analytics.recommendations WHERE active AND type = 'REORDER'";
    let before = number(&db, ids).await;
    let second = refresh(&db, &RefreshOptions { force: true, ..options() }).await.unwrap();
    assert_eq!(number(&db, ids).await, before);
    assert_eq!((second.computed, second.recommendations, second.alerts_raised), (true, 2, 0));
    assert_eq!(second.kpis_changed, 0, "the same figures are not written again");
    assert_eq!(
        number(&db, "SELECT count(*) FROM analytics.alerts WHERE resolved_at IS NULL AND category = 'STOCKOUT'").await,
        1
    );
    let last = store::kpis::range(&db, KpiDimension::All, None, Some(through()), None).await.unwrap().pop().unwrap();
    assert_eq!(last.stockout_rate, Some(0.5));
    assert_eq!((last.inventory_value, last.carrying_cost), (Some(37.5), Some(7.5)));
}

#[tokio::test]
async fn a_recommendation_recomputes_from_the_numbers_it_names() {
    let db = TestDatabase::new().await;
    let (cable, _, _, north) = a_company(&db).await;
    stock(&db, &cable, &north, THROUGH, "3", Some("0")).await;
    forecast_all(&db).await.unwrap();
    refresh_all(&db).await.unwrap();
    let sql = "SELECT quantity::float8, explanation, message FROM analytics.recommendations";
    let row = db.reader().query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap().unwrap();
    let quantity: f64 = row.try_get_by_index(0).unwrap();
    let why: planning::policy::Explanation = serde_json::from_value(row.try_get_by_index(1).unwrap()).unwrap();
    let message: planning::policy::Message = serde_json::from_value(row.try_get_by_index(2).unwrap()).unwrap();
    assert!((quantity - (why.order_up_to - why.on_hand)).abs() < 1e-6, "{why:?}");
    assert!((why.safety_stock - (why.reorder_point - why.lead_time_demand.mean)).abs() < 1e-4);
    assert!(message.render(planning::policy::Locale::En).contains("CABLE"));
}

#[tokio::test]
async fn without_demand_both_jobs_say_so() {
    let db = TestDatabase::new().await;
    assert!(matches!(forecast_all(&db).await.unwrap_err(), JobError::NoDemand));
    assert!(matches!(refresh_all(&db).await.unwrap_err(), JobError::NoDemand));
    assert_eq!(number(&db, "SELECT count(*) FROM analytics.forecast_runs").await, 0);
}

#[tokio::test]
async fn every_figure_is_there_for_the_whole_and_by_family_region_and_class() {
    let db = TestDatabase::new().await;
    let small = DemoOptions { items: 30, sites: 5, days: 240, ..DemoOptions::new(through()) };
    load_demo(&db, &small, chrono::Utc::now(), |_| {}).await.unwrap();
    forecast_all(&db).await.unwrap();
    refresh_all(&db).await.unwrap();
    // The forecast was made four weeks ago, and what it recommended was taken up at once.
    let older = "UPDATE analytics.forecast_runs SET origin = origin - 28; \
                 UPDATE analytics.forecast_totals SET target_date = target_date - 28; \
                 UPDATE analytics.recommendations SET status = 'ACKNOWLEDGED', acknowledged_at = raised_at + interval '7 minutes'";
    db.writer().execute_unprepared(older).await.unwrap();
    refresh(&db, &RefreshOptions { force: true, ..options() }).await.unwrap();
    for dimension in KpiDimension::ALL {
        let rows = store::kpis::range(&db, *dimension, None, Some(through()), Some(through())).await.unwrap();
        let there = |of: Figure| rows.iter().any(|row| of(row).is_some_and(f64::is_finite));
        let figures: [(&str, Figure); 13] = [
            ("total demand", |row| row.total_demand),
            ("demand value", |row| row.demand_value),
            ("stock-out rate", |row| row.stockout_rate),
            ("fill rate", |row| row.fill_rate),
            ("delayed orders", |row| row.delayed_orders_rate),
            ("A-class share", |row| row.a_class_share),
            ("forecast WAPE", |row| row.forecast_wape),
            ("forecast MAPE", |row| row.forecast_mape),
            ("inventory value", |row| row.inventory_value),
            ("carrying cost", |row| row.carrying_cost),
            ("turnover", |row| row.turnover),
            ("days of cover", |row| row.days_of_cover),
            ("time to decision", |row| row.decision_minutes),
        ];
        for (name, of) in figures {
            // Classes have no forecasts of their own, which their reason says.
            let expected = *dimension != KpiDimension::AbcClass || !name.starts_with("forecast");
            assert_eq!(there(of), expected, "{name} by {dimension}");
        }
        assert!(rows.iter().all(|row| row.decision_minutes.is_none_or(|minutes| (minutes - 7.0).abs() < 1e-9)));
    }
    // A decision belongs to the days that look back on it, not to those before it.
    let before = store::kpis::range(&db, KpiDimension::All, None, None, Some(through() - Days::new(1))).await.unwrap();
    assert!(before.iter().all(|row| row.decision_minutes.is_none()), "{:?}", before.last());
}

#[tokio::test]
async fn the_demo_company_gets_figures_of_every_kind() {
    let db = TestDatabase::new().await;
    let small = DemoOptions { items: 25, sites: 4, days: 240, ..DemoOptions::new(through()) };
    load_demo(&db, &small, chrono::Utc::now(), |_| {}).await.unwrap();
    forecast_all(&db).await.unwrap();
    let report = refresh_all(&db).await.unwrap();
    assert!(report.recommendations > 0 && report.alerts_raised > 0, "{report:?}");
    let last = store::kpis::range(&db, KpiDimension::All, None, None, None).await.unwrap().pop().unwrap();
    let rates = [last.stockout_rate, last.fill_rate, last.delayed_orders_rate, last.a_class_share].map(Option::unwrap);
    assert!(rates.iter().all(|rate| (0.0..=1.0).contains(rate)), "{rates:?}");
    assert!(last.turnover.unwrap() > 0.0 && last.days_of_cover.unwrap() > 0.0);
    let fresh = store::freshness::all(&db).await.unwrap();
    assert!(fresh.iter().all(|row| !row.stale), "{fresh:?}");
}
