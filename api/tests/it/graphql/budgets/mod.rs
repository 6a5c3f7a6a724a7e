//! How many statements every field of the schema may make: as many for a hundred parents as for ten, for every role, alone
//! and among sixteen at once. Fields are found from the schema itself, so a new one makes none until [`QUESTIONS`] says so.

mod company;
mod ways;

use std::collections::BTreeSet;
use std::time::Duration;

use api::app::AppParts;
use api::config::Config;
use api::graphql::ids::{Kind, encode};
use api::graphql::shape::{TypeShape, base_name};
use entity::words::Role;
use futures::future::join_all;
use serde_json::{Value, json};

use crate::server::Server;
use ways::{Step, Way};

/// What a field asks the database, one statement each, however many parents ask it and whatever else of the request asks the
/// same. A field without a line asks nothing: it answers from what its parent holds.
const QUESTIONS: &[(&str, &[&str])] = &[
    ("Query.node", &["node"]),
    ("Query.nodes", &["1st kind", "2nd kind", "3rd kind", "4th kind", "5th kind", "6th kind", "7th kind"]),
    ("Query.items", &["items"]),
    ("Query.item", &["items by sku"]),
    ("Query.sites", &["sites"]),
    ("Query.regions", &["regions"]),
    ("Query.suppliers", &["suppliers"]),
    ("Query.families", &["families"]),
    ("Query.forecastRuns", &["runs"]),
    ("Query.recommendations", &["recommendations"]),
    ("Query.alerts", &["alerts"]),
    ("Query.freshness", &["freshness"]),
    ("Query.importRuns", &["import runs"]),
    ("Query.importRun", &["import runs by id"]),
    ("Query.demoLogins", &["demo users", "settings"]),
    ("Query.demandRows", &["demand rows"]),
    ("Query.inventoryRows", &["inventory rows"]),
    ("Query.orderRows", &["order rows"]),
    ("Query.forecastRows", &["current run", "forecast rows"]),
    // Nothing is forecast at a site here, so the questions end early.
    ("Query.simulatePolicy", &["forecasts", "items by id"]),
    ("Query.apiTokens", &["tokens"]),
    ("Query.users", &["users"]),
    ("Query.auditLog", &["audit log"]),
    ("Query.auditVerdict", &["audit log, whole", "audit head", "audit log, newer"]),
    ("Query.savedViews", &["views"]),
    ("DemandColumns.skus", &["skus"]),
    ("DemandColumns.siteCodes", &["site codes"]),
    ("InventoryColumns.skus", &["skus"]),
    ("InventoryColumns.siteCodes", &["site codes"]),
    ("OrderColumns.skus", &["skus"]),
    ("OrderColumns.siteCodes", &["site codes"]),
    ("OrderColumns.supplierCodes", &["supplier codes"]),
    ("ForecastColumns.skus", &["skus"]),
    ("ForecastColumns.siteCodes", &["site codes"]),
    ("Viewer.demo", &["settings"]),
    ("Viewer.today", &["bounds"]),
    ("Viewer.dataThrough", &["bounds"]),
    ("Item.sites", &["sites of items"]),
    ("Item.demand", &["demand"]),
    ("Item.forecast", &["forecasts"]),
    ("Item.inventory", &["inventory"]),
    ("Item.features", &["features"]),
    ("Item.stock", &["stock"]),
    ("Item.orders", &["orders of items"]),
    ("Item.recommendations", &["recommendations of items"]),
    ("Item.alerts", &["alerts of items"]),
    ("Item.accuracy", &["weeks"]),
    ("Item.suppliers", &["suppliers of items"]),
    ("OrderLine.site", &["sites by id"]),
    ("OrderLine.supplier", &["suppliers by id"]),
    ("Alert.item", &["items by id"]),
    ("Alert.site", &["sites by id"]),
    ("Alert.resolvedBy", &["users by id"]),
    ("Recommendation.item", &["items by id"]),
    ("Recommendation.site", &["sites by id"]),
    ("Recommendation.acknowledgedBy", &["users by id"]),
    ("Kpi.accuracyReason", &["first forecast"]),
    ("KpiTargets.carryingCost", &["first carrying costs"]),
    ("ImportRun.rejectReasons", &["reject reasons"]),
    ("ImportRun.rejects", &["rejects"]),
    ("ImportRejectConnection.totalCount", &["reject reasons"]),
    ("SavedView.owner", &["users by id"]),
    ("ApiToken.owner", &["users by id"]),
    ("ItemConnection.totalCount", &["item count"]),
    ("SupplierConnection.totalCount", &["supplier count"]),
    ("RegionConnection.totalCount", &["region count"]),
    ("ForecastRunConnection.totalCount", &["run count"]),
    ("RecommendationConnection.totalCount", &["recommendation count"]),
    ("AlertConnection.totalCount", &["alert count"]),
    ("ImportRunConnection.totalCount", &["import run count"]),
    ("AuditConnection.totalCount", &["audit count"]),
];

