//! A buyer who does what Corrente recommends: forecasts anew every few weeks, and orders and moves as told.
//!
//! Every decision is made by [`planning::policy::decide`], as a refresh makes it. Orders that are to be hurried cannot be
//! hurried here, and dead stock is not cleared: both would only make the figures better.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::AtomicBool;

use chrono::NaiveDate;
use planning::forecast::{
    Control, CumulativeDemand, DemandSeries, Frequency, Options, SeriesInput, SeriesKey, forecast_into,
};
use planning::kpi::{FamilyWeek, forecast_accuracy};
use planning::policy::{
    LeadTime, LeadTimes, OrderCycles, PolicyInput, Recommendation, RecommendationKind, Rules, ServiceLevels, decide,
};
use rayon::prelude::*;

use super::{Action, Books, Buyer, ShelfBook};

/// How the buyer works.
#[derive(Debug, Clone, Copy)]
pub struct RecommendedOptions {
    /// Days between two forecasts.
    pub forecast_days: usize,
    /// Days between two looks at a shelf, at least one.
    pub review_days: usize,
    pub seed: u64,
    pub rules: Rules,
    pub levels: ServiceLevels,
    pub cycles: OrderCycles,
}

impl Default for RecommendedOptions {
    fn default() -> Self {
        Self {
            forecast_days: 28,
            review_days: 1,
            seed: 1,
            rules: Rules::default(),
            levels: ServiceLevels::default(),
            cycles: OrderCycles::default(),
        }
    }
}

/// The buyer, and what he remembers from one morning to the next.
pub struct Recommended {
    options: RecommendedOptions,
    demand: HashMap<(usize, usize), CumulativeDemand>,
    lead_times: Option<LeadTimes>,
    /// Each family's weeks ahead of the last forecast, and the first day of the first.
    ahead: (Option<NaiveDate>, BTreeMap<String, Vec<f64>>),
    weeks: Vec<FamilyWeek>,
}

impl Recommended {
    pub fn new(options: RecommendedOptions) -> Self {
        Self { options, demand: HashMap::new(), lead_times: None, ahead: (None, BTreeMap::new()), weeks: Vec::new() }
    }

    /// Mean absolute percentage error of a family's week, over the whole weeks between two forecasts.
    pub fn family_week_mape(&self) -> Option<f64> {
        forecast_accuracy(&self.weeks)?.mape
    }

    fn forecast(&mut self, books: &Books<'_>) {
        self.judge(books);
        let mut inputs = Vec::new();
        for same in books.shelves.chunk_by(|one, next| one.item == next.item) {
            let series: Vec<(usize, DemandSeries)> =
                same.iter().filter_map(|shelf| Some((shelf.site, shelf.series(books.today)?))).collect();
            if let Some(whole) = DemandSeries::sum(series.iter().map(|(_, series)| series)) {
                inputs.push(SeriesInput { key: SeriesKey::Item(same[0].item as i64), series: whole });
            }
            let named = |(site, series)| SeriesInput {
                key: SeriesKey::ItemSite { item: same[0].item as i64, site: site as i64 },
                series,
            };
            inputs.extend(series.into_iter().map(named));
        }
        for (family, shelves) in by_family(&books.shelves) {
            let series: Vec<DemandSeries> = shelves.iter().filter_map(|shelf| shelf.series(books.today)).collect();
            let key = SeriesKey::Family(family.to_owned());
            // As in the company's own runs, nothing of a family is censored.
            let whole = DemandSeries::sum(series.iter());
            let series = whole.map(|sum| DemandSeries::new(sum.start, sum.quantities, Vec::new()));
            inputs.extend(series.map(|series| SeriesInput { key, series }));
        }
        let planning = Options { seed: self.options.seed, frequency: Frequency::Day, ..Options::default() };
        let control = Control { progress: &|_, _| {}, cancelled: &AtomicBool::new(false) };
        let (demand, ahead) = (&mut self.demand, &mut self.ahead);
        demand.clear();
        *ahead = (Some(books.today), BTreeMap::new());
        let made = forecast_into(&inputs, &planning, control, &mut |forecast| match forecast.key {
            SeriesKey::ItemSite { item, site } => {
                demand.insert((item as usize, site as usize), forecast.demand);
            }
            SeriesKey::Family(name) => {
                let week = |points: &[planning::forecast::ForecastPoint]| points.iter().map(|point| point.mean).sum();
                ahead.1.insert(name, forecast.points.chunks(7).map(week).collect());
            }
            _ => {}
        });
        debug_assert!(made.is_ok(), "nobody cancels it");
        self.lead_times = Some(LeadTimes::learn(books.receipts));
    }

