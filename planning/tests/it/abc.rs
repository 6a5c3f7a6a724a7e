use planning::abc::{AbcBasis, AbcClass, AbcInput, XyzClass, abc, xyz};

fn item(quantity: f64, lines: f64, unit_cost: Option<f64>) -> AbcInput {
    AbcInput { quantity, lines, unit_cost }
}

#[test]
fn items_are_cut_at_80_and_95_percent_of_the_value() {
    let items =
        [item(5.0, 1.0, Some(1.0)), item(80.0, 1.0, Some(1.0)), item(12.0, 1.0, Some(1.0)), item(3.0, 1.0, Some(1.0))];
    let result = abc(&items);
    assert_eq!(result.basis, AbcBasis::Value);
    assert_eq!(result.classes, [AbcClass::B, AbcClass::A, AbcClass::B, AbcClass::C]);
}

#[test]
fn without_any_cost_demand_lines_decide_and_the_answer_says_so() {
    let result = abc(&[item(1000.0, 1.0, None), item(1.0, 99.0, None)]);
    assert_eq!(result.basis, AbcBasis::DemandLines);
    assert_eq!(result.classes, [AbcClass::C, AbcClass::A]);
}

#[test]
fn items_that_nobody_wanted_are_class_c() {
    assert_eq!(abc(&[item(0.0, 0.0, Some(9.0))]).classes, [AbcClass::C]);
    assert!(abc(&[]).classes.is_empty());
}

#[test]
fn variability_of_weekly_demand_makes_xyz() {
    assert_eq!(xyz(&[10.0, 11.0, 9.0, 10.0]), Some(XyzClass::X));
    assert_eq!(xyz(&[0.0, 10.0, 5.0, 15.0]), Some(XyzClass::Y));
    assert_eq!(xyz(&[0.0, 0.0, 40.0, 0.0]), Some(XyzClass::Z));
    assert_eq!(xyz(&[0.0; 8]), None);
    assert_eq!(xyz(&[1.0, 2.0]), None);
}
