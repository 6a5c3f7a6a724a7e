//! Features: what they say, and that they never look ahead.

use std::collections::HashSet;

use chrono::{Days, NaiveDate};
use planning::features::{FEATURES, FeatureRow, History, INDICATOR, Indicator, Kind, Known, Value, rows};
use proptest::prelude::*;

const PAGE: &str = include_str!("../../../docs/OFFLINE.md");

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn value(row: &FeatureRow, name: &str) -> Option<Value> {
    row.values[FEATURES.iter().position(|feature| feature.name == name).unwrap()]
}

fn number(row: &FeatureRow, name: &str) -> Option<f64> {
    match value(row, name)? {
        Value::Number(value) => Some(value),
        Value::Count(value) => Some(f64::from(value)),
        Value::Flag(value) => Some(f64::from(u8::from(value))),
    }
}

fn all(history: &History<'_>, known: Known<'_>) -> Vec<FeatureRow> {
    rows(history, known, history.first_day).collect()
}

fn rows_from<'a>(history: &'a History<'a>, from: NaiveDate) -> impl Iterator<Item = FeatureRow> + use<'a> {
    rows(history, NOTHING, from)
}

const NOTHING: Known<'static> = Known { holidays: &[], indicators: &[] };

#[test]
fn the_documented_features_are_those_of_the_code() {
    let table = PAGE.split("<!-- features -->").nth(1).unwrap();
    let documented: Vec<Vec<&str>> = table
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    let coded: Vec<Vec<String>> = FEATURES
        .iter()
        .chain([&INDICATOR])
        .map(|feature| {
            let kind = match feature.kind {
                Kind::Number => "number",
                Kind::Count => "whole number",
                Kind::Flag => "flag",
            };
            vec![format!("`{}`", feature.name), kind.into(), feature.unit.into(), feature.definition.into()]
        })
        .collect();
    assert_eq!(documented, coded);
    assert!(PAGE.contains(&format!("`schema_version` is {}", planning::features::SCHEMA_VERSION)));
}

#[test]
fn names_are_unique_and_every_value_is_of_its_kind() {
    let names: HashSet<&str> = FEATURES.iter().map(|feature| feature.name).collect();
    assert_eq!(names.len(), FEATURES.len());
    let quantities = vec![1.0; 400];
    let history = History { first_day: day("2024-01-01"), quantities: &quantities, stocked_out: &[] };
    let holidays = [day("2023-12-25"), day("2026-01-01")];
    let rows = all(&history, Known { holidays: &holidays, indicators: &[] });
    let last = rows.last().unwrap();
    assert_eq!(last.values.len(), FEATURES.len());
    for (feature, value) in FEATURES.iter().zip(&last.values) {
        let kind = match value.unwrap() {
            Value::Number(_) => Kind::Number,
            Value::Count(_) => Kind::Count,
            Value::Flag(_) => Kind::Flag,
        };
        assert_eq!(kind, feature.kind, "{}", feature.name);
    }
}

#[test]
fn lags_and_windows_end_with_the_day_and_leave_stock_outs_out() {
    let mut quantities: Vec<f64> = (0..100).map(f64::from).collect();
    quantities[97] = 0.0;
    let mut out = vec![false; 100];
    out[95] = true;
    let history = History { first_day: day("2025-01-01"), quantities: &quantities, stocked_out: &out };
    let rows = all(&history, NOTHING);
    let last = &rows[99];
    assert_eq!(last.date, day("2025-04-10"));
    assert_eq!(
        (number(last, "demand"), number(last, "lag_1"), number(last, "lag_91")),
        (Some(99.0), Some(98.0), Some(8.0))
    );
    assert_eq!(number(last, "lag_364"), None);
    // Days 93 to 99 without 95, of which 97 had none: 93 + 94 + 96 + 0 + 98 + 99 over six days.
    assert_eq!(number(last, "mean_7"), Some(80.0));
    assert_eq!((number(last, "demand_days_7"), number(last, "stockout_days_7")), (Some(5.0), Some(1.0)));
    assert_eq!((number(&rows[95], "demand"), number(&rows[95], "stocked_out")), (None, Some(1.0)));
    assert_eq!(number(&rows[96], "lag_1"), None);
    assert_eq!((number(&rows[97], "days_since_demand"), number(last, "days_since_demand")), (Some(1.0), Some(0.0)));
    // Day 0 had no demand.
    assert_eq!((number(&rows[0], "days_since_demand"), number(&rows[0], "mean_7")), (None, Some(0.0)));
    assert_eq!((number(&rows[0], "age_days"), number(last, "age_days")), (Some(0.0), Some(99.0)));
    let late: Vec<FeatureRow> = rows_from(&history, day("2025-04-01")).collect();
    assert_eq!(late, rows[90..]);
}

