//! What demand shows: classes, weeks, Carnival, rain, new items and dying ones.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use pipeline::calendar::carnival_tuesday;
use pipeline::demo::rows::ItemKind;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::{COMPANY, Cell, until};

#[test]
fn countable_units_have_whole_quantities_and_cut_ones_do_not_always() {
    let units: HashMap<&str, &str> = COMPANY.items.iter().map(|item| (&*item.sku, item.unit)).collect();
    let whole = |unit: &str| matches!(unit, "UN" | "CX");
    assert!(COMPANY.demand.iter().filter(|row| whole(units[&*row.sku])).all(|row| row.quantity.fract().is_zero()));
    for unit in ["M", "KG", "M2"] {
        let mut rows = COMPANY.demand.iter().filter(|row| units[&*row.sku] == unit);
        assert!(rows.any(|row| !row.quantity.fract().is_zero()), "{unit}");
    }
    assert!(COMPANY.orders.iter().all(|row| units[&*row.sku] == row.unit));
}

/// ADI and CV2 of one daily series, from its first to its last demand.
fn intervals_and_variation(rows: &[(NaiveDate, f64)]) -> (f64, f64) {
    let span = (rows[rows.len() - 1].0 - rows[0].0).num_days() as f64 + 1.0;
    let count = rows.len() as f64;
    let mean = rows.iter().map(|(_, quantity)| quantity).sum::<f64>() / count;
    let variance = rows.iter().map(|(_, quantity)| (quantity - mean) * (quantity - mean)).sum::<f64>() / count;
    (span / count, variance / (mean * mean))
}

#[test]
fn demand_is_the_promised_mixture_of_classes() {
    let materials: HashSet<&str> =
        COMPANY.items.iter().filter(|item| item.kind == ItemKind::Material).map(|item| &*item.sku).collect();
    let mut series: BTreeMap<Cell<'_>, Vec<(NaiveDate, f64)>> = BTreeMap::new();
    for row in COMPANY.demand.iter().filter(|row| row.quantity > Decimal::ZERO && materials.contains(&*row.sku)) {
        series.entry((&row.sku, &row.site_code)).or_default().push((row.full_date, row.quantity.to_f64().unwrap()));
    }
    let mut counts = [0_usize; 4];
    for rows in series.values().filter(|rows| rows.len() >= 4) {
        let (adi, cv2) = intervals_and_variation(rows);
        counts[usize::from(adi >= 1.32) * 2 + usize::from(cv2 >= 0.49)] += 1;
    }
    let total = counts.iter().sum::<usize>() as f64;
    let [smooth, erratic, intermittent, lumpy] = counts.map(|count| count as f64 / total);
    assert!((smooth - 0.15).abs() < 0.04, "smooth {smooth}");
    assert!((erratic - 0.10).abs() < 0.04, "erratic {erratic}");
    assert!((intermittent - 0.45).abs() < 0.06, "intermittent {intermittent}");
    assert!((lumpy - 0.30).abs() < 0.06, "lumpy {lumpy}");
}

/// Demand per day, summed over materials whose family `keep` keeps. Units are mixed, so only ratios mean anything.
fn demand_per_day(keep: impl Fn(&str) -> bool) -> HashMap<NaiveDate, f64> {
    let families: HashMap<&str, &str> = COMPANY
        .items
        .iter()
        .filter(|item| item.kind == ItemKind::Material)
        .map(|item| (&*item.sku, item.family.as_str()))
        .collect();
    let mut days: HashMap<NaiveDate, f64> = HashMap::new();
    for row in COMPANY.demand.iter().filter(|row| families.get(&*row.sku).is_some_and(|family| keep(family))) {
        *days.entry(row.full_date).or_default() += row.quantity.to_f64().unwrap();
    }
    days
}

fn mean_where(days: &HashMap<NaiveDate, f64>, keep: impl Fn(NaiveDate) -> bool) -> f64 {
    // In order of the days, so that the sum does not depend on the map's.
    let mut kept: Vec<(NaiveDate, f64)> = days.iter().filter(|(day, _)| keep(**day)).map(|(d, v)| (*d, *v)).collect();
    kept.sort_by_key(|(day, _)| *day);
    kept.iter().map(|(_, value)| value).sum::<f64>() / kept.len() as f64
}

