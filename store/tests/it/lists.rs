//! Lists of named things and of order lines: filters, pages, counts that are kept.

use chrono::Days;
use entity::words::{DataKind, OrderStatus, SiteType};
use sea_orm::ActiveValue::Set;
use store::items::{self, ItemFilter, ItemOrder, Relevance};
use store::names::NameSort;
use store::orders::{self, LineFilter, LineOrder};
use store::page::{Direction, Page, PageArgs, PageError, Sorted, Window};
use store::regions::{self, RegionOrder};
use store::sites::{self, SiteFilter, SiteOrder};
use store::suppliers::{self, SupplierFilter, SupplierOrder};
use store::{Result, freshness};
use testkit::TestDatabase;
use testkit::builders::{a_region, a_site, a_supplier, an_item, an_order, day, instant, run};

/// Walks a list in pages of `rows` from either end and names its rows in the list's order.
async fn walk<O, P>(order: O, rows: i64, forward: bool, name: impl Fn(&O::Row) -> String, page: P) -> Vec<String>
where
    O: Sorted,
    P: AsyncFn(Window<O>) -> Result<Page<O::Row>>,
{
    let mut names = Vec::new();
    let mut cursor = None;
    loop {
        let args = if forward {
            PageArgs { first: Some(rows), after: cursor, ..PageArgs::default() }
        } else {
            PageArgs { last: Some(rows), before: cursor, ..PageArgs::default() }
        };
        let found = page(args.window(order.clone()).unwrap()).await.unwrap();
        let here = found.rows.iter().map(&name);
        if forward {
            names.extend(here);
            cursor = found.cursors.last().cloned();
        } else {
            names.splice(0..0, here.collect::<Vec<_>>());
            cursor = found.cursors.first().cloned();
        }
        if !(if forward { found.has_next } else { found.has_previous }) {
            return names;
        }
    }
}

#[tokio::test]
async fn named_things_page_by_folded_name_and_by_code() {
    let db = TestDatabase::new().await;
    for code in ["Zebra", "água", "Águia", "beta", "ALFA"] {
        a_site(&db, code, Some(&a_region(&db, &format!("of {code}")).await)).await;
        a_supplier(&db, code).await;
    }
    let by_name = ["água", "Águia", "ALFA", "beta", "Zebra"];
    let by_code = ["ALFA", "Zebra", "beta", "Águia", "água"];
    for (by, expected) in [(NameSort::Name, by_name), (NameSort::Code, by_code)] {
        for direction in [Direction::Ascending, Direction::Descending] {
            let mut expected = expected.to_vec();
            if direction == Direction::Descending {
                expected.reverse();
            }
            for (rows, forward) in [(1, true), (2, false), (2, true), (5, true), (50, false)] {
                let all = SiteFilter::default();
                let order = SiteOrder::new(by, direction);
                let name = |site: &sites::Site| {
                    assert_eq!(site.region.as_ref().unwrap().code, format!("of {}", site.row.code));
                    site.row.code.clone()
                };
                let found =
                    walk(order, rows, forward, name, async |window| sites::page(&db, &all, &window).await).await;
                assert_eq!(found, expected);
                let order = SupplierOrder::new(by, direction);
                let page = async |window| suppliers::page(&db, &SupplierFilter::default(), &window).await;
                assert_eq!(walk(order, rows, forward, |row| row.code.clone(), page).await, expected);
                let order = RegionOrder::new(NameSort::Code, direction);
                let found = walk(
                    order,
                    rows,
                    forward,
                    |row| row.code.clone(),
                    async |window| regions::page(&db, &window).await,
                );
                assert_eq!(found.await.len(), 5);
            }
        }
    }
    assert_eq!(regions::count(&db).await.unwrap(), 5);
    // A cursor of one list says nothing in another.
    let window = PageArgs::first(1).window(SiteOrder::default()).unwrap();
    let mut sites = sites::page(&db, &SiteFilter::default(), &window).await.unwrap();
    let args = PageArgs { after: Some(sites.cursors.remove(0)), ..PageArgs::default() };
    assert_eq!(args.window(SupplierOrder::default()).unwrap_err(), PageError::OtherOrder { argument: "after" });
}