/// Many branches at once, which meet again in the same sites, suppliers and items.
const DEEP: &str = "{ items(first: 1000) { nodes { sku stock { onHand } demand { total } suppliers { supplier { code } } \
    orders { site { code } supplier { code } } recommendations { item { sku } site { code } acknowledgedBy } \
    alerts { item { sku } site { code } } } } }";
const DEEP_QUESTIONS: [&str; 11] = [
    "items",
    "stock",
    "demand",
    "suppliers of items",
    "orders of items",
    "recommendations of items",
    "alerts of items",
    "sites by id",
    "suppliers by id",
    "items by id",
    "users by id",
];

/// Lists that are never long: there are so many kinds of data.
const SHORT: [&str; 1] = ["Freshness"];
const FEW: i64 = 10;
const MANY: i64 = 120;
const AT_ONCE: usize = 16;

/// What fields are asked with.
fn arguments(field: &str) -> String {
    let id = |kind, number| encode(kind, number).to_string();
    let page = "(first: 1000)".to_owned();
    match field {
        "Query.items"
        | "Query.regions"
        | "Query.suppliers"
        | "Query.forecastRuns"
        | "Query.recommendations"
        | "Query.alerts"
        | "Query.importRuns"
        | "Query.auditLog" => page,
        "Query.demand" => "(groupBy: [ITEM], measures: [QUANTITY], granularity: MONTH, first: 1000)".into(),
        "Query.kpis" => "(from: \"2025-01-01\", to: \"2025-12-31\")".into(),
        "Query.forecast" => "(level: ALL)".into(),
        "Query.node" => format!("(id: \"{}\")", id(Kind::Item, 1)),
        "Query.nodes" => {
            let kinds = [
                Kind::Item,
                Kind::Site,
                Kind::Recommendation,
                Kind::Alert,
                Kind::Supplier,
                Kind::Region,
                Kind::ForecastRun,
            ];
            let ids = (1..=MANY).flat_map(|number| kinds.map(|kind| format!("{:?}", id(kind, number))));
            format!("(ids: [{}])", ids.collect::<Vec<_>>().join(", "))
        }
        "Query.item" => "(sku: \"000001\")".into(),
        "Query.importRun" => format!("(id: \"{}\")", id(Kind::ImportRun, 1)),
        "Query.simulatePolicy" => {
            format!("(itemId: \"{}\", siteId: \"{}\")", id(Kind::Item, 1), id(Kind::Site, 1))
        }
        "Item.features" => format!("(siteId: \"{}\")", id(Kind::Site, 1)),
        _ => String::new(),
    }
}

/// One request to measure.
struct Asked {
    /// For messages.
    name: String,
    way: Way,
    document: String,
    /// What it asks the database; nothing beyond the first field that is refused.
    questions: BTreeSet<&'static str>,
    refused: bool,
    /// Are the objects that it asks of found through a list that grows?
    grows: bool,
    /// Are several fields asked at once?
    whole: bool,
}

fn questions(field: &str) -> &'static [&'static str] {
    QUESTIONS.iter().find(|(name, _)| *name == field).map_or(&[], |(_, questions)| questions)
}

/// Every request for a role: of each type each field that asks something, and all fields together. An ADMIN asks only what
/// nobody else may: the rest is no other for them than for an ANALYST.
fn requests(server: &Server, role: Role) -> Vec<Asked> {
    let graph = &server.app.shared().graph;
    let access = |step: &Step| graph.policy.field(&step.parent, &step.field).expect("every field has a policy");
    let admits = |step: &Step| access(step).admits(Some(role));
    let mut asked = Vec::new();
    for (parent, way) in ways::from_query(graph) {
        let fields: Vec<Step> = graph
            .shape
            .fields()
            .into_iter()
            .filter(|(of, ..)| *of == parent)
            .map(|(of, field, _)| Step { parent: of.to_owned(), field: field.to_owned() })
            .collect();
        let named = |step: &Step| format!("{}.{}", step.parent, step.field);
        // One by one only for an ANALYST: a VIEWER's fields ask the same, and all of them are asked together below.
        let alone = fields.iter().filter(|step| role != Role::Viewer && !questions(&named(step)).is_empty());
        let alone = alone.map(|step| vec![step.clone()]);
        for fields in alone.chain([fields.clone()]) {
            let everybodys = way.iter().chain(&fields).all(|step| access(step).admits(Some(Role::Analyst)));
            if role == Role::Admin && everybodys {
                continue;
            }
            let refused_at = way.iter().position(|step| !admits(step));
            let on_the_way = way.iter().take(refused_at.unwrap_or(way.len()));
            let at_its_end = fields.iter().filter(|step| refused_at.is_none() && admits(step));
            let questions = on_the_way.chain(at_its_end).flat_map(|step| questions(&named(step)).iter().copied());
            let leaf = |step: &Step| {
                let shape = graph.shape.field(&step.parent, &step.field).expect("it is of the schema");
                let composite = matches!(graph.shape.get(base_name(&shape.ty)), Some(TypeShape::Composite(_)));
                let inner = if composite { " { __typename }" } else { "" };
                format!("{}{}{inner}", step.field, arguments(&named(step)))
            };
            let leaves: Vec<String> = fields.iter().map(leaf).collect();
            asked.push(Asked {
                name: format!("{role:?}: {}", fields.iter().map(named).collect::<Vec<_>>().join(", ")),
                document: ways::document(&way, &leaves.join(" "), |step| arguments(&named(step))),
                questions: questions.collect(),
                refused: refused_at.is_some() || !fields.iter().all(admits),
                grows: refused_at.is_none() && ways::has_list(graph, &way) && !SHORT.contains(&parent.as_str()),
                whole: fields.len() > 1,
                way: way.clone(),
            });
        }
    }
    if role != Role::Admin {
        let step = |parent: &str, field: &str| Step { parent: parent.to_owned(), field: field.to_owned() };
        asked.push(Asked {
            name: format!("{role:?}: many branches"),
            way: vec![step("Query", "items"), step("ItemConnection", "nodes")],
            document: DEEP.to_owned(),
            questions: DEEP_QUESTIONS.into(),
            refused: false,
            grows: true,
            whole: true,
        });
    }
    asked
}

