//! The company's replenishment, played day by day: an (s, S) policy reviewed once a week, with parameters that are
//! sometimes lean, sometimes never revised, sometimes far too generous, and suppliers that are sometimes late.
//!
//! A day runs: receive, serve what the shelf holds, close the day, and on review day order up to S. Quantities are
//! whole ticks, so `on_hand[t] = on_hand[t-1] + received[t] - served[t]` holds exactly.

use rust_decimal::Decimal;

use super::DAILY_INVENTORY_DAYS;
use super::catalog::Item;
use super::demand::Cell;
use super::draw::Draw;
use super::places::Place;
use super::rows::{DemandRow, InventoryRow, OrderRow, OrderStatus};
use super::season::Season;
use super::shelf::{Line, Shelf};
use super::suppliers::Supplier;

/// What happened, of all item-sites so far.
#[derive(Default)]
pub(super) struct Facts {
    pub(super) demand: Vec<DemandRow>,
    pub(super) inventory: Vec<InventoryRow>,
    pub(super) orders: Vec<OrderRow>,
}

/// Where an item-site lives.
pub(super) struct Setting<'a> {
    pub(super) item: &'a Item,
    pub(super) place: &'a Place,
    pub(super) season: &'a Season,
    pub(super) suppliers: &'a [Supplier],
}

impl Setting<'_> {
    fn demand_row(&self, day: usize, served: i64, stocked_out: bool) -> DemandRow {
        DemandRow {
            sku: self.item.row.sku.clone(),
            site_code: self.place.row.code.clone(),
            full_date: self.season.date(day),
            quantity: self.item.quantity(served),
            unit_cost: Some(self.item.price(self.season.prices(day))),
            stocked_out,
        }
    }

    /// The item's own supplier, or another of its family for a line in seven; by its place among the suppliers.
    pub(super) fn supplier(&self, draw: &mut Draw) -> Option<usize> {
        let mut sellers = (0..self.suppliers.len()).filter(|&at| self.suppliers[at].family == self.item.family);
        let count = sellers.clone().count();
        if count == 0 {
            let any = self.item.lot % self.suppliers.len().max(1);
            return (any < self.suppliers.len()).then_some(any);
        }
        let other = usize::from(draw.chance(1.0 / 7.0));
        sellers.nth((self.item.lot + other) % count)
    }

    /// A line ordered on `day`, with what becomes of it.
    pub(super) fn line(&self, day: usize, ticks: i64, supplier: usize, draw: &mut Draw) -> Line {
        let seller = &self.suppliers[supplier];
        let promised = seller.promised_days + self.place.freight_days;
        let fate = seller.fate(day, draw);
        let expected = self.season.delivery_date(day, promised);
        // On time is on the promised day, whatever weekends lie between; early and late move from there.
        let arrives =
            if fate.slip_days == 0 { expected } else { self.season.delivery_date(day, promised + fate.slip_days) };
        let closes = if fate.gives_up { expected } else { arrives };
        Line { placed: self.season.date(day), expected, closes, ticks, comes: !fate.gives_up, supplier: Some(supplier) }
    }

    /// How the company's books show a line that was ordered on `day`.
    fn order(&self, day: usize, line: &Line, supplier: &Supplier, draw: &mut Draw) -> OrderRow {
        let until = self.season.date(self.season.len() - 1);
        let Line { placed: order_date, expected, closes, ticks, comes, .. } = *line;
        let status = match (closes <= until, comes) {
            (true, false) => OrderStatus::Cancelled,
            (true, true) => OrderStatus::Received,
            (false, _) if expected <= until => OrderStatus::Delayed,
            (false, _) => OrderStatus::Placed,
        };
        OrderRow {
            sku: self.item.row.sku.clone(),
            order_id: "".into(),
            line_no: 0,
            order_date,
            site_code: self.place.row.code.clone(),
            supplier_code: supplier.row.code.clone(),
            quantity: self.item.quantity(ticks),
            unit: self.item.row.unit,
            unit_price: self.item.price(self.season.prices(day) * supplier.price * draw.range(0.97, 1.03)),
            status,
            requested_date: order_date,
            purchased_date: order_date,
            expected_delivery: expected,
            actual_delivery: (status == OrderStatus::Received).then_some(closes),
        }
    }
}

