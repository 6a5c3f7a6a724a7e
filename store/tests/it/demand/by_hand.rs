//! Grouped answers against plain SQL over the facts: whatever is asked, and wherever the store reads it.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use entity::words::{AbcClass, ItemKind, XyzClass};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use rust_decimal::Decimal;
use sea_orm::{ConnectionTrait as _, DbBackend, QueryResult, Statement};
use store::demand::{
    self, DemandFilter, DemandGroup, DemandQuery, Granularity, GroupOrder, GroupSort, Having, Measure,
};
use store::page::Direction;
use testkit::TestDatabase;
use testkit::builders::day;

use super::company::a_varied_company;

const MEASURES: [Measure; 6] = [
    Measure::Quantity,
    Measure::Cost,
    Measure::DemandDays,
    Measure::StockedOutDays,
    Measure::MeanUnitCost,
    Measure::Peak,
];
const GROUPS: [DemandGroup; 7] = [
    DemandGroup::Item,
    DemandGroup::Family,
    DemandGroup::Category,
    DemandGroup::Site,
    DemandGroup::Region,
    DemandGroup::AbcClass,
    DemandGroup::XyzClass,
];
const GRANULARITIES: [Granularity; 5] =
    [Granularity::Day, Granularity::Week, Granularity::Month, Granularity::Quarter, Granularity::Year];

/// Any question over groups that facts know.
fn a_query() -> impl Strategy<Value = DemandQuery> {
    let a_day = (0..420_u64).prop_map(|n| day("2024-03-01") + Days::new(n));
    let words = |words: &'static [&'static str]| {
        prop::sample::subsequence(words, 0..=words.len())
            .prop_map(|list| list.into_iter().map(str::to_owned).collect::<Vec<_>>())
    };
    let ids = || prop::sample::subsequence(vec![1_i64, 2, 3, 4, 99], 0..5);
    let items = (
        prop::option::weighted(0.3, words(&["F", "é", "nobody's"])),
        prop::option::weighted(0.2, words(&["C"])),
        prop::option::weighted(0.2, prop::sample::subsequence(vec![AbcClass::A, AbcClass::B], 0..3)),
        prop::option::weighted(0.2, Just(vec![XyzClass::Z])),
        prop::option::weighted(0.2, prop::sample::select(vec![ItemKind::Material, ItemKind::Service])),
    );
    let places = (
        prop::option::weighted(0.15, ids()),
        prop::option::weighted(0.15, ids()),
        prop::option::weighted(0.15, Just(vec![1_i64])),
        prop::option::of(a_day.clone()),
        prop::option::of(a_day),
    );
    let filter = (items, places).prop_map(|(items, places)| DemandFilter {
        families: items.0,
        categories: items.1,
        abc_classes: items.2,
        xyz_classes: items.3,
        kind: items.4,
        item_ids: places.0,
        site_ids: places.1,
        region_ids: places.2,
        from: places.3,
        to: places.4,
        supplier_ids: None,
    });
    let measure = prop::sample::select(MEASURES.to_vec());
    let having = prop::option::weighted(
        0.3,
        (measure.clone(), prop::option::of(0..500_i64), prop::option::of(0..3_000_i64)).prop_map(
            |(measure, least, most)| Having {
                measure,
                at_least: least.map(Decimal::from),
                at_most: most.map(Decimal::from),
            },
        ),
    );
    let order = (prop::option::of(measure), prop::bool::ANY).prop_map(|(measure, up)| GroupOrder {
        by: measure.map_or(GroupSort::Name, GroupSort::Total),
        direction: if up { Direction::Ascending } else { Direction::Descending },
    });
    let groups = prop::sample::subsequence(GROUPS.to_vec(), 0..4).prop_shuffle();
    let measures = prop::sample::subsequence(MEASURES.to_vec(), 0..=6);
    (filter, prop::sample::select(GRANULARITIES.to_vec()), groups, measures, having, order, 1..40_u64).prop_map(
        |(filter, granularity, group_by, measures, having, order_by, limit)| DemandQuery {
            filter,
            granularity,
            group_by,
            measures,
            having: having.into_iter().collect(),
            order_by,
            limit,
        },
    )
}

/// A group's value, as plain SQL.
fn value(group: DemandGroup) -> &'static str {
    match group {
        DemandGroup::Item => "i.id::text",
        DemandGroup::Family => "coalesce(i.family, '')",
        DemandGroup::Category => "coalesce(i.category, '')",
        DemandGroup::Site => "s.id::text",
        DemandGroup::Region => "coalesce(r.code, '')",
        DemandGroup::Supplier => "coalesce(p.code, '')",
        DemandGroup::AbcClass => "coalesce(i.abc_class, '')",
        DemandGroup::XyzClass => "coalesce(i.xyz_class, '')",
    }
}

fn list<T>(values: &[T], write: impl Fn(&T) -> String) -> String {
    if values.is_empty() { "NULL".into() } else { values.iter().map(write).collect::<Vec<_>>().join(", ") }
}

