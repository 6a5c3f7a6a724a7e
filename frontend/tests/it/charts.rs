use frontend::charts::demand::demand;
use frontend::charts::inventory::inventory;
use frontend::charts::outlook::{Edges, Fan, Outlook};
use frontend::charts::{Look, Palette};
use frontend::day::Day;
use frontend::graphql::queries::enums::Granularity;
use frontend::graphql::queries::material::InventorySeries;
use frontend::i18n::Lang;
use serde_json::Value;

pub fn look() -> Look {
    let palette = Palette {
        actual: "#888888".to_owned(),
        forecast: "#006677".to_owned(),
        series: ["#006677", "#aa5500", "#6633cc", "#bb1166"].map(str::to_owned).to_vec(),
        band_wide: "#cceeee".to_owned(),
        band_narrow: "#99cccc".to_owned(),
        warning: "#996600".to_owned(),
        danger: "#bb2222".to_owned(),
        text: "#555555".to_owned(),
        ink: "#222222".to_owned(),
        line: "#dddddd".to_owned(),
        surface: "#ffffff".to_owned(),
    };
    Look { palette, lang: Lang::PtBr }
}

pub fn days(from: &str, count: i32) -> Vec<Day> {
    let from: Day = from.parse().unwrap();
    (0..count).map(|days| from.plus(days)).collect()
}

fn fan(from: &str) -> Fan {
    Fan {
        dates: days(from, 3),
        means: vec![2.0, 2.5, 3.0],
        wide: Some(Edges { lower: vec![-1.0, 0.0, 1.0], upper: vec![6.0, 7.0, 8.0] }),
        narrow: Some(Edges { lower: vec![1.0, 1.0, 2.0], upper: vec![3.0, 4.0, 5.0] }),
    }
}

fn outlook() -> Outlook {
    let history = days("2025-10-29", 3)
        .into_iter()
        .zip([4.0, 0.0, 1234.5])
        .zip([false, true, false])
        .map(|((day, quantity), out)| (day, quantity, out));
    Outlook::new(history, Some(fan("2025-11-01")), Granularity::Day, Some("2025-11-01".parse().unwrap()))
}

#[test]
fn a_demand_chart_has_bars_a_fan_and_a_line_for_today() {
    let drawn = demand(&outlook(), &look());
    insta::assert_json_snapshot!(serde_json::to_value(&drawn.chart).unwrap());
    insta::assert_debug_snapshot!(drawn.tips);
}

#[test]
fn no_layer_of_the_fan_goes_below_zero_and_together_they_reach_the_upper_edge() {
    let chart = serde_json::to_value(demand(&outlook(), &look()).chart).unwrap();
    let layers: Vec<&Value> =
        chart["series"].as_array().unwrap().iter().filter(|series| series["stack"] == "fan").collect();
    assert_eq!(layers.len(), 4);
    for (place, upper) in [(3, 6.0), (4, 7.0), (5, 8.0)] {
        let heights: Vec<f64> = layers.iter().map(|layer| layer["data"][place].as_f64().unwrap()).collect();
        assert!(heights.iter().all(|height| *height >= 0.0), "{heights:?}");
        assert!((heights.iter().sum::<f64>() - upper).abs() < 1e-9, "{heights:?}");
    }
    assert_eq!(layers[0]["data"][0], Value::Null);
}

#[test]
fn weeks_sum_whole_weeks_of_means_and_have_no_band() {
    // A fan of 17 days from a Saturday: one weekend, two whole weeks, one Monday.
    let fan = Fan { dates: days("2025-11-01", 17), means: vec![1.0; 17], wide: None, narrow: None };
    let weekly = fan.bucketed(Granularity::Week);
    assert_eq!(weekly.dates, ["2025-11-03".parse().unwrap(), "2025-11-10".parse().unwrap()]);
    assert_eq!(weekly.means, [7.0, 7.0]);
    let banded = self::fan("2025-11-01").bucketed(Granularity::Week);
    assert!(banded.wide.is_none() && banded.narrow.is_none());
}

#[test]
fn a_stock_chart_draws_stock_and_the_levels_it_is_judged_by() {
    let series = InventorySeries {
        dates: days("2025-10-29", 3),
        on_hand: vec![10.0, 8.0, 0.0],
        on_order: None,
        safety_stock: Some(vec![Some(2.0), Some(2.0), None]),
        reorder_point: Some(vec![Some(5.0), Some(5.0), Some(5.0)]),
    };
    let drawn = inventory(&series, &look());
    insta::assert_json_snapshot!(serde_json::to_value(&drawn.chart).unwrap()["series"]);
    insta::assert_debug_snapshot!(drawn.tips);
}
