//! A small company, written straight into the tables.

use chrono::{Days, NaiveDate};
use entity::core::{demand, item};
use entity::words::{AbcBasis, AbcClass, ItemKind, Priority, RecommendationType, RunSource};
use planning::policy::{Message, MessageCode};
use rust_decimal::Decimal;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait};
use serde_json::{Value, json};
use store::forecasts::{FinishedRun, NewRun, Point, SeriesId, SeriesRow};
use store::recommendations::NewRecommendation;
use testkit::TestDatabase;
use testkit::builders::instant;

/// The sku of the item at `index`.
pub fn sku(index: usize) -> String {
    format!("{index:06}")
}

/// `count` items at 2.50 each, of the families EVEN and ODD, the first of class A.
pub async fn with_items(db: &TestDatabase, count: usize) {
    let rows = (0..count).map(|index| item::ActiveModel {
        id: Set(index as i64 + 1),
        sku: Set(sku(index)),
        name: Set(format!("CONEXÃO {index}")),
        name_folded: Set(format!("conexao {index}")),
        search_folded: Set(format!("{} conexao {index}", sku(index))),
        description: Set(None),
        kind: Set(ItemKind::Material),
        family: Set(Some(if index % 2 == 0 { "EVEN" } else { "ODD" }.into())),
        category: Set(None),
        subcategory: Set(None),
        unit: Set("UN".into()),
        abc_class: Set(Some(if index == 0 { AbcClass::A } else { AbcClass::C })),
        abc_basis: Set(Some(AbcBasis::Value)),
        xyz_class: Set(None),
        criticality: Set(5),
        unit_cost: Set(Some(Decimal::new(25, 1))),
        min_order_quantity: Set(None),
        max_order_quantity: Set(None),
        pack_size: Set(None),
        active: Set(true),
        attributes: Set(serde_json::json!({})),
    });
    item::Entity::insert_many(rows).exec(db.writer()).await.unwrap();
}

/// Demand of the item at `index` at site 1, which is made if it is not there.
pub async fn with_demand(db: &TestDatabase, index: usize, days: &[(&str, i64)]) {
    let site = "INSERT INTO core.dim_site (id, code, name, name_folded, type) VALUES (1, 'S1', 'Site', 'site', 'TOWER') ON CONFLICT DO NOTHING";
    db.writer().execute_unprepared(site).await.unwrap();
    let partition = "CREATE TABLE IF NOT EXISTS core.fact_demand_daily_all PARTITION OF core.fact_demand_daily DEFAULT";
    db.writer().execute_unprepared(partition).await.unwrap();
    for (day, quantity) in days {
        let row = demand::ActiveModel {
            item_id: Set(index as i64 + 1),
            site_id: Set(1),
            full_date: Set(day.parse().unwrap()),
            quantity: Set(Decimal::from(*quantity)),
            unit_cost: Set(None),
            total_cost: sea_orm::ActiveValue::NotSet,
            stocked_out: Set(false),
        };
        row.insert(db.writer()).await.unwrap();
    }
}

/// What a test's forecast says of each of its days.
pub struct Foreseen {
    /// The first day.
    pub origin: NaiveDate,
    pub days: i16,
    pub mean: f64,
    pub quantiles: [Option<f64>; 7],
    /// As it is stored.
    pub cumulative: Value,
}

/// A ready run over (item, site) series, every day alike; site 0 is the item over all sites.
pub async fn with_forecast(db: &TestDatabase, series: &[(i64, i64)], foreseen: &Foreseen) {
    let at = instant("2025-03-04T03:00:00Z");
    let new = NewRun {
        origin: foreseen.origin,
        horizon: foreseen.days,
        data_through: foreseen.origin - Days::new(1),
        source: RunSource::Computed,
        complete: true,
        seed: 1,
        started_at: at,
    };
    let run = store::forecasts::start_run(db, new).await.unwrap().id;
    let ids: Vec<SeriesId> = series
        .iter()
        .map(|&(item, site)| if site == 0 { SeriesId::item(item) } else { SeriesId::item_site(item, site) })
        .collect();
    let row = |id: &SeriesId| SeriesRow {
        id: id.clone(),
        model: "SES".into(),
        demand_class: "SMOOTH".into(),
        backtest: json!({}),
        cumulative: foreseen.cumulative.clone(),
    };
    store::forecasts::write_series(db, run, &ids.iter().map(row).collect::<Vec<_>>()).await.unwrap();
    let of = |id: &SeriesId, lead: i16| Point {
        series: id.clone(),
        target_date: foreseen.origin + Days::new(lead as u64 - 1),
        lead,
        mean: foreseen.mean,
        quantiles: foreseen.quantiles,
        model: "SES".into(),
    };
    let points: Vec<Point> = ids.iter().flat_map(|id| (1..=foreseen.days).map(move |lead| of(id, lead))).collect();
    store::forecasts::write_points(db, run, foreseen.origin, &points).await.unwrap();
    let done = FinishedRun { models: json!({}), backtest: json!({}), accuracy: json!([]), series: 1, finished_at: at };
    store::forecasts::finish_run(db, run, done).await.unwrap();
}

/// To reorder twelve of the first item for all sites, at once.
pub fn a_recommendation() -> NewRecommendation {
    let message = serde_json::to_value(Message::new(MessageCode::Stockout)).unwrap();
    let explanation = json!({ "onHand": 2, "formula": "3 - 1 = 2", "leadTimeDemand": { "mean": 1, "quantiles": [0, 0, 0, 1, 2, 3, 4] },
        "unitCost": 2.5,
        "ifNothingIsDone": { "stockoutDate": { "earliest": "2025-03-07", "likely": "2025-03-09", "latest": null },
            "expectedShortage": 39.8, "valueAtRisk": 99.5 } });
    NewRecommendation {
        item_id: 1,
        site_id: 0,
        kind: RecommendationType::Reorder,
        priority: Priority::High,
        quantity: Some(12.into()),
        act_by: "2025-03-07".parse().unwrap(),
        message,
        explanation,
        value_at_risk: Some(99.5),
        run_id: None,
    }
}
