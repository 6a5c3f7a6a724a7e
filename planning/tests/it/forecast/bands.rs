//! Distributions: what they promise before and after they are measured.

use planning::forecast::cumulative::CUMULATIVE_LEVELS;
use planning::forecast::predictive::Predictive;
use planning::forecast::{
    CumulativeDemand, DemandDistribution, Frequency, LEVELS, ModelName, Options, Quantiles, SeriesInput, SeriesKey,
};

use super::{mixed, random, run, series};

#[test]
fn quantiles_never_cross_and_are_whole_where_demand_is() {
    let quantiles = Quantiles::new([-1.0, f64::NAN, 0.4, 2.6, 1.0, 7.5, 7.51], true);
    assert_eq!(quantiles.values(), [0.0, 0.0, 0.0, 3.0, 3.0, 7.0, 8.0]);
}

#[test]
fn the_quantile_is_the_smallest_value_that_reaches_its_level() {
    for (probability, integer) in [(0.1, true), (0.9, true), (0.3, false)] {
        let series =
            series(random(5, 400, probability, 8.0).into_iter().map(|q| if integer { q } else { q * 0.37 }).collect());
        let window = series.window(400, Frequency::Day);
        let predictive = Predictive::new(&window, ModelName::HistoricMean, vec![window.mean() * 1.1; 3], integer);
        for t in [0.025, 0.3, 0.75, 0.9, 0.975, 0.999] {
            let q = predictive.quantile(2, t);
            let (below, at) = predictive.transform(2, q);
            assert!(at >= t - 1e-9, "P(Y <= {q}) = {at} < {t}");
            assert!(below <= t + 1e-9, "P(Y < {q}) = {below} > {t}");
        }
    }
}

#[test]
fn simulated_futures_have_the_means_they_were_given() {
    for probability in [0.05, 0.95] {
        let series = series(random(8, 600, probability, 8.0));
        let window = series.window(600, Frequency::Day);
        let mean = window.mean();
        let predictive = Predictive::new(&window, ModelName::HistoricMean, vec![mean; 30], true);
        let sums = predictive.simulate(&[30], 8000, 1).remove(0);
        let simulated = sums.iter().sum::<f64>() / sums.len() as f64;
        assert!((simulated / (30.0 * mean) - 1.0).abs() < 0.05, "{simulated} against {}", 30.0 * mean);
    }
}

#[test]
fn every_quantile_of_every_class_keeps_both_inequalities_out_of_sample() {
    let result = run(&mixed(240, 500), &Options { horizon: 60, ..Options::default() });
    let mut judged = 0;
    for (class, metrics) in result.summary.classes.iter().filter(|(_, m)| m.observations > 5000) {
        for (share, t) in metrics.calibration.unwrap().iter().zip(LEVELS) {
            assert!(share.above <= 1.0 - t + 0.02, "{class} at {t}: {} above", share.above);
            assert!(share.at_or_above >= 1.0 - t - 0.02, "{class} at {t}: {} at or above", share.at_or_above);
            judged += 1;
        }
    }
    assert!(judged >= 14, "only {judged} quantiles were judged");
    assert!(!result.accuracy.is_empty());
}

#[test]
fn demand_over_a_month_exceeds_its_quantiles_as_often_as_promised() {
    // The last 30 days are held back from the run and compared afterwards.
    let whole = mixed(400, 530);
    let known: Vec<SeriesInput> = whole
        .iter()
        .map(|s| SeriesInput { key: s.key.clone(), series: series(s.series.quantities[..500].to_vec()) })
        .collect();
    let result = run(&known, &Options { horizon: 30, ..Options::default() });
    for t in [0.5, 0.9, 0.95] {
        let above = result.forecasts.iter().zip(&whole).filter(|(forecast, input)| {
            let actual: f64 = input.series.quantities[500..].iter().sum();
            actual > forecast.cumulative(30).quantile(t)
        });
        let share = above.count() as f64 / whole.len() as f64;
        assert!((share - (1.0 - t)).abs() < 0.05, "{share} above the {t} quantile");
    }
}

#[test]
fn a_distribution_and_its_inverse_agree() {
    let distribution =
        DemandDistribution { mean: 12.0, quantiles: [1.0, 2.0, 3.0, 6.0, 10.0, 16.0, 24.0, 30.0, 36.0, 45.0, 52.0] };
    for t in [0.01, 0.025, 0.3, 0.5, 0.93, 0.97, 0.996] {
        assert!((distribution.probability(distribution.quantile(t)) - t).abs() < 1e-9);
    }
    assert_eq!(distribution.quantile(CUMULATIVE_LEVELS[7]), 30.0);
    assert!((distribution.expected_shortage(0.0) - 12.0).abs() < 1.5);
    assert!(distribution.expected_shortage(45.0) < 0.2);
}

#[test]
fn cumulative_demand_grows_with_days_and_survives_storage() {
    let result = run(&mixed(8, 300), &Options { horizon: 30, ..Options::default() });
    for forecast in &result.forecasts {
        let mut before = DemandDistribution::default();
        for days in 1..=60 {
            let now = forecast.cumulative(days);
            assert!(now.mean >= before.mean - 1e-12);
            if days <= 30 {
                assert!(
                    now.quantiles.iter().zip(before.quantiles).all(|(a, b)| *a >= b - 1e-9),
                    "{} day {days}",
                    forecast.key
                );
            }
            before = now;
        }
        let stored = serde_json::to_string(&forecast.demand).unwrap();
        let back: CumulativeDemand = serde_json::from_str(&stored).unwrap();
        // JSON keeps a number to its last digit but one.
        assert_eq!(back.days, forecast.demand.days);
        for (a, b) in back.demand.iter().zip(&forecast.demand.demand) {
            assert!((a.mean - b.mean).abs() <= 1e-9 * b.mean && a.quantiles == b.quantiles);
        }
    }
}

#[test]
fn a_familys_band_is_not_the_sum_of_its_items() {
    let items = mixed(6, 400);
    let total = (0..400).map(|day| items.iter().map(|s| s.series.quantities[day]).sum()).collect();
    let mut inputs = items.clone();
    inputs.push(SeriesInput { key: SeriesKey::Family("CABLES".to_owned()), series: series(total) });
    let result = run(&inputs, &Options { horizon: 14, ..Options::default() });
    let sum: f64 = result.forecasts[..6].iter().map(|f| f.points[0].quantiles[6]).sum();
    assert!(result.forecasts[6].points[0].quantiles[6] < sum);
}