#[test]
fn the_calendar_is_that_of_the_day() {
    let quantities = vec![0.0; 366];
    let history = History { first_day: day("2024-01-01"), quantities: &quantities, stocked_out: &[] };
    let holidays = [day("2024-02-12"), day("2024-02-13"), day("2024-12-25")];
    let rows = all(&history, Known { holidays: &holidays, indicators: &[] });
    let on = |date: &str| rows.iter().find(|row| row.date == day(date)).unwrap();
    let figures = |date: &str, names: [&str; 6]| names.map(|name| number(on(date), name).unwrap());
    let calendar = ["weekday", "is_weekend", "day_of_month", "days_to_month_end", "week_of_year", "quarter"];
    assert_eq!(figures("2024-02-25", calendar), [7.0, 1.0, 25.0, 4.0, 8.0, 1.0]);
    assert_eq!(figures("2024-12-31", calendar), [2.0, 0.0, 31.0, 0.0, 1.0, 4.0]);
    let off =
        |date: &str| ["is_holiday", "days_to_next_holiday", "days_since_holiday"].map(|name| number(on(date), name));
    assert_eq!(off("2024-02-11"), [Some(0.0), Some(1.0), None]);
    assert_eq!(off("2024-02-12"), [Some(1.0), Some(1.0), Some(0.0)]);
    assert_eq!(off("2024-02-20"), [Some(0.0), Some(309.0), Some(7.0)]);
    assert_eq!(off("2024-12-31"), [Some(0.0), None, Some(6.0)]);
    assert_eq!((number(on("2024-01-01"), "year_sin"), number(on("2024-01-01"), "year_cos")), (Some(0.0), Some(1.0)));
    assert_eq!(number(on("2024-07-02"), "year_cos"), Some(-1.0));
}

#[test]
fn an_indicator_is_its_last_value_and_never_a_later_one() {
    let quantities = vec![0.0; 40];
    let history = History { first_day: day("2025-03-01"), quantities: &quantities, stocked_out: &[] };
    let price = Indicator { code: "IPCA".into(), values: vec![(day("2025-03-05"), 0.5), (day("2025-04-01"), 0.7)] };
    let rows = all(&history, Known { holidays: &[], indicators: &[price] });
    let values: Vec<Option<Value>> = rows.iter().map(|row| *row.values.last().unwrap()).collect();
    assert_eq!(values[3], None);
    assert_eq!((values[4], values[30]), (Some(Value::Number(0.5)), Some(Value::Number(0.5))));
    assert_eq!((values[31], values[39]), (Some(Value::Number(0.7)), Some(Value::Number(0.7))));
}

/// Small histories with stock-outs.
fn histories() -> impl Strategy<Value = (Vec<f64>, Vec<bool>)> {
    proptest::collection::vec((prop_oneof![3 => Just(0.0), 2 => 0.0..50.0_f64], proptest::bool::weighted(0.1)), 1..200)
        .prop_map(|days| days.into_iter().unzip())
}

proptest! {
    #[test]
    fn nothing_that_happens_later_moves_a_feature((quantities, out) in histories(), cut in 0..200_usize, noise in 0.0..1e6_f64) {
        let cut = cut % quantities.len();
        let first_day = day("2024-06-01");
        let last_known = first_day + Days::new(cut as u64);
        let rain = |later: f64| Indicator {
            code: "RAIN".into(),
            values: (0..quantities.len() as u64)
                .map(|ago| (first_day + Days::new(ago), if ago > cut as u64 { later } else { ago as f64 }))
                .collect(),
        };
        let holidays = [day("2024-09-07"), day("2024-12-25")];
        let (mut other, mut other_out) = (quantities.clone(), out.clone());
        for at in cut + 1..quantities.len() {
            other[at] = noise * (at as f64);
            other_out[at] = !other_out[at];
        }
        let truth = [rain(1.0)];
        let lie = [rain(noise)];
        let before = History { first_day, quantities: &quantities, stocked_out: &out };
        let after = History { first_day, quantities: &other, stocked_out: &other_out };
        let before = all(&before, Known { holidays: &holidays, indicators: &truth });
        let after = all(&after, Known { holidays: &holidays, indicators: &lie });
        prop_assert_eq!(&before[..=cut], &after[..=cut]);
        prop_assert_eq!(before[cut].date, last_known);
    }

    #[test]
    fn windows_agree_with_adding_up_by_hand((quantities, out) in histories()) {
        let history = History { first_day: day("2024-06-01"), quantities: &quantities, stocked_out: &out };
        for (at, row) in all(&history, NOTHING).iter().enumerate() {
            for length in [7_usize, 28, 91] {
                let window = (at + 1).saturating_sub(length)..=at;
                let known: Vec<f64> = window.clone().filter(|day| !out[*day]).map(|day| quantities[day]).collect();
                let mean = (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64);
                let stated = number(row, &format!("mean_{length}"));
                prop_assert_eq!(stated.is_some(), mean.is_some());
                prop_assert!((stated.unwrap_or(0.0) - mean.unwrap_or(0.0)).abs() < 1e-3);
                let demanded = known.iter().filter(|quantity| **quantity > 0.0).count() as f64;
                prop_assert_eq!(number(row, &format!("demand_days_{length}")), Some(demanded));
                let missing = window.filter(|day| out[*day]).count() as f64;
                prop_assert_eq!(number(row, &format!("stockout_days_{length}")), Some(missing));
            }
        }
    }
}
