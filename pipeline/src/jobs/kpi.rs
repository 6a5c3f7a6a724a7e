//! The KPIs of the last 90 days, for the whole and by family, region and ABC class.
//!
//! Sums come from the store, day by day; here they become trailing figures. What the company has no data for is `None`.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use entity::analytics::kpi;
use entity::words::KpiDimension;
use planning::kpi::{
    Decision, FamilyWeek, carrying_cost, days_of_cover, forecast_accuracy, minutes_to_decision, turnover,
};
use planning::round4;
use store::Database;
use store::kpi_facts::{self, DecisionMade, DeliveryDay, DemandDay, ForecastWeek, StockDay};

use super::JobError;
use super::window::Daily;

/// Days that are computed anew.
const DAYS: u64 = 90;
/// Days that demand, its rates and delays look back on.
const TRAILING: i64 = 30;
/// Days that turnover and cover look back on.
const SEASON: i64 = 90;
/// Days of family-weeks that accuracy looks back on.
const ACCURACY: i64 = 28;

/// The stretch that is computed, and at which rate.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    /// The first day with demand.
    pub first: NaiveDate,
    pub through: NaiveDate,
    /// Cost of holding stock, a fraction of its value a year.
    pub carrying_rate: f64,
    pub now: DateTime<Utc>,
}

impl Stretch {
    /// The first day that gets a row.
    fn from(&self) -> NaiveDate {
        (self.through - Days::new(DAYS - 1)).max(self.first)
    }

    /// The first day that any figure looks back on.
    fn back(&self) -> NaiveDate {
        self.from() - Days::new(SEASON as u64)
    }
}

/// What was stored.
#[derive(Debug, Clone, Copy)]
pub(super) struct Computed {
    pub days: u64,
    /// Rows that say something else than before.
    pub changed: u64,
}

/// Computes every row of the stretch, and stores those that changed.
pub(super) async fn compute(db: &Database, stretch: Stretch) -> Result<Computed, JobError> {
    let decisions = decisions_since(db, stretch.now, DAYS).await?;
    let mut rows = Vec::new();
    for dimension in KpiDimension::ALL {
        rows.extend(dimension_rows(db, *dimension, stretch, &decisions).await?);
    }
    let changed = store::kpis::replace_days(db, rows).await?;
    Ok(Computed { days: (stretch.through - stretch.from()).num_days() as u64 + 1, changed })
}

/// How long people take to decide, of the decisions of the 30 days that end with the day of `now`: the one figure that the
/// wall clock and people change without any data.
pub(super) async fn decision_minutes(db: &Database, now: DateTime<Utc>) -> Result<Option<f64>, JobError> {
    let decisions = decisions_since(db, now, 1).await?;
    Ok(minutes(&decisions.iter().collect::<Vec<_>>(), now.date_naive()))
}

/// The decisions that any of the `days` days that end with the day of `now` looks back on.
async fn decisions_since(db: &Database, now: DateTime<Utc>, days: u64) -> Result<Vec<DecisionMade>, JobError> {
    let first = now.date_naive() - Days::new(days + TRAILING as u64 - 2);
    Ok(kpi_facts::decisions(db, first.and_time(NaiveTime::MIN).and_utc()).await?)
}

/// The median of the decisions of the 30 days that end with `day`, a day of the wall clock in UTC.
fn minutes(decisions: &[&DecisionMade], day: NaiveDate) -> Option<f64> {
    let inside = |made: &&&DecisionMade| {
        let ago = (day - made.acknowledged.date_naive()).num_days();
        (0..TRAILING).contains(&ago)
    };
    let waited: Vec<Decision> = decisions
        .iter()
        .filter(inside)
        .map(|made| Decision { raised: made.raised, acknowledged: made.acknowledged })
        .collect();
    minutes_to_decision(&waited).map(round4)
}

/// What was counted of one member.
#[derive(Debug, Default)]
struct Counted<'a> {
    demand: Vec<DemandDay>,
    stock: Vec<StockDay>,
    deliveries: Vec<DeliveryDay>,
    weeks: Vec<ForecastWeek>,
    decisions: Vec<&'a DecisionMade>,
}

async fn dimension_rows(
    db: &Database,
    dimension: KpiDimension,
    stretch: Stretch,
    decisions: &[DecisionMade],
) -> Result<Vec<kpi::Model>, JobError> {
    let (from, back, to) = (stretch.from(), stretch.back(), stretch.through);
    let mut members: BTreeMap<String, Counted<'_>> = BTreeMap::new();
    for day in kpi_facts::demand(db, dimension, back, to).await? {
        members.entry(day.member.clone()).or_default().demand.push(day);
    }
    for day in kpi_facts::stock(db, dimension, back, to).await? {
        members.entry(day.member.clone()).or_default().stock.push(day);
    }
    for day in kpi_facts::deliveries(db, dimension, back, to).await? {
        members.entry(day.member.clone()).or_default().deliveries.push(day);
    }
    // The whole is judged by its families' weeks: that is the grain where people feel an error.
    let grain = if dimension == KpiDimension::All { KpiDimension::Family } else { dimension };
    for week in kpi_facts::forecast_weeks(db, grain, back, to).await? {
        let member = if dimension == KpiDimension::All { String::new() } else { week.member.clone() };
        members.entry(member).or_default().weeks.push(week);
    }
    for made in decisions {
        if let Some(member) = made.member(dimension) {
            members.entry(member.to_owned()).or_default().decisions.push(made);
        }
    }
    let mut rows = Vec::new();
    for (member, counted) in members {
        let figures = Figures::new(&counted, stretch);
        rows.extend(
            from.iter_days().take_while(|day| *day <= to).map(|day| figures.row(dimension, &member, day, stretch)),
        );
    }
    Ok(rows)
}