    /// Holds the last forecast's weeks against what was given out since.
    fn judge(&mut self, books: &Books<'_>) {
        let Some(from) = self.ahead.0 else { return };
        let weeks = usize::try_from((books.today - from).num_days()).unwrap_or(0) / 7;
        for (family, shelves) in by_family(&books.shelves) {
            let Some(forecast) = self.ahead.1.get(family) else { continue };
            for (week, &forecast) in forecast.iter().enumerate().take(weeks) {
                let back = usize::try_from((books.today - from).num_days()).unwrap_or(0) - 7 * week;
                let given_out = |shelf: &&ShelfBook<'_>| -> f64 {
                    let end = shelf.given_out.len();
                    let (from, to) = (end.saturating_sub(back), end.saturating_sub(back - 7));
                    shelf.given_out[from..to].iter().sum()
                };
                let actual = shelves.iter().map(given_out).sum();
                self.weeks.push(FamilyWeek { forecast, actual });
            }
        }
    }

    fn decide(&self, same: &[ShelfBook<'_>], books: &Books<'_>) -> Vec<Action> {
        let Some(lead_times) = &self.lead_times else { return Vec::new() };
        let known: Vec<(&ShelfBook<'_>, &CumulativeDemand, LeadTime)> = same
            .iter()
            .filter_map(|shelf| {
                let lead_time = lead_times.of(shelf.item as i64, shelf.site as i64);
                Some((shelf, self.demand.get(&(shelf.item, shelf.site))?, lead_time))
            })
            .collect();
        let inputs: Vec<PolicyInput<'_>> = known
            .iter()
            .map(|(shelf, demand, lead_time)| PolicyInput {
                today: books.today,
                item: shelf.name,
                site: shelf.site_name,
                on_hand: Some(shelf.on_hand),
                on_order: Some(shelf.on_order()),
                open_orders: &shelf.open,
                demand,
                lead_time,
                review_days: self.options.review_days,
                cycle_days: self.options.cycles.of(shelf.abc),
                service_level: self.options.levels.of(shelf.abc, shelf.criticality),
                unit_cost: Some(shelf.unit_cost),
                min_quantity: Some(shelf.min_quantity),
                max_quantity: Some(shelf.max_quantity),
                pack: Some(shelf.pack),
                integer: shelf.whole,
                usual_use: shelf.usual_use(),
                days_since_demand: shelf.days_since_demand(),
                abc: shelf.abc,
                criticality: shelf.criticality,
                elsewhere: &[],
                rules: self.options.rules,
            })
            .collect();
        let act = |shelf: &ShelfBook<'_>, made: Recommendation| match made.kind {
            RecommendationKind::Reorder => Some(Action::Order { shelf: shelf.shelf, quantity: made.quantity }),
            RecommendationKind::Reallocate => {
                let giver = made.from_site?;
                let from = same.iter().find(|other| other.site_name == giver)?.shelf;
                Some(Action::Move { from, to: shelf.shelf, quantity: made.quantity })
            }
            RecommendationKind::Expedite | RecommendationKind::Hold | RecommendationKind::Promo => None,
        };
        let decided = known.iter().zip(decide(&inputs));
        decided
            .flat_map(|((shelf, ..), decision)| {
                decision.recommendations.into_iter().filter_map(|made| act(shelf, made))
            })
            .collect()
    }
}

impl Buyer for Recommended {
    fn morning(&mut self, books: &Books<'_>) -> Vec<Action> {
        if books.day.is_multiple_of(self.options.forecast_days) {
            self.forecast(books);
        }
        let items: Vec<&[ShelfBook<'_>]> = books
            .shelves
            .chunk_by(|one, next| one.item == next.item)
            .filter(|same| same.iter().any(|shelf| shelf.due(books.day, self.options.review_days)))
            .collect();
        items.par_iter().map(|same| self.decide(same, books)).collect::<Vec<_>>().concat()
    }
}

fn by_family<'s, 'a>(shelves: &'s [ShelfBook<'a>]) -> BTreeMap<&'s str, Vec<&'s ShelfBook<'a>>> {
    let mut families: BTreeMap<&str, Vec<&ShelfBook<'a>>> = BTreeMap::new();
    for shelf in shelves {
        families.entry(shelf.family).or_default().push(shelf);
    }
    families
}
