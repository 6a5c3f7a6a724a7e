//! What to do about every item-site with stock, and what somebody should know at once: facts gathered, then decided.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use entity::core::item;
use entity::words::{AbcClass, AlertCategory, AlertLevel, Priority, RecommendationType};
use planning::forecast::{CumulativeDemand, DemandClass};
use planning::policy::{
    Alert, LeadTime, LeadTimes, OpenOrder, OrderCycles, PolicyInput, Position, Projection, Receipt, Recommendation,
    Rules, ServiceLevels, Subject, alert, decide as decide_on,
};
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive as _, ToPrimitive as _};
use serde_json::json;
use store::Database;
use store::alerts::NewAlert;
use store::inventory::Position as Stock;
use store::recommendations::NewRecommendation;

use super::JobError;

/// An order that is later than this is a critical matter.
const GRAVE_DELAY_DAYS: i64 = 7;
/// Distributions of demand read at a time.
const PAGE: usize = 1_000;

/// The categories of alerts that a refresh raises, and resolves when their state is gone.
pub(super) const CATEGORIES: [AlertCategory; 6] = [
    AlertCategory::Stockout,
    AlertCategory::StockoutRisk,
    AlertCategory::BelowReorderPoint,
    AlertCategory::Overstock,
    AlertCategory::DelayedOrder,
    AlertCategory::StaleData,
];

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub recommendations: Vec<NewRecommendation>,
    pub alerts: Vec<NewAlert>,
}

/// Everything one item-site's decision depends on.
struct Case {
    item: item::Model,
    site_id: i64,
    site_code: String,
    site: String,
    /// The run that the demand comes from.
    run_id: i64,
    on_hand: f64,
    on_order: Option<f64>,
    open: Vec<OpenOrder>,
    demand: CumulativeDemand,
    lead_time: LeadTime,
    last_demand: Option<NaiveDate>,
    usual_use: Option<f64>,
    smooth: bool,
}

/// Decides on every item-site with stock and a forecast in run `run_id`, or in a newer one over chosen items; `today` is the company's.
pub(super) async fn decide(
    db: &Database,
    run_id: i64,
    today: NaiveDate,
    review_days: usize,
) -> Result<Findings, JobError> {
    let cases = gather(db, run_id, today).await?;
    let deciding = tokio::task::spawn_blocking(move || find(&cases, today, review_days));
    deciding.await.map_err(|error| JobError::Ended { job: "refresh", reason: error.to_string() })
}

async fn gather(db: &Database, run_id: i64, today: NaiveDate) -> Result<Vec<Case>, JobError> {
    let stocks = store::inventory::positions(db).await?;
    if stocks.is_empty() {
        return Ok(Vec::new());
    }
    let mut ids: Vec<i64> = stocks.iter().map(|stock| stock.item_id).collect();
    ids.dedup();
    let items = store::items::by_ids(db, &ids).await?;
    let sites: HashMap<i64, store::sites::Site> =
        store::sites::all(db).await?.into_iter().map(|site| (site.row.id, site)).collect();
    let mut open: HashMap<(i64, i64), Vec<OpenOrder>> = HashMap::new();
    for line in store::policy_facts::open_lines(db).await? {
        let order = OpenOrder {
            order: format!("{}/{}", line.order_id, line.line_no),
            quantity: line.quantity,
            expected: line.expected,
        };
        open.entry((line.item_id, line.site_id)).or_default().push(order);
    }
    let last = store::policy_facts::last_demand(db).await?;
    let uses = store::policy_facts::usual_uses(db, today - Days::new(366)).await?;
    let smooth = store::policy_facts::smooth(db, run_id).await?;
    let receipts: Vec<Receipt> = store::orders::lead_times(db).await?.iter().map(receipt).collect();
    let lead_times = LeadTimes::learn(&receipts);
    let mut cases = Vec::with_capacity(stocks.len());
    for page in stocks.chunks(PAGE) {
        let keys: Vec<(i64, i64)> = page.iter().map(|stock| (stock.item_id, stock.site_id)).collect();
        let mut stored = store::policy_facts::cumulative(db, run_id, &keys).await?;
        for Stock { item_id, site_id, on_hand, on_order, .. } in page {
            let key = (*item_id, *site_id);
            // Without a forecast there is nothing to decide by.
            let (Some(item), Some(site), Some(demand)) = (items.get(item_id), sites.get(site_id), stored.remove(&key))
            else {
                continue;
            };
            let open = open.remove(&key).unwrap_or_default();
            let on_its_way = (!open.is_empty()).then(|| open.iter().map(|order| order.quantity).sum());
            cases.push(Case {
                item: item.clone(),
                site_id: *site_id,
                site_code: site.row.code.clone(),
                site: site.row.name.clone(),
                run_id: demand.run_id,
                on_hand: number(*on_hand),
                on_order: on_order.map(number).or(on_its_way),
                open,
                demand: serde_json::from_value(demand.demand)?,
                lead_time: lead_times.of(*item_id, *site_id),
                last_demand: last.get(&key).copied(),
                usual_use: uses.get(&key).copied(),
                smooth: smooth.contains(&key),
            });
        }
    }
    Ok(cases)
}

