use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use chrono::Days;
use planning::forecast::backtest::Fold;
use planning::forecast::{Cancelled, Control, DemandSeries, ModelName, Options, SeriesInput, SeriesKey, forecast_all};

use super::{mixed, random, run, series, start};

const OPTIONS: Options = Options { horizon: 28, folds: 3, seed: 7, frequency: planning::forecast::Frequency::Day };

#[test]
fn the_order_of_the_input_changes_nothing() {
    let inputs = mixed(30, 200);
    let mut turned = inputs.clone();
    turned.reverse();
    turned.rotate_left(11);
    let (one, two) = (run(&inputs, &OPTIONS), run(&turned, &OPTIONS));
    for forecast in &one.forecasts {
        assert_eq!(Some(forecast), two.forecasts.iter().find(|other| other.key == forecast.key));
    }
    assert_eq!(one.summary, two.summary);
    assert_eq!(one.accuracy, two.accuracy);
}

#[test]
fn another_seed_moves_the_futures_and_not_the_means() {
    let inputs = mixed(4, 200);
    let (one, two) = (run(&inputs, &OPTIONS), run(&inputs, &Options { seed: 8, ..OPTIONS }));
    assert_ne!(one.forecasts[1].demand, two.forecasts[1].demand);
    assert_eq!(one.forecasts[1].points[0].mean, two.forecasts[1].points[0].mean);
}

#[test]
fn corrupting_everything_after_an_origin_does_not_move_the_choice_made_there() {
    // A run over the steps before the newest fold's origin decides as that fold did. Here the future is destroyed in place,
    // and the accuracy of all earlier folds must stay to the last bit.
    let inputs = mixed(24, 300);
    let corrupted: Vec<SeriesInput> = inputs
        .iter()
        .map(|input| {
            let mut quantities = input.series.quantities.clone();
            quantities[300 - 28..].iter_mut().for_each(|q| *q = 1e6);
            SeriesInput { key: input.key.clone(), series: series(quantities) }
        })
        .collect();
    let before: Vec<SeriesInput> = inputs
        .iter()
        .map(|s| SeriesInput { key: s.key.clone(), series: series(s.series.quantities[..272].to_vec()) })
        .collect();
    let at_origin = run(&before, &Options { folds: 2, ..OPTIONS });
    for damaged in [&inputs, &corrupted] {
        let newest = run(damaged, &OPTIONS);
        for (now, then) in newest.forecasts.iter().zip(&at_origin.forecasts) {
            let three = now.backtest.metrics;
            let two = then.backtest.metrics;
            assert_eq!(three.folds, 3, "{}", now.key);
            assert_eq!(two.folds, 2);
            // RMSSE is a mean over folds: taking the newest fold out must leave the older two untouched.
            let input = damaged.iter().find(|s| s.key == now.key).unwrap();
            let actual = &input.series.quantities[272..];
            let squares: f64 = then.points.iter().zip(actual).map(|(p, y)| (y - p.mean).powi(2)).sum();
            let training = &input.series.quantities[..272];
            let naive: f64 = training.windows(2).map(|w| (w[1] - w[0]).powi(2)).sum::<f64>() / 271.0;
            let expected = (2.0 * two.rmsse.unwrap() + (squares / 28.0 / naive).sqrt()) / 3.0;
            let measured = three.rmsse.unwrap();
            assert!((measured / expected - 1.0).abs() < 1e-9, "{}: {measured} against {expected}", now.key);
        }
    }
}

#[test]
fn folds_do_not_overlap_and_need_history() {
    assert_eq!(Fold::of(100, 20, 1), Some(Fold { origin: 80, length: 20 }));
    assert_eq!(Fold::of(100, 20, 4), Some(Fold { origin: 20, length: 20 }));
    assert_eq!(Fold::of(100, 20, 5), None);
    assert_eq!(Fold::of(40, 90, 1), Some(Fold { origin: 27, length: 13 }));
    assert_eq!(Fold::of(20, 90, 1), None);
}