/// The measures of the rows that match, by group, and by bucket where one is named.
async fn plain(db: &TestDatabase, query: &DemandQuery, bucket: Option<&str>) -> Vec<QueryResult> {
    let filter = &query.filter;
    let text = |values: &[String]| list(values, |value| format!("'{}'", value.replace('\'', "''")));
    let number = |values: &[i64]| list(values, i64::to_string);
    let lines = query.group_by.contains(&DemandGroup::Supplier) || filter.supplier_ids.is_some();
    let mut conditions = vec!["true".to_owned()];
    let mut when = |condition: Option<String>| conditions.extend(condition);
    when(filter.from.map(|day| format!("f.full_date >= '{day}'")));
    when(filter.to.map(|day| format!("f.full_date <= '{day}'")));
    when(filter.families.as_deref().map(|families| format!("i.family IN ({})", text(families))));
    when(filter.categories.as_deref().map(|categories| format!("i.category IN ({})", text(categories))));
    when(
        filter
            .abc_classes
            .as_deref()
            .map(|list_| format!("i.abc_class IN ({})", list(list_, |c| format!("'{}'", c.as_str())))),
    );
    when(
        filter
            .xyz_classes
            .as_deref()
            .map(|list_| format!("i.xyz_class IN ({})", list(list_, |c| format!("'{}'", c.as_str())))),
    );
    when(filter.kind.map(|kind| format!("i.kind = '{}'", kind.as_str())));
    when(filter.item_ids.as_deref().map(|ids| format!("i.id IN ({})", number(ids))));
    when(filter.site_ids.as_deref().map(|ids| format!("s.id IN ({})", number(ids))));
    when(filter.region_ids.as_deref().map(|ids| format!("r.id IN ({})", number(ids))));
    when(filter.supplier_ids.as_deref().map(|ids| format!("f.supplier_id IN ({})", number(ids))));
    let facts = if lines {
        let by = if query.group_by.contains(&DemandGroup::Supplier) { "supplier_id" } else { "NULL::bigint" };
        format!(
            "(SELECT item_id, site_id, order_date AS full_date, {by} AS supplier, min(supplier_id) AS supplier_id, sum(quantity) AS quantity, \
              sum(quantity * unit_price) AS total_cost, sum(quantity) FILTER (WHERE unit_price IS NOT NULL) AS costed, NULL::boolean AS stocked_out \
              FROM core.fact_orders f WHERE counts_as_demand {} GROUP BY item_id, site_id, order_date, {by})",
            filter
                .supplier_ids
                .as_deref()
                .map(|ids| format!("AND supplier_id IN ({})", number(ids)))
                .unwrap_or_default()
        )
    } else {
        "(SELECT *, CASE WHEN total_cost IS NOT NULL THEN quantity END AS costed, NULL::bigint AS supplier, NULL::bigint AS supplier_id \
          FROM core.fact_demand_daily)"
            .into()
    };
    let keys = query.group_by.iter().map(|&group| value(group)).collect::<Vec<_>>().join(", ");
    let bucket = bucket.map_or("NULL::date".into(), |bucket| format!("date_trunc('{bucket}', f.full_date)::date"));
    let sql = format!(
        "SELECT ARRAY[{keys}]::text[] AS keys, {bucket} AS bucket, sum(f.quantity) AS quantity, sum(f.total_cost) AS cost, \
                count(*) FILTER (WHERE f.quantity > 0)::numeric AS demand_days, \
                (CASE WHEN {lines} THEN NULL ELSE count(*) FILTER (WHERE f.stocked_out) END)::numeric AS stocked_out_days, \
                round(sum(f.total_cost) / nullif(sum(f.costed), 0), 4) AS mean, max(f.quantity) AS peak \
         FROM {facts} f JOIN core.dim_item i ON i.id = f.item_id JOIN core.dim_site s ON s.id = f.site_id \
         LEFT JOIN core.dim_region r ON r.id = s.region_id LEFT JOIN core.dim_supplier p ON p.id = f.supplier \
         WHERE {} GROUP BY 1, 2",
        conditions.join(" AND ")
    );
    db.reader().query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap()
}

fn told(row: &QueryResult, measure: Measure) -> Option<Decimal> {
    let name = match measure {
        Measure::Quantity => "quantity",
        Measure::Cost => "cost",
        Measure::DemandDays => "demand_days",
        Measure::StockedOutDays => "stocked_out_days",
        Measure::MeanUnitCost => "mean",
        Measure::Peak => "peak",
    };
    row.try_get("", name).unwrap()
}

fn keys(row: &QueryResult) -> Vec<String> {
    row.try_get("", "keys").unwrap()
}