/// One member's counts, ready to be summed over any days.
struct Figures<'a> {
    /// Since when the member is known to have demand.
    since: Option<NaiveDate>,
    quantity: Daily,
    value: Daily,
    material: Daily,
    met: Daily,
    material_value: Daily,
    a_value: Daily,
    recorded: Daily,
    stocked_out: Daily,
    on_hand: Daily,
    stock_value: Daily,
    due: Daily,
    late: Daily,
    weeks: Vec<ForecastWeek>,
    decisions: Vec<&'a DecisionMade>,
}

impl<'a> Figures<'a> {
    fn new(counted: &Counted<'a>, stretch: Stretch) -> Self {
        let daily = |values: Vec<(NaiveDate, Option<f64>)>| Daily::new(stretch.back(), stretch.through, values);
        let demand =
            |of: fn(&DemandDay) -> Option<f64>| daily(counted.demand.iter().map(|day| (day.day, of(day))).collect());
        let stock =
            |of: fn(&StockDay) -> Option<f64>| daily(counted.stock.iter().map(|day| (day.day, of(day))).collect());
        let orders = |of: fn(&DeliveryDay) -> i64| {
            daily(counted.deliveries.iter().map(|day| (day.day, Some(of(day) as f64))).collect())
        };
        Self {
            since: counted.demand.first().map(|day| day.day),
            quantity: demand(|day| Some(day.quantity)),
            value: demand(|day| day.value),
            material: demand(|day| Some(day.material)),
            met: demand(|day| Some(day.met)),
            material_value: demand(|day| day.material_value),
            a_value: demand(|day| day.a_value),
            recorded: stock(|day| Some(day.recorded as f64)),
            stocked_out: stock(|day| Some(day.stocked_out as f64)),
            on_hand: stock(|day| Some(day.on_hand)),
            stock_value: stock(|day| day.value),
            due: orders(|day| day.due),
            late: orders(|day| day.late),
            weeks: counted.weeks.clone(),
            decisions: counted.decisions.clone(),
        }
    }

    fn row(&self, dimension: KpiDimension, member: &str, day: NaiveDate, stretch: Stretch) -> kpi::Model {
        // Days without a row are days without demand, once the member has had any.
        let known = self.since.is_some_and(|since| since <= day);
        let material = self.material.sum(day, TRAILING).filter(|material| *material > 1e-9);
        let recorded = self.recorded.sum(day, 1).filter(|recorded| *recorded > 0.0);
        let worth = self.material_value.sum(day, TRAILING).filter(|worth| *worth > 1e-9);
        let stock_value = self.stock_value.sum(day, 1);
        let season = (day - stretch.first).num_days().min(SEASON - 1) + 1;
        let daily = self.material.sum(day, season).map(|sum| sum / season as f64);
        let from = day - Days::new(ACCURACY as u64);
        let weeks: Vec<FamilyWeek> = self
            .weeks
            .iter()
            .filter(|week| week.week > from && week.week + Days::new(6) <= day)
            .map(|week| FamilyWeek { forecast: week.forecast, actual: week.actual })
            .collect();
        let accuracy = forecast_accuracy(&weeks);
        kpi::Model {
            full_date: day,
            dimension,
            member: member.to_owned(),
            total_demand: known.then(|| round4(self.quantity.sum(day, TRAILING).unwrap_or(0.0))),
            demand_value: self.value.sum(day, TRAILING).map(round4),
            stockout_rate: recorded.map(|all| self.stocked_out.sum(day, 1).unwrap_or(0.0) / all),
            // Without stock records no day is flagged, and a rate of one would be made up.
            fill_rate: recorded.and(material).map(|all| round4(self.met.sum(day, TRAILING).unwrap_or(0.0) / all)),
            delayed_orders_rate: self
                .due
                .sum(day, TRAILING)
                .filter(|due| *due > 0.0)
                .map(|due| self.late.sum(day, TRAILING).unwrap_or(0.0) / due),
            a_class_share: worth.map(|all| round4(self.a_value.sum(day, TRAILING).unwrap_or(0.0) / all)),
            forecast_wape: accuracy.map(|accuracy| round4(accuracy.wape)),
            forecast_mape: accuracy.and_then(|accuracy| accuracy.mape).map(round4),
            inventory_value: stock_value.map(round4),
            carrying_cost: carrying_cost(stock_value, stretch.carrying_rate).map(round4),
            turnover: turnover(self.material_value.sum(day, season), season as f64, self.stock_value.mean(day, season))
                .map(round4),
            days_of_cover: days_of_cover(self.on_hand.sum(day, 1), daily).map(round4),
            // Decisions happen on the wall clock's days, which the company's trail by as much on every day.
            decision_minutes: minutes(
                &self.decisions,
                stretch.now.date_naive() - Days::new((stretch.through - day).num_days().max(0) as u64),
            ),
            computed_at: stretch.now,
        }
    }
}