#[test]
fn carnival_empties_the_workshops_and_weekends_are_quiet() {
    let days = demand_per_day(|family| !matches!(family, "ENERGIA E BATERIAS" | "FIBRA ÓPTICA"));
    let carnival = |day: NaiveDate| {
        let tuesday = carnival_tuesday(day.year()).unwrap();
        day == tuesday || day == tuesday - Days::new(1)
    };
    let monday_or_tuesday = |day: NaiveDate| matches!(day.weekday(), Weekday::Mon | Weekday::Tue) && !carnival(day);
    let dip = mean_where(&days, carnival) / mean_where(&days, monday_or_tuesday);
    assert!(dip < 0.5, "{dip}");
    let weekend = |day: NaiveDate| matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    let quiet = mean_where(&days, weekend) / mean_where(&days, |day| !weekend(day));
    assert!(quiet < 0.6, "{quiet}");
}

#[test]
fn crowds_need_power_and_fibre_at_carnival() {
    let busy = demand_per_day(|family| matches!(family, "ENERGIA E BATERIAS" | "FIBRA ÓPTICA"));
    let others = demand_per_day(|family| !matches!(family, "ENERGIA E BATERIAS" | "FIBRA ÓPTICA"));
    let before = |day: NaiveDate| (-13..=0).contains(&(day - carnival_tuesday(day.year()).unwrap()).num_days());
    let rise = |days| mean_where(days, before) / mean_where(days, |day| !before(day));
    assert!(rise(&busy) > 1.2 * rise(&others), "{} {}", rise(&busy), rise(&others));
}

#[test]
fn rain_brings_work_to_grounding_but_not_to_tools() {
    let wet = |day: NaiveDate| matches!(day.month(), 1..=3 | 10..=12);
    let season = |days: &HashMap<NaiveDate, f64>| mean_where(days, wet) / mean_where(days, |day| !wet(day));
    let grounding = season(&demand_per_day(|family| family == "ATERRAMENTO"));
    let tools = season(&demand_per_day(|family| family == "FERRAMENTAS"));
    assert!(grounding > 1.6, "{grounding}");
    assert!((0.7..1.35).contains(&tools), "{tools}");
}

#[test]
fn outside_series_cover_every_whole_month() {
    let mut codes: BTreeMap<&str, Vec<(NaiveDate, f64)>> = BTreeMap::new();
    for row in &COMPANY.indicators {
        codes.entry(&row.code).or_default().push((row.full_date, row.value));
    }
    for code in ["EXCHANGE_RATE", "INFLATION", "INTEREST", "RAIN_MM", "RAIN_MM_BA", "RAIN_MM_SP"] {
        let months = &codes[code];
        // The history runs from 2024-11-23 to 2026-11-22: 23 whole months.
        assert_eq!(months.len(), 23, "{code}");
        assert!(months.iter().all(|(day, value)| day.day() == 1 && *value > 0.0));
        assert!(months.windows(2).all(|pair| pair[0].0 + Months::new(1) == pair[1].0));
    }
    let rain =
        |month: u32| codes["RAIN_MM"].iter().filter(|(day, _)| day.month() == month).map(|(_, mm)| mm).sum::<f64>();
    assert!(rain(1) > 3.0 * rain(7));
}

#[test]
fn there_are_new_items_and_dying_ones() {
    let (mut first, mut last) = (HashMap::new(), HashMap::new());
    for row in COMPANY.demand.iter().filter(|row| row.quantity > Decimal::ZERO) {
        let day = first.entry(&*row.sku).or_insert(row.full_date);
        *day = (*day).min(row.full_date);
        let day = last.entry(&*row.sku).or_insert(row.full_date);
        *day = (*day).max(row.full_date);
    }
    let new = first.values().filter(|day| **day > until() - Days::new(120)).count();
    let dying = last.values().filter(|day| **day < until() - Days::new(120)).count();
    assert!((5..40).contains(&new), "{new}");
    assert!((8..45).contains(&dying), "{dying}");
    assert!(COMPANY.items.iter().any(|item| !item.active));
}
