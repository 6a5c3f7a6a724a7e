use chrono::NaiveDate;
use planning::abc::AbcClass;
use planning::kpi::{
    DayDemand, Delivery, FamilyWeek, StockLine, Targets, a_share, bias, carrying_cost, days_of_cover, delayed_orders,
    fill_rate, forecast_accuracy, inventory_value, minutes_to_decision, stock_out_rate, total_demand, turnover,
};

fn line(abc: AbcClass, on_hand: Option<f64>, unit_cost: Option<f64>) -> StockLine {
    StockLine { active: true, abc: Some(abc), on_hand, unit_cost }
}

fn day(quantity: f64, unit_cost: Option<f64>, abc: AbcClass, stocked_out: bool) -> DayDemand {
    DayDemand { quantity, unit_cost, abc: Some(abc), stocked_out }
}

#[test]
fn a_company_without_data_has_no_figures_instead_of_zeros() {
    let unrecorded = [line(AbcClass::A, None, None)];
    assert_eq!(stock_out_rate(&unrecorded, None), None);
    assert_eq!(inventory_value(&unrecorded), None);
    assert_eq!(total_demand(&[]), None);
    assert_eq!(fill_rate(&[day(5.0, None, AbcClass::A, false)], false), None);
    assert_eq!(a_share(&[day(5.0, None, AbcClass::A, false)]), None);
    assert_eq!(carrying_cost(None, 0.2), None);
    assert_eq!(turnover(Some(10.0), 30.0, None), None);
    assert_eq!(days_of_cover(Some(3.0), Some(0.0)), None);
    assert_eq!(delayed_orders(&[], NaiveDate::MAX), None);
    assert_eq!(minutes_to_decision(&[]), None);
    assert!(forecast_accuracy(&[]).is_none());
}

#[test]
fn stock_outs_count_active_recorded_lines_whole_and_per_class() {
    let mut lines = vec![
        line(AbcClass::A, Some(0.0), None),
        line(AbcClass::A, Some(3.0), None),
        line(AbcClass::C, Some(1.0), None),
    ];
    lines.push(line(AbcClass::A, None, None));
    lines.push(StockLine { active: false, ..line(AbcClass::A, Some(0.0), None) });
    assert_eq!(stock_out_rate(&lines, None), Some(1.0 / 3.0));
    assert_eq!(stock_out_rate(&lines, Some(AbcClass::A)), Some(0.5));
    assert_eq!(stock_out_rate(&lines, Some(AbcClass::B)), None);
}

#[test]
fn demand_value_and_fill_add_up() {
    let days = [day(6.0, Some(10.0), AbcClass::A, false), day(2.0, Some(20.0), AbcClass::C, true)];
    assert_eq!(total_demand(&days), Some(8.0));
    assert_eq!(fill_rate(&days, true), Some(0.75));
    assert_eq!(a_share(&days), Some(0.6));
}

#[test]
fn inventory_figures_follow_from_its_value() {
    let value = inventory_value(&[line(AbcClass::A, Some(4.0), Some(2.5)), line(AbcClass::B, Some(9.0), None)]);
    assert_eq!(value, Some(10.0));
    assert_eq!(carrying_cost(value, 0.2), Some(2.0));
    assert_eq!(turnover(Some(10.0), 36.5, value), Some(10.0));
    assert_eq!(days_of_cover(Some(6.0), Some(1.5)), Some(4.0));
}

#[test]
fn an_order_is_delayed_when_its_promise_passed_in_the_last_thirty_days() {
    let at = |d| NaiveDate::from_ymd_opt(2025, 3, d).unwrap();
    let order = |promised, received, cancelled| Delivery { promised, received, cancelled };
    let deliveries = [
        order(at(10), Some(at(10)), false),
        order(at(10), Some(at(12)), false),
        order(at(11), None, false),
        order(at(11), None, true),
        order(at(31), None, false),
        order(NaiveDate::from_ymd_opt(2024, 1, 1).unwrap(), None, false),
        order(at(12), Some(at(1)), false),
    ];
    assert_eq!(delayed_orders(&deliveries, at(31)), Some(0.5));
}

#[test]
fn mape_needs_demand_in_every_family_week() {
    let week = |forecast, actual| FamilyWeek { forecast, actual };
    let both = forecast_accuracy(&[week(90.0, 100.0), week(60.0, 50.0)]).unwrap();
    assert!((both.wape - 20.0 / 150.0).abs() < 1e-12);
    assert!((both.mape.unwrap() - 0.15).abs() < 1e-12);
    assert_eq!(forecast_accuracy(&[week(1.0, 0.0), week(1.0, 1.0)]).unwrap().mape, None);
    // Errors of opposite signs make up for each other in the bias alone: ten too few and ten too many.
    assert_eq!(bias(&[week(90.0, 100.0), week(60.0, 50.0)]), Some(0.0));
    assert_eq!(bias(&[week(3.0, 0.0), week(3.0, 4.0)]), Some(0.5));
    assert_eq!(bias(&[week(3.0, 0.0)]), None);
}

#[test]
fn targets_are_those_of_the_design() {
    let targets = Targets::default();
    assert!(targets.stock_out_rate(None).met(0.029) && !targets.stock_out_rate(None).met(0.03));
    assert!(targets.stock_out_rate(Some(AbcClass::C)).met(0.09));
    assert!(targets.turnover.met(8.0) && !targets.turnover.met(12.5));
    assert!(targets.carrying_cost_change.met(-0.2));
}
