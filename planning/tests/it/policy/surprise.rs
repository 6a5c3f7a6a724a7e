use planning::forecast::{CumulativeDemand, Frequency, Options, SeriesInput};
use planning::policy::surprise::{self, LONG_DAYS, SHORT_DAYS, Series};
use planning::policy::{AlertCategory, Locale, MessageCode, Observed, Promise};

use super::demand;
use crate::forecast::{mixed, run, series};

const SITE: Series<'_> = Series { sku: "010825", item: "Cable", site: Some(("T7", "Tower 7")) };

fn new(_: &str) -> bool {
    false
}

fn seen(sum: f64, days: usize) -> Observed {
    Observed { sum, days, demand_days: days / 2, stocked_out_days: 0 }
}

fn category(observed: Observed, forecast: &CumulativeDemand) -> Option<AlertCategory> {
    surprise::demand(SITE, observed, forecast, new).map(|alert| alert.category)
}

#[test]
fn demand_is_judged_by_the_band_of_its_sum() {
    let forecast = demand();
    let week = forecast.over(SHORT_DAYS);
    assert_eq!(category(seen(week.mean, SHORT_DAYS), &forecast), None);
    assert_eq!(category(seen(4.0 * week.mean, SHORT_DAYS), &forecast), Some(AlertCategory::DemandSpike));
    assert_eq!(category(seen(4.0 * week.mean, SHORT_DAYS - 1), &forecast), None, "a week must have passed");
    let one_order = Observed { demand_days: 1, ..seen(4.0 * week.mean, SHORT_DAYS) };
    assert_eq!(category(one_order, &forecast), None, "one big order is an order");
    assert_eq!(category(seen(0.0, SHORT_DAYS), &forecast), None, "absence needs time");
    assert_eq!(category(seen(0.0, LONG_DAYS), &forecast), Some(AlertCategory::DemandCollapse));
    let empty_shelf = Observed { stocked_out_days: 3, ..seen(0.0, LONG_DAYS) };
    assert_eq!(category(empty_shelf, &forecast), None, "who had nothing to give was asked for nothing that is known");
    // A month without demand is nothing new to a series whose low quantile is zero.
    let sparse = CumulativeDemand::from_daily(&[(0.05, [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]); 60], 1.0);
    assert_eq!(category(seen(0.0, LONG_DAYS), &sparse), None);
    assert_eq!(category(seen(9.0, LONG_DAYS), &CumulativeDemand::default()), None, "no forecast, no surprise");
    let short = CumulativeDemand::from_daily(&[(2.0, [0.0, 1.0, 1.0, 2.0, 3.0, 4.0, 5.0]); 25], 1.0);
    assert_eq!(category(seen(0.0, LONG_DAYS), &short), None, "what the forecast does not reach cannot surprise it");
}

#[test]
fn a_live_alert_stays_until_demand_is_well_inside_again() {
    let forecast = demand();
    let week = forecast.over(SHORT_DAYS);
    let between = week.quantile(0.99).max(1.8 * week.mean);
    assert!(between < week.quantile(0.999).max(2.0 * week.mean), "{week:?}");
    let judge = |live: bool| surprise::demand(SITE, seen(between, SHORT_DAYS), &forecast, |_| live);
    assert_eq!(judge(false), None);
    assert_eq!(judge(true).unwrap().key, "DEMAND_SPIKE/010825/T7");
    assert_eq!(surprise::demand(SITE, seen(week.mean, SHORT_DAYS), &forecast, |_| true), None);
}

#[test]
fn an_item_over_all_sites_is_called_so_in_both_languages() {
    let everywhere = Series { site: None, ..SITE };
    let spike = surprise::demand(everywhere, seen(500.0, LONG_DAYS), &demand(), new).unwrap();
    assert_eq!((spike.key.as_str(), spike.message.code), ("DEMAND_SPIKE/010825/*", MessageCode::ItemDemandSpike));
    for locale in Locale::ALL {
        let text = spike.message.render(locale);
        assert!(!text.contains('{') && text.contains("500") && text.contains("28"), "{text}");
    }
}

#[test]
fn series_that_stay_as_they_were_cry_no_wolf() {
    // 400 series of every density, judged by the four weeks that the run did not see.
    let whole = mixed(400, 428);
    let before: Vec<SeriesInput> = whole
        .iter()
        .map(|input| SeriesInput { key: input.key.clone(), series: series(input.series.quantities[..400].to_vec()) })
        .collect();
    let made = run(&before, &Options { horizon: 30, folds: 2, seed: 5, frequency: Frequency::Day });
    let mut alerts = Vec::new();
    for (forecast, input) in made.forecasts.iter().zip(&whole) {
        for days in [SHORT_DAYS, LONG_DAYS] {
            let came = &input.series.quantities[400..400 + days];
            let observed = Observed {
                sum: came.iter().sum(),
                days,
                demand_days: came.iter().filter(|q| **q > 0.0).count(),
                stocked_out_days: 0,
            };
            alerts.extend(surprise::demand(SITE, observed, &forecast.demand, new));
        }
    }
    assert!(alerts.len() <= 4, "{} of 400 series: {alerts:?}", alerts.len());
    // What is five times as much is found where there is enough to find.
    let dense = made.forecasts.iter().zip(&whole).step_by(4);
    let found = dense.filter(|(forecast, input)| {
        let sum = 5.0 * input.series.quantities[400..428].iter().sum::<f64>();
        category(seen(sum, LONG_DAYS), &forecast.demand) == Some(AlertCategory::DemandSpike)
    });
    assert_eq!(found.count(), 100);
}

#[test]
fn a_forecast_is_adrift_when_its_sum_or_its_days_leave_what_was_promised() {
    let sum = demand().over(LONG_DAYS);
    let judge = |actual: f64, misses: usize, live: bool| {
        let promise = Promise { sum, coverage80: Some(0.85), misses };
        surprise::drift("FAMILY", "LINES", seen(actual, LONG_DAYS), &promise, |_| live)
    };
    let code = |alert: Option<planning::policy::Alert>| alert.map(|alert| alert.message.code);
    assert_eq!(judge(sum.mean, 4, false), None);
    assert_eq!(code(judge(2.0 * sum.mean, 4, false)), Some(MessageCode::ForecastTooLow));
    assert_eq!(code(judge(0.2 * sum.mean, 4, false)), Some(MessageCode::ForecastTooHigh));
    // 28 days at 15 %: 4.2, and three standard errors of 1.9 above.
    assert_eq!(judge(sum.mean, 9, false), None);
    assert_eq!(code(judge(sum.mean, 10, false)), Some(MessageCode::ForecastBandMissed));
    assert_eq!(code(judge(sum.mean, 9, true)), Some(MessageCode::ForecastBandMissed), "it stands until well inside");
    let alert = judge(2.0 * sum.mean, 12, false).unwrap();
    assert_eq!(alert.key, "FORECAST_DRIFT/FAMILY/LINES");
    let unmeasured = Promise { sum, coverage80: None, misses: 28 };
    assert_eq!(surprise::drift("ALL", "", seen(sum.mean, LONG_DAYS), &unmeasured, new), None);
    let total = surprise::drift("ALL", "", seen(9.0 * sum.mean, LONG_DAYS), &unmeasured, new).unwrap();
    assert!(total.message.render(Locale::PtBr).contains("(Total)"));
    let early = Promise { sum: demand().over(27), coverage80: Some(0.85), misses: 27 };
    assert_eq!(surprise::drift("ALL", "", seen(900.0, 27), &early, new), None, "four weeks must have passed");
}
