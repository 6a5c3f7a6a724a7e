//! Items: search, filters, pages.

use entity::words::{AbcClass, ItemKind};
use proptest::prelude::*;
use store::items::{self, ItemFilter, ItemOrder, ItemSort};
use store::page::{Direction, PageArgs, PageError};
use testkit::TestDatabase;
use testkit::builders::{a_site, an_item, demand, stock};

fn search(words: &str) -> ItemFilter {
    ItemFilter { search: Some(words.to_owned()), ..ItemFilter::default() }
}

async fn skus(db: &TestDatabase, filter: &ItemFilter) -> Vec<String> {
    let window = PageArgs::default().window(ItemOrder::default()).unwrap();
    let page = items::page(db, filter, &window).await.unwrap();
    assert_eq!(items::count(db, filter).await.unwrap(), page.rows.len() as u64);
    page.rows.into_iter().map(|row| row.sku).collect()
}

#[tokio::test]
async fn a_search_ignores_case_and_accents_and_wants_every_word() {
    let db = TestDatabase::new().await;
    an_item("010825").named("CONEXÃO ELÉTRICA 1/2").insert(&db).await;
    an_item("010826").named("Cabo elétrico 100%").insert(&db).await;
    assert_eq!(skus(&db, &search("conexao")).await, ["010825"]);
    assert_eq!(skus(&db, &search("  ELETRICA Conexão ")).await, ["010825"]);
    assert_eq!(skus(&db, &search("0108")).await, ["010825", "010826"]);
    assert_eq!(skus(&db, &search("elétric cabo")).await, ["010826"]);
    assert!(skus(&db, &search("conexao cabo")).await.is_empty());
    // Wildcards are letters.
    assert_eq!(skus(&db, &search("100%")).await, ["010826"]);
    assert!(skus(&db, &search("0108_5")).await.is_empty());
    assert!(skus(&db, &search("\\")).await.is_empty());
    assert_eq!(skus(&db, &search("  ")).await.len(), 2);
}

#[tokio::test]
async fn filters_restrict_and_an_empty_list_matches_nothing() {
    let db = TestDatabase::new().await;
    let one = an_item("1").of_family("F").of_class(AbcClass::A).insert(&db).await;
    let two = an_item("2").as_service().insert(&db).await;
    an_item("3").retired().insert(&db).await;
    let (here, there) = (a_site(&db, "here", None).await, a_site(&db, "there", None).await);
    demand(&db, &one, &here, &[("2025-01-01", "1")]).await;
    stock(&db, &two, &there, "2025-01-01", "4", None).await;
    let everything = ItemFilter::default();
    assert_eq!(skus(&db, &ItemFilter { kind: Some(ItemKind::Service), ..everything.clone() }).await, ["2"]);
    assert_eq!(skus(&db, &ItemFilter { active: Some(true), ..everything.clone() }).await, ["1", "2"]);
    assert_eq!(skus(&db, &ItemFilter { families: Some(vec!["F".into()]), ..everything.clone() }).await, ["1"]);
    assert_eq!(
        skus(&db, &ItemFilter { abc_classes: Some(vec![AbcClass::A, AbcClass::B]), ..everything.clone() }).await,
        ["1"]
    );
    assert_eq!(skus(&db, &ItemFilter { site_ids: Some(vec![here.id]), ..everything.clone() }).await, ["1"]);
    assert_eq!(skus(&db, &ItemFilter { site_ids: Some(vec![there.id]), ..everything.clone() }).await, ["2"]);
    assert!(skus(&db, &ItemFilter { families: Some(vec![]), ..everything }).await.is_empty());
    assert_eq!(items::families(&db).await.unwrap(), ["F"]);
    let sites = store::sites::by_item_ids(&db, &[one.id, two.id]).await.unwrap();
    assert_eq!(sites[&one.id][0].row.id, here.id);
    assert_eq!(sites[&two.id][0].row.id, there.id);
}

