//! The Brazilian calendar against dates that anybody can look up.

use chrono::{Datelike, Month, NaiveDate};
use pipeline::calendar::{CalendarDay, carnival_tuesday, days, easter};

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn day(year: i32, month: u32, day: u32) -> CalendarDay {
    CalendarDay::of(date(year, month, day), Month::January)
}

#[test]
fn easter_falls_on_its_known_sundays() {
    let known = [
        (1818, 3, 22),
        (1943, 4, 25),
        (2000, 4, 23),
        (2008, 3, 23),
        (2019, 4, 21),
        (2023, 4, 9),
        (2024, 3, 31),
        (2025, 4, 20),
        (2026, 4, 5),
        (2027, 3, 28),
        (2038, 4, 25),
        (2049, 4, 18),
        (2076, 4, 19),
    ];
    for (year, month, day) in known {
        assert_eq!(easter(year), Some(date(year, month, day)));
    }
    assert!((1900..2200).all(|year| easter(year).unwrap().weekday() == chrono::Weekday::Sun));
}

#[test]
fn moving_feasts_follow_easter() {
    assert_eq!(carnival_tuesday(2024), Some(date(2024, 2, 13)));
    assert_eq!(carnival_tuesday(2025), Some(date(2025, 3, 4)));
    assert_eq!(carnival_tuesday(2026), Some(date(2026, 2, 17)));
    for (year, month, dom, name) in [
        (2026, 2, 16, "Carnaval (segunda-feira)"),
        (2026, 2, 17, "Carnaval (terça-feira)"),
        (2026, 4, 3, "Sexta-feira Santa"),
        (2026, 6, 4, "Corpus Christi"),
        (2025, 4, 18, "Sexta-feira Santa"),
        (2025, 6, 19, "Corpus Christi"),
        (2024, 5, 30, "Corpus Christi"),
    ] {
        let found = day(year, month, dom);
        assert_eq!((found.holiday.as_deref(), found.holiday_states), (Some(name), None), "{year}-{month}-{dom}");
    }
    // Ash Wednesday and Easter Monday are working days.
    assert_eq!(day(2026, 2, 18).holiday, None);
    assert_eq!(day(2026, 4, 6).holiday, None);
}

#[test]
fn fixed_holidays_are_national() {
    let fixed = [(1, 1), (4, 21), (5, 1), (9, 7), (10, 12), (11, 2), (11, 15), (11, 20), (12, 25)];
    for (month, dom) in fixed {
        let found = day(2026, month, dom);
        assert!(found.holiday.is_some() && found.holiday_states.is_none(), "{month}-{dom}");
        assert!(found.is_holiday_in("AC"));
    }
    // Nine fixed and four moving; nothing else is national.
    let national = days(date(2026, 1, 1), date(2026, 12, 31), Month::January)
        .filter(|day| day.holiday.is_some() && day.holiday_states.is_none());
    assert_eq!(national.count(), 13);
}

#[test]
fn state_holidays_name_their_states() {
    let bahia = day(2025, 7, 2);
    assert_eq!(bahia.holiday.as_deref(), Some("Independência da Bahia"));
    assert_eq!(bahia.holiday_states, Some(vec!["BA"]));
    assert!(bahia.is_holiday_in("BA") && !bahia.is_holiday_in("SP"));
    assert_eq!(day(2025, 7, 9).holiday_states, Some(vec!["SP"]));
    assert_eq!(day(2025, 4, 23).holiday_states, Some(vec!["RJ"]));
    assert_eq!(day(2025, 10, 5).holiday_states, Some(vec!["RR", "TO"]));
    // Nossa Senhora da Penha is the Monday a week after Easter Monday.
    assert_eq!(day(2025, 4, 28).holiday_states, Some(vec!["ES"]));
    assert!(!day(2025, 7, 3).is_holiday_in("BA"));
}

#[test]
fn awareness_day_became_national_in_2024() {
    let states = |year| day(year, 11, 20).holiday_states;
    assert_eq!(states(2022), Some(vec!["AL", "AM", "AP", "MT", "RJ"]));
    assert_eq!(states(2023), Some(vec!["AL", "AM", "AP", "MT", "RJ", "SP"]));
    assert_eq!((day(2024, 11, 20).holiday.as_deref(), states(2024)), (Some("Consciência Negra"), None));
}

#[test]
fn a_national_holiday_wins_over_a_state_holiday_on_the_same_day() {
    // Ceará remembers abolition on 25 March; in 2025 that is an ordinary Tuesday elsewhere.
    assert_eq!(day(2025, 3, 25).holiday_states, Some(vec!["CE"]));
    // In 2016 Good Friday fell on 25 March itself.
    let both = day(2016, 3, 25);
    assert_eq!((both.holiday.as_deref(), both.holiday_states), (Some("Sexta-feira Santa"), None));
}

#[test]
fn a_day_knows_its_week_month_and_quarter() {
    let monday = day(2024, 12, 30);
    assert_eq!((monday.year, monday.quarter, monday.month), (2024, 4, 12));
    assert_eq!((monday.iso_year, monday.iso_week, monday.weekday), (2025, 1, 1));
    assert!(!monday.is_weekend);
    let sunday = day(2021, 1, 3);
    assert_eq!((sunday.iso_year, sunday.iso_week, sunday.weekday), (2020, 53, 7));
    assert!(sunday.is_weekend && day(2021, 1, 2).is_weekend && !day(2021, 1, 1).is_weekend);
}

#[test]
fn a_fiscal_year_is_named_by_the_year_in_which_it_ends() {
    let fiscal = |year, month, start| {
        let day = CalendarDay::of(date(year, month, 15), start);
        (day.fiscal_year, day.fiscal_quarter)
    };
    for month in 1..=12 {
        let plain = day(2026, month, 15);
        assert_eq!((plain.fiscal_year, plain.fiscal_quarter), (plain.year, plain.quarter));
    }
    assert_eq!(fiscal(2026, 3, Month::April), (2026, 4));
    assert_eq!(fiscal(2026, 4, Month::April), (2027, 1));
    assert_eq!(fiscal(2026, 12, Month::April), (2027, 3));
    assert_eq!(fiscal(2026, 1, Month::October), (2026, 2));
    assert_eq!(fiscal(2026, 10, Month::October), (2027, 1));
}

#[test]
fn days_run_from_first_to_last_and_not_backwards() {
    let year: Vec<_> = days(date(2024, 1, 1), date(2024, 12, 31), Month::January).collect();
    assert_eq!(year.len(), 366);
    assert_eq!(year.last().unwrap().full_date, date(2024, 12, 31));
    assert_eq!(days(date(2024, 1, 2), date(2024, 1, 1), Month::January).count(), 0);
}