#[test]
fn poor_histories_get_labelled_fallbacks() {
    let mut single = vec![0.0; 200];
    single[0] = 8.0;
    let cases = [
        (vec![0.0; 200], ModelName::AllZero, 0.0),
        (single, ModelName::SingleDemand, 0.04),
        (vec![1.0, 2.0, 3.0, 2.0, 1.0, 2.0, 3.0, 2.0, 1.0, 3.0], ModelName::ShortSeries, 2.0),
        (Vec::new(), ModelName::AllZero, 0.0),
    ];
    for (at, (quantities, model, mean)) in cases.into_iter().enumerate() {
        let result = run(&[SeriesInput { key: SeriesKey::Item(at as i64), series: series(quantities) }], &OPTIONS);
        assert_eq!(result.forecasts[0].model, model);
        assert_eq!(result.forecasts[0].points.len(), 28);
        assert!(result.forecasts[0].points.iter().all(|p| (p.mean - mean).abs() < 1e-9));
    }
}

#[test]
fn the_stored_name_is_the_model_whose_means_are_stored() {
    let inputs = mixed(40, 300);
    let result = run(&inputs, &OPTIONS);
    let mut names: Vec<_> = result.forecasts.iter().map(|f| f.model).collect();
    for (forecast, input) in result.forecasts.iter().zip(&inputs) {
        let fitted = forecast.model.fit(&input.series.window(300, OPTIONS.frequency));
        assert_eq!(fitted.name(), forecast.model);
        for point in &forecast.points {
            assert_eq!(point.mean, fitted.mean(point.lead), "{} {}", forecast.key, forecast.model);
        }
    }
    names.sort();
    names.dedup();
    assert!(names.len() > 1, "one model for everything proves little");
}

#[test]
fn a_sparse_item_site_gets_its_items_forecast_by_share() {
    let item = random(4, 300, 0.3, 5.0);
    let mut rare = vec![0.0; 300];
    let days: Vec<usize> = (0..300).filter(|day| item[*day] > 0.0).step_by(15).take(6).collect();
    days.iter().for_each(|day| rare[*day] = item[*day]);
    let share = rare.iter().sum::<f64>() / item.iter().sum::<f64>();
    let site = SeriesInput { key: SeriesKey::ItemSite { item: 1, site: 9 }, series: series(rare) };
    let inputs = [site.clone(), SeriesInput { key: SeriesKey::Item(1), series: series(item) }];
    let result = run(&inputs, &OPTIONS);
    assert_eq!(result.forecasts[0].model, ModelName::Allocated);
    assert!((result.forecasts[0].points[3].mean - share * result.forecasts[1].points[3].mean).abs() < 1e-12);
    assert_ne!(run(&[site], &OPTIONS).forecasts[0].model, ModelName::Allocated);
}

#[test]
fn a_series_that_starts_late_is_dated_from_its_own_data() {
    let late = DemandSeries::new(start() + Days::new(100), random(2, 100, 0.5, 3.0), Vec::new());
    let result = run(&[SeriesInput { key: SeriesKey::All, series: late }], &OPTIONS);
    assert_eq!(result.forecasts[0].data_through, Some(start() + Days::new(199)));
    assert_eq!(result.forecasts[0].points[0].date, start() + Days::new(200));
}

#[test]
fn a_run_reports_progress_to_the_end_and_can_be_cancelled() {
    let inputs = mixed(6, 150);
    let most = AtomicUsize::new(0);
    let progress = |done: usize, all: usize| {
        assert!(done <= all);
        most.fetch_max(done * 1000 / all, Ordering::Relaxed);
    };
    forecast_all(&inputs, &OPTIONS, Control { progress: &progress, cancelled: &AtomicBool::new(false) }).unwrap();
    assert_eq!(most.load(Ordering::Relaxed), 1000);
    let stopped = forecast_all(&inputs, &OPTIONS, Control { progress: &|_, _| {}, cancelled: &AtomicBool::new(true) });
    assert_eq!(stopped.unwrap_err(), Cancelled);
}
