//! What a policy comes to on the futures of a forecast.

use planning::forecast::CumulativeDemand;
use planning::policy::LeadTime;
use planning::simulate::{DailyDemand, PATHS, SimulatedPolicy, Trial, simulate_policy};
use proptest::prelude::*;

const SMOOTH: (f64, [f64; 7]) = (2.0, [0.0, 1.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
const SPARSE: (f64, [f64; 7]) = (0.1, [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]);

struct Case {
    days: Vec<DailyDemand>,
    demand: CumulativeDemand,
    lead_time: LeadTime,
}

fn case(day: (f64, [f64; 7])) -> Case {
    Case {
        days: vec![DailyDemand { mean: day.0, quantiles: day.1.map(Some) }; 90],
        demand: CumulativeDemand::from_daily(&[day; 90], 1.0),
        lead_time: LeadTime::observed(&[10, 12, 14, 14, 15, 20]).unwrap(),
    }
}

fn trial(case: &Case) -> Trial<'_> {
    Trial {
        days: &case.days,
        demand: &case.demand,
        lead_time: &case.lead_time,
        review_days: 7,
        cycle_days: 30,
        usual_use: None,
        service_level: 0.95,
        unit_cost: Some(12.5),
        min_quantity: None,
        max_quantity: None,
        pack: None,
        integer: true,
        paths: PATHS,
        seed: 1,
    }
}

/// Share of orders whose goods came too late for something that was wanted.
fn short(figures: &SimulatedPolicy) -> f64 {
    figures.stock_outs / figures.orders_per_year
}

#[test]
fn the_same_seed_gives_the_same_figures_and_another_seed_nearly_so() {
    let case = case(SMOOTH);
    let (one, again) = (simulate_policy(&trial(&case)), simulate_policy(&trial(&case)));
    assert_eq!(one, again);
    let other = simulate_policy(&Trial { seed: 2, ..trial(&case) });
    assert_ne!(one, other);
    assert!((one.fill_rate - other.fill_rate).abs() < 0.01, "{one:?} {other:?}");
    assert!((one.average_stock / other.average_stock - 1.0).abs() < 0.02, "{one:?} {other:?}");
}

#[test]
fn what_is_wanted_and_ordered_in_a_year_is_what_the_forecast_says() {
    for day in [SMOOTH, SPARSE] {
        let case = case(day);
        // Every order is one lot, for a hundred days: what came in is nearly what went out.
        let lot = 100.0 * day.0;
        let figures = simulate_policy(&Trial { pack: Some(lot), cycle_days: 0, service_level: 0.99, ..trial(&case) });
        let (ordered, wanted) = (figures.orders_per_year * lot, 365.0 * day.0);
        assert!((ordered / wanted - 1.0).abs() < 0.1, "{ordered} ordered of {wanted}: {figures:?}");
    }
}

#[test]
fn the_share_of_orders_that_come_too_late_is_what_the_service_level_allows() {
    let case = case(SMOOTH);
    for level in [0.8, 0.9, 0.95, 0.99] {
        let figures = simulate_policy(&Trial { service_level: level, ..trial(&case) });
        // The reorder point covers the whole review period, of which a shelf has used up half on average when it orders.
        assert!(short(&figures) <= 1.0 - level + 0.02, "{level}: {figures:?}");
    }
    let low = simulate_policy(&Trial { service_level: 0.5, ..trial(&case) });
    assert!(short(&low) > 0.1, "half of the orders at the least would be suspicious: {low:?}");
}

#[test]
fn more_service_costs_more_stock_and_a_longer_lead_time_too() {
    let case = case(SMOOTH);
    let at = |service_level| simulate_policy(&Trial { service_level, ..trial(&case) });
    let (low, high) = (at(0.8), at(0.99));
    assert!(high.fill_rate > low.fill_rate && high.average_stock > low.average_stock, "{low:?} {high:?}");
    assert!(high.stock_outs < low.stock_outs && high.stock_out_rate < low.stock_out_rate);
    assert!((high.average_value.unwrap() / high.average_stock - 12.5).abs() < 1e-3);
    let slow = LeadTime::fixed(60);
    let slow = simulate_policy(&Trial { lead_time: &slow, ..trial(&case) });
    assert!(slow.reorder_point > at(0.95).reorder_point && slow.safety_stock > at(0.95).safety_stock);
}

#[test]
fn nothing_wanted_needs_nothing() {
    let case = case((0.0, [0.0; 7]));
    let figures = simulate_policy(&trial(&case));
    assert_eq!(
        (figures.fill_rate, figures.stock_outs, figures.average_stock, figures.orders_per_year),
        (1.0, 0.0, 0.0, 0.0)
    );
    assert_eq!(figures.order_up_to, 0.0);
}

#[test]
fn quantiles_that_nobody_gave_are_not_needed() {
    let mut case = case(SMOOTH);
    for day in &mut case.days {
        for unknown in [1, 2, 4, 5] {
            day.quantiles[unknown] = None;
        }
    }
    let figures = simulate_policy(&trial(&case));
    assert!((0.9..=1.0).contains(&figures.fill_rate), "{figures:?}");
    case.days.clear();
    assert_eq!(simulate_policy(&trial(&case)).fill_rate, 1.0, "without a day nothing is wanted");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_input_makes_a_figure_that_is_none(
        mean in 0.0..1e6_f64,
        steps in proptest::array::uniform7(0.0..1e5_f64),
        level in 0.5..0.999_f64,
        review in 0_usize..40,
        lead in 0_usize..200,
        pack in proptest::option::of(0.0..100.0_f64),
        integer in any::<bool>(),
    ) {
        let mut sum = 0.0;
        let quantiles = steps.map(|step| { sum += step; if integer { f64::round(sum) } else { sum } });
        let mut case = case((mean, quantiles));
        case.lead_time = LeadTime::fixed(lead);
        let figures = simulate_policy(&Trial { service_level: level, review_days: review, pack, integer, paths: 5, ..trial(&case) });
        let all = [figures.reorder_point, figures.order_up_to, figures.fill_rate, figures.stock_outs, figures.stock_out_rate,
            figures.average_stock, figures.orders_per_year];
        prop_assert!(all.iter().all(|figure| figure.is_finite() && *figure >= 0.0), "{:?}", figures);
        prop_assert!(figures.fill_rate <= 1.0 && figures.stock_out_rate <= 1.0, "{:?}", figures);
    }
}
