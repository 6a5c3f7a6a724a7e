//! Series: zero fill, buckets, cut edges.

use chrono::NaiveDate;
use entity::words::DataKind;
use rust_decimal::Decimal;
use store::demand::{self, Granularity, SeriesKey};
use store::freshness;
use testkit::TestDatabase;
use testkit::builders::{a_site, an_item, day, demand as demand_of, instant, number};

use super::{COARSE, RANGES, company, key};

fn numbers(texts: &[&str]) -> Vec<Decimal> {
    texts.iter().map(|text| number(text)).collect()
}

#[tokio::test]
async fn a_missing_day_is_zero_between_the_first_day_and_data_through() {
    let db = TestDatabase::new().await;
    let item = an_item("1").insert(&db).await;
    let (one, two) = (a_site(&db, "one", None).await, a_site(&db, "two", None).await);
    demand_of(&db, &item, &one, &[("2025-01-30", "2"), ("2025-02-02", "-")]).await;
    demand_of(&db, &item, &two, &[("2025-01-30", "0.5"), ("2025-02-01", "3")]).await;
    freshness::set(&db, DataKind::Demand, Some(day("2025-02-03")), instant("2025-02-04T00:00:00Z")).await.unwrap();
    let bounds = demand::bounds(&db).await.unwrap();
    assert_eq!((bounds.first, bounds.data_through), (Some(day("2025-01-30")), Some(day("2025-02-03"))));

    let later =
        SeriesKey { site_id: Some(one.id), from: Some(day("2025-02-01")), to: Some(day("2030-01-01")), ..key(item.id) };
    let early = SeriesKey { from: Some(day("2025-01-01")), to: Some(day("2025-01-31")), ..key(item.id) };
    let keys = [
        key(item.id),
        SeriesKey { site_id: Some(two.id), ..key(item.id) },
        later.clone(),
        early.clone(),
        key(item.id + 1),
    ];
    let before = db.statements();
    let series = demand::series(&db, &keys).await.unwrap();
    assert_eq!(db.statements() - before, 1);

    let whole = &series[&keys[0]];
    assert_eq!(whole.dates.first(), Some(&day("2025-01-30")));
    assert_eq!(whole.dates.last(), Some(&day("2025-02-03")));
    assert_eq!(whole.quantities, numbers(&["2.5", "0", "3", "0", "0"]));
    assert_eq!(whole.stocked_out, [false, false, false, true, false]);
    assert_eq!(series[&keys[1]].quantities, numbers(&["0.5", "0", "3", "0", "0"]));
    // It began before `from`, so its zeros before the next row count; nothing is known after dataThrough.
    assert_eq!(series[&later].dates, [day("2025-02-01"), day("2025-02-02"), day("2025-02-03")]);
    assert_eq!(series[&later].quantities, numbers(&["0", "0", "0"]));
    // It began after `from`: days before its first are unknown, not zero.
    assert_eq!(series[&early].dates, [day("2025-01-30"), day("2025-01-31")]);
    assert!(series[&keys[4]].dates.is_empty());
    assert_eq!(series[&keys[4]].data_through, Some(day("2025-02-03")));
}

/// Sums days into buckets, as a person would.
fn by_hand(days: &demand::Series, granularity: Granularity) -> (Vec<NaiveDate>, Vec<Decimal>, Vec<bool>) {
    let mut buckets: Vec<(NaiveDate, Decimal, bool)> = Vec::new();
    for ((&date, &quantity), &out) in days.dates.iter().zip(&days.quantities).zip(&days.stocked_out) {
        let bucket = granularity.start(date);
        match buckets.last_mut() {
            Some(last) if last.0 == bucket => {
                last.1 += quantity;
                last.2 |= out;
            }
            _ => buckets.push((bucket, quantity, out)),
        }
    }
    (
        buckets.iter().map(|bucket| bucket.0).collect(),
        buckets.iter().map(|bucket| bucket.1).collect(),
        buckets.iter().map(|bucket| bucket.2).collect(),
    )
}

#[tokio::test]
async fn rollups_and_facts_tell_the_same_however_a_range_cuts_the_buckets() {
    let db = TestDatabase::new().await;
    let items = company(&db).await;
    let mut keys = Vec::new();
    for &item_id in &items {
        for (from, to) in RANGES {
            for granularity in COARSE.into_iter().chain([Granularity::Day]) {
                keys.push(SeriesKey { from: from.map(day), to: to.map(day), granularity, ..key(item_id) });
            }
        }
    }
    let before = db.statements();
    let series = demand::series(&db, &keys).await.unwrap();
    assert_eq!(db.statements() - before, 1, "one statement for all granularities");
    for key in keys.iter().filter(|key| key.granularity != Granularity::Day) {
        let (dates, quantities, out) =
            by_hand(&series[&SeriesKey { granularity: Granularity::Day, ..key.clone() }], key.granularity);
        let found = &series[key];
        assert_eq!((&found.dates, &found.quantities, &found.stocked_out), (&dates, &quantities, &out), "{key:?}");
    }
}
