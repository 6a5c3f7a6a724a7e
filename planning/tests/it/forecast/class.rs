use planning::forecast::{DemandClass, Frequency, ModelName};

use super::{series, start};
use planning::forecast::DemandSeries;

fn class(quantities: Vec<f64>) -> DemandClass {
    let series = series(quantities);
    DemandClass::of(&series.window(series.len(), Frequency::Day))
}

/// `pattern` over and over, to 240 days.
fn repeat(pattern: &[f64]) -> Vec<f64> {
    pattern.iter().copied().cycle().take(240).collect()
}

#[test]
fn interval_and_variation_make_the_four_classes() {
    assert_eq!(class(repeat(&[5.0, 6.0])), DemandClass::Smooth);
    assert_eq!(class(repeat(&[1.0, 1.0, 1.0, 30.0])), DemandClass::Erratic);
    assert_eq!(class(repeat(&[5.0, 0.0, 0.0, 6.0])), DemandClass::Intermittent);
    assert_eq!(class(repeat(&[1.0, 0.0, 0.0, 30.0])), DemandClass::Lumpy);
}

#[test]
fn the_interval_cut_is_at_1_32() {
    // 25 demands in 33 days: an interval of 1.32 exactly, which is intermittent; one demand more is smooth.
    let mut quantities: Vec<f64> = (0..330).map(|day| if day % 33 < 25 { 4.0 } else { 0.0 }).collect();
    assert_eq!(class(quantities.clone()), DemandClass::Intermittent);
    quantities[32] = 4.0;
    assert_eq!(class(quantities), DemandClass::Smooth);
}

#[test]
fn histories_that_the_four_cannot_describe_have_classes_of_their_own() {
    assert_eq!(class(vec![0.0; 100]), DemandClass::NoDemand);
    assert_eq!(class(vec![3.0; 30]), DemandClass::New);
    let mut ended = repeat(&[3.0, 0.0, 0.0, 0.0, 0.0]);
    ended.extend(vec![0.0; 200]);
    assert_eq!(class(ended), DemandClass::Obsolete);
    let missing = DemandSeries::new(start(), vec![1.0; 100], (0..100).map(|day| day % 3 > 0).collect());
    assert_eq!(DemandClass::of(&missing.window(100, Frequency::Day)), DemandClass::Censored);
}

#[test]
fn names_read_back() {
    for class in DemandClass::ALL {
        assert_eq!(class.as_str().parse::<DemandClass>().unwrap(), class);
    }
    for model in ModelName::ALL {
        assert_eq!(model.as_str().parse::<ModelName>().unwrap(), model);
        assert_eq!(serde_json::to_value(model).unwrap(), model.as_str());
    }
    assert!("SMOOTHISH".parse::<DemandClass>().is_err());
}
