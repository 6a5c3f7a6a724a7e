//! The Brazilian calendar: what `core.dim_calendar` says of one day.
//!
//! Pure arithmetic over dates; it knows no database and no clock. Start at [`CalendarDay::of`]; the feasts that
//! move with Easter follow [`easter`]. Carnival and Corpus Christi are optional by law, but crews and suppliers
//! stand still, so here they count as national holidays.

use chrono::{Datelike, Days, Month, NaiveDate};

/// One row of `core.dim_calendar`, field by column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarDay {
    /// The day itself, the key.
    pub full_date: NaiveDate,
    /// Calendar year.
    pub year: i16,
    /// Calendar quarter, 1 to 4.
    pub quarter: i16,
    /// Calendar month, 1 to 12.
    pub month: i16,
    /// Year of the ISO week, which differs from `year` around New Year.
    pub iso_year: i16,
    /// ISO week, 1 to 53.
    pub iso_week: i16,
    /// 1 is Monday, 7 is Sunday.
    pub weekday: i16,
    /// Saturday or Sunday.
    pub is_weekend: bool,
    /// The holiday's Portuguese name; two state holidays on one day are joined with ` / `.
    pub holiday: Option<String>,
    /// `None` for a national holiday or none at all, otherwise the states that keep it, in order.
    pub holiday_states: Option<Vec<&'static str>>,
    /// The calendar year in which the fiscal year ends; equals `year` when it starts in January.
    pub fiscal_year: i16,
    /// Quarter of the fiscal year, 1 to 4.
    pub fiscal_quarter: i16,
}

impl CalendarDay {
    /// What the calendar says of `date` for a company whose fiscal year starts in `fiscal_start`.
    pub fn of(date: NaiveDate, fiscal_start: Month) -> Self {
        let month = date.month();
        let months_in = (month + 12 - fiscal_start.number_from_month()) % 12;
        let ends_next_year = fiscal_start != Month::January && month >= fiscal_start.number_from_month();
        let (holiday, holiday_states) = match national_holiday(date) {
            Some(name) => (Some(name.to_owned()), None),
            None => state_holidays(date).map_or((None, None), |(name, states)| (Some(name), Some(states))),
        };
        let weekday = date.weekday().number_from_monday();
        Self {
            full_date: date,
            year: date.year() as i16,
            quarter: date.quarter() as i16,
            month: month as i16,
            iso_year: date.iso_week().year() as i16,
            iso_week: date.iso_week().week() as i16,
            weekday: weekday as i16,
            is_weekend: weekday > 5,
            holiday,
            holiday_states,
            fiscal_year: date.year() as i16 + i16::from(ends_next_year),
            fiscal_quarter: (months_in / 3 + 1) as i16,
        }
    }

    /// Whether people in `state` (two letters) have this day off for a holiday.
    pub fn is_holiday_in(&self, state: &str) -> bool {
        self.holiday.is_some() && self.holiday_states.as_ref().is_none_or(|states| states.contains(&state))
    }
}

/// The days from `from` to `until`, both included; empty when `until` is earlier.
pub fn days(from: NaiveDate, until: NaiveDate, fiscal_start: Month) -> impl Iterator<Item = CalendarDay> {
    from.iter_days().take_while(move |date| *date <= until).map(move |date| CalendarDay::of(date, fiscal_start))
}

/// Easter Sunday of a Gregorian year (the anonymous algorithm of Meeus, Jones and Butcher).
pub fn easter(year: i32) -> Option<NaiveDate> {
    let golden = year % 19;
    let century = year / 100;
    let year_of_century = year % 100;
    let skipped_leaps = century / 4;
    let correction = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - skipped_leaps - correction + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (year_of_century / 4) - epact - year_of_century % 4) % 7;
    let late = (golden + 11 * epact + 22 * weekday) / 451;
    let march_day = epact + weekday - 7 * late + 114;
    NaiveDate::from_ymd_opt(year, (march_day / 31) as u32, (march_day % 31 + 1) as u32)
}

/// Carnival Tuesday, 47 days before Easter.
pub fn carnival_tuesday(year: i32) -> Option<NaiveDate> {
    easter(year)?.checked_sub_days(Days::new(47))
}

