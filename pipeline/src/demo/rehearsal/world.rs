//! The world of a rehearsal: what will be wanted, what becomes of orders, and how a day goes.

use std::collections::HashMap;

use chrono::NaiveDate;
use planning::abc::{AbcClass, AbcCuts, AbcInput, abc};
use planning::policy::{OpenOrder, Receipt};

use super::outcome::{Evening, Outcome};
use super::{Action, Books, Buyer, ShelfBook};
use crate::demo::catalog::Item;
use crate::demo::demand::Cell;
use crate::demo::draw::{Draw, Subject};
use crate::demo::places::Place;
use crate::demo::replenish::{Facts, Seen, Setting, keep_stock};
use crate::demo::rows::{ItemKind, OrderRow};
use crate::demo::season::Season;
use crate::demo::shelf::{Line, Shelf};
use crate::demo::suppliers::{self, Supplier};
use crate::demo::{DemoOptions, catalog, demand, history, places};

/// Days of a shelf's stream of draws: no rehearsal is longer.
const LONGEST: usize = 4_096;

/// A company whose last days can be lived again.
pub struct Rehearsal {
    seed: u64,
    /// The first day of the rehearsal, counted from the company's first.
    from: usize,
    items: Vec<Item>,
    places: Vec<Place>,
    season: Season,
    suppliers: Vec<Supplier>,
    shelves: Vec<Kept>,
    /// By item.
    classes: Vec<AbcClass>,
    receipts: Vec<Receipt>,
}

/// One shelf as the company's own policy has kept it.
struct Kept {
    cell: Cell,
    /// Ticks wanted on each day of the company's life.
    wanted: Vec<i64>,
    /// Ticks given out on each day, and on hand in the evening, under the company's own policy; from the cell's first day.
    given_out: Vec<i64>,
    on_hand: Vec<i64>,
    /// On the morning of the rehearsal's first day, or of the shelf's own if that is later.
    start: Shelf,
}

/// A shelf during a rehearsal.
struct Live {
    shelf: Shelf,
    given_out: Vec<f64>,
    stocked_out: Vec<bool>,
}

