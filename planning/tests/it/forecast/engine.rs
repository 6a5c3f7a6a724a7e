use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use chrono::{Datelike, Days};
use planning::forecast::backtest::Fold;
use planning::forecast::{
    Cancelled, Control, DemandClass, DemandSeries, Frequency, ModelName, Options, SeriesInput, SeriesKey, forecast_all,
};

use super::{mixed, random, run, series, start};

const OPTIONS: Options = Options { horizon: 28, folds: 3, seed: 7, frequency: Frequency::Day };

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
    let of = |len, horizon, back| Fold::of(len, horizon, back, Frequency::Day);
    assert_eq!(of(100, 20, 1), Some(Fold { origin: 80, length: 20 }));
    assert_eq!(of(100, 20, 4), Some(Fold { origin: 20, length: 20 }));
    assert_eq!(of(100, 20, 5), None);
    assert_eq!(of(40, 90, 1), Some(Fold { origin: 27, length: 13 }));
    assert_eq!(of(20, 90, 1), None);
    assert_eq!(Fold::of(20, 6, 2, Frequency::Month), Some(Fold { origin: 8, length: 6 }));
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
fn a_history_mostly_out_of_stock_gets_a_labelled_fallback() {
    let censored = (0..120).map(|day| day % 3 > 0).collect();
    let gappy = DemandSeries::new(start(), vec![2.0; 120], censored);
    let result = run(&[SeriesInput { key: SeriesKey::Item(1), series: gappy }], &OPTIONS);
    assert_eq!(result.forecasts[0].model, ModelName::GappySeries);
    // The stocked-out days say 2 as well, but that is not why: only the others were counted.
    assert!((result.forecasts[0].points[0].mean - 2.0).abs() < 1e-9);
}

#[test]
fn a_total_that_sleeps_at_weekends_is_forecast_for_working_days() {
    // Lumpy, on working days only; the first day of the series is a Monday.
    let mut quantities = random(6, 400, 0.6, 60.0);
    quantities.iter_mut().enumerate().filter(|(day, _)| day % 7 >= 5).for_each(|(_, quantity)| *quantity = 0.0);
    let working = quantities.iter().sum::<f64>() / quantities.len() as f64 * 7.0 / 5.0;
    let mut inputs = mixed(60, 400);
    inputs.push(SeriesInput { key: SeriesKey::All, series: series(quantities) });
    let result = run(&inputs, &OPTIONS);
    let total = result.forecasts.last().unwrap();
    for point in &total.points {
        let weekend = point.date.weekday().num_days_from_monday() >= 5;
        if weekend {
            assert_eq!((point.mean, point.quantiles), (0.0, [0.0; 7]), "{}", point.date);
        } else {
            assert!((0.6 * working..1.5 * working).contains(&point.mean), "{} {}", point.date, point.mean);
            // Six working days of ten have demand: the median is some, and the upper quantiles are more.
            assert!(point.quantiles[5] > point.quantiles[3] && point.quantiles[3] > 0.0, "{point:?}");
        }
    }
    // The items are asked for on every day, and none of them lost its weekends to the total.
    assert!(result.forecasts[0].points.iter().all(|point| point.mean > 0.0));
}

#[test]
fn a_weekly_rhythm_is_in_the_quantiles_and_not_in_the_mean_alone() {
    let uneven = |(day, q): (usize, f64)| if day % 7 == 0 { 4.0 * q } else { q };
    let quantities = random(12, 420, 0.97, 20.0).into_iter().enumerate().map(uneven).collect();
    let result = run(&[SeriesInput { key: SeriesKey::All, series: series(quantities) }], &OPTIONS);
    for week in result.forecasts[0].points.chunks(7) {
        let [monday, others] = [&week[..1], &week[1..]].map(|days| {
            let most = |at: usize| days.iter().map(|day| day.quantiles[at]).fold(0.0, f64::max);
            [most(3), most(5), most(6)]
        });
        assert!(monday.iter().zip(others).all(|(monday, other)| *monday > 1.5 * other), "{week:?}");
    }
}

#[test]
fn the_many_empty_sites_do_not_decide_the_band_of_the_total() {
    // Sites with hardly any demand, and one total that has some every day or two: both are lumpy.
    let sites: Vec<SeriesInput> = (0..300)
        .map(|site| SeriesInput {
            key: SeriesKey::ItemSite { item: site, site: 1 },
            series: series(random(900 + site as u64, 500, 0.03, 6.0)),
        })
        .collect();
    let total = random(77, 500, 0.55, 60.0);
    let mut inputs = sites;
    inputs.push(SeriesInput { key: SeriesKey::All, series: series(total) });
    let result = run(&inputs, &Options { horizon: 60, ..OPTIONS });
    let total = result.forecasts.last().unwrap();
    assert_eq!(total.class, DemandClass::Lumpy);
    let calibration = total.backtest.metrics.calibration.unwrap();
    // 180 days of one series: three standard errors are about 0.08.
    assert!((calibration[5].above - 0.1).abs() < 0.08, "{calibration:?}");
    assert!(calibration[3].above <= 0.6, "{calibration:?}");
    assert!(total.points[0].quantiles[5] > 0.0, "{:?}", total.points[0]);
}

#[test]
fn a_run_reports_progress_to_the_end_and_can_be_cancelled() {
    let inputs = mixed(6, 150);
    let most = AtomicUsize::new(0);
    let progress = |done: usize, all: usize| {
        assert!(done <= all);
        assert_eq!(all, 6, "it counts series");
        most.fetch_max(done * 1000 / all, Ordering::Relaxed);
    };
    forecast_all(&inputs, &OPTIONS, Control { progress: &progress, cancelled: &AtomicBool::new(false) }).unwrap();
    assert_eq!(most.load(Ordering::Relaxed), 1000);
    let stopped = forecast_all(&inputs, &OPTIONS, Control { progress: &|_, _| {}, cancelled: &AtomicBool::new(true) });
    assert_eq!(stopped.unwrap_err(), Cancelled);
}
