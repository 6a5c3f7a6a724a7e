//! Demand: one irregular company, asked for series, groups and the job's feed.

mod by_class;
mod by_hand;
mod company;
mod feed;
mod grouped;
mod series;

use chrono::Days;
use entity::words::AbcClass;
use store::demand::{Granularity, SeriesKey};
use testkit::TestDatabase;
use testkit::builders::{a_region, a_site, an_item, day, demand};

fn key(item_id: i64) -> SeriesKey {
    SeriesKey { item_id, site_id: None, from: None, to: None, granularity: Granularity::Day }
}

/// A demand that is a bit irregular over 500 days, the same at every run.
fn irregular() -> Vec<(String, String)> {
    let start = day("2024-03-13");
    (0..500_u64)
        .filter(|n| n % 3 != 1 || n % 7 == 0)
        .map(|n| {
            ((start + Days::new(n)).to_string(), if n % 41 == 0 { "-".into() } else { format!("{}.25", (n * 37) % 11) })
        })
        .collect()
}

async fn company(db: &TestDatabase) -> Vec<i64> {
    let region = a_region(db, "BA").await;
    let (one, two) = (a_site(db, "one", Some(&region)).await, a_site(db, "two", None).await);
    let days = irregular();
    let days: Vec<(&str, &str)> = days.iter().map(|(date, quantity)| (date.as_str(), quantity.as_str())).collect();
    let first = an_item("1").of_family("F").of_class(AbcClass::A).costing("2").insert(db).await;
    let second = an_item("2").as_service().insert(db).await;
    demand(db, &first, &one, &days).await;
    demand(db, &first, &two, &days[100..]).await;
    demand(db, &second, &two, &days[7..200]).await;
    vec![first.id, second.id]
}

const COARSE: [Granularity; 4] = [Granularity::Week, Granularity::Month, Granularity::Quarter, Granularity::Year];
const RANGES: [(Option<&str>, Option<&str>); 8] = [
    (None, None),
    (Some("2024-04-01"), Some("2024-06-30")),
    (Some("2024-05-15"), None),
    (None, Some("2025-01-07")),
    (Some("2024-07-03"), Some("2024-07-04")),
    (Some("2024-07-30"), Some("2024-08-02")),
    (Some("2024-12-30"), Some("2025-01-05")),
    (Some("2024-01-01"), Some("2025-12-31")),
];
