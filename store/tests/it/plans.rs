//! How a native server goes about the hot questions, by EXPLAIN of the very statements that the store sends.

use std::sync::{Arc, Mutex};

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use serde_json::Value as Json;
use store::demand::{self, DemandFilter, DemandGroup, DemandQuery, DemandRowOrder, FactFilter, Granularity, SeriesKey};
use store::flat::FlatArgs;
use store::items::{self, ItemFilter, ItemOrder};
use store::orders::{self, LineFilter, LineOrder};
use store::page::PageArgs;
use store::partitions::{Partitioned, ensure};
use testkit::TestDatabase;
use testkit::builders::{day, run};

/// Two years of 60 item-sites, 3,000 items, 60,000 order lines: enough that a wrong plan is not the cheapest. `None` on
/// the embedded engine, whose questions are guarded by their cost instead.
async fn a_warehouse() -> Option<Watched> {
    let db = TestDatabase::new().await;
    if db.url().is_none() {
        eprintln!("skipped: plans are those of a native server");
        return None;
    }
    for table in [Partitioned::DemandDaily, Partitioned::Orders] {
        ensure(&db, table, day("2023-01-01"), day("2024-12-31")).await.unwrap();
    }
    for statement in [
        "INSERT INTO core.dim_site (code, name, name_folded, type) SELECT 's' || n, 's' || n, 's' || n, 'TOWER' FROM generate_series(1, 6) n",
        "INSERT INTO core.dim_item (sku, name, name_folded, search_folded, unit, family) \
         SELECT n::text, 'Item ' || md5(n::text), 'item ' || md5(n::text), n || ' item ' || md5(n::text), 'UN', 'f' || n % 7 \
         FROM generate_series(1, 3000) n",
        "INSERT INTO core.fact_demand_daily (item_id, site_id, full_date, quantity) \
         SELECT i, s, d::date, 1 + i % 5 FROM generate_series(timestamp '2023-01-01', '2024-12-31', '1 day') d, \
         generate_series(1, 10) i, generate_series(1, 6) s",
        "INSERT INTO core.demand_monthly SELECT item_id, site_id, date_trunc('month', full_date)::date, sum(quantity), NULL, count(*), 0 \
         FROM core.fact_demand_daily GROUP BY 1, 2, 3",
        "INSERT INTO core.demand_weekly SELECT item_id, site_id, date_trunc('week', full_date)::date, sum(quantity), NULL, count(*), 0 \
         FROM core.fact_demand_daily GROUP BY 1, 2, 3",
        "INSERT INTO core.fact_orders (item_id, order_id, line_no, order_date, site_id, quantity, status, source_file) \
         SELECT 1 + n % 3000, 'o' || n, 1, date '2023-01-01' + n % 730, 1 + n % 6, 1, 'PLACED', 'f' FROM generate_series(1, 60000) n",
        "INSERT INTO support.freshness (kind, data_through, refreshed_at) VALUES ('DEMAND', '2024-12-31', now())",
        "VACUUM (ANALYZE)",
    ] {
        run(&db, statement, vec![]).await;
    }
    let asked: Arc<Mutex<Vec<Statement>>> = Arc::default();
    let kept = Arc::clone(&asked);
    db.observe(move |statement| kept.lock().unwrap().push(statement.clone()));
    Some(Watched { db, asked })
}

/// A database whose statements are seen.
struct Watched {
    db: TestDatabase,
    asked: Arc<Mutex<Vec<Statement>>>,
}

/// The nodes of a plan.
struct Plan(Vec<Json>);

impl Watched {
    /// The plan of the last statement.
    async fn plan(&self) -> Plan {
        let last = self.asked.lock().unwrap().last().cloned().unwrap();
        let explain = Statement { sql: format!("EXPLAIN (ANALYZE, FORMAT JSON) {}", last.sql), ..last };
        assert_eq!(explain.db_backend, DbBackend::Postgres);
        let row = self.db.writer().query_one_raw(explain).await.unwrap().unwrap();
        let plan: Json = row.try_get_by_index(0).unwrap();
        let mut nodes = Vec::new();
        walk(&plan[0]["Plan"], &mut nodes);
        Plan(nodes)
    }
}

fn walk(node: &Json, nodes: &mut Vec<Json>) {
    nodes.push(node.clone());
    for child in node["Plans"].as_array().into_iter().flatten() {
        walk(child, nodes);
    }
}

