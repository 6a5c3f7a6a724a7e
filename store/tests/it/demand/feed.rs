//! What the forecast job reads.

use chrono::Days;
use store::demand::{self, SeriesKey, SeriesLevel};
use testkit::TestDatabase;

use super::{company, key};

#[tokio::test]
async fn the_feed_gives_dense_series_page_by_page_without_services() {
    let db = TestDatabase::new().await;
    let items = company(&db).await;
    let page = demand::item_series(&db, 0, 1, false).await.unwrap();
    assert_eq!(page.len(), 2, "one item at two sites");
    assert!(page.iter().all(|series| series.item_id == items[0]));
    let through = demand::bounds(&db).await.unwrap().data_through.unwrap();
    for series in &page {
        assert_eq!(series.first_day + Days::new(series.quantities.len() as u64 - 1), through);
    }
    let key = SeriesKey { site_id: Some(page[0].site_id), ..key(items[0]) };
    let series = &demand::series(&db, std::slice::from_ref(&key)).await.unwrap()[&key];
    let dense: Vec<f64> = series.quantities.iter().map(|quantity| quantity.to_string().parse().unwrap()).collect();
    assert_eq!(page[0].quantities, dense);
    assert_eq!(page[0].stocked_out, series.stocked_out);
    assert!(demand::item_series(&db, items[0], 5, false).await.unwrap().is_empty());
    assert_eq!(demand::item_series(&db, items[0], 5, true).await.unwrap().len(), 1);

    let all = demand::level_series(&db, SeriesLevel::All, true).await.unwrap();
    let sum: f64 =
        demand::item_series(&db, 0, 10, true).await.unwrap().iter().flat_map(|series| &series.quantities).sum();
    assert!((all[0].quantities.iter().sum::<f64>() - sum).abs() < 1e-6);
    let families = demand::level_series(&db, SeriesLevel::Family, true).await.unwrap();
    assert_eq!(families.iter().map(|series| series.member.as_str()).collect::<Vec<_>>(), ["F"]);
    let regions = demand::level_series(&db, SeriesLevel::Region, false).await.unwrap();
    assert_eq!(regions.iter().map(|series| series.member.as_str()).collect::<Vec<_>>(), ["BA"]);
}