impl Rehearsal {
    /// Generates the company and lets its own policy keep it; the last `days` can be lived again.
    pub fn new(options: &DemoOptions, days: usize) -> Self {
        let dates = history(options);
        let from = dates.len().saturating_sub(days.min(LONGEST));
        let places = places::make(options.sites, &mut Draw::new(options.seed, Subject::Places, 0));
        let season = Season::new(&dates, &places, options.seed);
        let items = catalog::make(options.items, options.seed);
        let suppliers = suppliers::make(options.items, dates.len(), options.seed);
        let mut facts = Facts::default();
        let mut shelves = Vec::new();
        for (index, cell) in demand::assortment(&items, &places, dates.len(), options.seed).into_iter().enumerate() {
            let (item, place) = (&items[cell.item], &places[cell.place]);
            // A service lies on no shelf.
            if item.row.kind != ItemKind::Material || cell.first >= dates.len() {
                continue;
            }
            let draw = |subject| Draw::new(options.seed, subject, index);
            let wanted = demand::wanted(&cell, item, place, &season, &mut draw(Subject::Demand));
            let mut kept = Kept { cell, wanted, given_out: Vec::new(), on_hand: Vec::new(), start: Shelf::default() };
            let setting = Setting { item, place, season: &season, suppliers: &suppliers };
            let begins = kept.cell.first.max(from);
            let watch = |day, seen: Seen<'_>| match seen {
                Seen::Morning(shelf) if day == begins => kept.start = shelf.clone(),
                Seen::Morning(_) => {}
                Seen::Evening { served, on_hand } => {
                    kept.given_out.push(served);
                    kept.on_hand.push(on_hand);
                }
            };
            let mut draw = draw(Subject::Replenishment);
            keep_stock(&setting, &kept.cell, &kept.wanted, &mut draw, &mut facts, watch);
            shelves.push(kept);
        }
        let receipts = receipts(&facts.orders, &items, &places, &suppliers, season.date(from));
        let mut rehearsal =
            Self { seed: options.seed, from, items, places, season, suppliers, shelves, classes: Vec::new(), receipts };
        rehearsal.classes = rehearsal.classes();
        rehearsal
    }

    /// Days that can be lived again.
    pub fn days(&self) -> usize {
        self.season.len() - self.from
    }

    /// Changes what will be wanted on a day of the rehearsal: `change` gets the shelf, the day and the ticks.
    pub fn change_wants(&mut self, change: impl Fn(usize, usize, i64) -> i64) {
        for (at, kept) in self.shelves.iter_mut().enumerate() {
            for (day, wanted) in kept.wanted[self.from..].iter_mut().enumerate() {
                *wanted = change(at, day, *wanted);
            }
        }
    }

    /// What the company's own policy came to, leaving out the first `transition` days.
    pub fn own(&self, transition: usize) -> Outcome {
        let mut outcome = Outcome::default();
        for kept in &self.shelves {
            for day in (self.from + transition).max(kept.cell.first)..self.season.len() {
                let at = day - kept.cell.first;
                self.count(&mut outcome, kept, day, kept.given_out[at], kept.on_hand[at], transition);
            }
        }
        outcome
    }

    /// Lets `buyer` buy instead; the first `transition` days are lived and not counted. `watch` sees each morning's actions.
    pub fn play(&self, buyer: &mut dyn Buyer, transition: usize, mut watch: impl FnMut(usize, &[Action])) -> Outcome {
        let mut receipts = self.receipts.clone();
        let mut live: Vec<Live> = self.shelves.iter().map(|kept| self.live(kept)).collect();
        let mut outcome = Outcome::default();
        for day in self.from..self.season.len() {
            let since = day - self.from;
            let actions = buyer.morning(&Books {
                today: self.season.date(day),
                day: since,
                shelves: self.books(&live, day),
                receipts: &receipts,
            });
            watch(since, &actions);
            for action in actions {
                self.act(action, day, &mut live, (since >= transition).then_some(&mut outcome));
            }
            for (kept, live) in self.shelves.iter().zip(&mut live).filter(|(kept, _)| kept.cell.first <= day) {
                live.shelf.receive(self.season.date(day), |line| receipts.extend(receipt(&kept.cell, line)));
                let served = live.shelf.serve(kept.wanted[day]);
                live.given_out.push(self.items[kept.cell.item].units(served));
                live.stocked_out.push(live.shelf.on_hand == 0 && day < kept.cell.end);
                if since >= transition {
                    self.count(&mut outcome, kept, day, served, live.shelf.on_hand, transition);
                }
            }
        }
        outcome
    }

    fn live(&self, kept: &Kept) -> Live {
        let known = self.from.saturating_sub(kept.cell.first);
        let item = &self.items[kept.cell.item];
        let empty = |(at, on_hand): (usize, &i64)| *on_hand == 0 && kept.cell.first + at < kept.cell.end;
        Live {
            shelf: kept.start.clone(),
            given_out: kept.given_out[..known].iter().map(|ticks| item.units(*ticks)).collect(),
            stocked_out: kept.on_hand[..known].iter().enumerate().map(empty).collect(),
        }
    }

    fn books<'a>(&'a self, live: &'a [Live], day: usize) -> Vec<ShelfBook<'a>> {
        let shelves = self.shelves.iter().zip(live).enumerate().filter(|(_, (kept, _))| kept.cell.first <= day);
        shelves.map(|(at, (kept, live))| self.book(at, kept, live, day)).collect()
    }

    fn book<'a>(&'a self, at: usize, kept: &'a Kept, live: &'a Live, day: usize) -> ShelfBook<'a> {
        let (item, place) = (&self.items[kept.cell.item], &self.places[kept.cell.place]);
        let open = |(n, line): (usize, &Line)| OpenOrder {
            order: format!("{at}/{n}"),
            quantity: item.units(line.ticks),
            expected: Some(line.expected),
        };
        ShelfBook {
            shelf: at,
            item: kept.cell.item,
            site: kept.cell.place,
            name: &item.row.name,
            site_name: &place.row.name,
            family: &item.row.family,
            abc: self.classes[kept.cell.item],
            criticality: u8::try_from(item.row.criticality).unwrap_or(5),
            unit_cost: item.unit_cost(),
            min_quantity: item.units(item.min_ticks),
            max_quantity: item.units(item.max_ticks),
            pack: item.units(item.pack_ticks),
            whole: item.tick == 10_000,
            active: kept.cell.struck_off.is_none_or(|end| day < end),
            on_hand: item.units(live.shelf.on_hand),
            open: live.shelf.open.iter().enumerate().map(open).collect(),
            given_out: &live.given_out,
            stocked_out: &live.stocked_out,
        }
    }

    fn act(&self, action: Action, day: usize, live: &mut [Live], outcome: Option<&mut Outcome>) {
        match action {
            Action::Order { shelf, quantity } => {
                let kept = &self.shelves[shelf];
                let (item, place) = (&self.items[kept.cell.item], &self.places[kept.cell.place]);
                let setting = Setting { item, place, season: &self.season, suppliers: &self.suppliers };
                let mut draw = Draw::new(self.seed, Subject::Rehearsal, shelf * LONGEST + day - self.from);
                let Some(supplier) = setting.supplier(&mut draw) else { return };
                let line = setting.line(day, item.ticks(quantity), supplier, &mut draw);
                live[shelf].shelf.open.push(line);
                if let Some(outcome) = outcome {
                    outcome.orders += 1;
                }
            }
            Action::Move { from, to, quantity } => {
                let (giver, taker) = (&self.shelves[from].cell, &self.shelves[to].cell);
                let ticks = self.items[giver.item].ticks(quantity).min(live[from].shelf.on_hand);
                live[from].shelf.on_hand -= ticks;
                let freight = self.places[giver.place].freight_days + self.places[taker.place].freight_days + 1;
                let arrives = self.season.delivery_date(day, freight);
                live[to].shelf.open.push(Line {
                    placed: self.season.date(day),
                    expected: arrives,
                    closes: arrives,
                    ticks,
                    comes: true,
                    supplier: None,
                });
                if let Some(outcome) = outcome {
                    outcome.moves += 1;
                }
            }
        }
    }

    fn count(&self, outcome: &mut Outcome, kept: &Kept, day: usize, served: i64, on_hand: i64, transition: usize) {
        let item = &self.items[kept.cell.item];
        let evening = Evening {
            class: self.classes[kept.cell.item],
            wanted: item.units(kept.wanted[day]),
            given_out: item.units(served),
            on_hand: item.units(on_hand),
            unit_cost: item.unit_cost(),
            active: kept.cell.struck_off.is_none_or(|end| day < end),
        };
        outcome.add(&evening, self.days() - transition);
    }

    /// By the value given out in the year before the rehearsal.
    fn classes(&self) -> Vec<AbcClass> {
        let mut inputs = vec![AbcInput::default(); self.items.len()];
        for kept in &self.shelves {
            let item = &self.items[kept.cell.item];
            let (from, to) = (self.from.saturating_sub(365), self.from);
            let at = |day: usize| day.saturating_sub(kept.cell.first).min(kept.given_out.len());
            let year = &kept.given_out[at(from)..at(to)];
            inputs[kept.cell.item].quantity += item.units(year.iter().sum());
            inputs[kept.cell.item].unit_cost = Some(item.unit_cost());
        }
        abc(&inputs, AbcCuts::default()).classes
    }
}

