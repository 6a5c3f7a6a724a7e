use planning::forecast::{DemandSeries, ModelName, Options, SeriesInput, SeriesKey};
use proptest::prelude::*;

use super::{mixed, run, start};

const OPTIONS: Options = Options { horizon: 15, folds: 2, seed: 3, frequency: planning::forecast::Frequency::Day };

/// Finite non-negative demand of any size and density, some of it censored.
fn history() -> impl Strategy<Value = DemandSeries> {
    let quantity = prop_oneof![5 => Just(0.0), 3 => (0_u32..50).prop_map(f64::from), 1 => 0.0..1e3, 1 => 0.0..1e300, 1 => 0.0..1e-300];
    prop::collection::vec((quantity, prop::bool::weighted(0.1)), 0..160).prop_map(|steps| {
        let (quantities, censored) = steps.into_iter().unzip();
        DemandSeries::new(start(), quantities, censored)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn any_history_gives_finite_ordered_non_negative_quantiles(series in history()) {
        let integer = series.is_integer();
        let result = run(&[SeriesInput { key: SeriesKey::All, series }], &OPTIONS);
        for forecast in &result.forecasts {
            prop_assert_eq!(forecast.points.len(), 15);
            for point in &forecast.points {
                prop_assert!(point.mean.is_finite() && point.mean >= 0.0);
                prop_assert!(point.quantiles.iter().all(|q| q.is_finite() && *q >= 0.0));
                prop_assert!(point.quantiles.is_sorted());
                prop_assert!(!integer || point.quantiles.iter().all(|q| q.fract() == 0.0));
            }
            for sum in &forecast.demand.demand {
                prop_assert!(sum.mean.is_finite() && sum.quantiles.iter().all(|q| q.is_finite() && *q >= 0.0));
                prop_assert!(sum.quantiles.is_sorted());
            }
            let m = forecast.backtest.metrics;
            for metric in [m.rmsse, m.mase, m.wape, m.bias, m.pinball, m.coverage80, m.coverage95].into_iter().flatten() {
                prop_assert!(metric.is_finite());
            }
        }
    }

    #[test]
    fn demand_in_other_units_gives_the_forecast_in_those_units(
        quantities in prop::collection::vec(prop_oneof![2 => Just(0.0), 1 => 0.1..90.0_f64], 30..150),
        power in 1_i32..4,
    ) {
        // Powers of two scale without rounding; thirds keep both series from being whole.
        let scale = 2.0_f64.powi(power);
        let series = |scale: f64| DemandSeries::new(start(), quantities.iter().map(|q| (q + if *q > 0.0 { 0.015_625 } else { 0.0 }) * scale).collect(), Vec::new());
        prop_assume!(!series(1.0).is_integer() && !series(scale).is_integer());
        let run = |series| run(&[SeriesInput { key: SeriesKey::All, series }], &OPTIONS);
        let (one, other) = (run(series(1.0)), run(series(scale)));
        prop_assert_eq!(one.forecasts[0].model, other.forecasts[0].model);
        for (a, b) in one.forecasts[0].points.iter().zip(&other.forecasts[0].points) {
            prop_assert!((a.mean * scale - b.mean).abs() <= 1e-9 * b.mean.max(1e-9));
            for (a, b) in a.quantiles.iter().zip(b.quantiles) {
                prop_assert!((a * scale - b).abs() <= 1e-9 * b.max(1e-9));
            }
        }
    }

    #[test]
    fn every_model_is_finite_and_non_negative_on_any_window(series in history()) {
        let window = series.window(series.len(), OPTIONS.frequency);
        prop_assume!(!window.observed.is_empty());
        for name in ModelName::ALL {
            let fitted = name.fit(&window);
            for lead in [1, 2, 7, 90] {
                let mean = fitted.mean(lead);
                prop_assert!(mean.is_finite() && mean >= 0.0, "{} at {}: {}", name, lead, mean);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_order_of_the_series_gives_the_same_forecasts(order in Just((0..16).collect::<Vec<usize>>()).prop_shuffle()) {
        let inputs = mixed(16, 120);
        let shuffled: Vec<SeriesInput> = order.iter().map(|at| inputs[*at].clone()).collect();
        let (one, other) = (run(&inputs, &OPTIONS), run(&shuffled, &OPTIONS));
        for (place, at) in order.iter().enumerate() {
            prop_assert_eq!(&one.forecasts[*at], &other.forecasts[place]);
        }
        prop_assert_eq!(one.summary, other.summary);
        prop_assert_eq!(one.accuracy, other.accuracy);
    }
}
