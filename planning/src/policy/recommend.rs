//! What to do about an item at a site: the decision.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::lead_time::LeadTime;
use super::message::{Message, MessageCode};
use super::position::{OpenOrder, Position, Projection};
use super::recommendation::{Explanation, IfNothingIsDone, Priority, Recommendation, RecommendationKind};
use crate::abc::AbcClass;
use crate::forecast::cumulative::CumulativeDemand;
use crate::round4;

/// Stock of the same item that another site can spare.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spare {
    pub site: String,
    /// What that site has beyond its own order-up-to level.
    pub quantity: f64,
}

/// Thresholds that companies set.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Rules {
    /// Cover from which stock beyond the order-up-to level is held.
    pub hold_days: f64,
    /// Days without demand after which stock is dead.
    pub dead_days: u32,
    /// From this criticality a likely stock-out is CRITICAL whatever the ABC class.
    pub critical_from: u8,
}

impl Default for Rules {
    fn default() -> Self {
        Self { hold_days: 180.0, dead_days: 180, critical_from: 7 }
    }
}

/// Everything a recommendation depends on.
#[derive(Debug, Clone, Copy)]
pub struct PolicyInput<'a> {
    /// The day after demand's `dataThrough`.
    pub today: NaiveDate,
    /// Names for the message.
    pub item: &'a str,
    pub site: &'a str,
    /// `None`: the company has no stock data, and nothing is recommended.
    pub on_hand: Option<f64>,
    /// `None`: the company never records receipts, so what is on order is not known and counts as nothing.
    pub on_order: Option<f64>,
    pub open_orders: &'a [OpenOrder],
    pub demand: &'a CumulativeDemand,
    pub lead_time: &'a LeadTime,
    /// Days between two looks at the stock.
    pub review_days: usize,
    /// Days that one order is meant to last.
    pub cycle_days: usize,
    pub service_level: f64,
    pub unit_cost: Option<f64>,
    pub min_quantity: Option<f64>,
    pub max_quantity: Option<f64>,
    pub pack: Option<f64>,
    /// Whether the item is counted in whole units.
    pub integer: bool,
    /// What one use takes: the (lower) median quantity of the days with demand, in the trailing year. A shelf in use is never
    /// planned to hold less; one that would count as dead stock is let run empty. `None` where nothing was used.
    pub usual_use: Option<f64>,
    pub days_since_demand: Option<u32>,
    pub abc: AbcClass,
    pub criticality: u8,
    pub elsewhere: &'a [Spare],
    pub rules: Rules,
}

impl PolicyInput<'_> {
    /// Whether nobody has asked for it for so long that stock of it is dead.
    fn is_dead(&self) -> bool {
        self.days_since_demand.is_some_and(|days| days >= self.rules.dead_days)
    }

    /// What the reorder point covers at least.
    pub(super) fn least(&self) -> Option<f64> {
        self.usual_use.filter(|_| !self.is_dead())
    }
}

/// What to order for a need: at least the minimum, in whole packs, at most the maximum (in whole packs as well).
pub fn order_quantity(needed: f64, min: Option<f64>, max: Option<f64>, pack: Option<f64>, integer: bool) -> f64 {
    let pack = pack.filter(|pack| *pack > 0.0).or(integer.then_some(1.0));
    let round = |value: f64, up: bool| match pack {
        // A hair of tolerance: 3 packs must not become 4 through the last bit.
        Some(pack) if up => (value / pack - 1e-9).ceil() * pack,
        Some(pack) => (value / pack + 1e-9).floor() * pack,
        None => value,
    };
    let wanted = round(needed.max(min.unwrap_or(0.0)), true);
    round4(max.filter(|max| *max > 0.0 && wanted > *max).map_or(wanted, |max| round(max, false)))
}

/// What to do about an item at a site: nothing, one thing, or hurrying an order that comes too late and ordering more
/// besides. Nothing without stock data.
pub fn recommend(input: &PolicyInput<'_>) -> Vec<Recommendation> {
    recommend_at(input, &Position::of(input))
}