/// Walks the whole list in pages of `rows`, forward or backward, and gives the ids in list order.
async fn walk(db: &TestDatabase, order: ItemOrder, rows: i64, forward: bool) -> Vec<i64> {
    let mut ids = Vec::new();
    let mut cursor = None;
    loop {
        let args = if forward {
            PageArgs { first: Some(rows), after: cursor, ..PageArgs::default() }
        } else {
            PageArgs { last: Some(rows), before: cursor, ..PageArgs::default() }
        };
        let page = items::page(db, &ItemFilter::default(), &args.window(order).unwrap()).await.unwrap();
        let found: Vec<i64> = page.rows.iter().map(|row| row.id).collect();
        if forward {
            ids.extend(found);
            cursor = page.cursors.last().cloned();
        } else {
            ids.splice(0..0, found);
            cursor = page.cursors.first().cloned();
        }
        if !(if forward { page.has_next } else { page.has_previous }) {
            return ids;
        }
    }
}

#[tokio::test]
async fn pages_neither_repeat_nor_skip_under_ties_and_nulls() {
    let db = TestDatabase::new().await;
    for n in 0..13 {
        let mut item = an_item(&format!("s{n:02}")).named(["Água", "ÁGUA", "agua"][n % 3]);
        if n % 4 != 0 {
            item = item.of_family(["Ç", "c", "Z", "Á"][n % 4]);
        }
        item.insert(&db).await;
    }
    for by in [ItemSort::Sku, ItemSort::Name, ItemSort::Family, ItemSort::AbcClass] {
        for direction in [Direction::Ascending, Direction::Descending] {
            let order = ItemOrder { by, direction };
            let whole = walk(&db, order, 100, true).await;
            assert_eq!(whole.len(), 13);
            for rows in [1, 2, 5] {
                assert_eq!(walk(&db, order, rows, true).await, whole, "{order:?} forward by {rows}");
                assert_eq!(walk(&db, order, rows, false).await, whole, "{order:?} backward by {rows}");
            }
            if by == ItemSort::Family {
                let page = items::page(&db, &ItemFilter::default(), &PageArgs::first(50).window(order).unwrap())
                    .await
                    .unwrap();
                assert!(page.rows[9..].iter().all(|row| row.family.is_none()), "nulls come last: {order:?}");
                let mut families: Vec<_> = page.rows[..9].iter().map(|row| row.family.clone().unwrap()).collect();
                if direction == Direction::Descending {
                    families.reverse();
                }
                assert!(families.is_sorted(), "by bytes on every engine: {families:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_cursor_of_another_order_is_refused_and_so_is_rubbish() {
    let db = TestDatabase::new().await;
    an_item("1").insert(&db).await;
    let by_sku = PageArgs::first(1).window(ItemOrder::default()).unwrap();
    let cursor = items::page(&db, &ItemFilter::default(), &by_sku).await.unwrap().cursors.remove(0);
    let by_name = ItemOrder { by: ItemSort::Name, ..ItemOrder::default() };
    let args = PageArgs { after: Some(cursor), ..PageArgs::default() };
    assert_eq!(args.window(by_name).unwrap_err(), PageError::OtherOrder { argument: "after" });
    let rubbish = PageArgs { before: Some("bm90aGluZw".into()), ..PageArgs::default() };
    assert_eq!(rubbish.window(by_name).unwrap_err(), PageError::BadCursor { argument: "before" });
    assert_eq!(PageArgs::first(0).window(by_name).unwrap_err(), PageError::TooFew { argument: "first", asked: 0 });
    assert_eq!(
        PageArgs::first(1_001).window(by_name).unwrap_err(),
        PageError::TooMany { argument: "first", asked: 1_001, most: 1_000 }
    );
    let both = PageArgs { first: Some(1), last: Some(1), ..PageArgs::default() };
    assert_eq!(both.window(by_name).unwrap_err(), PageError::BothEnds);
}

proptest! {
    #[test]
    fn any_cursor_is_a_page_or_an_error(text in ".{0,40}") {
        let args = PageArgs { after: Some(text), ..PageArgs::default() };
        prop_assert!(args.window(ItemOrder::default()).is_err());
    }
}

#[tokio::test]
async fn a_thousand_items_are_one_statement() {
    let db = TestDatabase::new().await;
    let item = an_item("1").insert(&db).await;
    let ids: Vec<i64> = (0..1_000).chain([item.id]).collect();
    let before = db.statements();
    let found = items::by_ids(&db, &ids).await.unwrap();
    assert_eq!(db.statements() - before, 1);
    assert_eq!(found[&item.id].sku, "1");
    assert_eq!(items::by_skus(&db, &["1".into(), "2".into()]).await.unwrap().len(), 1);
}
