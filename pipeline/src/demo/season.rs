//! What every site feels alike: weekends, holidays, Carnival, rain, and the outside series that report it.

use chrono::{Datelike, Days, Month, NaiveDate};

use super::draw::{Draw, Subject};
use super::places::Place;
use super::rows::IndicatorRow;
use crate::calendar::{CalendarDay, carnival_tuesday, national_holiday};

/// How Carnival changes the demand of a family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Carnival {
    /// Crews stand still.
    Dip,
    /// Crowds need power and fibre: more work before and during the feast where it is large.
    Peak,
}

/// Where a day lies relative to Carnival.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Feast {
    Far,
    /// The ten days before Carnival Saturday.
    Before,
    /// Saturday to Tuesday.
    During,
    AshWednesday,
}

/// One day of the history.
struct Day {
    date: NaiveDate,
    calendar: CalendarDay,
    feast: Feast,
    /// Index of the month within the history.
    month: usize,
}

/// One month of the history.
struct MonthOfHistory {
    first: NaiveDate,
    rain_mm: f64,
    inflation: f64,
    interest: f64,
    exchange_rate: f64,
    /// Price level, 1 in the last month.
    prices: f64,
}

/// The history's days, its months, and the states that appear in it.
pub(super) struct Season {
    days: Vec<Day>,
    months: Vec<MonthOfHistory>,
    /// State and its rain against the national mean.
    states: Vec<(String, f64)>,
}

/// Mean rain per month in millimetres, January first: the wet half is October to March.
const RAIN_MM: [f64; 12] = [240.0, 210.0, 185.0, 95.0, 55.0, 35.0, 30.0, 35.0, 65.0, 125.0, 170.0, 225.0];
const MEAN_RAIN_MM: f64 = 122.5;
/// Share of a working day's demand from Monday to Sunday.
const WEEK: [f64; 7] = [1.1, 1.05, 1.0, 1.0, 0.95, 0.4, 0.3];
/// States whose Carnival brings crowds.
const CARNIVAL_STATES: [&str; 4] = ["BA", "PE", "RJ", "SP"];

impl Season {
    pub(super) fn new(dates: &[NaiveDate], places: &[Place], seed: u64) -> Self {
        let mut days = Vec::with_capacity(dates.len());
        let mut firsts: Vec<NaiveDate> = Vec::new();
        for &date in dates {
            let first = date.with_day(1).unwrap_or(date);
            if firsts.last() != Some(&first) {
                firsts.push(first);
            }
            days.push(Day {
                date,
                calendar: CalendarDay::of(date, Month::January),
                feast: feast_of(date),
                month: firsts.len() - 1,
            });
        }
        let mut states: Vec<(String, f64)> = Vec::new();
        for place in places {
            if !states.iter().any(|(code, _)| *code == place.row.region_code) {
                states.push((place.row.region_code.clone(), place.rain));
            }
        }
        states.sort_by(|a, b| a.0.cmp(&b.0));
        Self { days, months: months_of(&firsts, &mut Draw::new(seed, Subject::Weather, 0)), states }
    }

    pub(super) fn len(&self) -> usize {
        self.days.len()
    }

    pub(super) fn date(&self, day: usize) -> NaiveDate {
        self.days[day].date
    }

    pub(super) fn is_sunday(&self, day: usize) -> bool {
        self.days[day].calendar.weekday == 7
    }

    /// The history's day and a count of days later, moved to the next working day. May lie beyond the history.
    pub(super) fn delivery_date(&self, day: usize, later: i64) -> NaiveDate {
        let mut date = self.days[day].date + chrono::TimeDelta::days(later.max(1));
        while date.weekday().number_from_monday() > 5 || national_holiday(date).is_some() {
            date = date + Days::new(1);
        }
        date
    }

    /// Prices of a day against those of the last month.
    pub(super) fn prices(&self, day: usize) -> f64 {
        self.months[self.days[day].month].prices
    }

    /// Demand of a day against that of an ordinary working day, before an item's own season and trend.
    /// `weather` is how far demand follows rain: 0 not at all, 1 in proportion.
    pub(super) fn factor(&self, day: usize, place: &Place, weather: f64, carnival: Carnival) -> f64 {
        let day = &self.days[day];
        let state = place.row.region_code.as_str();
        let rain = self.months[day.month].rain_mm * place.rain / MEAN_RAIN_MM;
        let mut factor = WEEK[(day.calendar.weekday - 1) as usize] * (1.0 + weather * (rain - 1.0)).max(0.15);
        let crowds = carnival == Carnival::Peak && CARNIVAL_STATES.contains(&state);
        factor *= match day.feast {
            Feast::Before if crowds => 1.6,
            Feast::During if crowds => 1.9,
            Feast::During => 0.2,
            Feast::AshWednesday => 0.55,
            _ if day.calendar.is_holiday_in(state) => 0.3,
            _ if day.date.month() == 12 && day.date.day() > 23 => 0.6,
            _ => 1.0,
        };
        factor
    }

    /// The outside series, one value for each whole month of the history, dated on its first day.
    pub(super) fn indicators(&self) -> Vec<IndicatorRow> {
        let mut rows = Vec::new();
        let Some((start, until)) = self.days.first().zip(self.days.last()).map(|(a, b)| (a.date, b.date)) else {
            return rows;
        };
        for month in &self.months {
            let last = month.first + chrono::Months::new(1) - Days::new(1);
            if month.first < start || last > until {
                continue;
            }
            let mut add = |code: String, value: f64| {
                rows.push(IndicatorRow { full_date: month.first, code, value: (value * 1e4).round() / 1e4 });
            };
            add("EXCHANGE_RATE".into(), month.exchange_rate);
            add("INFLATION".into(), month.inflation);
            add("INTEREST".into(), month.interest);
            add("RAIN_MM".into(), month.rain_mm);
            for (state, rain) in &self.states {
                add(format!("RAIN_MM_{state}"), month.rain_mm * rain);
            }
        }
        rows
    }
}

fn feast_of(date: NaiveDate) -> Feast {
    let Some(tuesday) = carnival_tuesday(date.year()) else {
        return Feast::Far;
    };
    match (date - tuesday).num_days() {
        -13..=-4 => Feast::Before,
        -3..=0 => Feast::During,
        1 => Feast::AshWednesday,
        _ => Feast::Far,
    }
}

/// Draws rain, inflation (percent a month), interest (percent a year) and exchange rate (BRL for one USD).
fn months_of(firsts: &[NaiveDate], draw: &mut Draw) -> Vec<MonthOfHistory> {
    let (mut interest, mut exchange_rate, mut prices) = (11.5_f64, 5.2_f64, 1.0_f64);
    let mut months: Vec<MonthOfHistory> = firsts
        .iter()
        .map(|&first| {
            let inflation = draw.range(0.05, 0.75);
            interest = (interest + draw.range(-0.35, 0.4)).clamp(7.0, 15.0);
            exchange_rate = (exchange_rate * draw.range(0.97, 1.033)).clamp(4.2, 6.8);
            prices *= 1.0 + inflation / 100.0;
            let rain_mm = RAIN_MM[first.month0() as usize] * draw.range(0.75, 1.25);
            MonthOfHistory { first, rain_mm, inflation, interest, exchange_rate, prices }
        })
        .collect();
    for month in &mut months {
        month.prices /= prices;
    }
    months
}
