use frontend::charts::accuracy::{Coverage, beating_naive, leads};
use frontend::charts::comparison::{Comparison, Source};
use frontend::charts::forecasts::{comparison, coverage, judged};
use frontend::charts::outlook::{Edges, Fan};
use frontend::graphql::queries::enums::{DemandClass, Granularity};
use frontend::graphql::queries::forecasts::{ForecastAccuracy, ItemAccuracy};
use frontend::i18n::Lang;

use crate::charts::{days, look};

fn source(name: &str, place: usize, from: &str, means: Vec<f64>, wide: Option<(f64, f64)>) -> Source {
    let count = means.len();
    let wide = wide.map(|(lower, upper)| Edges { lower: vec![lower; count], upper: vec![upper; count] });
    let fan = Fan { dates: days(from, i32::try_from(count).unwrap()), means, wide, narrow: None };
    Source { name: name.to_owned(), place, fan }
}

/// A banded one, one a day later that has no band, and one of nothing.
fn sources() -> Vec<Source> {
    vec![
        source("toda a empresa", 0, "2025-11-03", vec![2.0, 4.0, 6.0], Some((-1.0, 8.0))),
        source("010825 CONEXÃO DE FERRO GALVANIZADO PARA TUBOS", 5, "2025-11-04", vec![10.0, 30.0], None),
        source("NADA", 2, "2025-11-03", vec![0.0, 0.0, 0.0], Some((0.0, 0.0))),
    ]
}

fn accuracy(
    class: DemandClass,
    leads: (i32, Option<i32>),
    observations: i32,
    known: Option<[f64; 3]>,
) -> ForecastAccuracy {
    ForecastAccuracy {
        demand_class: class,
        lead_from: leads.0,
        lead_to: leads.1,
        observations,
        rmsse: known.map(|[rmsse, ..]| rmsse),
        wape: None,
        bias: None,
        coverage80: known.map(|[_, coverage, _]| coverage),
        ideal80: known.map(|[.., ideal]| ideal),
        coverage95: None,
        ideal95: None,
    }
}

fn rows() -> Vec<ForecastAccuracy> {
    vec![
        accuracy(DemandClass::Lumpy, (61, None), 10, None),
        accuracy(DemandClass::Lumpy, (1, Some(7)), 300, Some([0.9, 0.9, 0.88])),
        accuracy(DemandClass::Smooth, (1, Some(7)), 100, Some([1.0, 0.7, 0.8])),
    ]
}

#[test]
fn series_share_one_axis_and_leave_gaps_where_they_say_nothing() {
    let compared = Comparison::new(sources(), 90, Granularity::Day, false);
    assert_eq!(compared.dates, days("2025-11-03", 3));
    assert_eq!(compared.curves[1].means, [None, Some(10.0), Some(30.0)]);
    assert_eq!(compared.curves[0].bands[0], Some((0.0, 8.0)), "no demand is negative");
    assert!(!compared.curves[1].has_band());
    assert_eq!(Comparison::new(sources(), 2, Granularity::Day, false).dates, days("2025-11-03", 3), "two days of each");
}

#[test]
fn a_normalised_series_has_a_mean_of_one_and_its_band_goes_along() {
    let compared = Comparison::new(sources(), 90, Granularity::Day, true);
    assert_eq!(compared.curves[0].means, [Some(0.5), Some(1.0), Some(1.5)]);
    assert_eq!(compared.curves[0].bands[0], Some((0.0, 2.0)));
    assert_eq!(compared.curves[1].means, [None, Some(0.5), Some(1.5)]);
    assert!(compared.curves[2].is_nothing());
    assert_eq!(compared.curves[2].means, [None; 3], "nothing has no level to be divided by");
}

#[test]
fn the_level_is_that_of_the_horizon_which_is_shown() {
    let compared = Comparison::new(sources(), 2, Granularity::Day, true);
    assert!((compared.curves[0].level - 3.0).abs() < 1e-9);
}

#[test]
fn weeks_have_means_of_whole_weeks_and_no_bands() {
    let sources = vec![
        source("a", 0, "2025-11-01", vec![1.0; 17], Some((0.0, 2.0))),
        source("b", 1, "2025-11-10", vec![2.0; 7], None),
    ];
    let compared = Comparison::new(sources, 90, Granularity::Week, false);
    assert_eq!(compared.dates, ["2025-11-03".parse().unwrap(), "2025-11-10".parse().unwrap()]);
    assert_eq!(compared.curves[0].means, [Some(7.0), Some(7.0)]);
    assert_eq!(compared.curves[1].means, [None, Some(14.0)]);
    assert!(!compared.has_band());
}

#[test]
fn coverage_is_weighed_by_how_much_was_measured_and_begins_with_the_nearest() {
    let ranges = Coverage::of(&rows());
    assert_eq!(ranges.iter().map(|range| (range.from, range.to)).collect::<Vec<_>>(), [(1, Some(7)), (61, None)]);
    assert!((ranges[0].measured.unwrap() - 0.85).abs() < 1e-9);
    assert!((ranges[0].ideal.unwrap() - 0.86).abs() < 1e-9);
    assert_eq!(ranges[1].measured, None, "nobody measured it");
    assert_eq!(beating_naive(&rows()), (1, 2), "an error as large as the naive forecast's is not smaller");
    assert_eq!(leads(Lang::PtBr, 61, None), "61 dias ou mais");
    assert_eq!(leads(Lang::En, 1, Some(7)), "1 to 7 days");
}

#[test]
fn the_charts_of_the_forecasts_are_as_they_were() {
    let drawn = comparison(&Comparison::new(sources(), 90, Granularity::Day, false), &look());
    insta::assert_json_snapshot!("comparison", serde_json::to_value(&drawn.chart).unwrap());
    insta::assert_debug_snapshot!("comparison_tips", drawn.tips);
    let drawn = comparison(&Comparison::new(sources(), 90, Granularity::Day, true), &look());
    insta::assert_json_snapshot!("normalised_axis", serde_json::to_value(&drawn.chart).unwrap()["yAxis"]);
    let drawn = coverage(&Coverage::of(&rows()), &look());
    insta::assert_json_snapshot!("coverage", serde_json::to_value(&drawn.chart).unwrap());
    insta::assert_debug_snapshot!("coverage_tips", drawn.tips);
    let weeks = ItemAccuracy {
        weeks: vec!["2025-11-03".parse().unwrap(), "2025-11-10".parse().unwrap()],
        forecasts: vec![10.0, 12.5],
        actuals: vec![8.0, 1234.5],
        wape: Some(0.35),
        bias: Some(-0.1),
    };
    let drawn = judged(&weeks, &look());
    insta::assert_json_snapshot!("judged", serde_json::to_value(&drawn.chart).unwrap()["series"]);
    insta::assert_debug_snapshot!("judged_tips", drawn.tips);
}