/// What somebody who watches a shelf sees of a day.
pub(super) enum Seen<'a> {
    /// Before anything has moved.
    Morning(&'a Shelf),
    /// After the shelf has closed, before anything is ordered.
    Evening { served: i64, on_hand: i64 },
}

/// How well an item-site is planned.
struct Planner {
    /// Standard deviations of safety.
    safety: f64,
    /// Error of the estimate, 1 when it is right.
    belief: f64,
    /// Whether parameters are revised every four weeks, or were set once and forgotten.
    revises: bool,
    /// Days of demand that an order covers.
    cover: f64,
    /// The weekday of the review, and the day after which nobody reviews any more.
    weekday: usize,
    leaves: usize,
}

impl Planner {
    fn draw(days: usize, draw: &mut Draw) -> Self {
        let lot = draw.unit();
        let (safety, belief, revises, cover) = if lot < 0.68 {
            (draw.range(1.25, 2.25), 1.0, true, draw.range(14.0, 35.0))
        } else if lot < 0.84 {
            (draw.range(0.3, 1.1), 0.95, true, draw.range(10.0, 25.0))
        } else if lot < 0.93 {
            (1.0, draw.range(0.5, 0.8), false, draw.range(14.0, 30.0))
        } else {
            (3.0, draw.range(1.3, 2.2), false, draw.range(150.0, 400.0))
        };
        let leaves = if draw.chance(0.04) { days.saturating_sub(draw.between(10, 45) as usize) } else { days };
        Self { safety, belief, revises, cover, weekday: draw.between(0, 4) as usize, leaves }
    }
}

/// s and S, and the safety that s holds.
#[derive(Clone, Copy)]
struct Parameters {
    reorder_point: i64,
    order_up_to: i64,
    safety_stock: i64,
}

/// Review once a week.
const REVIEW_DAYS: f64 = 7.0;
/// Days of history that a revision looks at, and that days of cover are measured by.
const TRAILING: usize = 90;

impl Parameters {
    /// The textbook's: s covers lead time and review, plus safety for demand and for the lead time itself.
    fn new(planner: &Planner, rate: f64, variance: f64, lead_days: f64, item: &Item) -> Self {
        let rate = rate * planner.belief;
        let exposed = lead_days + REVIEW_DAYS;
        let lead_deviation = 0.25 * lead_days;
        let spread = (exposed * variance + rate * rate * lead_deviation * lead_deviation).sqrt();
        let reorder_point = ((rate * exposed + planner.safety * spread).ceil() as i64).max(item.use_ticks);
        let lot = ((rate * planner.cover).ceil() as i64).max(item.pack_ticks).max(item.use_ticks);
        Self {
            reorder_point,
            order_up_to: reorder_point + lot,
            safety_stock: (reorder_point - (rate * exposed).round() as i64).max(0),
        }
    }
}

/// Mean and variance of wanted demand per day, over the days on which the item lives.
fn moments(wanted: &[i64]) -> (f64, f64) {
    let days = wanted.len().max(1) as f64;
    let mean = wanted.iter().sum::<i64>() as f64 / days;
    (mean, wanted.iter().map(|ticks| (*ticks as f64 - mean) * (*ticks as f64 - mean)).sum::<f64>() / days)
}

