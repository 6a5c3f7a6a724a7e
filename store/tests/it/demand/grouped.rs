//! Groups: exact sums, names, costs, limits.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::words::ItemKind;
use rust_decimal::Decimal;
use store::demand::{self, DemandFilter, DemandGroup, DemandQuery, Granularity, SeriesKey};
use store::{Database, Engine, PoolOptions, StoreError};
use testkit::TestDatabase;
use testkit::builders::day;

use super::{COARSE, RANGES, company, key};

/// The question itself, and on the embedded engine how much it would cost.
fn statements(db: &Database) -> u64 {
    if db.engine() == Engine::Embedded { 2 } else { 1 }
}

#[tokio::test]
async fn groups_add_up_to_the_series_they_are_made_of() {
    let db = TestDatabase::new().await;
    let items = company(&db).await;
    for (from, to) in RANGES {
        let filter = DemandFilter { from: from.map(day), to: to.map(day), ..DemandFilter::default() };
        for granularity in COARSE.into_iter().chain([Granularity::Day]) {
            let keys: Vec<SeriesKey> = items
                .iter()
                .map(|&item_id| SeriesKey { from: filter.from, to: filter.to, granularity, ..key(item_id) })
                .collect();
            let series = demand::series(&db, &keys).await.unwrap();
            let mut expected: HashMap<NaiveDate, Decimal> = HashMap::new();
            for (date, quantity) in series.values().flat_map(|series| series.dates.iter().zip(&series.quantities)) {
                *expected.entry(*date).or_default() += quantity;
            }
            for group_by in [vec![], vec![DemandGroup::Item], vec![DemandGroup::Region, DemandGroup::Family]] {
                let query = DemandQuery {
                    filter: filter.clone(),
                    granularity,
                    group_by: group_by.clone(),
                    limit: 10,
                    ..DemandQuery::default()
                };
                let before = db.statements();
                let grouped = demand::grouped(&db, &query).await.unwrap();
                assert_eq!(db.statements() - before, statements(&db), "{query:?}");
                let mut found: HashMap<NaiveDate, Decimal> = HashMap::new();
                for group in &grouped.groups {
                    assert_eq!(group.quantities.iter().sum::<Decimal>(), group.total, "{query:?}");
                    for (date, quantity) in grouped.dates.iter().zip(&group.quantities) {
                        *found.entry(*date).or_default() += quantity;
                    }
                }
                expected.retain(|_, quantity| !quantity.is_zero());
                found.retain(|_, quantity| !quantity.is_zero());
                assert_eq!(found, expected, "{query:?}");
            }
        }
    }
}

#[tokio::test]
async fn groups_are_named_costed_limited_and_filtered() {
    let db = TestDatabase::new().await;
    let items = company(&db).await;
    let query = |group_by: &[DemandGroup], limit, filter| DemandQuery {
        filter,
        granularity: Granularity::Month,
        group_by: group_by.to_vec(),
        limit,
        ..DemandQuery::default()
    };
    let by_item = demand::grouped(&db, &query(&[DemandGroup::Item], 1, DemandFilter::default())).await.unwrap();
    assert!(by_item.has_more);
    assert_eq!(by_item.groups.len(), 1);
    let first = &by_item.groups[0];
    assert_eq!((first.keys[0].value.as_str(), first.keys[0].label.as_str()), (items[0].to_string().as_str(), "1 1"));
    assert_eq!(first.cost, Some(first.total * Decimal::TWO));
    let by_region = demand::grouped(&db, &query(&[DemandGroup::Region], 5, DemandFilter::default())).await.unwrap();
    let mut regions: Vec<_> =
        by_region.groups.iter().map(|group| (group.keys[0].value.as_str(), group.keys[0].label.as_str())).collect();
    regions.sort_unstable();
    assert_eq!(regions, [("", ""), ("BA", "Region BA")]);
    let services = DemandFilter { kind: Some(ItemKind::Service), ..DemandFilter::default() };
    let services = demand::grouped(&db, &query(&[], 5, services)).await.unwrap();
    assert_eq!(services.groups.len(), 1);
    assert!(services.groups[0].keys.is_empty());
    assert_eq!(services.groups[0].cost, None);
    let nothing = DemandFilter { families: Some(vec![]), ..DemandFilter::default() };
    let nothing = demand::grouped(&db, &query(&[], 5, nothing)).await.unwrap();
    assert_eq!(nothing.groups[0].total, Decimal::ZERO);
    assert!(nothing.data_through.is_some());
}

#[tokio::test]
async fn a_question_that_cannot_be_interrupted_and_costs_too_much_is_not_asked() {
    let options = PoolOptions { embedded_max_cost: 1.0, ..PoolOptions::default() };
    let db = TestDatabase::with(&options).await;
    // By item, because by family the planner knows that an empty warehouse costs nothing.
    let query = DemandQuery { group_by: vec![DemandGroup::Item], limit: 5, ..DemandQuery::default() };
    let asked = demand::grouped(&db, &query).await;
    if db.engine() == Engine::Native {
        // A server interrupts by itself what takes too long.
        assert_eq!(asked.unwrap().groups, []);
        return;
    }
    let refused = asked.unwrap_err();
    let StoreError::TooExpensive { cost, allowed } = refused else { panic!("{refused}") };
    assert!(cost > allowed && allowed == 1.0, "{cost} of {allowed}");
    assert!(refused.to_string().contains("CORRENTE_EMBEDDED_MAX_COST"), "{refused}");
}