/// The national holiday on `date`, if any.
pub fn national_holiday(date: NaiveDate) -> Option<&'static str> {
    let fixed = match (date.month(), date.day()) {
        (1, 1) => Some("Confraternização Universal"),
        (4, 21) => Some("Tiradentes"),
        (5, 1) => Some("Dia do Trabalho"),
        (9, 7) => Some("Independência do Brasil"),
        (10, 12) => Some("Nossa Senhora Aparecida"),
        (11, 2) => Some("Finados"),
        (11, 15) => Some("Proclamação da República"),
        // Law 14.759 of December 2023; before it the day belonged to some states only.
        (11, 20) if date.year() >= 2024 => Some("Consciência Negra"),
        (12, 25) => Some("Natal"),
        _ => None,
    };
    fixed.or_else(|| match days_after_easter(date)? {
        -48 => Some("Carnaval (segunda-feira)"),
        -47 => Some("Carnaval (terça-feira)"),
        -2 => Some("Sexta-feira Santa"),
        60 => Some("Corpus Christi"),
        _ => None,
    })
}

/// The day on which a state rests.
enum Feast {
    /// Month and day.
    On(u32, u32),
    /// Days after Easter Sunday.
    AfterEaster(i64),
}

/// A holiday of one state: which, when, and the years that keep it (both ends included).
struct StateHoliday {
    state: &'static str,
    feast: Feast,
    name: &'static str,
    years: (i32, i32),
}

const ALWAYS: (i32, i32) = (i32::MIN, i32::MAX);

const fn kept(state: &'static str, feast: Feast, name: &'static str) -> StateHoliday {
    StateHoliday { state, feast, name, years: ALWAYS }
}

/// 20 November before it became national.
const fn awareness_day(state: &'static str, since: i32) -> StateHoliday {
    StateHoliday { state, feast: Feast::On(11, 20), name: "Consciência Negra", years: (since, 2023) }
}

/// Sorted by state, so that the list of a shared day is in order. Municipal holidays are not here.
const STATE_HOLIDAYS: &[StateHoliday] = &[
    kept("AL", Feast::On(6, 24), "São João"),
    kept("AL", Feast::On(6, 29), "São Pedro"),
    kept("AL", Feast::On(9, 16), "Emancipação de Alagoas"),
    awareness_day("AL", 1995),
    kept("AM", Feast::On(9, 5), "Elevação do Amazonas"),
    awareness_day("AM", 2010),
    kept("AP", Feast::On(9, 13), "Criação do Amapá"),
    awareness_day("AP", 2007),
    kept("BA", Feast::On(7, 2), "Independência da Bahia"),
    kept("CE", Feast::On(3, 19), "São José"),
    kept("CE", Feast::On(3, 25), "Abolição no Ceará"),
    kept("DF", Feast::On(11, 30), "Dia do Evangélico"),
    StateHoliday { state: "ES", feast: Feast::AfterEaster(8), name: "Nossa Senhora da Penha", years: (2020, i32::MAX) },
    kept("MA", Feast::On(7, 28), "Adesão do Maranhão"),
    kept("MS", Feast::On(10, 11), "Criação de Mato Grosso do Sul"),
    awareness_day("MT", 2002),
    kept("PA", Feast::On(8, 15), "Adesão do Pará"),
    kept("PB", Feast::On(8, 5), "Fundação da Paraíba"),
    kept("PE", Feast::On(3, 6), "Revolução Pernambucana"),
    kept("PI", Feast::On(10, 19), "Dia do Piauí"),
    kept("RJ", Feast::On(4, 23), "São Jorge"),
    awareness_day("RJ", 2002),
    kept("RN", Feast::On(10, 3), "Mártires de Cunhaú e Uruaçu"),
    kept("RO", Feast::On(1, 4), "Criação de Rondônia"),
    kept("RR", Feast::On(10, 5), "Criação do Estado"),
    kept("RS", Feast::On(9, 20), "Revolução Farroupilha"),
    kept("SE", Feast::On(7, 8), "Emancipação de Sergipe"),
    kept("SP", Feast::On(7, 9), "Revolução Constitucionalista"),
    awareness_day("SP", 2023),
    kept("TO", Feast::On(10, 5), "Criação do Estado"),
];

/// The state holidays on `date`: their names and the states that keep one.
pub fn state_holidays(date: NaiveDate) -> Option<(String, Vec<&'static str>)> {
    let mut names: Vec<&str> = Vec::new();
    let mut states = Vec::new();
    for holiday in STATE_HOLIDAYS {
        let falls = match holiday.feast {
            Feast::On(month, day) => (month, day) == (date.month(), date.day()),
            Feast::AfterEaster(days) => days_after_easter(date) == Some(days),
        };
        if falls && (holiday.years.0..=holiday.years.1).contains(&date.year()) {
            if !names.contains(&holiday.name) {
                names.push(holiday.name);
            }
            states.push(holiday.state);
        }
    }
    (!states.is_empty()).then(|| (names.join(" / "), states))
}

fn days_after_easter(date: NaiveDate) -> Option<i64> {
    Some((date - easter(date.year())?).num_days())
}
