//! Every method against a reference implementation (see `tests/fixtures/README.md`) or a calculation by hand.

use planning::forecast::model::{FittedModel, Model};
use planning::forecast::models::{
    Adida, CrostonSba, HistoricMean, Imapa, SeasonalNaive, Ses, Start, States, Theta, Tsb, Weights,
};
use planning::forecast::{DemandSeries, Frequency, ModelName};
use serde_json::Value;

use super::{random, series, start};

fn fixture(name: &str) -> Value {
    let path = format!("{}/tests/fixtures/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

#[test]
fn methods_equal_the_reference_implementation() {
    let start = Start::First;
    let mut compared = 0;
    for case in fixture("reference")["series"].as_array().unwrap() {
        let series = series(numbers(&case["quantities"]));
        let window = series.window(series.len(), Frequency::Day);
        let one = |fitted: &dyn FittedModel| vec![fitted.mean(1)];
        let naive = SeasonalNaive.fit(&window);
        let ours: [(&str, Vec<f64>, f64); 7] = [
            ("SES_0.2", one(&Ses { bounds: (0.2, 0.2), start }.fit(&window)), 1e-12),
            ("CROSTON_SBA", one(&CrostonSba { alpha: 0.1, start }.fit(&window)), 1e-12),
            ("TSB", one(&Tsb { alpha_size: 0.1, alpha_probability: &[0.05], start }.fit(&window)), 1e-12),
            ("SEASONAL_NAIVE", (1..=7).map(|lead| naive.mean(lead)).collect(), 1e-12),
            // The optimised weights stop at a different digit.
            ("SES", one(&Ses { bounds: (0.01, 0.99), start }.fit(&window)), 1e-3),
            ("ADIDA", one(&Adida { bounds: (0.1, 0.3), start }.fit(&window)), 1e-3),
            ("IMAPA", one(&Imapa { bounds: (0.1, 0.3), start }.fit(&window)), 1e-3),
        ];
        for (name, ours, tolerance) in ours {
            let theirs = case[name].as_f64().map_or_else(|| numbers(&case[name]), |one| vec![one]);
            for (a, b) in ours.iter().zip(&theirs) {
                assert!(
                    (a - b).abs() <= tolerance * b.abs().max(1e-9),
                    "{name} of {}: {a}, reference {b}",
                    case["name"]
                );
                compared += 1;
            }
        }
    }
    assert_eq!(compared, 5 * (6 + 7));
}

#[test]
fn every_lead_of_every_method_equals_the_reference_implementation() {
    let fixture = fixture("methods");
    let start = Start::First;
    let mut compared = 0;
    for case in fixture["series"].as_array().unwrap() {
        let series = series(numbers(&case["quantities"]));
        let window = series.window(series.len(), Frequency::Day);
        let theta = Theta { bounds: (0.1, 0.99), fixed: None, seasonal: false };
        let fitted: [(&str, Box<dyn FittedModel>, f64); 9] = [
            ("SEASONAL_NAIVE", Box::new(SeasonalNaive.fit(&window)), 1e-12),
            ("HISTORIC_MEAN", Box::new(HistoricMean::default().fit(&window)), 1e-12),
            ("SES_0.2", Box::new(Ses { bounds: (0.2, 0.2), start }.fit(&window)), 1e-12),
            ("CROSTON_SBA", Box::new(CrostonSba { alpha: 0.1, start }.fit(&window)), 1e-12),
            ("TSB", Box::new(Tsb { alpha_size: 0.1, alpha_probability: &[0.05], start }.fit(&window)), 1e-12),
            // The optimised weights stop at a different digit.
            ("SES", Box::new(Ses { bounds: (0.01, 0.99), start }.fit(&window)), 1e-3),
            ("ADIDA", Box::new(Adida { bounds: (0.1, 0.3), start }.fit(&window)), 1e-3),
            ("IMAPA", Box::new(Imapa { bounds: (0.1, 0.3), start }.fit(&window)), 1e-3),
            ("THETA", Box::new(theta.fit(&window)), 5e-3),
        ];
        for (name, fitted, tolerance) in &fitted {
            let label = if name.starts_with("SES_") { "SES" } else { name };
            assert_eq!(fitted.name().as_str(), label);
            compared += close(&**fitted, &case["methods"][name], *tolerance, &format!("{name} of {}", case["name"]));
        }
        for given in case["THETA_STM"].as_array().unwrap() {
            let fixed = Some((given["first"].as_f64().unwrap(), given["alpha"].as_f64().unwrap()));
            let fitted = Theta { bounds: (0.1, 0.99), fixed, seasonal: false }.fit(&window);
            compared += close(&fitted, &given["forecast"], 1e-9, "THETA with given weights");
        }
    }
    assert_eq!(compared, 5 * 12 * 14);
}

/// Leads compared.
fn close(fitted: &dyn FittedModel, reference: &Value, tolerance: f64, what: &str) -> usize {
    let theirs = numbers(reference);
    for (at, theirs) in theirs.iter().enumerate() {
        // The reference lets a trend run below zero, where demand cannot go.
        let (ours, theirs) = (fitted.mean(at + 1), theirs.max(0.0));
        assert!((ours - theirs).abs() <= tolerance * theirs.max(1e-9), "{what}, lead {}: {ours}, {theirs}", at + 1);
    }
    theirs.len()
}

#[test]
fn the_ets_recursion_equals_the_reference_from_known_states() {
    let reference = fixture("reference");
    for (name, model, trend, beta, phi) in
        [("ETS_ANA", ModelName::EtsAna, 0.0, 0.0, 0.0), ("ETS_AADA", ModelName::EtsAada, 0.1, 0.05, 0.9)]
    {
        let quantities = numbers(&reference[name]["quantities"]);
        let mut states = States { level: 20.0, trend, season: vec![3.0, 2.0, 1.0, 0.0, -1.0, -2.0, -3.0] };
        states.run(&quantities, &vec![false; quantities.len()], Weights { alpha: 0.2, beta, gamma: 0.1, phi });
        let fitted = states.fitted(model, quantities.len(), phi);
        assert_eq!(fitted.name(), model);
        for (lead, theirs) in numbers(&reference[name]["forecast"]).into_iter().enumerate() {
            assert!(
                (fitted.mean(lead + 1) - theirs).abs() < 1e-9,
                "{name} lead {}: {} against {theirs}",
                lead + 1,
                fitted.mean(lead + 1)
            );
        }
    }
}

#[test]
fn exponential_smoothing_forecasts_what_the_reference_does_from_its_own_fit() {
    let (fits, given) = (fixture("ets"), fixture("methods"));
    let mut compared = 0;
    for (fit, case) in fits["series"].as_array().unwrap().iter().zip(given["series"].as_array().unwrap()) {
        assert_eq!(fit["name"], case["name"]);
        let quantities = numbers(&case["quantities"]);
        for model in [ModelName::EtsAadn, ModelName::EtsAna, ModelName::EtsAada] {
            let made = &fit[model.as_str()];
            let n = |name: &str| made[name].as_f64().unwrap();
            let mut season = numbers(&made["season"]);
            if season.is_empty() {
                season.push(0.0);
            }
            let mut states = States { level: n("level"), trend: n("trend"), season };
            let weights = Weights { alpha: n("alpha"), beta: n("beta"), gamma: n("gamma"), phi: n("phi") };
            states.run(&quantities, &vec![false; quantities.len()], weights);
            let fitted = states.fitted(model, quantities.len(), weights.phi);
            assert_eq!(fitted.name(), model);
            compared += close(&fitted, &made["forecast"], 1e-9, &format!("{model} of {}", case["name"]));
        }
        let series = series(quantities);
        let window = series.window(series.len(), Frequency::Day);
        let (bounds, start) = ((0.2, 0.2), Start::First);
        compared += close(&Adida { bounds, start }.fit(&window), &fit["ADIDA_0.2"], 1e-12, "ADIDA with a given weight");
        compared += close(&Imapa { bounds, start }.fit(&window), &fit["IMAPA_0.2"], 1e-12, "IMAPA with a given weight");
    }
    assert_eq!(compared, 5 * 5 * 14);
}

#[test]
fn croston_sba_by_hand() {
    // Sizes 4, 6; intervals 2, 3. Smoothed with 0.1: 4.2 and 2.1; 0.95 * 4.2 / 2.1 = 1.9.
    let series = series(vec![0.0, 4.0, 0.0, 0.0, 6.0, 0.0]);
    let fitted = CrostonSba { alpha: 0.1, start: Start::First }.fit(&series.window(6, Frequency::Day));
    assert!((fitted.mean(1) - 1.9).abs() < 1e-12);
}

#[test]
fn every_model_answers_under_the_name_it_was_asked_by() {
    let series = series(random(3, 200, 0.9, 5.0));
    let window = series.window(200, Frequency::Day);
    for name in ModelName::ALL {
        assert_eq!(name.fit(&window).name(), name);
    }
}

#[test]
fn a_stocked_out_day_is_missing_and_not_zero() {
    let full = vec![10.0; 100];
    let mut holes = full.clone();
    let mut censored = vec![false; 100];
    for day in (5..100).step_by(4) {
        holes[day] = 0.0;
        censored[day] = true;
    }
    let series = DemandSeries::new(start(), holes, censored);
    let window = series.window(100, Frequency::Day);
    for name in ModelName::candidates(&window) {
        let mean = name.fit(&window).mean(1);
        let expected = if *name == ModelName::CrostonSba { 9.5 } else { 10.0 };
        assert!((mean - expected).abs() < 0.3, "{name} forecasts {mean}");
    }
}
