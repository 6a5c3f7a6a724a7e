//! Flat rows: everything once, whatever goes on meanwhile.

use chrono::Days;
use entity::words::AbcClass;
use store::demand::{self, DemandRowOrder, FactFilter};
use store::flat::{FlatArgs, MAX_FLAT_ROWS};
use store::forecasts::{self, ForecastFilter, ForecastRowOrder};
use store::inventory::{self, InventoryRowOrder};
use store::orders::{self, LineFilter, LineOrder};
use store::page::{PageArgs, PageError};
use testkit::TestDatabase;
use testkit::builders::{a_region, a_site, an_item, an_order, day, demand as demand_of, number, stock};

fn pages_of(rows: i64, after: Option<String>) -> FlatArgs {
    FlatArgs { first: Some(rows), after }
}

#[tokio::test]
async fn a_pull_of_demand_neither_repeats_nor_skips_while_a_load_goes_on() {
    let db = TestDatabase::new().await;
    let items = [an_item("1").insert(&db).await, an_item("2").insert(&db).await];
    let sites = [a_site(&db, "one", None).await, a_site(&db, "two", None).await];
    let dates: Vec<String> = (0..40).map(|n| (day("2025-01-15") + Days::new(n)).to_string()).collect();
    let days: Vec<(&str, &str)> = dates.iter().map(|date| (date.as_str(), "1.5")).collect();
    for site in &sites {
        demand_of(&db, &items[0], site, &days).await;
    }
    let mut found = Vec::new();
    let mut after = None;
    for page in 0.. {
        let window = pages_of(7, after).window(DemandRowOrder).unwrap();
        let before = db.statements();
        let flat = demand::rows(&db, &FactFilter::default(), &window).await.unwrap();
        assert_eq!(db.statements() - before, 1);
        let columns = &flat.columns;
        let keys = columns.dates.iter().zip(&columns.item_ids).zip(&columns.site_ids);
        found.extend(keys.map(|((&date, &item), &site)| (date, item, site)));
        assert!(columns.dates.len() <= 7 && columns.quantities.len() == columns.dates.len());
        if page == 3 {
            // A load brings another item: some of its days lie behind the cursor, some ahead.
            demand_of(&db, &items[1], &sites[0], &days).await;
        }
        after = flat.end_cursor;
        if !flat.has_next {
            break;
        }
    }
    assert!(found.is_sorted_by(|a, b| a < b), "in order and none twice");
    let of = |item: i64| found.iter().filter(|(_, id, _)| *id == item).count();
    assert_eq!(of(items[0].id), 80, "what was there is there once");
    assert!((1..40).contains(&of(items[1].id)), "what was brought ahead is read");
}

#[tokio::test]
async fn flat_demand_and_stock_are_filtered_by_what_items_and_sites_are() {
    let db = TestDatabase::new().await;
    let region = a_region(&db, "BA").await;
    let (one, two) = (a_site(&db, "one", Some(&region)).await, a_site(&db, "two", None).await);
    let cable = an_item("1").of_family("F").of_class(AbcClass::A).costing("2.5").insert(&db).await;
    let visit = an_item("2").as_service().insert(&db).await;
    for (item, site) in [(&cable, &one), (&cable, &two), (&visit, &two)] {
        demand_of(&db, item, site, &[("2025-01-31", "2"), ("2025-02-01", "-")]).await;
        stock(&db, item, site, "2025-01-31", "7", Some("3")).await;
    }
    let everything = FactFilter::default();
    let filters = [
        (everything.clone(), 6),
        (FactFilter { from: Some(day("2025-02-01")), ..everything.clone() }, 3),
        (FactFilter { to: Some(day("2025-01-31")), ..everything.clone() }, 3),
        (FactFilter { item_ids: Some(vec![visit.id]), ..everything.clone() }, 2),
        (FactFilter { site_ids: Some(vec![two.id]), ..everything.clone() }, 4),
        (FactFilter { region_ids: Some(vec![region.id]), ..everything.clone() }, 2),
        (FactFilter { families: Some(vec!["F".into()]), ..everything.clone() }, 4),
        (FactFilter { abc_classes: Some(vec![AbcClass::A, AbcClass::C]), ..everything.clone() }, 4),
        (FactFilter { kind: Some(entity::words::ItemKind::Service), ..everything.clone() }, 2),
        (FactFilter { categories: Some(vec![]), ..everything.clone() }, 0),
    ];
    for (filter, rows) in filters {
        let flat = demand::rows(&db, &filter, &FlatArgs::default().window(DemandRowOrder).unwrap()).await.unwrap();
        assert_eq!((flat.columns.dates.len(), flat.has_next), (rows, false), "{filter:?}");
        assert_eq!(flat.end_cursor.is_some(), rows > 0);
        let expected = if filter.from.is_some() {
            0
        } else if filter.to.is_some() {
            rows
        } else {
            rows / 2
        };
        let flat =
            inventory::rows(&db, &filter, &FlatArgs::default().window(InventoryRowOrder).unwrap()).await.unwrap();
        assert_eq!(flat.columns.on_hand, vec![number("7"); expected], "{filter:?}");
        assert_eq!(flat.columns.on_order, vec![Some(number("3")); expected]);
    }
    let flat =
        demand::rows(&db, &everything, &pages_of(1, None).window(DemandRowOrder).unwrap()).await.unwrap().columns;
    assert_eq!((flat.item_ids[0], flat.site_ids[0], flat.quantities[0]), (cable.id, one.id, number("2")));
    assert_eq!((flat.unit_costs[0], flat.total_costs[0]), (Some(number("2.5")), Some(number("5"))));
    assert!(!flat.stocked_out[0]);
}