#[tokio::test]
async fn sites_and_suppliers_are_searched_and_filtered() {
    let db = TestDatabase::new().await;
    let region = a_region(&db, "BA").await;
    let tower = a_site(&db, "TWR-Água Fria", Some(&region)).await;
    a_site(&db, "depot", None).await;
    run(&db, "UPDATE core.dim_site SET type = 'TOWER', active = false WHERE id = $1", vec![tower.id.into()]).await;
    let acme = a_supplier(&db, "ACME Elétrica").await;
    a_supplier(&db, "other").await;
    let found = async |filter: SiteFilter| -> Vec<String> {
        let page = sites::page(&db, &filter, &PageArgs::default().window(SiteOrder::default()).unwrap()).await.unwrap();
        assert_eq!(sites::count(&db, &filter).await.unwrap(), page.rows.len() as u64, "{filter:?}");
        page.rows.into_iter().map(|site| site.row.code).collect()
    };
    let search = |text: &str| SiteFilter { search: Some(text.into()), ..SiteFilter::default() };
    assert_eq!(found(search("fria AGUA")).await, ["TWR-Água Fria"]);
    assert_eq!(found(search("twr-")).await, ["TWR-Água Fria"]);
    assert!(found(search("fria depot")).await.is_empty());
    assert_eq!(found(SiteFilter { kinds: Some(vec![SiteType::Tower]), ..SiteFilter::default() }).await.len(), 1);
    assert_eq!(found(SiteFilter { region_ids: Some(vec![region.id]), ..SiteFilter::default() }).await.len(), 1);
    assert_eq!(found(SiteFilter { active: Some(true), ..SiteFilter::default() }).await, ["depot"]);
    assert!(found(SiteFilter { kinds: Some(vec![]), ..SiteFilter::default() }).await.is_empty());
    let filter = SupplierFilter { search: Some("eletrica".into()), ..SupplierFilter::default() };
    let window = PageArgs::default().window(SupplierOrder::default()).unwrap();
    let page = suppliers::page(&db, &filter, &window).await.unwrap();
    assert_eq!(page.rows.iter().map(|row| row.id).collect::<Vec<_>>(), [acme.id]);
    assert_eq!(suppliers::count(&db, &filter).await.unwrap(), 1);
}

#[tokio::test]
async fn order_lines_page_newest_first_however_many_share_a_day() {
    let db = TestDatabase::new().await;
    let (one, two) = (an_item("1").insert(&db).await, an_item("2").insert(&db).await);
    let (here, there) = (a_site(&db, "here", None).await, a_site(&db, "there", None).await);
    let supplier = a_supplier(&db, "acme").await;
    for n in 0..10_u64 {
        let on = (day("2025-01-29") + Days::new(n / 4)).to_string();
        for item in [&one, &two] {
            an_order(&db, item, if n % 2 == 0 { &here } else { &there }, &format!("o{}", n % 3), &on, |row| {
                row.line_no = Set(n as i32);
                row.supplier_id = Set((n % 5 == 0).then_some(supplier.id));
                row.status = Set(if n == 7 { OrderStatus::Received } else { OrderStatus::Placed });
                row.counts_as_demand = Set(n < 3);
            })
            .await;
        }
    }
    let all = LineFilter::default();
    let name = |row: &entity::core::order::Model| {
        format!("{} {} {} {}", row.order_date, row.order_id, row.line_no, row.item_id)
    };
    let page = async |window| orders::page(&db, &all, &window).await;
    let whole = walk(LineOrder, 100, true, name, page).await;
    let mut expected = whole.clone();
    expected.sort_unstable_by_key(|name| {
        let (on, rest) = name.split_once(' ').unwrap();
        (std::cmp::Reverse(on.to_owned()), rest.to_owned())
    });
    assert_eq!((whole.len(), &whole), (20, &expected));
    for (rows, forward) in [(1, true), (3, true), (3, false), (7, false)] {
        assert_eq!(walk(LineOrder, rows, forward, name, page).await, whole, "{rows} {forward}");
    }
    let number = async |filter: LineFilter| {
        let found = orders::page(&db, &filter, &PageArgs::first(100).window(LineOrder).unwrap()).await.unwrap();
        assert_eq!(orders::count(&db, &filter).await.unwrap(), found.rows.len() as u64, "{filter:?}");
        found.rows.len()
    };
    assert_eq!(number(LineFilter { item_ids: Some(vec![one.id]), ..all.clone() }).await, 10);
    assert_eq!(number(LineFilter { site_ids: Some(vec![there.id]), ..all.clone() }).await, 10);
    assert_eq!(number(LineFilter { supplier_ids: Some(vec![supplier.id]), ..all.clone() }).await, 4);
    assert_eq!(number(LineFilter { statuses: Some(vec![OrderStatus::Received]), ..all.clone() }).await, 2);
    assert_eq!(number(LineFilter { counts_as_demand: Some(true), ..all.clone() }).await, 6);
    let (from, to) = (Some(day("2025-01-30")), Some(day("2025-01-30")));
    assert_eq!(number(LineFilter { from, to, ..all.clone() }).await, 8);
    assert_eq!(number(LineFilter { item_ids: Some(vec![]), ..all }).await, 0);
}