impl Plan {
    /// Kinds and relations of the nodes that read tables whose name begins so.
    fn reads(&self, table: &str) -> Vec<(&str, &str)> {
        let nodes =
            self.0.iter().filter_map(|node| Some((node["Node Type"].as_str()?, node["Relation Name"].as_str()?)));
        nodes.filter(|(_, relation)| relation.starts_with(table)).collect()
    }

    fn never_whole(&self, table: &str) {
        let whole: Vec<_> = self.reads(table).into_iter().filter(|(kind, _)| kind.contains("Seq Scan")).collect();
        assert!(whole.is_empty(), "{table} is read whole: {whole:?}");
    }
}

fn a_key(from: &str, to: &str, granularity: Granularity) -> SeriesKey {
    SeriesKey { item_id: 3, site_id: Some(2), from: Some(day(from)), to: Some(day(to)), granularity }
}

#[tokio::test]
async fn a_series_of_an_item_at_a_site_is_read_from_the_keys_of_its_months_alone() {
    let Some(watched) = a_warehouse().await else { return };
    let key = a_key("2024-03-10", "2024-05-20", Granularity::Day);
    let series = demand::series(&watched.db, std::slice::from_ref(&key)).await.unwrap();
    assert_eq!(series[&key].dates.len(), 72);
    let plan = watched.plan().await;
    let facts = plan.reads("fact_demand_daily");
    assert!(facts.iter().all(|(kind, _)| *kind == "Index Only Scan"), "{facts:?}");
    let mut months: Vec<&str> = facts.iter().map(|(_, partition)| &partition["fact_demand_daily_".len()..]).collect();
    months.sort_unstable();
    assert_eq!(months, ["2024_03", "2024_04", "2024_05"], "other partitions are not even planned for");
    let heap: i64 = plan.0.iter().filter_map(|node| node["Heap Fetches"].as_i64()).sum();
    assert_eq!(heap, 0, "everything is in the key");
    plan.never_whole("demand_");
}

#[tokio::test]
async fn whole_buckets_of_a_series_come_from_the_rollup_and_only_cut_edges_from_facts() {
    let Some(watched) = a_warehouse().await else { return };
    let key = a_key("2023-02-10", "2024-11-30", Granularity::Month);
    let series = demand::series(&watched.db, std::slice::from_ref(&key)).await.unwrap();
    assert_eq!(series[&key].dates.len(), 22);
    let plan = watched.plan().await;
    let facts = plan.reads("fact_demand_daily");
    assert_eq!(facts, [("Index Only Scan", "fact_demand_daily_2023_02")]);
    assert!(!plan.reads("demand_monthly").is_empty());
    plan.never_whole("demand_monthly");
    let key = SeriesKey { site_id: None, from: None, to: None, ..key };
    demand::series(&watched.db, std::slice::from_ref(&key)).await.unwrap();
    let plan = watched.plan().await;
    assert_eq!(plan.reads("fact_demand_daily"), []);
    plan.never_whole("demand_monthly");
}

#[tokio::test]
async fn a_page_of_series_is_still_read_by_key() {
    let Some(watched) = a_warehouse().await else { return };
    let keys: Vec<SeriesKey> =
        (1..=10).map(|item_id| SeriesKey { item_id, ..a_key("2024-10-01", "2024-12-31", Granularity::Day) }).collect();
    demand::series(&watched.db, &keys).await.unwrap();
    let plan = watched.plan().await;
    plan.never_whole("fact_demand_daily");
    assert_eq!(plan.reads("fact_demand_daily").len(), 3);
}

#[tokio::test]
async fn groups_of_classes_come_from_the_small_rollups_and_cut_edges_from_their_months() {
    let Some(watched) = a_warehouse().await else { return };
    let query = |from: Option<&str>, groups: &[DemandGroup]| DemandQuery {
        filter: DemandFilter { from: from.map(day), ..DemandFilter::default() },
        granularity: Granularity::Month,
        group_by: groups.to_vec(),
        limit: 50,
        ..DemandQuery::default()
    };
    demand::grouped(&watched.db, &query(None, &[DemandGroup::Family])).await.unwrap();
    let plan = watched.plan().await;
    assert_eq!(plan.reads("fact_demand_daily"), []);
    assert!(plan.reads("demand_monthly").iter().all(|(_, table)| *table == "demand_monthly_by_class"));
    demand::grouped(&watched.db, &query(Some("2024-02-14"), &[DemandGroup::Family])).await.unwrap();
    let facts = watched.plan().await;
    let facts = facts.reads("fact_demand_daily");
    assert!(facts.iter().all(|(_, table)| *table == "fact_demand_daily_2024_02") && facts.len() == 1, "{facts:?}");
    demand::grouped(&watched.db, &query(None, &[DemandGroup::Site])).await.unwrap();
    let plan = watched.plan().await;
    assert_eq!(plan.reads("fact_demand_daily"), []);
    assert!(plan.reads("demand_monthly").iter().any(|(_, table)| *table == "demand_monthly"));
}

