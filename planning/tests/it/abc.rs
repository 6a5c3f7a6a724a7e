use planning::abc::{Abc, AbcBasis, AbcClass, AbcCuts, AbcInput, XyzClass, XyzCuts};

fn item(quantity: f64, lines: f64, unit_cost: Option<f64>) -> AbcInput {
    AbcInput { quantity, lines, unit_cost }
}

fn abc(items: &[AbcInput]) -> Abc {
    planning::abc::abc(items, AbcCuts::default())
}

fn xyz(weekly: &[f64]) -> Option<XyzClass> {
    planning::abc::xyz(weekly, XyzCuts::default())
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

#[test]
fn an_item_that_begins_on_a_cut_is_of_the_class_behind_it() {
    use AbcClass::{A, B, C};
    // 80 + 15 + 5 = 100: the second begins at 80 %, the third at 95 %.
    let items = [item(80.0, 1.0, Some(1.0)), item(15.0, 1.0, Some(1.0)), item(5.0, 1.0, Some(1.0))];
    assert_eq!(abc(&items).classes, [A, B, C]);
    let cut = |a, b| planning::abc::abc(&items, AbcCuts { a, b }).classes;
    assert_eq!(cut(0.81, 0.95), [A, A, C]);
    assert_eq!(cut(0.80, 0.96), [A, B, B]);
    assert_eq!(cut(0.50, 0.60), [A, C, C]);
}

#[test]
fn the_cuts_of_variability_are_inclusive_and_can_be_moved() {
    // Mean 5, squared deviations 9 + 1 + 1 + 1 + 0 + 0 + 4 + 16 = 32, variance 32 / 7, variation 0.42762.
    let weekly = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0];
    let cut = |x, y| planning::abc::xyz(&weekly, XyzCuts { x, y }).unwrap();
    assert_eq!(cut(0.428, 1.0), XyzClass::X);
    assert_eq!(cut(0.427, 1.0), XyzClass::Y);
    assert_eq!(cut(0.1, 0.427), XyzClass::Z);
    // Mean 2, squared deviations 1 + 1, variance 2 / 4: exactly on the cut.
    let even = (0.5_f64).sqrt() / 2.0;
    assert_eq!(planning::abc::xyz(&[1.0, 3.0, 2.0, 2.0, 2.0], XyzCuts { x: even, y: 1.0 }), Some(XyzClass::X));
}