#[tokio::test]
async fn flat_order_lines_are_those_of_the_list() {
    let db = TestDatabase::new().await;
    let (item, site) = (an_item("1").insert(&db).await, a_site(&db, "one", None).await);
    for n in 0..9 {
        an_order(&db, &item, &site, &format!("o{n}"), ["2025-01-31", "2025-02-01"][n % 2], |_| {}).await;
    }
    let filter = LineFilter::default();
    let list = orders::page(&db, &filter, &PageArgs::first(50).window(LineOrder).unwrap()).await.unwrap();
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let flat = orders::rows(&db, &filter, &pages_of(2, after).window(LineOrder).unwrap()).await.unwrap();
        found.extend(flat.columns.order_ids);
        after = flat.end_cursor;
        if !flat.has_next {
            break;
        }
    }
    assert_eq!(found, list.rows.iter().map(|row| row.order_id.clone()).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_pull_of_forecasts_stays_with_its_run() {
    let db = TestDatabase::new().await;
    let first = crate::forecasts::a_ready_run(&db, "2025-07-01", &[(1, 0), (1, 7), (2, 0)]).await;
    let filter = ForecastFilter::default();
    let flat = forecasts::rows(&db, &filter, &pages_of(29, None).window(ForecastRowOrder).unwrap()).await.unwrap();
    assert_eq!(flat.columns.run_ids, [first; 29]);
    let second = crate::forecasts::a_ready_run(&db, "2025-07-08", &[(1, 0)]).await;
    let rest = pages_of(100, flat.end_cursor).window(ForecastRowOrder).unwrap();
    let rest = forecasts::rows(&db, &filter, &rest).await.unwrap();
    assert_eq!((rest.columns.run_ids.len(), rest.has_next), (61, false));
    assert!(rest.columns.run_ids.iter().all(|&run| run == first), "the pull goes on where it began");
    let keys = rest.columns.item_ids.iter().zip(&rest.columns.site_ids).zip(&rest.columns.leads);
    let keys: Vec<_> = keys.map(|((&item, &site), &lead)| (item, site, lead)).collect();
    assert_eq!(keys[..2], [(1, 0, 30), (1, 7, 1)]);
    assert_eq!(keys.last(), Some(&(2, 0, 30)));
    let anew = forecasts::rows(&db, &filter, &FlatArgs::default().window(ForecastRowOrder).unwrap()).await.unwrap();
    assert_eq!(anew.columns.run_ids, [second; 30]);
    let chosen = ForecastFilter {
        run_id: Some(first),
        item_ids: Some(vec![1]),
        site_ids: Some(vec![7]),
        from: Some(day("2025-07-04")),
        to: Some(day("2025-07-05")),
        over_all_sites: Some(false),
    };
    let chosen = forecasts::rows(&db, &chosen, &FlatArgs::default().window(ForecastRowOrder).unwrap()).await.unwrap();
    assert_eq!(chosen.columns.dates, [day("2025-07-04"), day("2025-07-05")]);
    let whole =
        ForecastFilter { run_id: Some(first), over_all_sites: Some(true), from: Some(day("2025-07-30")), ..filter };
    let whole = forecasts::rows(&db, &whole, &FlatArgs::default().window(ForecastRowOrder).unwrap()).await.unwrap();
    assert_eq!(whole.columns.item_ids, [1, 2]);
    assert_eq!(whole.columns.site_ids, [0, 0]);
}

#[test]
fn a_flat_page_has_a_cap_of_its_own() {
    let most = MAX_FLAT_ROWS as i64;
    assert!(pages_of(most, None).window(DemandRowOrder).is_ok());
    assert_eq!(
        pages_of(most + 1, None).window(DemandRowOrder).unwrap_err(),
        PageError::TooMany { argument: "first", asked: 10_001, most: 10_000 }
    );
    assert_eq!(
        pages_of(0, None).window(DemandRowOrder).unwrap_err(),
        PageError::TooFew { argument: "first", asked: 0 }
    );
    assert_eq!(
        pages_of(1, Some("rubbish".into())).window(LineOrder).unwrap_err(),
        PageError::BadCursor { argument: "after" }
    );
}
