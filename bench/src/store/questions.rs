//! The questions, each asked many times.

use std::time::Instant;

use ::store::demand::{
    self, DemandFilter, DemandGroup, DemandQuery, DemandRowOrder, FactFilter, Granularity, Measure, SeriesKey,
};
use ::store::flat::FlatArgs;
use ::store::items::{self, ItemFilter, ItemOrder, Relevance};
use ::store::page::PageArgs;
use ::store::{Database, Result as Stored};
use anyhow::{Result, ensure};
use chrono::Days;

use crate::table::{Goal, Row, percentile};
use crate::warehouse::{ITEMS, Warehouse};

/// Asks everything; goals are those of a native server.
pub async fn ask(db: &Database, warehouse: &Warehouse, native: bool) -> Result<Vec<Row>> {
    let few = if native { 1 } else { 4 };
    let goal = |goal: f64| if native { Goal::AtMost(goal) } else { Goal::None };
    let mut rows = vec![
        series(db, warehouse, 1, 400 / few, goal(2.0)).await?,
        series(db, warehouse, 100, 40 / few, Goal::None).await?,
    ];
    let by_family = |measures: &[Measure]| grouped_by(DemandGroup::Family, Granularity::Month, measures);
    let whole = by_family(&[]);
    rows.push(grouped(db, "family x month, from rollups", &whole, 100 / few, goal(20.0)).await?);
    let detailed = by_family(&[Measure::Peak]);
    rows.push(grouped(db, "family x month, from facts", &detailed, 8 / few, goal(2_000.0)).await?);
    let (a, b) = (demand::grouped(db, &whole).await?, demand::grouped(db, &detailed).await?);
    let same = a
        .groups
        .iter()
        .zip(&b.groups)
        .all(|(a, b)| (a.total, a.cost, &a.quantities) == (b.total, b.cost, &b.quantities));
    ensure!(same && a.groups.len() == b.groups.len(), "rollups and facts must tell the same");
    let week = grouped_by(DemandGroup::Family, Granularity::Week, &[]);
    rows.push(grouped(db, "family x week, from rollups", &week, 40 / few, Goal::None).await?);
    let region = grouped_by(DemandGroup::Region, Granularity::Month, &[]);
    rows.push(grouped(db, "region x month, from rollups", &region, 20 / few, Goal::None).await?);
    let item = grouped_by(DemandGroup::Item, Granularity::Month, &[]);
    rows.push(grouped(db, "item x month, the 50 greatest, from rollups", &item, 8 / few, Goal::None).await?);
    let from = Some(Warehouse::last() - Days::new(89));
    let recent = DemandQuery {
        filter: DemandFilter { from, ..DemandFilter::default() },
        ..grouped_by(DemandGroup::Family, Granularity::Day, &[])
    };
    rows.push(grouped(db, "family x day, the last 90 days, from facts", &recent, 8 / few, Goal::None).await?);
    rows.push(search(db, false, 300 / few, goal(20.0)).await?);
    rows.push(search(db, true, 300 / few, goal(20.0)).await?);
    rows.extend(pull(db, 30 / few).await?);
    Ok(rows)
}

/// Milliseconds at the 95th percentile.
async fn p95<T>(
    what: String,
    times: usize,
    goal: Goal,
    mut question: impl AsyncFnMut(usize) -> Stored<T>,
) -> Result<Row> {
    let mut milliseconds = Vec::with_capacity(times);
    // The first question of a kind warms plans and connections, as a running server has.
    question(times).await?;
    for n in 0..times {
        let started = Instant::now();
        question(n).await?;
        milliseconds.push(started.elapsed().as_secs_f64() * 1_000.0);
    }
    milliseconds.sort_by(f64::total_cmp);
    Ok(Row { what, figure: percentile(&milliseconds, 0.95), unit: "ms p95", goal })
}

async fn series(db: &Database, warehouse: &Warehouse, keys: u64, times: usize, goal: Goal) -> Result<Row> {
    p95(format!("{keys} item-site series of 365 days"), times, goal, async |n| {
        let keys: Vec<SeriesKey> = (0..keys)
            .map(|key| {
                let (item_id, site) = warehouse.pair((n as u64 * 7_919) + key * 31);
                let to = Warehouse::last() - Days::new(n as u64 % 7);
                let from = Some(to - Days::new(364));
                SeriesKey { item_id, site_id: Some(site), from, to: Some(to), granularity: Granularity::Day }
            })
            .collect();
        let series = demand::series(db, &keys).await?;
        assert!(series.values().all(|series| series.dates.len() == 365), "a whole year");
        Ok(())
    })
    .await
}

fn grouped_by(group: DemandGroup, granularity: Granularity, measures: &[Measure]) -> DemandQuery {
    DemandQuery { granularity, group_by: vec![group], measures: measures.to_vec(), limit: 50, ..DemandQuery::default() }
}

async fn grouped(db: &Database, what: &str, query: &DemandQuery, times: usize, goal: Goal) -> Result<Row> {
    p95(what.to_owned(), times.max(2), goal, async |_| demand::grouped(db, query).await).await
}

async fn search(db: &Database, relevant: bool, times: usize, goal: Goal) -> Result<Row> {
    let words = ["cabo", "cóBre 19", "0123", "óptico", "9MM", "de aço", "ator", "conector inox", "00042", "nothing"];
    let how = if relevant { "by relevance" } else { "by sku" };
    p95(format!("search among {ITEMS} items, {how}"), times, goal, async |n| {
        let search = words[n % words.len()];
        let filter = ItemFilter { search: Some(search.to_owned()), ..ItemFilter::default() };
        let args = PageArgs::first(50);
        // Fifty rows of a fresh cursor are always a page.
        if relevant {
            items::page(db, &filter, &args.window(Relevance::of(search)).unwrap_or_else(|_| unreachable!())).await
        } else {
            items::page(db, &filter, &args.window(ItemOrder::default()).unwrap_or_else(|_| unreachable!())).await
        }
    })
    .await
}

/// Flat pages from the first day on.
async fn pull(db: &Database, pages: usize) -> Result<Vec<Row>> {
    let (mut milliseconds, mut rows, mut after) = (Vec::new(), 0, None);
    let started = Instant::now();
    for _ in 0..pages.max(2) {
        let window = FlatArgs { first: Some(10_000), after }.window(DemandRowOrder)?;
        let page = Instant::now();
        let flat = demand::rows(db, &FactFilter::default(), &window).await?;
        milliseconds.push(page.elapsed().as_secs_f64() * 1_000.0);
        rows += flat.columns.dates.len();
        after = flat.end_cursor;
        if after.is_none() {
            break;
        }
    }
    let rate = rows as f64 / started.elapsed().as_secs_f64();
    milliseconds.sort_by(f64::total_cmp);
    let page = Row {
        what: "a flat page of 10,000 rows of demand".into(),
        figure: percentile(&milliseconds, 0.95),
        unit: "ms p95",
        goal: Goal::None,
    };
    Ok(vec![
        page,
        Row { what: "flat rows of demand, page after page".into(), figure: rate, unit: "rows/s", goal: Goal::None },
    ])
}