/// The same where the position is known already.
pub(super) fn recommend_at(input: &PolicyInput<'_>, position: &Position) -> Vec<Recommendation> {
    let Some(on_hand) = input.on_hand.map(round4) else { return Vec::new() };
    let arrival = after(input.today, position.lead_time_days);
    // An order that nobody promised, or whose promise has passed, is taken to need another lead time.
    let arrivals: Vec<(NaiveDate, f64)> = input
        .open_orders
        .iter()
        .map(|order| (order.expected.filter(|day| *day >= input.today).unwrap_or(arrival), order.quantity))
        .collect();
    let projection = Projection::of(input.today, on_hand, &arrivals, input.demand);
    let available = on_hand + input.on_order.unwrap_or(0.0);
    let needed = round4(position.order_up_to - available);
    let grave = input.abc == AbcClass::A || input.criticality >= input.rules.critical_from;
    let before = |date: Option<NaiveDate>, limit: NaiveDate| date.is_some_and(|date| date < limit);
    let urgency = if before(projection.likely, arrival) {
        if grave { Priority::Critical } else { Priority::High }
    } else if before(projection.earliest, arrival) {
        Priority::Medium
    } else {
        Priority::Low
    };
    let lead = Days::new(position.lead_time_days.ceil() as u64);
    let order_by =
        projection.earliest.and_then(|date| date.checked_sub_days(lead)).unwrap_or(input.today).max(input.today);
    let build = |kind, priority, quantity, act_by, code| Draft {
        kind,
        priority,
        quantity,
        act_by,
        code,
        from_site: None,
        order: None,
    };

    let dead = input.is_dead() && on_hand > 0.0;
    let late = input.open_orders.iter().zip(&arrivals).find(|(_, (arrives, _))| before(projection.likely, *arrives));
    let spare = input
        .elsewhere
        .iter()
        .filter(|spare| spare.quantity >= position.reorder_point - available && spare.quantity > 0.0);
    let mut drafts = Vec::with_capacity(2);
    if let Some((order, _)) = late.filter(|_| !dead) {
        drafts.push(Draft {
            order: Some(order.order.clone()),
            ..build(RecommendationKind::Expedite, urgency, order.quantity, input.today, MessageCode::Expedite)
        });
    }
    if dead {
        let month = after(input.today, 30.0);
        drafts.push(build(RecommendationKind::Promo, Priority::Low, on_hand, month, MessageCode::Promo));
    } else if available < position.reorder_point {
        let most = spare.max_by(|a, b| a.quantity.total_cmp(&b.quantity));
        drafts.push(if let Some(spare) = most {
            let moved = needed.min(spare.quantity);
            let moved = round4(if input.integer { moved.floor() } else { moved });
            Draft {
                from_site: Some(spare.site.clone()),
                ..build(RecommendationKind::Reallocate, urgency, moved, order_by, MessageCode::Reallocate)
            }
        } else {
            let quantity = order_quantity(needed, input.min_quantity, input.max_quantity, input.pack, input.integer);
            build(RecommendationKind::Reorder, urgency, quantity, order_by, MessageCode::Reorder)
        });
    } else if drafts.is_empty() && needed < 0.0 && position.cover_days.is_some_and(|days| days > input.rules.hold_days)
    {
        let review = after(input.today, input.review_days as f64);
        drafts.push(build(RecommendationKind::Hold, Priority::Low, -needed, review, MessageCode::Hold));
    }
    let worth = drafts.into_iter().filter(|draft| draft.quantity > 0.0);
    worth.map(|draft| draft.explain(input, on_hand, position, projection)).collect()
}

fn after(today: NaiveDate, days: f64) -> NaiveDate {
    today.checked_add_days(Days::new(days.max(0.0).ceil() as u64)).unwrap_or(NaiveDate::MAX)
}

/// A decision before its explanation.
struct Draft {
    kind: RecommendationKind,
    priority: Priority,
    quantity: f64,
    act_by: NaiveDate,
    code: MessageCode,
    from_site: Option<String>,
    order: Option<String>,
}