#[tokio::test]
async fn a_count_is_kept_until_a_load_and_counted_anew_after_it() {
    let db = TestDatabase::new().await;
    let filter = ItemFilter { search: Some("cabo".into()), ..ItemFilter::default() };
    let count = async || {
        let before = db.statements();
        let count = items::count(&db, &filter).await.unwrap();
        (count, db.statements() - before)
    };
    an_item("1").named("Cabo").insert(&db).await;
    assert_eq!(count().await, (1, 1));
    // Somebody else changed a row behind every load's back: the kept count answers, which is how we see that it is kept.
    run(&db, "UPDATE core.dim_item SET search_folded = 'tubo'", vec![]).await;
    assert_eq!(count().await, (1, 1));
    freshness::set(&db, DataKind::Demand, Some(day("2025-01-01")), instant("2025-01-02T00:00:00Z")).await.unwrap();
    assert_eq!(count().await, (0, 2), "the version, and then the rows");
    assert_eq!(count().await, (0, 1));
    an_item("2").named("Cabo").insert(&db).await;
    assert_eq!(count().await.0, 1, "a new item is news without any other sign");
    // Other filters are counted for themselves.
    assert_eq!(items::count(&db, &ItemFilter::default()).await.unwrap(), 2);
    // More filters than are kept do no harm.
    for n in 0..600 {
        let filter = ItemFilter { search: Some(n.to_string()), ..ItemFilter::default() };
        assert_eq!(items::count(&db, &filter).await.unwrap(), u64::from(n == 2), "{n}");
    }
}

#[tokio::test]
async fn a_search_by_relevance_begins_with_the_sku_and_pages_hold() {
    let db = TestDatabase::new().await;
    for (sku, name) in [
        ("900", "Conector para cabo"),
        ("901", "Abraçadeira de encabo"),
        ("cab-1", "Zebra"),
        ("902", "CABO DE AÇO"),
        ("903", "Çabo elétrico"),
        ("904", "Rótulo 100%"),
    ] {
        an_item(sku).named(name).insert(&db).await;
    }
    let found = async |search: &str, rows: i64| -> Vec<String> {
        let filter = ItemFilter { search: Some(search.into()), ..ItemFilter::default() };
        let page = async |window: Window<Relevance>| items::page(&db, &filter, &window).await;
        let forward = walk(Relevance::of(search), rows, true, |row| row.sku.clone(), page).await;
        assert_eq!(walk(Relevance::of(search), rows, false, |row| row.sku.clone(), page).await, forward);
        forward
    };
    for rows in [1, 2, 50] {
        assert_eq!(found("CAB", rows).await, ["cab-1", "902", "903", "900", "901"], "pages of {rows}");
    }
    assert_eq!(found("cabo de", 1).await, ["902", "901"]);
    assert_eq!(found("100%", 1).await, ["904"]);
    assert_eq!(found("", 4).await.len(), 6);
    let window = PageArgs::first(1).window(Relevance::of("cabo")).unwrap();
    let filter = ItemFilter::default();
    let args = PageArgs {
        after: Some(items::page(&db, &filter, &window).await.unwrap().cursors.remove(0)),
        ..PageArgs::default()
    };
    assert!(args.clone().window(Relevance::of("  CABO ")).is_ok());
    assert_eq!(args.clone().window(Relevance::of("tubo")).unwrap_err(), PageError::OtherOrder { argument: "after" });
    assert_eq!(args.window(ItemOrder::default()).unwrap_err(), PageError::OtherOrder { argument: "after" });
}
