//! Demand as it is wanted, before any shelf says no: which item lives at which site, in which class, and how much
//! is wanted each day.
//!
//! Quantities are whole ticks of the item's unit (`catalog::Item::tick`), so that the balance of a shelf is exact.

use super::catalog::Item;
use super::draw::{Draw, Subject};
use super::places::Place;
use super::rows::{ItemKind, SiteType};
use super::season::Season;

/// How demand comes. The cuts are those of Syntetos, Boylan and Croston: ADI 1.32 and CV2 0.49.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pattern {
    Smooth,
    Erratic,
    Intermittent,
    Lumpy,
}

/// One item at one site.
pub(super) struct Cell {
    pub(super) item: usize,
    pub(super) place: usize,
    pub(super) pattern: Pattern,
    /// 0 (hardly ever) to 1 (the liveliest of its pattern).
    liveliness: f64,
    /// The first day on which the item exists here, and the day after its last demand.
    pub(super) first: usize,
    pub(super) end: usize,
    /// The day after which nobody buys it any more, if the item was struck off.
    pub(super) struck_off: Option<usize>,
}

/// The liveliest 15 % of all item-sites are smooth, the next 10 % erratic; the others are intermittent or lumpy.
const SMOOTH: f64 = 0.15;
const ERRATIC: f64 = 0.10;
/// 45 of the remaining 75 %.
const INTERMITTENT: f64 = 0.60;

/// Decides which item lives where, since when and until when, and with which pattern.
pub(super) fn assortment(items: &[Item], places: &[Place], days: usize, seed: u64) -> Vec<Cell> {
    let mut cells = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let mut draw = Draw::new(seed, Subject::Assortment, index);
        let (first, end, struck_off) = lifetime(item, days, &mut draw);
        let before = cells.len();
        for (position, place) in places.iter().enumerate() {
            let (stocked, weight) = match place.row.r#type {
                SiteType::DistributionCenter => (0.92, 4.0),
                SiteType::Warehouse => (0.65, 2.0),
                SiteType::Tower | SiteType::Store => (0.28, 0.8),
            };
            if draw.chance(stocked) {
                let score = weight * item.popularity * draw.range(0.4, 1.6);
                cells.push((score, first, end, struck_off, index, position, draw.unit()));
            }
        }
        // An item that lives nowhere would be a page without a line.
        if cells.len() == before && !places.is_empty() {
            let position = draw.position(places.len());
            cells.push((item.popularity, first, end, struck_off, index, position, draw.unit()));
        }
    }

    let mut ranks: Vec<usize> =
        (0..cells.len()).filter(|&cell| items[cells[cell].4].row.kind == ItemKind::Material).collect();
    ranks.sort_by(|&a, &b| cells[b].0.total_cmp(&cells[a].0).then(a.cmp(&b)));
    let mut rank_of = vec![1.0; cells.len()];
    for (rank, &cell) in ranks.iter().enumerate() {
        rank_of[cell] = (rank as f64 + 0.5) / ranks.len() as f64;
    }
    cells
        .into_iter()
        .zip(rank_of)
        .map(|((_, first, end, struck_off, item, place, lot), rank)| {
            let (pattern, liveliness) = if rank < SMOOTH {
                (Pattern::Smooth, 1.0 - rank / SMOOTH)
            } else if rank < SMOOTH + ERRATIC {
                (Pattern::Erratic, 1.0 - (rank - SMOOTH) / ERRATIC)
            } else {
                let rest = 1.0 - (rank - SMOOTH - ERRATIC) / (1.0 - SMOOTH - ERRATIC);
                (if lot < INTERMITTENT { Pattern::Intermittent } else { Pattern::Lumpy }, rest)
            };
            Cell { item, place, pattern, liveliness, first, end, struck_off }
        })
        .collect()
}