impl Case {
    fn input(&self, today: NaiveDate, review_days: usize) -> PolicyInput<'_> {
        let abc = match self.item.abc_class {
            Some(AbcClass::A) => planning::abc::AbcClass::A,
            Some(AbcClass::B) => planning::abc::AbcClass::B,
            Some(AbcClass::C) | None => planning::abc::AbcClass::C,
        };
        let criticality = self.item.criticality.clamp(0, 10) as u8;
        PolicyInput {
            today,
            item: &self.item.name,
            site: &self.site,
            on_hand: Some(self.on_hand),
            on_order: self.on_order,
            open_orders: &self.open,
            demand: &self.demand,
            lead_time: &self.lead_time,
            review_days,
            cycle_days: OrderCycles::default().of(abc),
            service_level: ServiceLevels::default().of(abc, criticality),
            unit_cost: self.item.unit_cost.map(number),
            min_quantity: self.item.min_order_quantity.map(number),
            max_quantity: self.item.max_order_quantity.map(number),
            pack: self.item.pack_size.map(number),
            integer: self.whole(),
            usual_use: self.usual_use,
            days_since_demand: self.last_demand.map(|day| u32::try_from((today - day).num_days()).unwrap_or(0)),
            abc,
            criticality,
            elsewhere: &[],
            rules: Rules::default(),
        }
    }

    /// Whether the item is counted in whole units: its distribution has no others, and neither has its stock.
    fn whole(&self) -> bool {
        self.on_hand.fract().abs() < 1e-9 && self.demand.is_whole()
    }

    fn subject(&self) -> Subject<'_> {
        Subject { sku: &self.item.sku, site_code: &self.site_code, item: &self.item.name, site: &self.site }
    }
}

fn find(cases: &[Case], today: NaiveDate, review_days: usize) -> Findings {
    let mut findings = Findings::default();
    for same in cases.chunk_by(|one, next| one.item.id == next.item.id) {
        let inputs: Vec<PolicyInput<'_>> = same.iter().map(|case| case.input(today, review_days)).collect();
        for (case, decision) in same.iter().zip(decide_on(&inputs)) {
            let beside = |made: Recommendation| {
                if case.smooth { made.beside_textbook(DemandClass::Smooth, &case.demand) } else { made }
            };
            let made = decision.recommendations.into_iter().map(beside);
            findings.recommendations.extend(made.filter_map(|made| stored(case, &made)));
            findings.alerts.extend(alerts(case, &decision.position, today));
        }
    }
    findings
}

fn stored(case: &Case, made: &Recommendation) -> Option<NewRecommendation> {
    Some(NewRecommendation {
        item_id: case.item.id,
        site_id: case.site_id,
        // Both sets spell their words alike.
        kind: made.kind.as_str().parse::<RecommendationType>().ok()?,
        priority: made.priority.as_str().parse::<Priority>().ok()?,
        quantity: Decimal::from_f64(made.quantity).map(|quantity| quantity.round_dp(4)),
        act_by: made.act_by,
        message: serde_json::to_value(&made.message).ok()?,
        value_at_risk: made.explanation.if_nothing_is_done.value_at_risk,
        explanation: serde_json::to_value(&made.explanation).ok()?,
        run_id: Some(case.run_id),
    })
}

fn alerts(case: &Case, position: &Position, today: NaiveDate) -> Vec<NewAlert> {
    let arrival = today + Days::new(position.lead_time_days.ceil() as u64);
    let arrivals: Vec<(NaiveDate, f64)> = case
        .open
        .iter()
        .map(|order| (order.expected.filter(|day| *day >= today).unwrap_or(arrival), order.quantity))
        .collect();
    let available = case.on_hand + case.on_order.unwrap_or(0.0);
    let projection = Projection::of(today, case.on_hand, &arrivals, &case.demand);
    let stock = alert::stock(case.subject(), case.on_hand, available, position, projection, arrival);
    let over = alert::overstock(case.subject(), case.on_hand, position, Rules::default().hold_days);
    let late =
        case.open.iter().filter_map(|order| alert::delayed_order(case.subject(), order, today, GRAVE_DELAY_DAYS));
    let inputs =
        json!({"onHand": case.on_hand, "onOrder": case.on_order, "position": position, "stockoutDate": projection});
    stock
        .into_iter()
        .chain(over)
        .chain(late)
        .filter_map(|alert| raised(alert, Some((case.item.id, case.site_id)), inputs.clone()))
        .collect()
}

/// An alert as the store keeps it.
pub(super) fn raised(alert: Alert, about: Option<(i64, i64)>, inputs: serde_json::Value) -> Option<NewAlert> {
    Some(NewAlert {
        level: alert.level.as_str().parse::<AlertLevel>().ok()?,
        category: alert.category.as_str().parse::<AlertCategory>().ok()?,
        item_id: about.map(|(item, _)| item),
        site_id: about.map(|(_, site)| site),
        message: serde_json::to_value(&alert.message).ok()?,
        key: alert.key,
        inputs,
    })
}

fn receipt(observed: &store::orders::LeadTime) -> Receipt {
    let store::orders::LeadTime { item_id, site_id, supplier_id, days } = *observed;
    Receipt { item: item_id, site: site_id, supplier: supplier_id, days: usize::try_from(days).unwrap_or(0) }
}

fn number(value: Decimal) -> f64 {
    value.to_f64().unwrap_or(0.0)
}
