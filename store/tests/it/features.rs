//! Features: replaced piece by piece, pruned, read by item-site.

use serde_json::json;
use store::features::{self, FeatureDay, FeaturesKey};
use testkit::TestDatabase;
use testkit::builders::{a_site, an_item, day, demand};

fn row(item_id: i64, site_id: i64, on: &str, features: &str) -> FeatureDay {
    FeatureDay { item_id, site_id, full_date: day(on), features: features.into() }
}

fn key(item_id: i64, site_id: i64) -> FeaturesKey {
    FeaturesKey { item_id, site_id, from: day("2025-01-01"), to: day("2025-12-31") }
}

async fn stored(db: &TestDatabase, key: FeaturesKey) -> Vec<(String, i16, String)> {
    let days = features::by_keys(db, &[key]).await.unwrap().remove(&key).unwrap();
    days.into_iter().map(|day| (day.full_date.to_string(), day.schema_version, day.features.to_string())).collect()
}

#[tokio::test]
async fn a_piece_replaces_what_its_item_sites_had_and_nothing_else() {
    let db = TestDatabase::new().await;
    let first = [
        row(1, 1, "2025-06-01", r#"{"lag_1": 1}"#),
        row(1, 1, "2025-06-02", r#"{"lag_1": 2.5}"#),
        row(1, 2, "2025-06-01", r#"{"lag_1": 3}"#),
    ];
    assert_eq!(features::replace(&db, 1, &first).await.unwrap(), 3);
    // The same numbers written otherwise are the same.
    let same = [row(1, 1, "2025-06-01", r#"{"lag_1":1.0}"#), row(1, 1, "2025-06-02", r#"{"lag_1":2.50}"#)];
    assert_eq!(features::replace(&db, 1, &same).await.unwrap(), 0);
    let next = [row(1, 1, "2025-06-02", r#"{"lag_1": 2.5}"#), row(1, 1, "2025-06-03", r#"{"é": "\""}"#)];
    assert_eq!(features::replace(&db, 1, &next).await.unwrap(), 2);
    let days: Vec<(String, i16, String)> = [("2025-06-02", json!({"lag_1": 2.5})), ("2025-06-03", json!({"é": "\""}))]
        .map(|(day, features)| (day.to_owned(), 1, features.to_string()))
        .into();
    assert_eq!(stored(&db, key(1, 1)).await, days);
    assert_eq!(stored(&db, key(1, 2)).await.len(), 1);
    // A new version takes the old one's place; an old one leaves a newer alone.
    assert_eq!(features::replace(&db, 2, &[row(1, 1, "2025-06-03", "{}")]).await.unwrap(), 3);
    features::replace(&db, 1, &[row(1, 1, "2025-06-03", "{}")]).await.unwrap();
    let versions: Vec<i16> = stored(&db, key(1, 1)).await.into_iter().map(|(_, version, _)| version).collect();
    assert_eq!(versions, [1, 2]);
}

#[tokio::test]
async fn pruning_takes_old_days_old_versions_and_item_sites_without_demand() {
    let db = TestDatabase::new().await;
    let (item, site) = (an_item("A").insert(&db).await, a_site(&db, "S", None).await);
    demand(&db, &item, &site, &[("2025-06-02", "1")]).await;
    let rows = |site: i64| ["2025-03-01", "2025-06-02"].map(|on| row(item.id, site, on, "{}"));
    features::replace(&db, 2, &rows(site.id)).await.unwrap();
    features::replace(&db, 2, &rows(site.id + 1)).await.unwrap();
    features::replace(&db, 1, &[row(item.id, site.id, "2025-06-01", "{}")]).await.unwrap();
    assert_eq!(features::prune(&db, 2, day("2025-03-05")).await.unwrap(), 4);
    let left = stored(&db, key(item.id, site.id)).await;
    assert_eq!(left, [("2025-06-02".to_owned(), 2, "{}".to_owned())]);
}