/// The statements that requests' own reads took until now, as `/metrics` tells it.
async fn counted(server: &Server) -> u64 {
    let shared = server.app.shared();
    let text = shared.metrics.text(shared).await;
    let sum = text.lines().find_map(|line| line.strip_prefix("corrente_request_statements_sum "));
    sum.expect("it is told").parse::<f64>().unwrap() as u64
}

async fn ask(server: &Server, token: &str, asked: &Asked) -> Value {
    let body = server.ask(Some(token), &asked.document, json!({})).await.json();
    assert!(asked.refused || body.get("errors").is_none(), "{}: {}: {body}", asked.name, asked.document);
    body
}

/// What a request came to.
#[derive(Debug, Clone, Copy)]
struct Measured {
    /// How many objects were asked of.
    parents: usize,
    /// The statements of its own reads.
    own: u64,
    /// All statements, also those of the caches.
    all: u64,
}

async fn measure(server: &Server, token: &str, asked: &Asked) -> Measured {
    // The first of its kind fills what is remembered: who asks, how long lists are.
    ask(server, token, asked).await;
    let (own, all) = (counted(server).await, server.db.statements());
    let body = ask(server, token, asked).await;
    let all = server.db.statements() - all;
    Measured { parents: ways::reached(&body["data"], &asked.way), own: counted(server).await - own, all }
}

async fn every_field_keeps_its_budget(role: Role) {
    let mut config = Config::for_tests();
    // Lists are asked whole here, and all fields of the root at once.
    (config.limits.cost, config.limits.root_fields, config.limits.tokens) = (usize::MAX, 100, 10_000);
    // How long it takes is another question, and machines that test are busy.
    config.limits.request_timeout = Duration::from_mins(5);
    let server = Server::with(config, AppParts::default()).await;
    let token = server.token(role).await;
    let requests = requests(&server, role);
    company::grow(&server, 1, FEW).await;
    let mut few = Vec::with_capacity(requests.len());
    for asked in &requests {
        few.push(measure(&server, &token, asked).await);
    }
    company::grow(&server, FEW + 1, MANY).await;
    let mut faults = Vec::new();
    for (asked, few) in requests.iter().zip(few) {
        let budget = asked.questions.len() as u64;
        let many = measure(&server, &token, asked).await;
        // Beside a request's own reads there are caches', the audit log's, and now and then somebody else's.
        let beside = |measured: Measured| measured.all.saturating_sub(measured.own);
        if [few.own, many.own] != [budget; 2] || beside(many) > beside(few) + (MANY - FEW) as u64 / 2 {
            faults.push(format!("{}: {few:?}, {many:?}, not {:?}", asked.name, asked.questions));
        }
        if asked.grows && (few.parents < FEW as usize || many.parents < MANY as usize) {
            faults.push(format!("{} is asked of too few: {few:?}, {many:?}", asked.name));
        }
        if asked.whole && asked.grows && many.own > 1 {
            let before = counted(&server).await;
            join_all((0..AT_ONCE).map(|_| ask(&server, &token, asked))).await;
            let made = counted(&server).await - before;
            if made != AT_ONCE as u64 * budget {
                faults.push(format!("{}: {made} by {AT_ONCE} at once, not {budget} each", asked.name));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(requests.iter().filter(|asked| asked.grows).count() > 10, "the ways are gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_keeps_its_budget_for_a_viewer() {
    every_field_keeps_its_budget(Role::Viewer).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_keeps_its_budget_for_an_analyst() {
    every_field_keeps_its_budget(Role::Analyst).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_keeps_its_budget_for_an_admin() {
    every_field_keeps_its_budget(Role::Admin).await;
}

#[test]
fn every_question_is_of_a_field_that_is_there() {
    let graph = api::graphql::Graph::build().unwrap();
    for (name, _) in QUESTIONS {
        let (parent, field) = name.split_once('.').unwrap();
        assert!(graph.shape.field(parent, field).is_some(), "{name} is gone");
    }
}
