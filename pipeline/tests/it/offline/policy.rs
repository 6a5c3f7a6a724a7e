//! What recommendations make of forecasts that were made elsewhere.

use std::fmt::Write as _;

use pipeline::jobs::{ForecastOptions, RefreshOptions, forecast, refresh};
use testkit::builders::{a_site, an_item, demand, stock};

use super::{load, text};

#[tokio::test]
async fn a_refresh_decides_by_the_newest_forecast_of_each_series() {
    let db = testkit::TestDatabase::new().await;
    let site = a_site(&db, "NORTH", None).await;
    for sku in ["CABLE", "CLAMP"] {
        let item = an_item(sku).insert(&db).await;
        let days: Vec<String> = (1..=29).map(|at| format!("2026-03-{at:02}")).collect();
        let days: Vec<(&str, &str)> = days.iter().map(|day| (day.as_str(), "1")).collect();
        demand(&db, &item, &site, &days).await;
        stock(&db, &item, &site, "2026-03-29", "60", Some("0")).await;
    }
    let computed =
        forecast(&db, &ForecastOptions { horizon: 30, ..ForecastOptions::default() }, |_, _| {}).await.unwrap();
    refresh(&db, &RefreshOptions::new("BRL")).await.unwrap();
    let reorders = "SELECT count(*) FROM analytics.recommendations WHERE type = 'REORDER' AND status = 'OPEN'";
    assert_eq!(text(&db, reorders).await, "0");
    // Elsewhere it is known that a campaign needs fifty a day.
    let mut lines = "sku,site,origin,target_date,mean,p10,p90\n".to_owned();
    for at in 1..=30 {
        writeln!(lines, "CABLE,NORTH,2026-03-30,2026-04-{at:02},50,40,60").unwrap();
    }
    let loaded = load(&db, &[("forecasts.csv", &lines)]).await;
    assert!(!loaded.runs[0].current);
    assert!(refresh(&db, &RefreshOptions::new("BRL")).await.unwrap().computed);
    let whose = "SELECT string_agg(concat_ws(' ', i.sku, r.type, r.run_id), ',' ORDER BY i.sku) FROM analytics.recommendations r
        JOIN core.dim_item i ON i.id = r.item_id WHERE r.status = 'OPEN' AND r.type = 'REORDER'";
    assert_eq!(text(&db, whose).await, format!("CABLE REORDER {}", loaded.runs[0].id));
    assert!(loaded.runs[0].id > computed.run_id);
    // Nothing has changed, so nothing is computed.
    assert!(!refresh(&db, &RefreshOptions::new("BRL")).await.unwrap().computed);
}