/// The names of the groups that the question is about, in its order.
fn expected_groups(query: &DemandQuery, totals: &[QueryResult]) -> Vec<Vec<String>> {
    let holds = |row: &&QueryResult| {
        query.having.iter().all(|having| {
            let total = told(row, having.measure);
            having.at_least.is_none_or(|least| total.is_some_and(|total| total >= least))
                && having.at_most.is_none_or(|most| total.is_some_and(|total| total <= most))
        })
    };
    let mut groups: Vec<&QueryResult> = totals.iter().filter(holds).collect();
    let down = query.order_by.direction == Direction::Descending;
    groups.sort_by(|a, b| {
        let names = keys(a).cmp(&keys(b));
        match query.order_by.by {
            GroupSort::Name => {
                if down {
                    names.reverse()
                } else {
                    names
                }
            }
            GroupSort::Total(measure) => {
                let values = match (told(a, measure), told(b, measure)) {
                    (Some(a), Some(b)) => {
                        if down {
                            b.cmp(&a)
                        } else {
                            a.cmp(&b)
                        }
                    }
                    // Unknown totals come last either way.
                    (a, b) => a.is_none().cmp(&b.is_none()),
                };
                values.then(names)
            }
        }
    });
    groups.into_iter().map(keys).collect()
}

async fn holds(db: &TestDatabase, query: &DemandQuery) {
    let found = demand::grouped(db, query).await.unwrap();
    let totals = plain(db, query, None).await;
    let groups = expected_groups(query, &totals);
    let limit = query.limit as usize;
    let names: Vec<Vec<String>> =
        found.groups.iter().map(|group| group.keys.iter().map(|key| key.value.clone()).collect()).collect();
    if groups.is_empty() && query.group_by.is_empty() && query.having.is_empty() {
        assert_eq!((found.groups.len(), found.groups[0].total), (1, Decimal::ZERO), "{query:?}");
        return;
    }
    assert_eq!(names, groups[..groups.len().min(limit)], "{query:?}");
    assert_eq!(found.has_more, groups.len() > limit, "{query:?}");
    let bucket = format!("{:?}", query.granularity);
    let mut cells: BTreeMap<(Vec<String>, NaiveDate), QueryResult> = BTreeMap::new();
    for row in plain(db, query, Some(&bucket)).await {
        cells.insert((keys(&row), row.try_get("", "bucket").unwrap()), row);
    }
    let lines = query.group_by.contains(&DemandGroup::Supplier) || query.filter.supplier_ids.is_some();
    for (group, name) in found.groups.iter().zip(names) {
        let total = totals.iter().find(|row| keys(row) == name).unwrap();
        assert_eq!(
            (Some(group.total), group.cost),
            (told(total, Measure::Quantity), told(total, Measure::Cost)),
            "{query:?}"
        );
        assert_eq!(group.columns.iter().map(|column| column.measure).collect::<Vec<_>>(), query.measures);
        for column in &group.columns {
            assert_eq!(column.total, told(total, column.measure), "{:?} of {name:?} in {query:?}", column.measure);
            for (&date, &found) in found.dates.iter().zip(&column.values) {
                let unknown =
                    column.measure == Measure::MeanUnitCost || (column.measure == Measure::StockedOutDays && lines);
                let nothing = (!unknown).then_some(Decimal::ZERO);
                let cell = cells.get(&(name.clone(), query.granularity.start(date)));
                assert_eq!(
                    found,
                    cell.map_or(nothing, |cell| told(cell, column.measure)),
                    "{:?} of {name:?} on {date} in {query:?}",
                    column.measure
                );
            }
        }
        let shown = found.dates.iter().map(|&date| (name.clone(), query.granularity.start(date)));
        let shown: Vec<_> = shown.collect();
        let hidden =
            cells.keys().filter(|(keys, date)| *keys == name && !shown.contains(&(name.clone(), *date))).count();
        assert_eq!(hidden, 0, "every bucket with rows is on the axis: {query:?}");
    }
}

#[tokio::test]
async fn any_question_is_answered_as_plain_sql_over_the_facts_answers_it() {
    let db = TestDatabase::new().await;
    a_varied_company(&db).await;
    let mut runner = TestRunner::deterministic();
    let queries = a_query();
    for _ in 0..120 {
        let query = queries.new_tree(&mut runner).unwrap().current();
        holds(&db, &query).await;
    }
}

#[tokio::test]
async fn suppliers_are_those_of_the_lines_that_count_as_demand() {
    let db = TestDatabase::new().await;
    a_varied_company(&db).await;
    for granularity in GRANULARITIES {
        for group_by in [vec![DemandGroup::Supplier], vec![DemandGroup::Family, DemandGroup::Supplier], vec![]] {
            for suppliers in [None, Some(vec![1]), Some(vec![])] {
                for (from, to) in [(None, None), (Some(day("2024-06-05")), Some(day("2024-07-01")))] {
                    let filter = DemandFilter { from, to, supplier_ids: suppliers.clone(), ..DemandFilter::default() };
                    let group_by = group_by.clone();
                    let measures = MEASURES.to_vec();
                    let query =
                        DemandQuery { filter, granularity, group_by, measures, limit: 50, ..DemandQuery::default() };
                    holds(&db, &query).await;
                }
            }
        }
    }
    let query = DemandQuery { group_by: vec![DemandGroup::Supplier], limit: 9, ..DemandQuery::default() };
    let found = demand::grouped(&db, &query).await.unwrap();
    let labels: Vec<_> = found.groups.iter().map(|group| group.keys[0].label.as_str()).collect();
    assert_eq!(labels.len(), 3, "two suppliers, and the lines of none: {labels:?}");
    assert!(labels.contains(&"Ômega"));
}
