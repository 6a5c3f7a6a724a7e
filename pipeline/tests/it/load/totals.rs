//! The real workbook's totals, by a route that has nothing in common with ours but the spreadsheet reader.

use std::collections::{BTreeMap, HashMap, HashSet};

use calamine::{Data, Reader as _, open_workbook_auto};
use chrono::{Days, NaiveDate};
use sea_orm::prelude::Decimal;
use store::demand::{DemandGroup, DemandQuery, Granularity, grouped};
use testkit::TestDatabase;

use super::{import, options};
use crate::files::real_workbook;

/// Family and month.
type Totals = BTreeMap<(String, NaiveDate), f64>;

/// What occurs most often; of equals the first in the alphabet.
fn most(counts: &BTreeMap<String, u32>) -> String {
    let best = counts.values().max().copied().unwrap_or(0);
    counts.iter().find(|(_, count)| **count == best).map(|(text, _)| text.clone()).unwrap_or_default()
}

fn unit(text: &str) -> String {
    match text.trim().to_uppercase().as_str() {
        "M²" => "M2".into(),
        "M³" => "M3".into(),
        "MT" => "M".into(),
        other => other.into(),
    }
}

fn month(cell: &Data) -> Option<NaiveDate> {
    let serial = match cell {
        Data::DateTime(moment) => moment.as_f64(),
        _ => return None,
    };
    let day = NaiveDate::from_ymd_opt(1899, 12, 30)? + Days::new(serial as u64);
    Some(Granularity::Month.start(day))
}

/// Quantities by family and month: each line once, by the day it was requested, else bought, in the item's usual unit.
fn by_hand(path: &std::path::Path) -> Totals {
    let mut workbook = open_workbook_auto(path).unwrap();
    let range = workbook.worksheet_range_at(0).unwrap().unwrap();
    let mut rows = range.rows();
    let header: Vec<String> = rows.next().unwrap().iter().map(|cell| cell.to_string().trim().to_owned()).collect();
    let column =
        |name: &str| header.iter().position(|head| head == name).unwrap_or_else(|| panic!("{name}: {header:?}"));
    let [sku, family, quantity, measure, requested, bought] =
        ["PRODUTO/SERVIÇO", "FAMÍLIA", "QUANTIDADE", "U.M.", "DATA SOLICITADO", "DATA DE COMPRA"].map(column);

    let mut seen = HashSet::new();
    let lines: Vec<&[Data]> = rows
        .filter(|row| row.iter().any(|cell| *cell != Data::Empty))
        .filter(|row| seen.insert(format!("{row:?}")))
        .collect();
    let code = |row: &[Data]| row[sku].to_string();
    let mut families: HashMap<String, BTreeMap<String, u32>> = HashMap::new();
    let mut units: HashMap<String, BTreeMap<String, u32>> = HashMap::new();
    for row in &lines {
        *families.entry(code(row)).or_default().entry(row[family].to_string().trim().to_owned()).or_default() += 1;
        *units.entry(code(row)).or_default().entry(unit(&row[measure].to_string())).or_default() += 1;
    }
    let mut totals = Totals::new();
    for row in &lines {
        let Some(month) = month(&row[requested]).or_else(|| month(&row[bought])) else { continue };
        if unit(&row[measure].to_string()) == most(&units[&code(row)]) {
            let amount: f64 = row[quantity].to_string().parse().unwrap();
            *totals.entry((most(&families[&code(row)]), month)).or_default() += amount;
        }
    }
    totals.retain(|_, total| *total != 0.0);
    totals
}

#[tokio::test]
async fn the_real_workbooks_totals_by_family_and_month_are_those_of_an_independent_sum() {
    let Some(path) = real_workbook() else { return };
    let expected = by_hand(&path);
    assert!(expected.len() > 100, "{} cells", expected.len());
    let db = TestDatabase::new().await;
    import(&db, &path, &options()).await;
    let query = DemandQuery {
        granularity: Granularity::Month,
        group_by: vec![DemandGroup::Family],
        limit: 1_000,
        ..DemandQuery::default()
    };
    let answer = grouped(&db, &query).await.unwrap();
    let mut stored = Totals::new();
    for group in &answer.groups {
        for (month, quantity) in answer.dates.iter().zip(&group.quantities) {
            if *quantity != Decimal::ZERO {
                stored.insert((group.keys[0].value.clone(), *month), quantity.to_string().parse().unwrap());
            }
        }
    }
    let keys = |totals: &Totals| totals.keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&stored), keys(&expected));
    for (key, total) in &expected {
        assert!((stored[key] - total).abs() < 1e-6, "{key:?}: {} is stored, {total} is in the file", stored[key]);
    }
}