/// Some items are new, some are dying, a few were struck off the list.
fn lifetime(item: &Item, days: usize, draw: &mut Draw) -> (usize, usize, Option<usize>) {
    let lot = draw.unit();
    let ago = |low: i64, high: i64, draw: &mut Draw| days.saturating_sub(draw.between(low, high) as usize);
    if !item.row.active {
        let end = ago(220, 420, draw);
        (0, end, Some(end.saturating_sub(20)))
    } else if item.row.kind == ItemKind::Material && lot < 0.04 {
        (ago(25, 110, draw), days, None)
    } else if item.row.kind == ItemKind::Material && lot < 0.085 {
        (0, ago(130, 400, draw), None)
    } else {
        (0, days, None)
    }
}

/// A smooth or erratic series' exceptional week.
struct Project {
    from: usize,
    until: usize,
    times: f64,
}

/// What is wanted on each day of the history, in ticks.
pub(super) fn wanted(cell: &Cell, item: &Item, place: &Place, season: &Season, draw: &mut Draw) -> Vec<i64> {
    let days = season.len();
    let lively = cell.liveliness * cell.liveliness;
    let level = match (item.row.kind, cell.pattern) {
        (ItemKind::Service, _) => draw.range(0.01, 0.05),
        (_, Pattern::Smooth) => 6.5 + 14.0 * lively,
        (_, Pattern::Erratic) => 6.0 + 6.0 * lively,
        (_, Pattern::Intermittent) => 0.03 + 0.30 * lively,
        (_, Pattern::Lumpy) => 0.025 + 0.20 * lively,
    };
    // Per year; most items have none.
    let trend = if draw.chance(0.25) { draw.range(-0.25, 0.35) } else { 0.0 };
    let burst = draw.range(5.0, 14.0);
    let project = project(cell, days, draw);
    (0..days)
        .map(|day| {
            if day < cell.first || day >= cell.end {
                return 0;
            }
            let years = (day as f64 - days as f64 / 2.0) / 365.0;
            let mut factor = season.factor(day, place, item.weather, item.carnival) * (1.0 + trend * years).max(0.2);
            if let Some(project) = &project
                && (project.from..=project.until).contains(&day)
            {
                factor *= project.times;
            }
            let uses = match cell.pattern {
                Pattern::Smooth => draw.poisson(level * factor),
                Pattern::Erratic => erratic(level, factor, draw),
                Pattern::Intermittent if draw.chance((level * factor).min(0.9)) => {
                    if draw.chance(0.2) {
                        2
                    } else {
                        1
                    }
                }
                Pattern::Lumpy if draw.chance((level * factor).min(0.9)) => {
                    draw.geometric(burst) * if draw.chance(0.08) { 4 } else { 1 }
                }
                Pattern::Intermittent | Pattern::Lumpy => 0,
            };
            if uses == 0 || item.row.kind == ItemKind::Service {
                return uses;
            }
            // What is cut from a reel is never a round number.
            let spread = (item.use_ticks - 1) / 2;
            uses * item.use_ticks + draw.between(-spread, spread)
        })
        .collect()
}

/// Almost daily, but of very different sizes: a Poisson count whose mean jumps (mean 1, CV2 about 1).
fn erratic(level: f64, factor: f64, draw: &mut Draw) -> i64 {
    if !draw.chance((0.35 + 0.8 * factor).min(0.97)) {
        return 0;
    }
    let lot = draw.unit();
    let jump = if lot < 0.30 {
        0.25
    } else if lot < 0.55 {
        0.5
    } else if lot < 0.80 {
        1.0
    } else if lot < 0.93 {
        2.0
    } else {
        4.0
    };
    draw.poisson(level * factor * jump).max(1)
}

/// A third of the lively series has one exceptional week; one in thirty has it at the very end, for the alerts.
fn project(cell: &Cell, days: usize, draw: &mut Draw) -> Option<Project> {
    let (lot, start) = (draw.unit(), draw.position(days));
    if !matches!(cell.pattern, Pattern::Smooth | Pattern::Erratic) || lot > 0.36 {
        return None;
    }
    let from = if lot < 0.03 { days.saturating_sub(4) } else { start };
    Some(Project { from, until: from + 5, times: 2.8 })
}