impl Draft {
    fn explain(
        self,
        input: &PolicyInput<'_>,
        on_hand: f64,
        position: &Position,
        projection: Projection,
    ) -> Recommendation {
        let shortage = position.expected_shortage.unwrap_or(0.0);
        let unit_cost = input.unit_cost.map(round4);
        let giver = input.elsewhere.iter().find(|spare| Some(&spare.site) == self.from_site.as_ref());
        let spare = giver.map(|spare| spare.quantity);
        let explanation = Explanation {
            on_hand,
            on_order: input.on_order.map(round4),
            lead_time_days: position.lead_time_days,
            review_days: input.review_days,
            cycle_days: input.cycle_days,
            service_level: input.service_level,
            lead_time_demand: position.lead_time_demand,
            cycle_demand: position.cycle_demand,
            min_quantity: input.min_quantity,
            max_quantity: input.max_quantity,
            pack: input.pack,
            unit_cost,
            whole_units: input.integer,
            spare: spare.map(round4),
            order_quantity: self.order.is_some().then_some(self.quantity),
            textbook_safety_stock: None,
            usual_use: input.least().map(round4),
            reorder_point: position.reorder_point,
            safety_stock: position.safety_stock,
            order_up_to: position.order_up_to,
            formula: formula(input, on_hand, position, self.quantity, self.kind),
            if_nothing_is_done: IfNothingIsDone {
                stockout_date: projection,
                expected_shortage: shortage,
                value_at_risk: unit_cost.map(|cost| round4(shortage * cost)),
            },
        };
        let message = Message::new(self.code)
            .text("item", input.item)
            .text("site", input.site)
            .number("quantity", self.quantity)
            .number("on_hand", on_hand)
            .number("reorder_point", position.reorder_point)
            .date("act_by", self.act_by)
            .text("from_site", self.from_site.as_deref().unwrap_or(""))
            .text("order", self.order.as_deref().unwrap_or(""))
            .number("days", f64::from(input.days_since_demand.unwrap_or(0)))
            .number("cover", position.cover_days.unwrap_or(0.0).round());
        Recommendation {
            kind: self.kind,
            priority: self.priority,
            quantity: self.quantity,
            act_by: self.act_by,
            from_site: self.from_site,
            order: self.order,
            message,
            explanation,
        }
    }
}

/// The formulas, evaluated. Field names instead of a language, so that every reader finds the numbers again.
fn formula(input: &PolicyInput<'_>, on_hand: f64, p: &Position, quantity: f64, kind: RecommendationKind) -> String {
    let d = &p.lead_time_demand;
    let on_order = input.on_order.map_or_else(|| "null".to_owned(), |q| round4(q).to_string());
    let quantile = format!(
        "quantile({}, demand over {} + {} days) = {}",
        input.service_level, p.lead_time_days, input.review_days, d.at_service_level
    );
    let point = match input.least().map(round4) {
        Some(least) if least > d.at_service_level => format!("max({quantile}, usualUse {least}) = {}", p.reorder_point),
        _ => quantile,
    };
    let levels = format!(
        "reorderPoint = {point}; safetyStock = {} - {} = {}; orderUpTo = {} + {} = {}",
        p.reorder_point, d.mean, p.safety_stock, p.reorder_point, p.cycle_demand, p.order_up_to,
    );
    let available = round4(on_hand + input.on_order.unwrap_or(0.0));
    let end = match kind {
        RecommendationKind::Reorder => format!(
            "onHand {on_hand} + onOrder {on_order} = {available} < {}; needed = {} - {available} = {}; quantity (min {}, pack {}, max {}) = {quantity}",
            p.reorder_point,
            p.order_up_to,
            round4(p.order_up_to - available),
            limit(input.min_quantity),
            limit(input.pack),
            limit(input.max_quantity),
        ),
        RecommendationKind::Reallocate => {
            format!("onHand {on_hand} + onOrder {on_order} = {available} < {}; quantity = {quantity}", p.reorder_point)
        }
        RecommendationKind::Hold => {
            format!("quantity = onHand {on_hand} + onOrder {on_order} - {} = {quantity}", p.order_up_to)
        }
        RecommendationKind::Expedite => format!("quantity = open order = {quantity}"),
        RecommendationKind::Promo => format!("quantity = onHand = {quantity}"),
    };
    format!("{levels}; {end}")
}

fn limit(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |v| v.to_string())
}