/// What the company has received before a day.
fn receipts(
    orders: &[OrderRow],
    items: &[Item],
    places: &[Place],
    suppliers: &[Supplier],
    before: NaiveDate,
) -> Vec<Receipt> {
    let items: HashMap<&str, usize> = items.iter().enumerate().map(|(at, item)| (&*item.row.sku, at)).collect();
    let places: HashMap<&str, usize> = places.iter().enumerate().map(|(at, place)| (&*place.row.code, at)).collect();
    let sellers: HashMap<&str, usize> = suppliers.iter().enumerate().map(|(at, one)| (&*one.row.code, at)).collect();
    let received = orders.iter().filter_map(|order| Some((order, order.actual_delivery?)));
    received
        .filter(|(_, on)| *on < before)
        .filter_map(|(order, on)| {
            Some(Receipt {
                item: *items.get(&*order.sku)? as i64,
                site: *places.get(&*order.site_code)? as i64,
                supplier: sellers.get(&*order.supplier_code).map(|at| *at as i64),
                days: usize::try_from((on - order.order_date).num_days()).unwrap_or(0),
            })
        })
        .collect()
}

/// A line that has come; what another site sent or nobody delivered teaches nothing about suppliers.
fn receipt(cell: &Cell, line: &Line) -> Option<Receipt> {
    let supplier = line.supplier.filter(|_| line.comes)?;
    let days = usize::try_from((line.closes - line.placed).num_days()).unwrap_or(0);
    Some(Receipt { item: cell.item as i64, site: cell.place as i64, supplier: Some(supplier as i64), days })
}

impl Item {
    /// Ticks as units.
    fn units(&self, ticks: i64) -> f64 {
        (ticks * self.tick) as f64 / 10_000.0
    }

    /// Units as whole ticks.
    fn ticks(&self, units: f64) -> i64 {
        (units * 10_000.0 / self.tick as f64).round() as i64
    }

    fn unit_cost(&self) -> f64 {
        self.cents as f64 / 100.0
    }
}
