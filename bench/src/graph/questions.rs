//! The questions of a working day, each asked of the served graph again and again with other arguments.

use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use api::graphql::ids::{Kind, encode};
use chrono::Days;
use serde_json::{Value, json};

use super::Served;
use super::client::Client;
use crate::table::{Goal, Row, percentile};
use crate::warehouse::Warehouse;

/// A question, its goals in milliseconds at the 95th percentile and in statements, and what varies in it. Once a second one
/// of the statements asks whether who asks still may.
struct Question {
    name: &'static str,
    p95: f64,
    statements: f64,
    document: &'static str,
    /// The variables of the nth time.
    variables: fn(&Warehouse, u64) -> Value,
    /// Where in the answer's data there must be something, and how many.
    expect: (&'static str, usize),
}

const QUESTIONS: [Question; 5] = [
    Question {
        name: "KPIs of 90 days",
        p95: 20.0,
        statements: 8.0,
        document: "query Kpis($from: Date, $to: Date) { kpis(from: $from, to: $to) { date totalDemand stockoutRate fillRate \
                   delayedOrdersRate forecastMape inventoryValue turnover daysOfCover } }",
        variables: |_, n| {
            // Ten ranges, as ten people have them: the first of each asks the database, the rest is remembered.
            let to = Warehouse::last() - Days::new(n % 10);
            json!({ "from": to - Days::new(89), "to": to })
        },
        expect: ("/kpis", 90),
    },
    Question {
        name: "50 items",
        p95: 20.0,
        statements: 2.0,
        document: "query Items($search: String) { items(first: 50, filter: { search: $search }) { \
                   nodes { id sku name family category unit abcClass xyzClass unitCost } pageInfo { hasNextPage endCursor } } }",
        variables: |_, n| json!({ "search": format!("{}", n % 10) }),
        expect: ("/items/nodes", 50),
    },
    Question {
        name: "one item-site, 365 days",
        p95: 10.0,
        statements: 3.0,
        document: "query Series($item: ID!, $site: ID!, $from: Date, $to: Date) { item(id: $item) { sku \
                   demand(siteId: $site, from: $from, to: $to) { dates quantities total } } }",
        variables: |warehouse, n| {
            let (item, site) = warehouse.pair(n * 7_919);
            let to = Warehouse::last() - Days::new(n % 7);
            let (item, site) = (encode(Kind::Item, item), encode(Kind::Site, site));
            json!({ "item": item, "site": site, "from": to - Days::new(364), "to": to })
        },
        expect: ("/item/demand/dates", 365),
    },
    Question {
        name: "demand by family and month",
        p95: 100.0,
        statements: 2.0,
        document: "query Grouped($from: Date) { demand(groupBy: [FAMILY], granularity: MONTH, filter: { from: $from }) { \
                   keys { label } dates quantities total } }",
        // Of a first day that nobody asked of before, where nothing is remembered.
        variables: |_, n| json!({ "from": Warehouse::first() + Days::new(n % 700) }),
        expect: ("/demand", 20),
    },
    Question {
        name: "100 items with weekly series, stock and alerts",
        p95: 100.0,
        statements: 5.0,
        document: "query Nested($family: String!, $from: Date) { items(first: 100, filter: { families: [$family] }) { nodes { sku name \
                   demand(granularity: WEEK, from: $from) { dates quantities } stock { onHand daysOfCover } alerts { level } } } }",
        variables: |_, n| json!({ "family": format!("Family {}", n % 20), "from": Warehouse::last() - Days::new(180) }),
        expect: ("/items/nodes", 100),
    },
];

/// How much to ask.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// How often each question is asked alone.
    pub times: u64,
    /// How many ask at once, for requests a second.
    pub clients: u64,
}

/// Asks all of them.
pub async fn ask(served: &Served, warehouse: &Warehouse, load: Load) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for question in &QUESTIONS {
        let body =
            |n: u64| json!({ "query": question.document, "variables": (question.variables)(warehouse, n) }).to_string();
        let bodies: Vec<String> = (0..load.times).map(body).collect();
        let mut client = served.client().await?;
        // The first of a kind warms plans and connections, as a running server has.
        right(&client.post(&body(load.times)).await?.body, question)?;
        let (before, mut milliseconds) = (served.db.statements(), Vec::new());
        for body in &bodies {
            let started = Instant::now();
            let answer = client.post(body).await?;
            milliseconds.push(started.elapsed().as_secs_f64() * 1_000.0);
            right(&answer.body, question)?;
        }
        let statements = (served.db.statements() - before) as f64 / load.times as f64;
        milliseconds.sort_by(f64::total_cmp);
        let row =
            |what: &str, figure, unit, goal| Row { what: format!("{}: {what}", question.name), figure, unit, goal };
        let at = |share| percentile(&milliseconds, share);
        rows.push(row("alone", at(0.5), "ms p50", Goal::None));
        rows.push(row("alone", at(0.95), "ms p95", Goal::AtMost(question.p95)));
        rows.push(row("alone", at(0.99), "ms p99", Goal::None));
        rows.push(row("statements a request", statements, "", Goal::AtMost(question.statements)));
        let clients = load.clients;
        let mut connections = Vec::new();
        for _ in 0..clients {
            connections.push(served.client().await?);
        }
        let rate = at_once(connections, &bodies).await?;
        rows.push(row(&format!("{clients} at once"), rate, "req/s", Goal::None));
    }
    Ok(rows)
}

/// Requests a second of clients that ask at once.
pub async fn at_once(connections: Vec<Client>, bodies: &[String]) -> Result<f64> {
    let mut asking = Vec::new();
    let clients = connections.len();
    for (client, mut connection) in connections.into_iter().enumerate() {
        let mut bodies = bodies.to_vec();
        // Each begins elsewhere, so that they do not ask the same at the same time.
        let begin = client * bodies.len() / clients;
        bodies.rotate_left(begin);
        asking.push(async move {
            for body in &bodies {
                let answer = connection.post(body).await?;
                ensure!(answer.status == 200, "{}: {}", answer.status, String::from_utf8_lossy(&answer.body));
            }
            Ok(bodies.len())
        });
    }
    let started = Instant::now();
    let tasks: Vec<_> = asking.into_iter().map(tokio::spawn).collect();
    let mut asked = 0;
    for task in tasks {
        asked += task.await??;
    }
    Ok(asked as f64 / started.elapsed().as_secs_f64())
}

/// A fast answer that is wrong is worth nothing.
fn right(body: &[u8], question: &Question) -> Result<()> {
    let answer: Value = serde_json::from_slice(body)?;
    ensure!(answer.get("errors").is_none(), "{}: {answer}", question.name);
    let (place, length) = question.expect;
    let found = answer["data"].pointer(place).and_then(Value::as_array).map(Vec::len);
    let found = found.with_context(|| format!("{}: nothing at {place}", question.name))?;
    ensure!(found == length, "{}: {found} at {place}, not {length}", question.name);
    Ok(())
}