/// Keeps one shelf: plays the policy against `wanted` and writes what happened; `watch` sees each day.
pub(super) fn keep_stock(
    setting: &Setting<'_>,
    cell: &Cell,
    wanted: &[i64],
    draw: &mut Draw,
    facts: &mut Facts,
    mut watch: impl FnMut(usize, Seen<'_>),
) {
    let (item, season, days) = (setting.item, setting.season, wanted.len());
    if cell.first >= days {
        return;
    }
    let planner = Planner::draw(days, draw);
    let lead_days = setting
        .supplier(draw)
        .map_or(10, |supplier| setting.suppliers[supplier].promised_days + setting.place.freight_days)
        as f64;
    let (mean, variance) = moments(&wanted[cell.first..cell.end.clamp(cell.first, days)]);
    let mut parameters = Parameters::new(&planner, mean, variance, lead_days, item);
    let mut shelf = Shelf::with(draw.between(parameters.reorder_point, parameters.order_up_to));
    let mut served = vec![0_i64; days];
    let mut trailing = 0_i64;
    let mut was_empty = false;

    for day in cell.first..days {
        let today = season.date(day);
        watch(day, Seen::Morning(&shelf));
        let received = shelf.receive(today, |_| {});
        served[day] = shelf.serve(wanted[day]);
        watch(day, Seen::Evening { served: served[day], on_hand: shelf.on_hand });
        trailing += served[day] - if day >= cell.first + TRAILING { served[day - TRAILING] } else { 0 };
        let watched = (day + 1 - cell.first).min(TRAILING);

        if planner.revises && (day - cell.first) % 28 == 27 && watched >= 56 {
            // A dry quarter lowers the estimate only a little: planners remember that the rain comes back.
            let rate = (0.4 * mean + 0.6 * trailing as f64 / watched as f64).max(0.95 * mean);
            parameters = Parameters::new(&planner, rate, variance, lead_days, item);
        }
        let reviews = day % 7 == planner.weekday && day < planner.leaves && cell.struck_off.is_none_or(|end| day < end);
        let available = shelf.on_hand + shelf.on_order();
        if reviews
            && available <= parameters.reorder_point
            && let Some(supplier) = setting.supplier(draw)
        {
            let line = setting.line(day, item.order_ticks(parameters.order_up_to - available), supplier, draw);
            facts.orders.push(setting.order(day, &line, &setting.suppliers[supplier], draw));
            shelf.open.push(line);
        }

        let empty = shelf.on_hand == 0;
        if served[day] > 0 || (empty && day < cell.end) {
            facts.demand.push(setting.demand_row(day, served[day], empty && day < cell.end));
        }
        let recent = day + DAILY_INVENTORY_DAYS as usize >= days;
        if recent || day == cell.first || season.is_sunday(day) || received > 0 || empty != was_empty {
            facts.inventory.push(InventoryRow {
                sku: item.row.sku.clone(),
                site_code: setting.place.row.code.clone(),
                full_date: today,
                on_hand: item.quantity(shelf.on_hand),
                on_order: item.quantity(shelf.on_order()),
                safety_stock: item.quantity(parameters.safety_stock),
                reorder_point: item.quantity(parameters.reorder_point),
                days_of_cover: (watched >= 28 && trailing > 0)
                    .then(|| shelf.on_hand as f64 * watched as f64 / trailing as f64),
            });
        }
        was_empty = empty;
    }
}

/// A service is bought when it is needed and nothing lies on a shelf.
pub(super) fn buy_as_needed(setting: &Setting<'_>, wanted: &[i64], draw: &mut Draw, facts: &mut Facts) {
    // Outside the item's life nothing is wanted.
    for (day, &uses) in wanted.iter().enumerate() {
        if uses > 0
            && let Some(supplier) = setting.supplier(draw)
        {
            facts.demand.push(setting.demand_row(day, uses, false));
            let line = setting.line(day, uses, supplier, draw);
            facts.orders.push(setting.order(day, &line, &setting.suppliers[supplier], draw));
        }
    }
}

impl Item {
    /// Ticks as the database keeps them: scale 4.
    fn quantity(&self, ticks: i64) -> Decimal {
        Decimal::new(ticks * self.tick, 4)
    }

    /// Cost at this price level, whole cents at scale 4.
    fn price(&self, level: f64) -> Decimal {
        Decimal::new(((self.cents as f64 * level).round() as i64).max(1) * 100, 4)
    }

    /// What can be ordered for a need: whole packs, within the supplier's limits.
    fn order_ticks(&self, need: i64) -> i64 {
        let whole = |ticks: i64| (ticks + self.pack_ticks - 1) / self.pack_ticks * self.pack_ticks;
        whole(need.max(self.min_ticks)).min(self.max_ticks)
    }
}