#[tokio::test]
async fn a_few_items_in_groups_are_read_by_key() {
    let Some(watched) = a_warehouse().await else { return };
    let filter = DemandFilter {
        item_ids: Some(vec![4]),
        from: Some(day("2024-06-01")),
        to: Some(day("2024-06-30")),
        ..DemandFilter::default()
    };
    let query = DemandQuery { filter, group_by: vec![DemandGroup::Site], limit: 50, ..DemandQuery::default() };
    let found = demand::grouped(&watched.db, &query).await.unwrap();
    assert_eq!((found.groups.len(), found.dates.len()), (6, 30));
    let plan = watched.plan().await;
    assert_eq!(plan.reads("fact_demand_daily").len(), 1);
    plan.never_whole("fact_demand_daily");
}

#[tokio::test]
async fn flat_pages_begin_at_their_cursor_in_its_month() {
    let Some(watched) = a_warehouse().await else { return };
    let filter = FactFilter::default();
    let from: NaiveDate = day("2024-11-20");
    let start = FactFilter { from: Some(from), ..filter.clone() };
    let args = FlatArgs { first: Some(10), after: None };
    let page = demand::rows(&watched.db, &start, &args.window(DemandRowOrder).unwrap()).await.unwrap();
    let args = FlatArgs { first: Some(100), after: page.end_cursor };
    let page = demand::rows(&watched.db, &filter, &args.window(DemandRowOrder).unwrap()).await.unwrap();
    assert_eq!((page.columns.dates[0], page.columns.dates.len()), (from, 100));
    let plan = watched.plan().await;
    plan.never_whole("fact_demand_daily");
    let read: f64 = plan
        .0
        .iter()
        .filter(|node| node["Relation Name"].as_str().is_some_and(|name| name.starts_with("fact_demand")))
        .map(|node| node["Actual Rows"].as_f64().unwrap() * node["Actual Loops"].as_f64().unwrap())
        .sum();
    assert!(read <= 200.0, "{read} rows are read for a page of 100");
}

#[tokio::test]
async fn order_lines_of_a_page_are_found_by_day() {
    let Some(watched) = a_warehouse().await else { return };
    let first = PageArgs::first(50).window(LineOrder).unwrap();
    let cursor = orders::page(&watched.db, &LineFilter::default(), &first).await.unwrap().cursors.pop();
    let next = PageArgs { first: Some(50), after: cursor, ..PageArgs::default() }.window(LineOrder).unwrap();
    assert_eq!(orders::page(&watched.db, &LineFilter::default(), &next).await.unwrap().rows.len(), 50);
    watched.plan().await.never_whole("fact_orders");
}

#[tokio::test]
async fn a_search_uses_the_trigrams_where_the_server_has_them() {
    let Some(watched) = a_warehouse().await else { return };
    let has = "SELECT count(*) FROM pg_indexes WHERE indexname = 'dim_item_search_idx'";
    let has =
        watched.db.writer().query_one_raw(Statement::from_string(DbBackend::Postgres, has)).await.unwrap().unwrap();
    if has.try_get_by_index::<i64>(0).unwrap() == 0 {
        eprintln!("skipped: the server has no pg_trgm");
        return;
    }
    let filter = ItemFilter { search: Some("ÍTEM a87ff679".into()), ..ItemFilter::default() };
    let window = PageArgs::first(50).window(ItemOrder::default()).unwrap();
    let page = items::page(&watched.db, &filter, &window).await.unwrap();
    assert_eq!(page.rows.iter().map(|row| row.sku.as_str()).collect::<Vec<_>>(), ["4"]);
    let plan = watched.plan().await;
    assert!(plan.0.iter().any(|node| node["Index Name"] == "dim_item_search_idx"), "{:?}", plan.reads("dim_item"));
}
